#include "ui/data/doctor_controller.h"

#include "engine/base/thread_priority.h"
#include "ui/project_session.h"
#include "ui/texts.h"

#include <algorithm>
#include <mutex>
#include <unordered_set>
#include <utility>

namespace whisker {

namespace {

constexpr int kWorkOutAfterMs = 200;

/// A file that a finding says is broken, and how.
struct Broken {
    ImageId id = 0;
    ImageState state = ImageState::Unreadable;
    QString reason{};
};

std::size_t unreadOf(const DoctorPictures &list, const KnownContents &known)
{
    return static_cast<std::size_t>(std::ranges::count_if(list.pictures, [&](const DoctorPicture &picture) {
        const bool there = picture.state == ImageState::Ok || picture.state == ImageState::Truncated;
        return there && picture.hash && !known.contains(*picture.hash);
    }));
}

/// What findings say of files that the project still holds for good.
std::vector<Broken> brokenOf(const DoctorReport &report, const DoctorPictures &list)
{
    std::unordered_map<ImageId, const DoctorPicture *> byId;
    for (const auto &picture : list.pictures)
        byId.emplace(picture.id, &picture);
    std::vector<Broken> broken;
    for (const auto &finding : report.findings) {
        if (finding.kind != FindingKind::Unreadable && finding.kind != FindingKind::Truncated)
            continue;
        for (const ImageId id : finding.pictures) {
            const auto found = byId.find(id);
            if (found == byId.end() || found->second->state != ImageState::Ok)
                continue;
            std::error_code ignored; // then it counts as gone
            const auto state = finding.kind == FindingKind::Truncated                       ? ImageState::Truncated
                               : std::filesystem::exists(found->second->file, ignored) ? ImageState::Unreadable
                                                                                          : ImageState::Missing;
            broken.push_back({id, state, fromUtf8(finding.detail)});
        }
    }
    return broken;
}

} // namespace

std::size_t Diagnosis::countOf(FindingKind kind) const
{
    if (kind == FindingKind::Imbalance)
        return groupsOf(kind).size();
    return picturesOf(kind).size();
}

std::vector<std::int64_t> Diagnosis::picturesOf(FindingKind kind) const
{
    std::vector<std::int64_t> pictures;
    std::unordered_set<std::int64_t> seen;
    for (const auto &finding : report.findings) {
        if (finding.kind == kind)
            std::ranges::copy_if(finding.pictures, std::back_inserter(pictures), [&](std::int64_t id) { return seen.insert(id).second; });
    }
    return pictures;
}

std::vector<std::vector<std::int64_t>> Diagnosis::groupsOf(FindingKind kind) const
{
    std::vector<std::vector<std::int64_t>> groups;
    for (const auto &finding : report.findings) {
        if (finding.kind == kind)
            groups.push_back(finding.pictures);
    }
    return groups;
}

const PictureMeasures *Diagnosis::measuresOf(const ContentHash &hash) const
{
    const auto found = known->find(hash);
    return found == known->end() || !found->second.problem.empty() ? nullptr : &found->second.measures;
}

/// What the worker has found out.
struct DoctorController::Outcome {
    std::shared_ptr<const Diagnosis> diagnosis{};
    std::vector<Broken> broken{};
    QString failure{};
};

/// What the worker has to say and the GUI thread has not heard yet.
struct DoctorController::News {
    std::mutex mutex;
    DoctorProgress progress;
    bool underWay = false; // an event is, and will carry the newest value
};

DoctorController::DoctorController(ProjectSession &session, QObject *parent)
    : QObject(parent), m_session(session), m_worker(std::make_unique<JobThread>(JobThread::AtEnd::Drop))
{
    m_workOutSoon.setSingleShot(true);
    m_workOutSoon.setInterval(kWorkOutAfterMs);
    connect(&m_workOutSoon, &QTimer::timeout, this, &DoctorController::workOut);
    const auto stale = [this] {
        m_stale = true;
        m_workOutSoon.start();
    };
    connect(&session, &ProjectSession::opened, this, &DoctorController::leaveProject);
    connect(&session, &ProjectSession::imagesAdded, this, stale);
    connect(&session, &ProjectSession::imagesChanged, this, stale);
    connect(&session, &ProjectSession::imagesRemoved, this, stale);
    connect(&session, &ProjectSession::classesChanged, this, stale);
    connect(&session, &ProjectSession::importFinished, this, [this](const ImportReport &report) {
        if (m_again || report.added + report.updated > 0)
            start();
    });
    connect(&session, &ProjectSession::filesRefreshed, this, [this](const RefreshReport &report) {
        if (report.changed + report.back > 0 && m_diagnosis)
            start();
    });
    if (session.isOpen())
        leaveProject();
}

DoctorController::~DoctorController()
{
    m_stop.request_stop();
    m_worker.reset();
}

void DoctorController::leaveProject()
{
    ++m_generation;
    m_stop.request_stop();
    m_again = false;
    m_workingOut = false;
    m_diagnosis.reset();
    if (std::exchange(m_running, false))
        Q_EMIT ended({});
    Q_EMIT diagnosisChanged();
    m_stale = true;
    workOut();
}

void DoctorController::start()
{
    m_again = true;
    startWhenIdle();
}

void DoctorController::cancel()
{
    m_again = false;
    m_stop.request_stop();
}

void DoctorController::startWhenIdle()
{
    if (m_running || !m_again || m_session.isImporting() || !m_session.isOpen())
        return;
    m_again = false;
    readAll();
}

void DoctorController::readAll()
{
    m_running = true;
    m_stale = false;
    m_progress = {};
    m_stop = std::stop_source();
    m_worker->add([this, project = m_session.project(), generation = m_generation, stop = m_stop.get_token()] {
        stepBehindWindow();
        const auto news = std::make_shared<News>();
        const auto sink = [&](const DoctorProgress &progress) {
            {
                const std::scoped_lock lock(news->mutex);
                news->progress = progress;
                if (std::exchange(news->underWay, true))
                    return;
            }
            post([this, news, generation] {
                {
                    const std::scoped_lock lock(news->mutex);
                    news->underWay = false;
                    if (generation != m_generation)
                        return;
                    m_progress = news->progress;
                }
                Q_EMIT progressed(m_progress);
            });
        };
        auto done = pass(*project, sink, stop);
        post([this, done = std::move(done), generation] {
            if (generation == m_generation)
                takePass(done);
        });
    });
    Q_EMIT started();
}

/// Reads what no pass has read. A project that can't be written keeps nothing, so there the measures stay in memory.
DoctorController::Done DoctorController::pass(Project &project, const DoctorSink &sink, std::stop_token stop)
{
    auto outcome = std::make_shared<Outcome>();
    const auto fail = [&](const Error &error) {
        outcome->failure = fromUtf8(error.message);
        return outcome;
    };
    auto known = storedMeasures(project);
    const auto state = project.state();
    if (!known || !state)
        return fail(known ? state.error() : known.error());
    DoctorPictures list = doctorPictures(*state);
    auto diagnosis = std::make_shared<Diagnosis>();
    if (project.isReadOnly()) {
        diagnosis->report = diagnose(list.pictures, list.classes, *known, {}, sink, stop);
    } else {
        auto report = diagnoseProject(project, {}, sink, stop);
        known = storedMeasures(project);
        if (!report || !known)
            return fail(report ? known.error() : report.error());
        diagnosis->report = std::move(*report);
        outcome->broken = brokenOf(diagnosis->report, list);
    }
    diagnosis->unread = unreadOf(list, *known);
    diagnosis->known = std::make_shared<KnownContents>(std::move(*known));
    outcome->diagnosis = std::move(diagnosis);
    return outcome;
}

void DoctorController::takePass(const Done &done)
{
    m_running = false;
    take(done);
    if (done->failure.isEmpty())
        writeDownBroken(*done);
    Q_EMIT ended(done->failure);
    startWhenIdle();
    if (m_stale)
        workOut();
}

void DoctorController::writeDownBroken(const Outcome &outcome)
{
    for (const auto &[id, state, reason] : outcome.broken) {
        const auto *image = m_session.image(id);
        if (image && image->state == ImageState::Ok)
            m_session.reportState(id, state, reason);
    }
}

/// Without reading a file; the list of pictures comes from the project, on the worker.
void DoctorController::workOut()
{
    m_workOutSoon.stop();
    if (m_running || m_workingOut || m_session.isImporting() || !m_session.isOpen())
        return; // who ends looks whether there is more to do
    m_workingOut = true;
    m_stale = false;
    m_worker->add([this, project = m_session.project(), before = m_diagnosis, generation = m_generation] {
        stepBehindWindow();
        auto done = findings(*project, before);
        post([this, done = std::move(done), generation] {
            if (generation != m_generation)
                return;
            m_workingOut = false;
            if (!m_running) // a pass that began meanwhile knows more
                take(done);
            if (m_stale)
                m_workOutSoon.start();
        });
    });
}

DoctorController::Done DoctorController::findings(Project &project, const std::shared_ptr<const Diagnosis> &before)
{
    auto outcome = std::make_shared<Outcome>();
    auto known = before ? before->known : nullptr;
    if (!known) {
        auto stored = storedMeasures(project);
        if (!stored || stored->empty())
            return outcome; // nobody has looked yet
        known = std::make_shared<KnownContents>(std::move(*stored));
    }
    const auto state = project.state();
    if (!state)
        return outcome; // what reads the project for show says why
    const DoctorPictures list = doctorPictures(*state);
    auto diagnosis = std::make_shared<Diagnosis>();
    diagnosis->report = findingsOf(list.pictures, list.classes, *known);
    diagnosis->unread = unreadOf(list, *known);
    diagnosis->known = std::move(known);
    outcome->diagnosis = std::move(diagnosis);
    return outcome;
}

void DoctorController::take(const Done &done)
{
    if (!done->diagnosis)
        return;
    m_diagnosis = done->diagnosis;
    Q_EMIT diagnosisChanged();
}

} // namespace whisker
