// How a run of steps ends: what is kept of it.
#include "engine/train/internal/training_run.h"

#include "engine/base/log.h"

#include <algorithm>
#include <fmt/format.h>
#include <utility>

namespace whisker::internal {

/// Where the start gets all validation pictures right, or there are none, nothing that is learnt could be seen to be better.
bool TrainingRun::nothingToGain() const
{
    return m_progress.startAccuracy.value_or(1.0) >= 1.0;
}

Result<RecipeResult> TrainingRun::finish(Going going)
{
    const RunEffort &effort = m_progress.effort;
    RecipeResult result;
    result.outcome = going == Going::On ? TrainOutcome::Completed : going == Going::Stopped ? TrainOutcome::Stopped : TrainOutcome::Diverged;
    if (going == Going::Diverged)
        result.message = divergedText(); // what is on disk stands before the step that went wrong
    else if (!isSaved())
        saveInBackground();
    m_saver.wait();
    logMessage(LogLevel::Info, fmt::format("Copying {} checkpoints took {:.3f} s beside {:.1f} s of steps.", m_pace.count(), m_pace.copySeconds(),
                                           effort.stepSeconds - m_effortBefore.stepSeconds));
    if (going == Going::On && m_progress.validatedEpochs < m_config.epochs && outOfPatience())
        m_context.recorder.noteEnd(fmt::format("Training ended after epoch {} of {}: validation was best in epoch {} and did not become better since.",
                                               m_progress.validatedEpochs, m_config.epochs, m_progress.bestEpoch));
    result.epochs = m_progress.validatedEpochs;
    result.bestEpoch = m_progress.bestEpoch;
    result.validationAccuracy = m_progress.bestAccuracy;
    result.loaderWait = loaderWait();
    result.imagesPerSecond = effort.stepSeconds > 0.0 ? static_cast<double>(effort.images) / effort.stepSeconds : 0.0;
    result.images = static_cast<std::size_t>(std::ranges::count(m_usable, true));
    if (m_best.size() == 0)
        return result;
    m_pins.finish(m_best, m_progress.step, epochsDone());
    if (going == Going::On && m_progress.hasRival)
        m_context.recorder.noteEnd(comparedText());
    if (going == Going::On) {
        m_context.recorder.stage(TrainStage::Testing, "Testing on pictures kept unseen");
        auto test = m_scorer.score(m_best, Split::Test);
        if (!test)
            return std::unexpected(test.error());
        if (*test) {
            result.test = TestScore{(*test)->correct, (*test)->total};
            result.testAnswers = std::move((*test)->answers);
        }
    }
    result.model = modelOf(m_best);
    return result;
}

/// All is as before the step that did not fit.
std::unexpected<Error> TrainingRun::outOfMemory()
{
    saveInBackground();
    m_saver.wait();
    return fail(ErrorCode::Internal, outOfMemoryText());
}

/// What is learnt so far stays, and a checkpoint at the end of this epoch, which is validated when the run goes on.
std::unexpected<Error> TrainingRun::classLost(Error error)
{
    if (m_progress.validatedEpochs > 0) {
        saveInBackground();
        m_saver.wait();
        error.message += " With its pictures back the run can go on." + keptText();
    }
    return std::unexpected(std::move(error));
}

} // namespace whisker::internal
