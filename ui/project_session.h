#pragma once

#include "engine/data/import.h"
#include "engine/data/project.h"
#include "engine/data/refresh.h"
#include "engine/data/snapshot.h"
#include "ui/job_thread.h"

#include <QObject>
#include <QStringList>
#include <deque>
#include <functional>
#include <future>
#include <memory>
#include <optional>
#include <stop_token>
#include <vector>

namespace whisker {

/// The project that the window shows: a copy of its state for the pages, and the way in which they change it.
///
/// Lives in the GUI thread and emits every signal there. No function waits: what reads or writes is done by a worker thread, one thing after the other, and
/// its outcome comes back as signals. An import has a thread of its own, so that pictures can be labelled while it goes on. The destructor asks the import to stop and
/// waits for the batch under way, at most.
class ProjectSession : public QObject {
    Q_OBJECT
public:
    using SnapshotReady = std::function<void(const Result<std::shared_ptr<const Snapshot>> &)>;
    using HistoryReady = std::function<void(const Result<std::vector<HistoryEntry>> &)>;
    enum class Missing { Fail, Create };

    explicit ProjectSession(QObject *parent = nullptr);
    ~ProjectSession() override;

    /// Takes a project file or its folder in place of the one that is open; then opened(), or openFailed() or inUse() and the one that was open stays. An import
    /// that goes on is stopped when the other project has been opened.
    void open(const std::filesystem::path &path, Missing missing = Missing::Fail);
    /// The same without ever changing it, also while it is open in another window: what inUse() says can be opened so.
    void openForReading(const std::filesystem::path &path);
    /// Makes an empty one and opens it.
    void create(const std::filesystem::path &path);

    bool isOpen() const { return m_project != nullptr; }
    bool isOpening() const { return m_opening > 0; }
    bool isReadOnly() const { return m_readOnly; }
    QString name() const;                                            ///< The folder's name: "Pets". Empty without a project.
    const std::filesystem::path &projectFile() const { return m_file; } ///< Absolute; empty without a project. The same for the next two.
    std::filesystem::path projectFolder() const { return m_file.parent_path(); }
    const std::filesystem::path &runsFolder() const { return m_runs; }

    /// The copy that is on show. A reference is good until control returns to the event loop.
    const ProjectState &state() const { return m_state; }
    const ImageRecord *image(ImageId id) const; ///< Null where it isn't there. log n.
    const ClassRecord *classRecord(ClassId id) const;
    const ClassRecord *classNamed(const QString &name) const; ///< Null where no class has exactly this name.
    const ClassRecord *classOfKey(int digit) const;          ///< The class that the key 0..9 labels.
    const ClassRecord *classOfKey(const QString &key) const; ///< The same for any of kClassKeys, in either case.
    SplitRules rules() const { return splitRules(m_state.settings); }
    QStringList classNames() const;                    ///< In the project's order.
    /// Index into the theme's palette for a class name, also one from a model of another project; -1 for a name that isn't there.
    int colourOf(const QString &className) const;

    /// Each makes one change that can be undone, then the signals of what it changed and changed(words); failed() where it could not be done.
    void setLabel(std::vector<ImageId> images, std::optional<ClassId> label);
    /// The same with the class of that name; one that isn't there yet is added before.
    void setLabel(std::vector<ImageId> images, const QString &className);
    void setLabels(std::vector<LabelGroup> groups); ///< Several classes in one change.
    void setExcluded(std::vector<ImageId> images, bool excluded);
    void addClass(const QString &name);
    void renameClass(ClassId id, const QString &name);
    void removeClass(ClassId id);
    void mergeClasses(ClassId from, ClassId into);
    void recolourClass(ClassId id, int colour);
    void setClassKey(ClassId id, const QString &key);
    void moveClass(ClassId id, std::size_t position);
    void setUnsure(std::vector<ImageId> images, bool unsure);
    void setGroup(std::vector<ImageId> images, const std::optional<QString> &group);
    void removeImages(std::vector<ImageId> images);
    void setSplit(std::vector<ImageId> images, Split split);
    void assignSplits(const SplitShares &shares, std::uint64_t seed, std::vector<std::vector<ImageId>> together = {});
    void setTestLocked(bool locked); ///< Not in the history; then settingsChanged().
    /// Nothing happens while an import goes on: its one entry in the journal is not yet whole.
    void undo();
    void redo();
    void undoTo(EntryId entry); ///< As Project's; 0: all.
    void redoTo(EntryId entry);
    bool canUndo() const { return m_state.history.undo && !isImporting(); }
    bool canRedo() const { return m_state.history.redo && !isImporting(); }

    /// Writes down that a picture's file was found broken or gone.
    void reportState(ImageId image, ImageState state, const QString &reason);

    /// Brings files and folders in; those given while an import goes on come after it. `prepare`, if any, runs on the import's thread before it (the demonstration
    /// copies its pictures there); it looks at the token and says what went wrong.
    using Preparation = std::function<Result<void>(std::stop_token)>;
    void importPaths(const QStringList &paths, Preparation prepare = {}, ImportOptions options = {});
    void cancelImport(); ///< Also those that wait. What is in stays in; importFinished() comes soon.
    bool isImporting() const { return m_importing; }
    const ImportProgress &importStatus() const { return m_importStatus; } ///< Without its change.

    /// For long work of other controllers on threads of their own; null without a project. What they change they hand over here: shown if that project
    /// is still the one that is open.
    std::shared_ptr<Project> project() const { return m_project; }
    void takeOver(const std::shared_ptr<Project> &project, const ProjectChange &change);

