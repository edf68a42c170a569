#include "app/cli/command.h"

#include "engine/base/path_text.h"
#include "engine/data/project.h"
#include "engine/data/relink.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

namespace whisker {

namespace {

struct RelinkWish {
    std::filesystem::path project;
    std::filesystem::path folder; // empty: beside the old places
};

int relinkPictures(const RelinkWish &wish, const CommandContext &context)
{
    auto project = Project::open(wish.project);
    if (!project)
        return report(project.error());
    Result<RelinkReport> found;
    {
        ProgressLine line;
        const auto show = [&](const RelinkProgress &progress) {
            line.show("Comparing", fmt::format("{} of {} files, {} pictures found", progress.done, progress.found, progress.relinked));
        };
        if (wish.folder.empty()) {
            if (const auto checked = checkPlaces(*project, context.stop); !checked)
                return report(checked.error());
        }
        found = wish.folder.empty() ? relinkRenamed(*project, show, context.stop) : relink(*project, wish.folder, show, context.stop);
    }
    if (!found)
        return report(found.error());
    auto missing = nlohmann::json::array();
    for (const SkippedFile &file : found->missing) {
        missing.push_back(file.file.native());
        std::cerr << "missing " << pathText(file.file) << ": " << file.reason << '\n';
    }
    for (const SkippedFile &file : found->skipped)
        reportSkipped(file);
    const int code = found->cancelled ? Interrupted : Done;
    const double seconds = static_cast<double>(found->elapsed.count()) / 1000;
    if (context.json) {
        const int printed = printJson({{"project", project->file().native()}, {"found", found->relinked}, {"missing", std::move(missing)}, {"seconds", seconds}});
        return printed == Done ? code : printed;
    }
    std::cout << fmt::format("{}: {} pictures found again, {} still missing, {:.1f} s\n", pathText(project->file()), found->relinked, found->missing.size(), seconds);
    return code;
}

} // namespace

void addRelinkCommand(CLI::App &app, ChosenCommand &chosen)
{
    auto *command = app.add_subcommand("relink", "Find pictures of a project again that were moved or renamed, by their content");
    auto wish = std::make_shared<RelinkWish>();
    command->add_option("PROJECT", wish->project, "Project file or its folder")->required();
    command->add_option("FOLDER", wish->folder, "Where to look, with all folders below; without it: beside the old places");
    command->callback([wish, &chosen] { chosen = [wish](const CommandContext &context) { return relinkPictures(*wish, context); }; });
}

} // namespace whisker
