#include "app/cli/train_narrator.h"

#include <fmt/format.h>
#include <utility>

namespace whisker {

namespace {

/// Of a run that goes on with `next`; what it took beyond that it takes again.
bool isBefore(const MetricPoint &point, const MetricPoint &next)
{
    const auto isOfStep = [](MetricSeries series) { return series == MetricSeries::TrainingLoss || series == MetricSeries::LearningRate; };
    return point.step < next.step || (point.step == next.step && isOfStep(point.series) && !isOfStep(next.series));
}

} // namespace

Narrator::Narrator(TrainMode mode, ProgressLine &line, TensorBoardWriter *board, std::vector<MetricPoint> earlier)
    : m_mode(mode), m_line(line), m_board(board), m_earlier(std::move(earlier))
{
}

void Narrator::tell(const std::optional<std::string> &line)
{
    if (line)
        say(*line);
}

void Narrator::write(const Result<void> &written)
{
    if (!written)
        say(written.error().message + " TensorBoard will see no more of this run.");
}

/// So that the line of an epoch says all of it, and TensorBoard sees the whole curve. `next`: null where nothing more comes.
void Narrator::recall(const MetricPoint *next)
{
    auto earlier = std::exchange(m_earlier, {});
    if (earlier.empty())
        return;
    std::erase_if(earlier, [&](const MetricPoint &point) { return next && !isBefore(point, *next); });
    for (const MetricPoint &point : earlier)
        (void)m_epochs.add(point); // was told then
    (void)m_epochs.finish();
    if (m_board)
        write(m_board->addMissing(earlier));
}

void Narrator::take(const MetricPoint &point)
{
    recall(&point);
    if (m_mode != TrainMode::Quick) // whose points are of the solver's iterations
        tell(m_epochs.add(point));
    if (m_board)
        write(m_board->add(point));
}

void Narrator::begin(const StageChange &change)
{
    tell(m_epochs.finish());
    if (change.stage == TrainStage::Testing || change.stage == TrainStage::Finished)
        recall(nullptr);
    m_stage = change.text;
    m_line.show(m_stage, "");
}

TrainEvents Narrator::events()
{
    TrainEvents events;
    events.onMetric = [this](const MetricPoint &point) { take(point); };
    events.onStage = [this](const StageChange &change) { begin(change); };
    events.onProgress = [this](const TrainProgress &progress) { m_line.show(progressParts(progress, m_mode, m_stage)); };
    events.onMark = [](const RunMark &mark) { say(fmt::format("epoch {:.1f}: {}", mark.epoch, mark.text)); };
    events.onSkipped = &reportSkipped;
    events.onNote = &say;
    return events;
}

} // namespace whisker