    /// What a run is trained on, as it is now and after all changes made before; `ready` is called in the GUI thread, unless `context` or the session is gone by then.
    void requestSnapshot(QObject *context, SnapshotReady ready);

    /// The newest `limit` changes, newest first, under the same conditions; to be asked again after undoChanged() and changed().
    void requestHistory(QObject *context, std::size_t limit, HistoryReady ready);

    /// Looks whether the pictures' files are still as they were; done by itself after opened(). Then imagesChanged() for what was found and
    /// filesRefreshed(). Nothing happens while one is under way, or where the project is open for reading.
    void refreshFiles();
    void refreshMissing(); ///< The same where a picture was missing when it was last looked for: it may be back.
    void cancelRefresh();
    bool isRefreshing() const { return m_refreshing; }

    /// A text that belongs to the project (a page's last choices); reading is state().settings.
    void setSetting(const QString &key, const QString &value);

    /// The model of the project's newest completed run; empty where there is none, or it isn't known yet. Read from the run folders after
    /// opened(); who trains announces a new one, which is then in use.
    const std::filesystem::path &latestModel() const { return m_latestModel; }
    void announceModel(const std::filesystem::path &file);
    /// What answers: the model that was chosen for it, until another is announced or the project is left; else the latest.
    const std::filesystem::path &modelInUse() const { return m_chosenModel.empty() ? m_latestModel : m_chosenModel; }
    void useModel(const std::filesystem::path &file); ///< Of any run of the project; an empty path: the latest again.

Q_SIGNALS:
    void opening(const QString &path);
    void opened();                                       ///< All of state() is new.
    void openFailed(const QString &sentence);
    void inUse(const std::filesystem::path &file, const QString &sentence); ///< In place of openFailed(), where openForReading() will do.
    void imagesAdded(const std::vector<whisker::ImageId> &ids);   ///< Ascending; at the end of state().images, or between where an undo brought them back.
    void imagesChanged(const std::vector<whisker::ImageId> &ids); ///< Ascending.
    void imagesRemoved(const std::vector<whisker::ImageId> &ids); ///< Ascending.
    void classesChanged();
    void skippedChanged();
    void undoChanged();                                  ///< canUndo(), canRedo() or their words.
    void changed(const QString &words);                  ///< What was done: "Labelled 3 pictures cat".
    void failed(const QString &sentence);
    void settingsChanged();                              ///< By a change: the shares, the lock of the test set.
    void filesRefreshed(const whisker::RefreshReport &report); ///< Exactly one for each refresh, but for a project that is left.
    void importStarted();
    void importProgressed(const whisker::ImportProgress &progress);
    void importFinished(const whisker::ImportReport &report); ///< Exactly one for each importStarted(), but for a project that is left; after a failed() where it failed.
    void latestModelChanged(const std::filesystem::path &file);
    void modelInUseChanged(const std::filesystem::path &file); ///< After latestModelChanged() where both change.

private:
    using TakeChange = std::function<void(ProjectChange)>;
    using Change = std::function<Result<ProjectChange>(Project &, const TakeChange &)>; // on the worker thread
    struct Opened;
    struct ImportNews;
    struct Left {
        std::filesystem::path file;
        std::shared_future<void> closed;
    };
    struct ImportOrder {
        std::vector<std::filesystem::path> paths;
        Preparation prepare;
        ImportOptions options;
    };

    static bool isLetGo(const std::filesystem::path &file, const std::vector<Left> &left);
    static Result<Opened> read(Result<Project> project, std::shared_ptr<Project> current);
    void openWith(const std::filesystem::path &path, std::function<Result<Project>()> opener);
    void takeOpened(Opened taken);
    void findLatestModel();
    void change(Change change);
    void postFailure(const Error &error, int generation);
    void take(const ProjectChange &change);
    void reload();
    void startNextImport();
    void runImport(Project &project, const ImportOrder &order, int generation, std::stop_token stop);
    void takeImportNews(ImportNews &news);
    void endImport(const Result<ImportReport> &result);
    template <class Answer, class Question> void ask(QObject *context, std::function<void(const Result<Answer> &)> ready, Question question);
    /// Runs `function` in the GUI thread; from any thread that is joined before this object goes.
    template <class Function> void post(Function function) { QMetaObject::invokeMethod(this, std::move(function), Qt::QueuedConnection); }

    std::shared_ptr<Project> m_project; // jobs hold it too, so that no file is closed in the GUI thread while the program goes on
    std::shared_future<void> m_closed; // ready when nobody works on it any more
    std::vector<Left> m_left;          // projects before it, on which somebody may still work
    ProjectState m_state;
    std::filesystem::path m_file;
    std::filesystem::path m_runs;
    std::filesystem::path m_latestModel;
    std::filesystem::path m_chosenModel; // empty: the latest
    bool m_readOnly = false;
    int m_opening = 0;    // projects that are being opened
    int m_wanted = 0;     // counts calls of open(): only the latest one's project is taken
    int m_generation = 0; // counts projects taken: what comes back for an older one is dropped

    bool m_reloading = false;
    std::optional<Result<ImportReport>> m_importEnd; // of one that has ended, until what it did is on show
    bool m_importing = false;
    ImportProgress m_importStatus;
    std::deque<ImportOrder> m_waitingImports;
    std::stop_source m_importStop;
    bool m_refreshing = false;
    std::stop_source m_refreshStop;

    std::unique_ptr<JobThread> m_worker; // these three are joined first
    std::unique_ptr<JobThread> m_importer;
    std::unique_ptr<JobThread> m_refresher;
};

} // namespace whisker
