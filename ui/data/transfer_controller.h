#pragma once

#include "engine/data/export.h"
#include "engine/data/relink.h"
#include "ui/job_thread.h"

#include <QObject>
#include <QString>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>

namespace whisker {

class Project;
class ProjectSession;

/// How far an export or a search is.
struct TransferProgress {
    std::size_t done = 0;
    std::size_t found = 0; ///< 0: not known yet.
    std::optional<std::chrono::milliseconds> left{};
};

/// Exports of the open project, and the search for its missing pictures.
///
/// Lives in the GUI thread and emits every signal there; the work is done by a thread of its own, one thing after the other. Each call gives started(), any
/// number of progressed(), then exactly one of the signals for its outcome or failed(), then ended(). When the session has looked at the files of a project and some
/// are missing, folders that were renamed next to their old places are searched without these signals, but for relinked() where pictures were found,
/// and then picturesMissing() where some were not. The destructor stops what
/// goes on and waits for one file at most.
class TransferController : public QObject {
    Q_OBJECT
public:
    explicit TransferController(ProjectSession &session, QObject *parent = nullptr);
    ~TransferController() override;

    void exportLabels(const QString &csv);
    void exportPictures(const QString &folder, const ExportOptions &options);
    void relink(const QString &folder);
    void cancel(); ///< What goes on and what waits; the outcome says so.
    bool isBusy() const { return m_busy > 0; }

Q_SIGNALS:
    void started();
    void progressed(const whisker::TransferProgress &progress);
    void labelsExported(const QString &csv, qulonglong rows);
    void picturesExported(const QString &folder, const whisker::ExportReport &report);
    void relinked(const whisker::RelinkReport &report);
    void picturesMissing(qulonglong count); ///< And not found beside their places.
    void failed(const QString &sentence);
    void ended();

private:
    using Outcome = std::function<void()>;                     // in the GUI thread
    using Work = std::function<Outcome(const std::shared_ptr<Project> &, std::stop_token)>; // on the worker
    struct News;

    void begin(Work work);
    std::ptrdiff_t missingPictures() const;
    void relinkQuietly();
    RelinkSink changesOf(const std::shared_ptr<Project> &project, std::shared_ptr<News> news);
    void tell(const std::shared_ptr<News> &news, TransferProgress progress);
    template <class Function> void post(Function function);

    ProjectSession &m_session;
    int m_busy = 0; // of those begun by a call
    std::stop_source m_stop;
    std::stop_source m_quietStop;
    std::unique_ptr<JobThread> m_worker; // joined first
};

} // namespace whisker
