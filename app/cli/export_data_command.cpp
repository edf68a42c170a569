#include "app/cli/command.h"

#include "engine/base/path_text.h"
#include "engine/data/export.h"
#include "engine/data/project.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

namespace whisker {

namespace {

struct ExportWish {
    std::filesystem::path project;
    std::filesystem::path folder;
    bool links = false;
    bool hardLinks = false;
    bool splits = false;
};

int exportData(const ExportWish &wish, const CommandContext &context)
{
    const auto project = Project::open(wish.project, {.access = ProjectAccess::ReadOnly});
    if (!project)
        return report(project.error());
    const ExportOptions options = {wish.hardLinks ? ExportAs::HardLinks : wish.links ? ExportAs::SymbolicLinks : ExportAs::Copies, wish.splits};
    Result<ExportReport> exported;
    {
        ProgressLine line;
        const auto show = [&](const ExportProgress &progress) {
            const auto left = progress.left();
            line.show("Exporting", fmt::format("{} of {} pictures{}", progress.done, progress.found, left ? fmt::format(", {} s left", (left->count() + 999) / 1000) : ""));
        };
        exported = exportPictures(*project, wish.folder, options, show, context.stop);
    }
    if (!exported)
        return report(exported.error());
    auto skipped = nlohmann::json::array();
    for (const SkippedFile &file : exported->skipped) {
        skipped.push_back({{"file", file.file.native()}, {"reason", file.reason}});
        reportSkipped(file);
    }
    for (const auto &[name, folder] : exported->renamedClasses)
        std::cerr << "class " << name << " is in the folder " << folder << '\n';
    const int code = exported->cancelled ? Interrupted : Done;
    const double seconds = static_cast<double>(exported->elapsed.count()) / 1000;
    if (context.json) {
        const int printed = printJson({{"folder", wish.folder.native()}, {"exported", exported->exported}, {"unlabelled", exported->unlabelled},
                                       {"excluded", exported->excluded}, {"skipped", std::move(skipped)}, {"seconds", seconds}});
        return printed == Done ? code : printed;
    }
    std::cout << fmt::format("{}: {} pictures exported, {} without label and {} excluded left out, {} skipped, {:.1f} s\n", pathText(wish.folder),
                             exported->exported, exported->unlabelled, exported->excluded, exported->skipped.size(), seconds);
    return code;
}

} // namespace

void addExportDataCommand(CLI::App &app, ChosenCommand &chosen)
{
    auto *command = app.add_subcommand("export-data", "Lay the labelled pictures of a project out as class folders");
    auto wish = std::make_shared<ExportWish>();
    command->add_option("PROJECT", wish->project, "Project file or its folder")->required();
    command->add_option("FOLDER", wish->folder, "A new or empty folder")->required();
    auto *links = command->add_flag("--links", wish->links, "Symbolic links in place of copies");
    command->add_flag("--hard-links", wish->hardLinks, "Hard links in place of copies")->excludes(links);
    command->add_flag("--splits", wish->splits, "train/, validation/ and test/ above the class folders");
    command->callback([wish, &chosen] { chosen = [wish](const CommandContext &context) { return exportData(*wish, context); }; });
}

} // namespace whisker
