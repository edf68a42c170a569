#include "app/cli/command.h"
#include "app/cli/receipt_text.h"
#include "app/cli/run_table.h"

#include "engine/base/path_text.h"
#include "engine/data/project.h"
#include "engine/train/run_notes.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <fmt/format.h>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

namespace whisker {

namespace {

struct RunsWish {
    std::filesystem::path place{};         ///< Project, or folder of runs.
    std::string shown{};
    std::vector<std::string> compared{};   ///< Two runs.
    std::vector<std::string> noted{};      ///< A run and the text.
    std::string deleted{};
};

bool isRun(const std::filesystem::path &folder)
{
    std::error_code ignored; // what can't be looked at is no run
    return std::filesystem::is_regular_file(folder / kReceiptFile, ignored);
}

/// Those of a project; runs/ of a folder; or the folder itself.
Result<std::filesystem::path> runsFolder(const std::filesystem::path &place)
{
    std::error_code ignored; // what can't be looked at has no runs
    if (const auto project = Project::fileFor(place); std::filesystem::is_regular_file(project, ignored))
        return std::filesystem::absolute(project).parent_path() / "runs";
    if (!std::filesystem::is_directory(place, ignored))
        return fail(ErrorCode::NotFound, pathText(place) + " is no project and no folder: name a project, or the folder that the runs lie in.", place);
    if (std::filesystem::is_directory(place / "runs", ignored))
        return place / "runs";
    return place;
}

/// By its name in `runs`, or by its path.
Result<std::filesystem::path> findRun(const std::filesystem::path &runs, const std::string &name)
{
    for (const std::filesystem::path &folder : {runs / name, std::filesystem::path(name)}) {
        if (isRun(folder))
            return (folder / "").lexically_normal().parent_path(); // with its name as the last part
    }
    const std::string place = pathText(runs);
    return fail(ErrorCode::NotFound, fmt::format("There is no run {} in {}: whisker-cli runs {} lists those there are.", name, place, place), runs);
}

/// listRuns() leaves out what it can't read.
void tellUnreadable(const std::filesystem::path &runs)
{
    std::error_code error; // a folder that is closed to us has no runs to show
    for (std::filesystem::directory_iterator entry(runs, error), end; !error && entry != end; entry.increment(error)) {
        if (!isRun(entry->path()))
            continue;
        if (const auto read = readRunSummary(entry->path()); !read)
            std::cerr << read.error().message << '\n';
    }
}

int list(const std::filesystem::path &folder, bool asJson)
{
    const std::vector<RunSummary> runs = listRuns(folder);
    tellUnreadable(folder);
    if (asJson) {
        auto array = nlohmann::json::array();
        for (const RunSummary &run : runs)
            array.push_back(runJson(run));
        return printJson(array);
    }
    if (runs.empty())
        std::cerr << "There are no runs in " << pathText(folder) << ". Those of a project lie in it, others in runs/ beside their model.\n";
    else
        std::cout << runTable(runs);
    return Done;
}

int show(const std::filesystem::path &folder, const RunsWish &wish, bool asJson)
{
    const auto found = findRun(folder, wish.shown);
    if (!found)
        return report(found.error());
    const auto run = readRunSummary(*found);
    if (!run)
        return report(run.error());
    if (asJson)
        return printJson(runJson(*run));
    std::vector<ReceiptLine> more;
    if (!run->note.empty())
        more.push_back({"Your note", run->note});
    std::cout << runText(run->receipt, more, run->hasModel ? run->folder / kModelFile : std::filesystem::path(), run->folder);
    return Done;
}

int compare(const std::filesystem::path &folder, const RunsWish &wish, bool asJson)
{
    const auto one = findRun(folder, wish.compared[0]);
    if (!one)
        return report(one.error());
    const auto other = findRun(folder, wish.compared[1]);
    if (!other)
        return report(other.error());
    const auto runs = comparedRuns(*one, *other);
    if (!runs)
        return report(runs.error());
    if (asJson)
        return printJson(comparisonJson(*runs));
    std::cout << comparisonText(*runs);
    return Done;
}

int note(const std::filesystem::path &folder, const RunsWish &wish, bool asJson)
{
    const auto run = findRun(folder, wish.noted[0]);
    if (!run)
        return report(run.error());
    if (const auto written = writeRunNote(*run, wish.noted[1]); !written)
        return report(written.error());
    if (asJson)
        return printJson({{"run", run->native()}, {"note", readRunNote(*run)}});
    return Done;
}

int remove(const std::filesystem::path &folder, const RunsWish &wish, bool asJson)
{
    const auto run = findRun(folder, wish.deleted);
    if (!run)
        return report(run.error());
    if (const auto removed = removeRun(*run); !removed)
        return report(removed.error());
    if (asJson)
        return printJson({{"run", run->native()}, {"deleted", true}});
    std::cout << "deleted: " << pathText(*run) << '\n';
    return Done;
}

int runs(const RunsWish &wish, const CommandContext &context)
{
    const auto folder = runsFolder(wish.place);
    if (!folder)
        return report(folder.error());
    if (!wish.shown.empty())
        return show(*folder, wish, context.json);
    if (!wish.compared.empty())
        return compare(*folder, wish, context.json);
    if (!wish.noted.empty())
        return note(*folder, wish, context.json);
    if (!wish.deleted.empty())
        return remove(*folder, wish, context.json);
    return list(*folder, context.json);
}

} // namespace

void addRunsCommand(CLI::App &app, ChosenCommand &chosen)
{
    auto *command = app.add_subcommand("runs", "List the trainings of a project, newest first; show, compare, note and delete them");
    auto wish = std::make_shared<RunsWish>();
    command->add_option("PLACE", wish->place, "Project, or folder that the runs or their runs/ lie in")->required();
    auto *shown = command->add_option("--show", wish->shown, "Say of one what it learnt from and how good it is, as at its end")->type_name("RUN");
    auto *compared = command->add_option("--compare", wish->compared, "Say what differs between two, and what to make of it");
    compared->type_name("RUN RUN")->expected(2);
    auto *noted = command->add_option("--note", wish->noted, "Keep a note with one; an empty text takes it away")->type_name("RUN TEXT")->expected(2);
    auto *deleted = command->add_option("--delete", wish->deleted, "Delete one for good, with the model in its folder")->type_name("RUN");
    compared->excludes(shown);
    noted->excludes(shown)->excludes(compared);
    deleted->excludes(shown)->excludes(compared)->excludes(noted);
    command->footer("RUN: the name of its folder, or a path.");
    command->callback([wish, &chosen] { chosen = [wish](const CommandContext &context) { return runs(*wish, context); }; });
}

} // namespace whisker
