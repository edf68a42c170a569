#pragma once

#include "engine/train/run_repeat.h"
#include "engine/train/train.h"
#include "ui/train/common_class.h"

#include <QObject>
#include <QString>
#include <atomic>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

namespace whisker {

/// The engine's train(), or what a test puts in its place.
using TrainFunction = std::function<Result<TrainReport>(std::shared_ptr<const Snapshot>, const TrainConfig &, const TrainOutput &,
                                                        const TrainEvents &, std::stop_token)>;

/// How a run ended: a report, or a sentence. (A type of its own because moc can't take std::expected in a signal.)
struct TrainingEnd {
    Result<TrainReport> result;
    RunSummary run{}; ///< As it lies on the disk now; without folder where it can't be read.
    CommonClasses common{}; ///< Of the pictures that it was begun with.
};

/// Runs one training at a time on a thread of its own. Lives in the GUI thread; every signal is emitted there and no function waits.
/// After start(): any number of the other signals, then exactly one finished(), also where it was cancelled or failed; none after forget().
/// The destructor cancels and waits for the end, which comes soon: on the CPU a step under way is left and taken anew when the run goes on, on a GPU it is short.
class TrainingController : public QObject {
    Q_OBJECT
public:
    enum class State {
        Idle,
        Preparing, ///< Weights and features.
        Training,  ///< Also while the finished model is tested.
        Stopping,  ///< cancel() was called; finished() comes soon, as with the destructor.
        Finished,  ///< Completed, stopped or diverged: there is a report.
        Failed,    ///< There is an error.
    };
    Q_ENUM(State)

    explicit TrainingController(TrainFunction trainFunction = &train, QObject *parent = nullptr);
    ~TrainingController() override;

    State state() const { return m_state; }
    bool isRunning() const { return m_state == State::Preparing || m_state == State::Training || m_state == State::Stopping; }

    /// Trains on `snapshot` (not null) into a new folder below `runsFolder`; with `startModel` as TrainOutput has it. Precondition: not running.
    void start(std::shared_ptr<const Snapshot> snapshot, const TrainConfig &config, const std::filesystem::path &runsFolder,
               const std::filesystem::path &startModel = {});
    /// Goes on with the run in `runFolder`, of this `config`, where its checkpoint stands, on the pictures that it was begun with; `moreEpochs` > 0 makes it that
    /// much longer. `snapshot`: for a run of an older Whisker, which did not keep its own; may be null. What its curves had comes as the first points and marks, before
    /// it is known where the checkpoint stands: pointsTakenBack() then.
    /// Precondition: not running.
    void goOn(const std::filesystem::path &runFolder, const TrainConfig &config, int moreEpochs, std::shared_ptr<const Snapshot> snapshot);
    /// Makes a run once more, as `plan` has it, into a new folder below `runsFolder`. Precondition: not running.
    void repeat(const RepeatPlan &plan, const std::filesystem::path &runsFolder);
    /// State::Stopping at once; nothing where none runs.
    void cancel();
    void pause(); ///< As cancel(), and the run says of itself that it is to be gone on with.
    /// The project was closed: cancels, is idle at once, and what still comes back is dropped. The next start() waits its turn without blocking.
    void forget();

    /// Of the run that goes on or was the last.
    const TrainConfig &config() const { return m_config; }
    const std::filesystem::path &goesOnIn() const { return m_goesOnIn; } ///< The folder of a run that was gone on with; empty for a new one.
    const std::filesystem::path &runFolder() const { return m_runFolder; }   ///< Empty until it is known.
    const TrainProgress &progress() const { return m_progress; }
    const QString &stageText() const { return m_stageText; }
    bool pauses() const { return m_isPause; } ///< The stop under way, or the last one, is a pause.
    bool hasLearnt() const { return m_hasLearnt; } ///< Some of points() are its own, not of an earlier part of it.
    const std::vector<MetricPoint> &points() const { return m_points; }
    const std::vector<RunMark> &marks() const { return m_marks; }
    const std::vector<SkippedFile> &leftOut() const { return m_leftOut; } ///< Pictures that it does without, so far.

    /// Pictures that the run answers for as it learns; they stay for the next one.
    PinBoard &pins() { return *m_pins; }

Q_SIGNALS:
    void stateChanged(whisker::TrainingController::State state);
    void runFolderKnown();
    void stageChanged(const QString &text); ///< A phrase: what is going on.
    void progressed(const whisker::TrainProgress &progress); ///< The latest; those between are left out.
    void pointsAdded(const std::vector<whisker::MetricPoint> &points); ///< Every point once, in order.
    void pointsTakenBack(); ///< points() and marks() have lost what an earlier part of the run wrote down behind the checkpoint that it goes on from.
    void pinnedAnswered(const std::vector<whisker::PinnedAnswer> &answers); ///< Every answer once, in order.
    void marked(const std::vector<whisker::RunMark> &marks); ///< What happened to the run, each once.
    void moreLeftOut(); ///< leftOut() has become longer.
    void noted(const QString &sentence); ///< Ends nothing ("the disk is full: ...").
    void noteWithdrawn(const QString &sentence); ///< It holds no more.
    void finished(const whisker::TrainingEnd &end);

private:
    struct Order {
        std::shared_ptr<const Snapshot> snapshot;
        TrainConfig config;
        std::filesystem::path runsFolder; ///< Where a new one goes.
        TrainOutput output{};             ///< Its runFolder is the one that is gone on with.
    };
    /// What the compute thread has to say and the GUI thread has not heard yet.
    struct News {
        std::filesystem::path runFolder;
        std::optional<TrainProgress> progress;
        std::optional<StageChange> stage;
        std::vector<MetricPoint> earlierPoints; ///< Of a run that goes on.
        std::vector<RunMark> earlierMarks;
        std::vector<MetricPoint> points; ///< That this part has learnt.
        std::vector<PinnedAnswer> pinned;
        std::vector<RunMark> marks;
        std::vector<SkippedFile> leftOut;
        std::vector<std::string> withdrawn; ///< Before `notes`.
        std::vector<std::string> notes;
        std::optional<TrainingEnd> end;
    };

    void begin(Order order);
    void launch(Order order);
    void run(const Order &order, std::stop_token stop);
    void tell(const std::function<void(News &)> &what);
    void hear();
    void hearCurves(const News &news);
    void hearEnd(const TrainingEnd &end);
    void setState(State state);

    const TrainFunction m_train;
    State m_state = State::Idle;
    TrainConfig m_config;
    std::filesystem::path m_goesOnIn;
    std::filesystem::path m_runFolder;
    TrainProgress m_progress;
    QString m_stageText;
    std::vector<MetricPoint> m_points;
    bool m_hasLearnt = false;
    const std::shared_ptr<PinBoard> m_pins = std::make_shared<PinBoard>();
    std::vector<RunMark> m_marks;
    std::vector<SkippedFile> m_leftOut;
    bool m_isPause = false;
    std::atomic<bool> m_pauses = false; // that of the worker, which may still end an earlier run
    std::atomic<bool> m_leaves = false; // whoever watched the run has gone, without having ended it: the window or the project was closed
    bool m_forgotten = false;        // the run under way is of a project that was closed
    std::optional<Order> m_next;     // begins when the forgotten one has ended

    std::mutex m_mutex;
    News m_news;          // guarded by m_mutex
    bool m_told = false;  // guarded by m_mutex: an event is under way and will carry what is added
    std::jthread m_worker; // last: stopped and joined before what it uses goes away
};

} // namespace whisker
