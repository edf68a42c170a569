#include "engine/train/internal/split_scorer.h"

#include "engine/train/internal/picture_pipeline.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <fmt/format.h>

namespace whisker::internal {

namespace {

/// A class's probability is exp(its logit - this).
double logSumOfExponentials(const std::vector<float> &logits)
{
    const double greatest = *std::ranges::max_element(logits);
    double sum = 0.0;
    for (const float logit : logits)
        sum += std::exp(static_cast<double>(logit) - greatest);
    return greatest + std::log(sum);
}

} // namespace

SplitScorer::SplitScorer(RunContext &context, const ArchitectureGraph &graph, const Preprocessing &preprocessing, std::vector<bool> &usable)
    : m_context(context), m_graph(graph), m_preprocessing(preprocessing), m_usable(usable)
{
}

Result<std::optional<SplitScore>> SplitScorer::score(const Weights &weights, Split split)
{
    const std::vector<std::size_t> entries = m_context.snapshot.indicesOf(split);
    if (entries.empty())
        return std::nullopt;
    const auto plan = InferencePlan::compile(m_graph, weights, planOptionsFor(m_preprocessing, m_context.precision));
    if (!plan)
        return std::unexpected(plan.error());
    std::vector<std::filesystem::path> files;
    for (const std::size_t entry : entries)
        files.push_back(m_context.snapshot.entries[entry].file);
    SplitScore score;
    std::size_t missing = 0;
    const auto take = [&](std::size_t index, Result<PictureOutput> output) {
        const SnapshotEntry &picture = m_context.snapshot.entries[entries[index]];
        if (!output) {
            m_usable[entries[index]] = false;
            ++missing;
            m_context.recorder.skip(picture.file, output.error().message);
            return;
        }
        const std::vector<float> &logits = output->values;
        const auto answer = static_cast<int>(std::ranges::max_element(logits) - logits.begin());
        const double logSum = logSumOfExponentials(logits);
        ++score.total;
        score.correct += answer == picture.label ? 1 : 0;
        score.loss += logSum - static_cast<double>(logits[static_cast<std::size_t>(picture.label)]);
        score.answers.push_back({entries[index], answer, std::exp(static_cast<double>(logits[static_cast<std::size_t>(answer)]) - logSum)});
    };
    runPictures(*plan, m_preprocessing, files, {PlanOutput::Logits, m_context.config.threads}, take, m_context.stop);
    if (m_context.stop.stop_requested())
        return std::nullopt;
    tellUnread(missing, entries.size(), split);
    if (score.total == 0)
        return std::nullopt;
    score.loss /= static_cast<double>(score.total);
    return score;
}

/// In place of what was said of them before, also by an earlier part of the run: the receipt has no more of it than its sentences.
void SplitScorer::tellUnread(std::size_t unread, std::size_t all, Split split)
{
    const std::string name = split == Split::Test ? "test picture" : "validation picture";
    const auto isOfThem = [&](const std::string &note) { return note.contains(name) && note.contains("be read"); };
    RunRecorder &recorder = m_context.recorder;
    std::vector<std::string> before;
    std::ranges::copy_if(recorder.receipt().notes, std::back_inserter(before), isOfThem);
    std::string now;
    if (unread == all)
        now = fmt::format("None of the {} {}s can be read, so nothing is measured with them.", all, name);
    else if (unread > 0)
        now = fmt::format("{} of the {} {}s can't be read: accuracy and loss are measured with the other {}.", unread, all, name, all - unread);
    else if (!before.empty() && split == Split::Validation) // of the test only the last counts
        now = fmt::format("All {} {}s can be read again; for a time some could not, so not every epoch was measured with all of them.", all, name);
    for (const std::string &note : before) {
        if (note != now)
            recorder.withdraw(note);
    }
    if (!now.empty())
        recorder.note(now);
}

} // namespace whisker::internal
