#include "ui/project_session.h"

#include "engine/base/thread_priority.h"
#include "ui/texts.h"

#include <algorithm>
#include <mutex>
#include <utility>

/// What a session does on threads of its own: imports, and looks at the files of the project.
namespace whisker {

/// What the import's thread has to say and the GUI thread has not heard yet.
struct ProjectSession::ImportNews {
    std::mutex mutex;
    std::vector<ProjectChange> changes;
    ImportProgress progress;
    bool underWay = false; // an event is, and will carry what is added
};

void ProjectSession::importPaths(const QStringList &paths, Preparation prepare, ImportOptions options)
{
    if (!m_project || paths.isEmpty())
        return;
    ImportOrder order{{}, std::move(prepare), std::move(options)};
    for (const auto &path : paths)
        order.paths.push_back(toPath(path));
    m_waitingImports.push_back(std::move(order));
    if (!m_importing)
        startNextImport();
}

void ProjectSession::cancelImport()
{
    m_waitingImports.clear();
    m_importStop.request_stop();
}

void ProjectSession::startNextImport()
{
    m_importing = true;
    m_importStatus = {};
    m_importStop = std::stop_source();
    m_importer->add([this, order = std::move(m_waitingImports.front()), project = m_project, generation = m_generation,
                     stop = m_importStop.get_token()] { runImport(*project, order, generation, stop); });
    m_waitingImports.pop_front();
    Q_EMIT importStarted();
    Q_EMIT undoChanged();
}

void ProjectSession::runImport(Project &project, const ImportOrder &order, int generation, std::stop_token stop)
{
    stepBehindWindow();
    const auto news = std::make_shared<ImportNews>();
    const auto hear = [this, news, generation] {
        if (generation == m_generation)
            takeImportNews(*news);
    };
    const auto sink = [&](const ImportProgress &progress) {
        {
            const std::scoped_lock lock(news->mutex);
            news->changes.push_back(progress.change);
            news->progress = progress;
            news->progress.change = {};
            if (std::exchange(news->underWay, true))
                return;
        }
        post(hear);
    };
    const auto prepared = order.prepare ? order.prepare(stop) : Result<void>();
    auto result = prepared ? importFolders(project, order.paths, order.options, sink, stop) : std::unexpected(prepared.error());
    post([this, result = std::move(result), generation] {
        if (generation == m_generation)
            endImport(result);
    });
}

void ProjectSession::takeImportNews(ImportNews &news)
{
    std::vector<ProjectChange> changes;
    {
        const std::scoped_lock lock(news.mutex);
        changes.swap(news.changes);
        m_importStatus = news.progress;
        news.underWay = false;
    }
    for (const auto &done : changes)
        take(done);
    Q_EMIT importProgressed(m_importStatus);
}

void ProjectSession::endImport(const Result<ImportReport> &result)
{
    if (m_reloading) { // its last changes are still on their way, with the whole state
        m_importEnd = result;
        return;
    }
    m_importing = false;
    if (!result && result.error().code != ErrorCode::Cancelled)
        Q_EMIT failed(fromUtf8(result.error().message));
    ImportReport report = result.value_or(ImportReport{});
    report.cancelled = report.cancelled || (!result && result.error().code == ErrorCode::Cancelled);
    Q_EMIT importFinished(report);
    Q_EMIT undoChanged();
    if (!m_waitingImports.empty() && !m_importing)
        startNextImport();
}

void ProjectSession::refreshFiles()
{
    if (!m_project || m_readOnly || m_refreshing)
        return;
    m_refreshing = true;
    m_refreshStop = std::stop_source();
    m_refresher->add([this, project = m_project, generation = m_generation, stop = m_refreshStop.get_token()] {
        const auto sink = [&](const RefreshProgress &progress) {
            post([this, found = progress.change, generation] {
                if (generation == m_generation)
                    take(found);
            });
        };
        auto result = whisker::refreshFiles(*project, {}, sink, stop);
        post([this, result = std::move(result), generation] {
            if (generation != m_generation)
                return;
            m_refreshing = false;
            if (!result)
                Q_EMIT failed(fromUtf8(result.error().message));
            Q_EMIT filesRefreshed(result.value_or(RefreshReport()));
        });
    });
}

void ProjectSession::refreshMissing()
{
    if (std::ranges::any_of(m_state.images, [](const ImageRecord &image) { return image.state == ImageState::Missing; }))
        refreshFiles();
}

void ProjectSession::cancelRefresh()
{
    m_refreshStop.request_stop();
}

} // namespace whisker
