#include "engine/train/internal/split_scorer.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <iterator>
#include <fmt/format.h>
#include <utility>

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

/// With more memory it may do.
bool mayDoNextTime(const Result<PictureOutput> &output)
{
    return !output && (isOfNetwork(output.error()) || output.error().code == ErrorCode::Internal);
}

bool networkFailed(const Result<PictureOutput> &output)
{
    return !output && isOfNetwork(output.error());
}

const char *nameOf(Split split)
{
    return split == Split::Test ? "test picture" : "validation picture";
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
    auto plan = InferencePlan::compile(m_graph, weights, planOptionsFor(m_preprocessing, m_context.precision));
    if (!plan)
        return std::unexpected(plan.error());
    std::vector<std::filesystem::path> files;
    for (const std::size_t entry : entries)
        files.push_back(m_context.snapshot.entries[entry].file);
    Outputs outputs = compute(*plan, files, {.threads = m_context.config.threads, .pipelines = m_pipelines});
    if (const auto computed = computeAgain(*plan, files, outputs, split); !computed)
        return std::unexpected(computed.error());
    if (m_context.stop.stop_requested())
        return std::nullopt;
    return tally(entries, outputs, split);
}

/// Once what is said of them is final.
std::optional<SplitScore> SplitScorer::tally(const std::vector<std::size_t> &entries, const Outputs &outputs, Split split)
{
    SplitScore score;
    std::size_t missing = 0;
    for (std::size_t index = 0; index < entries.size(); ++index) {
        const Result<PictureOutput> &output = outputs[index];
        const SnapshotEntry &picture = m_context.snapshot.entries[entries[index]];
        if (!output) {
            m_usable[entries[index]] = false;
            ++missing;
            m_context.recorder.skip(picture.file, output.error().message);
            continue;
        }
        const std::vector<float> &logits = output->values;
        const auto answer = static_cast<int>(std::ranges::max_element(logits) - logits.begin());
        const double logSum = logSumOfExponentials(logits);
        ++score.total;
        score.correct += answer == picture.label ? 1 : 0;
        score.loss += logSum - static_cast<double>(logits[static_cast<std::size_t>(picture.label)]);
        score.answers.push_back({entries[index], answer, std::exp(static_cast<double>(logits[static_cast<std::size_t>(answer)]) - logSum)});
    }
    tellUnread(missing, entries.size(), split);
    if (score.total == 0)
        return std::nullopt;
    score.loss /= static_cast<double>(score.total);
    return score;
}

SplitScorer::Outputs SplitScorer::compute(const InferencePlan &plan, const std::vector<std::filesystem::path> &files, const PipelineOptions &options) const
{
    Outputs outputs(files.size());
    const auto take = [&](std::size_t index, Result<PictureOutput> output) { outputs[index] = std::move(output); };
    runPictures(plan, m_preprocessing, files, options, take, m_context.stop);
    return outputs;
}

/// What memory may not have sufficed for, once more: two pictures at a time and nothing beside them.
Result<void> SplitScorer::computeAgain(InferencePlan &plan, const std::vector<std::filesystem::path> &files, Outputs &outputs, Split split)
{
    std::vector<std::size_t> again;
    std::vector<std::filesystem::path> theirFiles;
    for (std::size_t index = 0; index < outputs.size(); ++index) {
        if (mayDoNextTime(outputs[index])) {
            again.push_back(index);
            theirFiles.push_back(files[index]);
        }
    }
    if (again.empty() || m_context.stop.stop_requested())
        return {};
    const auto failed = std::ranges::find_if(outputs, networkFailed);
    const std::string reason = failed == outputs.end() ? std::string() : failed->error().message;
    constexpr int kFew = 2;
    plan = plan.clone(); // without the weights in the layout for more pictures
    Outputs second = compute(plan, theirFiles, {.threads = m_context.config.threads, .chunk = kFew, .pipelines = 1});
    if (m_context.stop.stop_requested())
        return {};
    if (const auto still = std::ranges::find_if(second, networkFailed); still != second.end())
        return std::unexpected(still->error());
    for (std::size_t i = 0; i < again.size(); ++i)
        outputs[again[i]] = std::move(second[i]);
    if (!reason.empty()) {
        m_pipelines = std::max(1, m_pipelines / 2); // from now on
        m_context.recorder.note(fmt::format("{} The {}s that this befell were computed again, {} at a time, and count like the others.", reason, nameOf(split),
                                            kFew));
    }
    return {};
}

/// In place of what was said of them before, also by an earlier part of the run: the receipt has no more of it than its sentences.
void SplitScorer::tellUnread(std::size_t unread, std::size_t all, Split split)
{
    const std::string name = nameOf(split);
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
