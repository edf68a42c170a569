#pragma once

#include "engine/data/doctor.h"
#include "ui/job_thread.h"

#include <QObject>
#include <QString>
#include <QTimer>
#include <map>
#include <memory>
#include <optional>
#include <stop_token>
#include <vector>

namespace whisker {

class Project;
class ProjectSession;

/// What the doctor knows of a project. A value that nobody changes once it is made.
struct Diagnosis {
    DoctorReport report{};
    std::shared_ptr<const KnownContents> known = std::make_shared<KnownContents>();
    std::size_t unread = 0; ///< Pictures whose content nobody has looked at yet.

    std::size_t countOf(FindingKind kind) const; ///< Pictures, each once; Imbalance: classes, also those without a picture.
    /// Pictures of a kind, each once, those of a group side by side.
    std::vector<std::int64_t> picturesOf(FindingKind kind) const;
    std::vector<std::vector<std::int64_t>> groupsOf(FindingKind kind) const;
    const PictureMeasures *measuresOf(const ContentHash &hash) const; ///< Null where it has not been read, or does not decode.
};

/// Has the pictures of the open project looked at, and keeps what was found true.
///
/// Lives in the GUI thread and emits every signal there; one worker thread reads files, one pass at a time, behind the window. A pass begins after an import,
/// after files were seen to have changed, and by start(); it reads only contents that no pass has read. What earlier passes found is there soon after a
/// project was opened, and after each change of labels or pictures the findings are made anew without reading a file. A file that was found broken or gone
/// is written down as such in the project. The destructor stops the pass and waits for the files in hand.
class DoctorController : public QObject {
    Q_OBJECT
public:
    explicit DoctorController(ProjectSession &session, QObject *parent = nullptr);
    ~DoctorController() override;

    void start();  ///< While a pass or an import goes on: another one after it.
    void cancel(); ///< What was read until then is kept.
    bool isRunning() const { return m_running; }
    const DoctorProgress &progress() const { return m_progress; }
    /// Null until something is known of the project.
    const std::shared_ptr<const Diagnosis> &diagnosis() const { return m_diagnosis; }

Q_SIGNALS:
    void started();
    void progressed(const whisker::DoctorProgress &progress);
    void ended(const QString &failure); ///< Exactly one for each started(); empty where all went well, or it was stopped.
    void diagnosisChanged();

private:
    struct News;
    struct Outcome;
    using Done = std::shared_ptr<const Outcome>;

    void leaveProject();
    void startWhenIdle();
    void readAll();
    void workOut();
    void takePass(const Done &done);
    void take(const Done &done);
    void writeDownBroken(const Outcome &outcome);
    static Done pass(Project &project, const DoctorSink &sink, std::stop_token stop);
    static Done findings(Project &project, const std::shared_ptr<const Diagnosis> &before);
    template <class Function> void post(Function function) { QMetaObject::invokeMethod(this, std::move(function), Qt::QueuedConnection); }

    ProjectSession &m_session;
    std::shared_ptr<const Diagnosis> m_diagnosis;
    DoctorProgress m_progress;
    bool m_running = false;    // a pass
    bool m_again = false;      // another pass is wanted after this one, or after the import
    bool m_workingOut = false; // findings are made anew
    bool m_stale = false;      // labels or pictures changed since the findings under way began
    int m_generation = 0;      // counts projects: what comes back for an older one is dropped
    QTimer m_workOutSoon;      // many changes in a row are worked out once
    std::stop_source m_stop;
    std::unique_ptr<JobThread> m_worker; // joined first
};

} // namespace whisker
