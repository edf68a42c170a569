#include "ui/data/transfer_controller.h"

#include "ui/project_session.h"
#include "ui/texts.h"

#include <algorithm>
#include <mutex>
#include <utility>

namespace whisker {

/// The latest progress; at most one event that carries it is under way.
struct TransferController::News {
    std::mutex mutex;
    TransferProgress latest;
    bool underWay = false;
};

TransferController::TransferController(ProjectSession &session, QObject *parent)
    : QObject(parent), m_session(session), m_worker(std::make_unique<JobThread>(JobThread::AtEnd::Drop))
{
    connect(&session, &ProjectSession::opened, this, [this] {
        m_quietStop.request_stop();
        m_quietStop = std::stop_source();
    });
    connect(&session, &ProjectSession::filesRefreshed, this, [this] {
        if (missingPictures() > 0)
            relinkQuietly();
    });
}

TransferController::~TransferController()
{
    m_stop.request_stop();
    m_quietStop.request_stop();
    m_worker.reset();
}

/// Runs `function` in the GUI thread; from the worker, which is joined before this object goes.
template <class Function> void TransferController::post(Function function)
{
    QMetaObject::invokeMethod(this, std::move(function), Qt::QueuedConnection);
}

void TransferController::begin(Work work)
{
    if (!m_session.isOpen())
        return;
    if (m_busy++ == 0)
        m_stop = std::stop_source();
    Q_EMIT started();
    m_worker->add([this, work = std::move(work), project = m_session.project(), stop = m_stop.get_token()] {
        post([this, outcome = work(project, stop)] {
            --m_busy;
            outcome();
            Q_EMIT ended();
        });
    });
}

void TransferController::cancel()
{
    m_stop.request_stop();
}

void TransferController::tell(const std::shared_ptr<News> &news, TransferProgress progress)
{
    {
        const std::scoped_lock lock(news->mutex);
        news->latest = progress;
        if (std::exchange(news->underWay, true))
            return;
    }
    post([this, news] {
        TransferProgress latest;
        {
            const std::scoped_lock lock(news->mutex);
            latest = news->latest;
            news->underWay = false;
        }
        Q_EMIT progressed(latest);
    });
}

void TransferController::exportLabels(const QString &csv)
{
    begin([this, csv](const std::shared_ptr<Project> &project, std::stop_token) -> Outcome {
        const auto rows = whisker::exportLabels(*project, toPath(csv));
        if (!rows)
            return [this, sentence = fromUtf8(rows.error().message)] { Q_EMIT failed(sentence); };
        return [this, csv, count = static_cast<qulonglong>(*rows)] { Q_EMIT labelsExported(csv, count); };
    });
}

void TransferController::exportPictures(const QString &folder, const ExportOptions &options)
{
    begin([this, folder, options](const std::shared_ptr<Project> &project, std::stop_token stop) -> Outcome {
        const auto news = std::make_shared<News>();
        const auto sink = [&](const ExportProgress &progress) { tell(news, {progress.done, progress.found, progress.left()}); };
        auto report = whisker::exportPictures(*project, toPath(folder), options, sink, stop);
        if (!report)
            return [this, sentence = fromUtf8(report.error().message)] { Q_EMIT failed(sentence); };
        return [this, folder, done = std::move(*report)] { Q_EMIT picturesExported(folder, done); };
    });
}

/// Hands what was found over to the session, and tells of progress where `news` is given.
RelinkSink TransferController::changesOf(const std::shared_ptr<Project> &project, std::shared_ptr<News> news)
{
    return [this, project, news = std::move(news)](const RelinkProgress &progress) {
        post([this, project, change = progress.change] { m_session.takeOver(project, change); });
        if (news)
            tell(news, {progress.done, progress.found, progress.left()});
    };
}

void TransferController::relink(const QString &folder)
{
    begin([this, folder](const std::shared_ptr<Project> &project, std::stop_token stop) -> Outcome {
        auto report = whisker::relink(*project, toPath(folder), changesOf(project, std::make_shared<News>()), stop);
        const bool isCancelled = !report && report.error().code == ErrorCode::Cancelled;
        if (!report && !isCancelled)
            return [this, sentence = fromUtf8(report.error().message)] { Q_EMIT failed(sentence); };
        RelinkReport done = isCancelled ? RelinkReport{} : std::move(*report);
        done.cancelled = done.cancelled || isCancelled;
        return [this, done = std::move(done)] { Q_EMIT relinked(done); };
    });
}

std::ptrdiff_t TransferController::missingPictures() const
{
    return std::ranges::count(m_session.state().images, ImageState::Missing, &ImageRecord::state);
}

void TransferController::relinkQuietly()
{
    m_worker->add([this, project = m_session.project(), stop = m_quietStop.get_token()] {
        const auto report = relinkRenamed(*project, changesOf(project, nullptr), stop);
        post([this, project, done = report.value_or(RelinkReport{})] {
            if (project != m_session.project())
                return;
            if (done.relinked > 0)
                Q_EMIT relinked(done);
            if (const auto gone = missingPictures(); gone > 0)
                Q_EMIT picturesMissing(static_cast<qulonglong>(gone));
        });
    });
}

} // namespace whisker
