#include "ui/train/training_controller.h"

#include "engine/base/start_thread.h"
#include "engine/base/thread_priority.h"
#include "engine/data/snapshot_file.h"
#include "engine/train/run_folder.h"

#include <QMetaObject>
#include <algorithm>
#include <tuple>
#include <utility>

namespace whisker {

namespace {

/// Was it taken before a part of a run whose first point is `first`? What comes behind that was learnt after its checkpoint, and is learnt again.
bool isBefore(const MetricPoint &point, const MetricPoint &first)
{
    const bool endsEpoch = first.series != MetricSeries::TrainingLoss;
    const bool ofStep = point.series == MetricSeries::TrainingLoss || point.series == MetricSeries::LearningRate;
    return point.step < first.step || (point.step == first.step && endsEpoch && ofStep);
}

/// What the run in `folder` learns from; `otherwise` (may be null) where it has not kept that.
Result<std::shared_ptr<const Snapshot>> runSnapshot(const std::filesystem::path &folder, const std::shared_ptr<const Snapshot> &otherwise)
{
    auto own = readSnapshot(folder / kSnapshotFile);
    if (own)
        return std::make_shared<const Snapshot>(*std::move(own));
    if (own.error().code == ErrorCode::NotFound && otherwise)
        return otherwise;
    return std::unexpected(own.error());
}

} // namespace

TrainingController::TrainingController(TrainFunction trainFunction, QObject *parent)
    : QObject(parent), m_train(std::move(trainFunction))
{
}

TrainingController::~TrainingController()
{
    if (!m_forgotten) // else it is settled
        m_leaves = m_state != State::Stopping;
}

void TrainingController::start(std::shared_ptr<const Snapshot> snapshot, const TrainConfig &config,
                               const std::filesystem::path &runsFolder, const std::filesystem::path &startModel)
{
    Q_ASSERT(snapshot);
    Order order{std::move(snapshot), config, runsFolder};
    order.output.startModel = startModel;
    begin(std::move(order));
}

void TrainingController::goOn(const std::filesystem::path &runFolder, const TrainConfig &config, int moreEpochs,
                              std::shared_ptr<const Snapshot> snapshot)
{
    Order order{std::move(snapshot), config, {}};
    order.output.resume = true;
    order.output.runFolder = runFolder;
    order.output.moreEpochs = moreEpochs;
    order.config.epochs += moreEpochs; // as the run's own receipt will say
    begin(std::move(order));
}

void TrainingController::repeat(const RepeatPlan &plan, const std::filesystem::path &runsFolder)
{
    begin({plan.snapshot, plan.config, runsFolder, plan.output});
}

void TrainingController::begin(Order order)
{
    Q_ASSERT(!isRunning());
    m_config = order.config;
    m_goesOnIn = m_runFolder = order.output.runFolder;
    m_progress = {};
    m_points.clear();
    m_hasLearnt = m_isPause = false;
    m_marks.clear();
    m_leftOut.clear();
    m_stageText.clear();
    if (m_worker.joinable())
        m_next = std::move(order);
    else
        launch(std::move(order));
    setState(State::Preparing);
}

void TrainingController::launch(Order order)
{
    m_forgotten = m_leaves = m_pauses = false;
    m_worker = startThread([this, order = std::move(order)](std::stop_token stop) { run(order, stop); });
}

void TrainingController::cancel()
{
    if (!isRunning() || m_state == State::Stopping)
        return;
    if (m_next) { // it has not begun
        m_next.reset();
        setState(State::Stopping);
        QMetaObject::invokeMethod(this, [this] {
                if (m_state == State::Stopping)
                    hearEnd({fail(ErrorCode::Cancelled, {})});
            }, Qt::QueuedConnection);
        return;
    }
    m_worker.request_stop();
    setState(State::Stopping);
}

void TrainingController::pause()
{
    if (!isRunning() || m_state == State::Stopping)
        return;
    m_isPause = true;
    m_pauses = !m_next;
    cancel();
}

void TrainingController::forget()
{
    m_next.reset();
    m_points.clear();
    m_marks.clear();
    if (m_worker.joinable() && !m_forgotten) {
        m_leaves = m_state != State::Stopping;
        m_forgotten = true;
        m_worker.request_stop();
    }
    setState(State::Idle);
}

void TrainingController::run(const Order &order, std::stop_token stop)
{
    stepBehindWindow();
    TrainOutput output = order.output;
    output.pins = m_pins;
    if (!output.resume)
        output.runFolder = newRunFolder(order.runsFolder, order.config.mode);
    tell([&](News &news) { news.runFolder = output.runFolder; });
    if (output.resume) {
        if (auto record = readRun(output.runFolder)) // else train() says what is wrong with the folder
            tell([&](News &news) { std::tie(news.earlierPoints, news.earlierMarks) = std::pair(std::move(record->metrics), std::move(record->marks)); });
    }
    TrainEvents events;
    events.onStage = [this](const StageChange &stage) { tell([&](News &news) { news.stage = stage; }); };
    events.onProgress = [this](const TrainProgress &progress) { tell([&](News &news) { news.progress = progress; }); };
    events.onMetric = [this](const MetricPoint &point) { tell([&](News &news) { news.points.push_back(point); }); };
    events.onPinned = [this](const PinnedAnswer &answer) { tell([&](News &news) { news.pinned.push_back(answer); }); };
    events.onMark = [this](const RunMark &mark) { tell([&](News &news) { news.marks.push_back(mark); }); };
    events.onSkipped = [this](const SkippedFile &file) { tell([&](News &news) { news.leftOut.push_back(file); }); };
    events.onNote = [this](const std::string &note) { tell([&](News &news) { news.notes.push_back(note); }); };
    events.onWithdrawn = [this](const std::string &note) {
        tell([&](News &news) {
            std::erase(news.notes, note);
            news.withdrawn.push_back(note);
        });
    };
    auto snapshot = output.resume ? runSnapshot(output.runFolder, order.snapshot) : Result<std::shared_ptr<const Snapshot>>(order.snapshot);
    auto result = snapshot ? m_train(*snapshot, order.config, output, events, stop) : std::unexpected(snapshot.error());
    if (result && m_leaves)
        std::ignore = leaveUnfinished(result->run); // else it stands there as stopped, and is not offered: nobody is there to be told
    else if (result && m_pauses)
        std::ignore = leavePaused(result->run); // else it stands there as stopped, and can be gone on with all the same
    TrainingEnd end{std::move(result)};
    if (auto run = readRunSummary(output.runFolder))
        end.run = *std::move(run);
    if (snapshot)
        end.common = commonClasses(**snapshot);
    tell([&](News &news) { news.end = std::move(end); });
}

void TrainingController::tell(const std::function<void(News &)> &what)
{
    {
        const std::scoped_lock lock(m_mutex);
        what(m_news);
        if (std::exchange(m_told, true))
            return;
    }
    QMetaObject::invokeMethod(this, &TrainingController::hear, Qt::QueuedConnection);
}

void TrainingController::hear()
{
    News news;
    {
        const std::scoped_lock lock(m_mutex);
        news = std::exchange(m_news, {});
        m_told = false;
    }
    if (!m_forgotten) {
        if (!news.runFolder.empty()) {
            m_runFolder = news.runFolder;
            Q_EMIT runFolderKnown();
        }
        if (news.stage) {
            m_stageText = QString::fromStdString(news.stage->text);
            if (m_state == State::Preparing && news.stage->stage != TrainStage::Preparing)
                setState(State::Training);
            Q_EMIT stageChanged(m_stageText);
        }
        hearCurves(news);
        if (!news.pinned.empty())
            Q_EMIT pinnedAnswered(news.pinned);
        if (!news.leftOut.empty()) {
            m_leftOut.insert(m_leftOut.end(), news.leftOut.begin(), news.leftOut.end());
            Q_EMIT moreLeftOut();
        }
        if (news.progress) {
            m_progress = *news.progress;
            Q_EMIT progressed(m_progress);
        }
        for (const std::string &note : news.withdrawn)
            Q_EMIT noteWithdrawn(QString::fromStdString(note));
        for (const std::string &note : news.notes)
            Q_EMIT noted(QString::fromStdString(note));
    }
    if (!news.end)
        return;
    m_worker.join(); // that was its last word
    m_worker = {};
    const bool forgotten = std::exchange(m_forgotten, false);
    if (!forgotten)
        hearEnd(*news.end);
    else if (m_next)
        launch(*std::exchange(m_next, {}));
}

void TrainingController::hearCurves(const News &news)
{
    const auto addPoints = [this](const std::vector<MetricPoint> &points) {
        m_points.insert(m_points.end(), points.begin(), points.end());
        if (!points.empty())
            Q_EMIT pointsAdded(points);
    };
    const auto addMarks = [this](const std::vector<RunMark> &marks) {
        m_marks.insert(m_marks.end(), marks.begin(), marks.end());
        if (!marks.empty())
            Q_EMIT marked(marks);
    };
    addPoints(news.earlierPoints);
    addMarks(news.earlierMarks);
    if (!news.points.empty() && !std::exchange(m_hasLearnt, true)) {
        const MetricPoint &first = news.points.front();
        const std::size_t behind = std::erase_if(m_points, [&](const MetricPoint &point) { return !isBefore(point, first); }) +
                                   std::erase_if(m_marks, [&](const RunMark &mark) { return mark.step >= first.step; });
        if (behind > 0)
            Q_EMIT pointsTakenBack();
    }
    addPoints(news.points);
    addMarks(news.marks);
}

void TrainingController::hearEnd(const TrainingEnd &end)
{
    setState(end.result ? State::Finished : State::Failed);
    Q_EMIT finished(end);
}

void TrainingController::setState(State state)
{
    if (m_state == state)
        return;
    m_state = state;
    Q_EMIT stateChanged(state);
}

} // namespace whisker
