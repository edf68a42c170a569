#include "app/cli/train_repeat.h"

#include "engine/base/path_text.h"

namespace whisker {

namespace {

bool isSame(const std::filesystem::path &a, const std::filesystem::path &b)
{
    std::error_code ignored; // what isn't there is not the run
    return std::filesystem::equivalent(a, b, ignored);
}

} // namespace

Result<std::shared_ptr<const Snapshot>> prepareRepeat(TrainWish &wish, const Snapshot *now)
{
    const std::filesystem::path &run = wish.repeated;
    if (isSame(wish.output.runFolder, run))
        return fail(ErrorCode::InvalidArgument, pathText(run) + " can't be repeated into its own folder: name another one with --run, or leave it out.", run);
    if (isSame(std::filesystem::absolute(wish.output.modelFile).parent_path(), run))
        return fail(ErrorCode::InvalidArgument, pathText(wish.output.modelFile) + " lies in the folder of the run to repeat: name another place with --out.",
                    wish.output.modelFile);
    auto plan = planRepeat(run, now);
    if (!plan)
        return std::unexpected(plan.error());
    const int loaderThreads = wish.config.loaderThreads; // changes nothing of what is learnt
    wish.config = std::move(plan->config);
    if (loaderThreads > 0)
        wish.config.loaderThreads = loaderThreads;
    wish.output.cycles = std::move(plan->output.cycles);
    wish.output.startModel = std::move(plan->output.startModel);
    wish.output.repeats = std::move(plan->output.repeats);
    return std::move(plan->snapshot);
}

std::optional<Result<RepeatVerdict>> verdictOn(const TrainReport &report)
{
    const auto run = readRunSummary(report.run);
    const auto original = run ? repeatedRun(*run) : std::filesystem::path();
    std::error_code ignored; // what can't be looked at can't be compared with
    if (original.empty() || !std::filesystem::exists(original, ignored))
        return std::nullopt;
    return judgeRepeat(original, report.run, report.skipped);
}

} // namespace whisker
