#include "ui/project_session.h"

#include "engine/base/unicode.h"
#include "ui/texts.h"

#include <QPointer>
#include <algorithm>
#include <chrono>
#include <tuple>
#include <utility>

namespace whisker {

struct ProjectSession::Opened {
    std::shared_ptr<Project> project;
    std::shared_future<void> closed; // not valid: the project that is open is taken again
    ProjectState state;
};

namespace {

constexpr std::chrono::seconds kClosingPatience(3);

/// And what is ready when the last who works on it has let it go.
std::pair<std::shared_ptr<Project>, std::shared_future<void>> heldProject(Project project)
{
    const auto closed = std::make_shared<std::promise<void>>();
    const auto close = [closed](Project *each) {
        delete each;
        closed->set_value();
    };
    return {std::shared_ptr<Project>(new Project(std::move(project)), close), closed->get_future().share()};
}

const ImageRecord *find(const std::vector<ImageRecord> &images, ImageId id)
{
    const auto place = std::ranges::lower_bound(images, id, {}, &ImageRecord::id);
    return place != images.end() && place->id == id ? &*place : nullptr;
}

/// What makes `fresh` of `old`.
ProjectChange difference(const ProjectState &old, const ProjectState &fresh)
{
    ProjectChange change;
    for (const auto &image : fresh.images) {
        const auto *before = find(old.images, image.id);
        if (!before || !(*before == image))
            change.images.push_back(image);
    }
    for (const auto &image : old.images) {
        if (!find(fresh.images, image.id))
            change.removed.push_back(image.id);
    }
    if (old.classes != fresh.classes)
        change.classes = fresh.classes;
    if (old.skipped != fresh.skipped)
        change.skipped = fresh.skipped;
    if (old.settings != fresh.settings)
        change.settings = fresh.settings;
    change.history = fresh.history;
    change.number = fresh.number;
    return change;
}

} // namespace

ProjectSession::ProjectSession(QObject *parent)
    : QObject(parent), m_worker(std::make_unique<JobThread>(JobThread::AtEnd::Finish)),
      m_importer(std::make_unique<JobThread>(JobThread::AtEnd::Drop)), m_refresher(std::make_unique<JobThread>(JobThread::AtEnd::Drop))
{
}

ProjectSession::~ProjectSession()
{
    m_importStop.request_stop();
    m_refreshStop.request_stop();
    m_refresher.reset();
    m_importer.reset();
    m_worker.reset();
}

void ProjectSession::open(const std::filesystem::path &path, Missing missing)
{
    openWith(path, [path, missing] { return missing == Missing::Create ? Project::openOrCreate(path) : Project::open(path); });
}

void ProjectSession::openForReading(const std::filesystem::path &path)
{
    openWith(path, [path] { return Project::open(path, {.access = ProjectAccess::ReadOnly}); });
}

void ProjectSession::create(const std::filesystem::path &path)
{
    openWith(path, [path] { return Project::create(path); });
}

/// `current` is the project that is open here, or null: it is taken again where it is what is wanted and stands in its own way.
Result<ProjectSession::Opened> ProjectSession::read(Result<Project> project, std::shared_ptr<Project> current)
{
    std::error_code ignored; // then they aren't the same
    const bool isCurrent = !project && project.error().code == ErrorCode::InUse && current && !current->isReadOnly() &&
                           std::filesystem::equivalent(project.error().file, current->file(), ignored);
    if (!project && !isCurrent)
        return std::unexpected(project.error());
    Opened opened{std::move(current), {}, {}};
    if (!isCurrent)
        std::tie(opened.project, opened.closed) = heldProject(std::move(*project));
    auto state = opened.project->state();
    if (!state)
        return std::unexpected(state.error());
    opened.state = std::move(*state);
    return opened;
}

/// True where `file` is one of the projects that were left here, once the last job on it has ended; waits for that, but not for long.
bool ProjectSession::isLetGo(const std::filesystem::path &file, const std::vector<Left> &left)
{
    std::error_code ignored; // then they aren't the same
    return std::ranges::any_of(left, [&](const Left &each) {
        return std::filesystem::equivalent(file, each.file, ignored) && each.closed.wait_for(kClosingPatience) == std::future_status::ready;
    });
}

void ProjectSession::openWith(const std::filesystem::path &path, std::function<Result<Project>()> opener)
{
    ++m_opening;
    Q_EMIT opening(displayText(path));
    m_worker->add([this, opener = std::move(opener), wanted = ++m_wanted, current = m_project, left = m_left] {
        auto project = opener();
        if (!project && project.error().code == ErrorCode::InUse && isLetGo(project.error().file, left))
            project = opener();
        post([this, result = std::make_shared<Result<Opened>>(read(std::move(project), current)), wanted]() {
            --m_opening;
            if (wanted != m_wanted)
                return;
            if (*result)
                return takeOpened(std::move(**result));
            const Error &error = result->error();
            if (error.code == ErrorCode::InUse)
                Q_EMIT inUse(error.file, fromUtf8(error.message));
            else
                Q_EMIT openFailed(fromUtf8(error.message));
        });
    });
}

void ProjectSession::takeOpened(Opened taken)
{
    ++m_generation;
    m_importStop.request_stop();
    m_refreshStop.request_stop();
    m_waitingImports.clear();
    m_importing = false;
    m_refreshing = false;
    m_reloading = false;
    m_importEnd.reset();
    std::erase_if(m_left, [](const Left &each) { return each.closed.wait_for(std::chrono::seconds(0)) == std::future_status::ready; });
    if (taken.closed.valid()) {
        if (m_project)
            m_left.push_back({m_file, std::move(m_closed)});
        m_closed = std::move(taken.closed);
    }
    m_importer->add([old = std::move(m_project)] {}); // closed there, after an import that still ends
    m_project = std::move(taken.project);
    m_state = std::move(taken.state);
    m_file = m_project->file();
    m_runs = m_project->runs();
    m_readOnly = m_project->isReadOnly();
    m_latestModel.clear();
    m_chosenModel.clear();
    Q_EMIT opened();
    Q_EMIT latestModelChanged(m_latestModel);
    Q_EMIT modelInUseChanged(modelInUse());
    findLatestModel();
    if (!m_readOnly)
        refreshFiles();
}

QString ProjectSession::name() const
{
    return displayText(projectFolder().filename());
}

const ImageRecord *ProjectSession::image(ImageId id) const
{
    return find(m_state.images, id);
}

const ClassRecord *ProjectSession::classRecord(ClassId id) const
{
    const auto place = std::ranges::find(m_state.classes, id, &ClassRecord::id);
    return place != m_state.classes.end() ? &*place : nullptr;
}

const ClassRecord *ProjectSession::classNamed(const QString &name) const
{
    const auto key = nameKey(name.trimmed().toStdString());
    const auto place = std::ranges::find(m_state.classes, key, [](const ClassRecord &record) { return nameKey(record.name); });
    return place != m_state.classes.end() ? &*place : nullptr;
}

const ClassRecord *ProjectSession::classOfKey(int digit) const
{
    return classOfKey(QString::number(digit));
}

const ClassRecord *ProjectSession::classOfKey(const QString &key) const
{
    const auto place = std::ranges::find(m_state.classes, key.toLower().toStdString(), &ClassRecord::key);
    return key.isEmpty() ? nullptr : place != m_state.classes.end() ? &*place : nullptr;
}

QStringList ProjectSession::classNames() const
{
    QStringList names;
    for (const auto &record : m_state.classes)
        names.append(fromUtf8(record.name));
    return names;
}

int ProjectSession::colourOf(const QString &className) const
{
    for (const auto &record : m_state.classes) {
        if (fromUtf8(record.name) == className)
            return record.colour;
    }
    return -1;
}

void ProjectSession::change(Change change)
{
    if (!m_project)
        return;
    m_worker->add([this, change = std::move(change), project = m_project, generation = m_generation] {
        const auto took = [&](ProjectChange done) {
            post([this, done = std::move(done), generation] {
                if (generation == m_generation)
                    take(done);
            });
        };
        if (auto result = change(*project, took))
            took(std::move(*result));
        else
            postFailure(result.error(), generation);
    });
}

void ProjectSession::setSetting(const QString &key, const QString &value)
{
    if (!m_project)
        return;
    m_state.settings[key.toStdString()] = value.toStdString();
    m_worker->add([this, key = key.toStdString(), value = value.toStdString(), project = m_project, generation = m_generation] {
        if (const auto result = project->setSetting(key, value); !result)
            postFailure(result.error(), generation);
    });
}

void ProjectSession::postFailure(const Error &error, int generation)
{
    post([this, sentence = fromUtf8(error.message), generation] {
        if (generation == m_generation)
            Q_EMIT failed(sentence);
    });
}

void ProjectSession::take(const ProjectChange &change)
{
    std::vector<ImageId> added, altered;
    for (const auto &record : change.images)
        (image(record.id) ? altered : added).push_back(record.id);
    const bool history = change.history != m_state.history;
    if (!applyChange(m_state, change))
        return reload(); // two threads made changes, and what they posted crossed on the way
    if (change.classes)
        Q_EMIT classesChanged();
    if (!change.removed.empty())
        Q_EMIT imagesRemoved(change.removed);
    if (!altered.empty())
        Q_EMIT imagesChanged(altered);
    if (!added.empty())
        Q_EMIT imagesAdded(added);
    if (change.skipped)
        Q_EMIT skippedChanged();
    if (!change.settings.empty())
        Q_EMIT settingsChanged();
    if (history)
        Q_EMIT undoChanged();
    if (!change.words.empty())
        Q_EMIT changed(fromUtf8(change.words));
}

/// Takes over what the file says.
void ProjectSession::reload()
{
    if (std::exchange(m_reloading, true))
        return;
    m_worker->add([this, project = m_project, generation = m_generation] {
        auto fresh = project->state();
        post([this, fresh = std::make_shared<const Result<ProjectState>>(std::move(fresh)), generation] {
            if (generation != m_generation)
                return;
            m_reloading = false;
            if (*fresh)
                take(difference(m_state, **fresh));
            else
                Q_EMIT failed(fromUtf8(fresh->error().message));
            if (m_importEnd && !m_reloading) {
                const auto ended = std::move(*m_importEnd);
                m_importEnd.reset();
                endImport(ended);
            }
        });
    });
}

void ProjectSession::takeOver(const std::shared_ptr<Project> &project, const ProjectChange &change)
{
    if (project && project == m_project)
        take(change);
}

void ProjectSession::requestSnapshot(QObject *context, SnapshotReady ready)
{
    ask(context, std::move(ready), [](const Project &project) -> Result<std::shared_ptr<const Snapshot>> {
        auto snapshot = snapshotOf(project);
        if (!snapshot)
            return std::unexpected(snapshot.error());
        return std::make_shared<const Snapshot>(std::move(*snapshot));
    });
}

void ProjectSession::requestHistory(QObject *context, std::size_t limit, HistoryReady ready)
{
    ask(context, std::move(ready), [limit](const Project &project) { return project.history(limit); });
}

/// Gives `ready` what `question` answers on the worker thread.
template <class Answer, class Question>
void ProjectSession::ask(QObject *context, std::function<void(const Result<Answer> &)> ready, Question question)
{
    const auto answer = [this, guard = QPointer<QObject>(context), ready = std::move(ready)](Result<Answer> result) {
        post([guard, ready, result = std::move(result)] {
            if (guard)
                ready(result);
        });
    };
    if (!m_project)
        return answer(fail(ErrorCode::NotFound, tr("No project is open: open one, or make a new one.").toStdString()));
    m_worker->add([project = m_project, answer, question] { answer(question(*project)); });
}

} // namespace whisker
