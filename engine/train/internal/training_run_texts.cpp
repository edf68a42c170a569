// What a run says of itself when it ends.
#include "engine/train/internal/training_run.h"

#include <algorithm>
#include <fmt/format.h>

namespace whisker::internal {

const char *TrainingRun::rivalName() const
{
    return m_context.recorder.receipt().startModel.empty() ? "quick model" : "model it began with";
}

std::string TrainingRun::divergedText() const
{
    const std::string kept = m_progress.bestEpoch > 0  ? fmt::format("the weights of epoch {} were kept", m_progress.bestEpoch)
                             : m_progress.startAccuracy ? fmt::format("the {} was kept", rivalName())
                                                        : std::string("no epoch was finished, so there is no model");
    const bool atEnd = m_progress.step == static_cast<std::int64_t>(m_progress.validatedEpochs + 1) * m_stepsPerEpoch; // of an epoch: endEpoch() found it out
    return fmt::format("The {} in step {} (epoch {}), and {}: try a lower learning rate, such as {:.2g}.",
                       atEnd ? "network stopped giving numbers" : "loss stopped being a number", atEnd ? m_progress.step : m_progress.step + 1,
                       m_progress.validatedEpochs + 1, kept, std::min(1e-3, m_config.learningRate / 10.0));
}

std::string TrainingRun::comparedText() const
{
    const char *rival = rivalName();
    if (!m_progress.startAccuracy)
        return fmt::format("There are no pictures to validate with, so nobody could tell whether training all layers helps, and the {} is kept: add pictures.", rival);
    if (nothingToGain())
        return fmt::format("The {} gets all validation pictures right, so nobody could tell whether training all layers helps, and it is kept.", rival);
    const double before = 100.0 * *m_progress.startAccuracy;
    if (m_progress.bestEpoch == 0)
        return fmt::format("Training all layers got no more of the validation pictures right than the {0} ({1:.1f} %), so the {0} was kept.", rival, before);
    return fmt::format("Training all layers brought the validation pictures that are right from {:.1f} % to {:.1f} %.", before,
                       100.0 * *m_progress.bestAccuracy);
}

/// Of an error after which the run's folder has the best weights.
std::string TrainingRun::keptText() const
{
    if (m_progress.bestEpoch > 0)
        return fmt::format(" The weights of epoch {} are in {} of the run's folder.", m_progress.bestEpoch, kBestFile);
    return m_progress.startAccuracy ? fmt::format(" The {} is in {} of the run's folder.", rivalName(), kBestFile) : std::string();
}

std::string TrainingRun::outOfMemoryText() const
{
    return fmt::format("There is not enough memory for step {}, not even for 2 pictures at once: close other programs and go on with the run, or "
                       "choose smaller pictures or a smaller network.{}",
                       m_progress.step + 1, keptText());
}

} // namespace whisker::internal
