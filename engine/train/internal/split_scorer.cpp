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

/// With more memory it may do. Of what is computed for a picture.
constexpr auto mayDoNextTime = [](const auto &computed) {
    return !computed && (isOfNetwork(computed.error()) || computed.error().code == ErrorCode::Internal);
};
constexpr auto networkFailed = [](const auto &computed) { return !computed && isOfNetwork(computed.error()); };

const char *nameOf(Split split)
{
    return split == Split::Test ? "test picture" : "validation picture";
}

} // namespace

SplitScorer::SplitScorer(RunContext &context, const ArchitectureGraph &graph, const Preprocessing &preprocessing, std::vector<bool> &usable,
                         const std::filesystem::path &cacheFolder)
    : m_context(context), m_graph(graph), m_preprocessing(preprocessing), m_usable(usable),
      m_validation(context.snapshot, context.snapshot.indicesOf(Split::Validation), preprocessing,
                   context.snapshot.indicesOf(Split::Validation).empty() ? std::filesystem::path() : cacheFolder),
      m_test(context.snapshot, {}, preprocessing)
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
    PreparedPictures &pictures = split == Split::Test ? m_test : m_validation;
    Scores scores = compute(*plan, entries, pictures, {.threads = m_context.config.threads, .pipelines = m_pipelines});
    const auto computed = computeAgain(*plan, entries, pictures, scores, split);
    for (const std::string &note : pictures.takeNotes())
        m_context.recorder.warn(note);
    if (!computed)
        return std::unexpected(computed.error());
    if (m_context.stop.stop_requested())
        return std::nullopt;
    return tally(entries, scores, split);
}

/// Once what is said of them is final.
std::optional<SplitScore> SplitScorer::tally(const std::vector<std::size_t> &entries, const Scores &scores, Split split)
{
    SplitScore score;
    std::size_t missing = 0;
    for (std::size_t index = 0; index < entries.size(); ++index) {
        const Result<PictureScore> &picture = scores[index];
        const SnapshotEntry &listed = m_context.snapshot.entries[entries[index]];
        if (!picture) {
            if (picture.error().code != ErrorCode::Internal) // which is for this time
                m_usable[entries[index]] = false;
            ++missing;
            m_context.recorder.skip(listed.file, picture.error().message);
            continue;
        }
        ++score.total;
        score.correct += picture->answer == listed.label ? 1 : 0;
        score.loss += picture->loss;
        score.answers.push_back({entries[index], picture->answer, picture->probability});
    }
    tellUnread(missing, entries.size(), split);
    if (score.total == 0)
        return std::nullopt;
    score.loss /= static_cast<double>(score.total);
    return score;
}

SplitScorer::Scores SplitScorer::compute(const InferencePlan &plan, std::span<const std::size_t> entries, PreparedPictures &pictures,
                                         const PipelineOptions &options) const
{
    Scores scores(entries.size());
    const auto take = [&](std::size_t index, Result<PictureOutput> output) {
        if (!output) {
            scores[index] = std::unexpected(std::move(output.error()));
            return;
        }
        const std::vector<float> &logits = output->values;
        const auto answer = std::ranges::max_element(logits);
        const double logSum = logSumOfExponentials(logits);
        const float ofLabel = logits[static_cast<std::size_t>(m_context.snapshot.entries[entries[index]].label)];
        scores[index] = PictureScore{static_cast<int>(answer - logits.begin()), std::exp(*answer - logSum), logSum - ofLabel};
    };
    runPictures(plan, m_preprocessing, entries.size(), pictures.source(entries), options, take, m_context.stop);
    return scores;
}

/// What memory may not have sufficed for, once more: two pictures at a time and nothing beside them.
Result<void> SplitScorer::computeAgain(InferencePlan &plan, const std::vector<std::size_t> &entries, PreparedPictures &pictures, Scores &scores, Split split)
{
    std::vector<std::size_t> again, theirEntries;
    for (std::size_t index = 0; index < scores.size(); ++index) {
        if (mayDoNextTime(scores[index])) {
            again.push_back(index);
            theirEntries.push_back(entries[index]);
        }
    }
    if (again.empty() || m_context.stop.stop_requested())
        return {};
    const auto failed = std::ranges::find_if(scores, networkFailed);
    const std::string reason = failed == scores.end() ? std::string() : failed->error().message;
    constexpr int kFew = 2;
    plan = plan.clone(); // without the weights in the layout for more pictures
    Scores second = compute(plan, theirEntries, pictures, {.threads = m_context.config.threads, .chunk = kFew, .pipelines = 1});
    if (m_context.stop.stop_requested())
        return {};
    if (const auto still = std::ranges::find_if(second, networkFailed); still != second.end())
        return std::unexpected(still->error());
    for (std::size_t i = 0; i < again.size(); ++i)
        scores[again[i]] = std::move(second[i]);
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
