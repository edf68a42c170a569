#include "app/cli/command.h"

#include "engine/base/path_text.h"
#include "engine/data/import.h"
#include "engine/data/project.h"

#include <CLI/CLI.hpp>
#include <cerrno>
#include <fmt/format.h>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

namespace whisker {

namespace {

struct ImportWish {
    std::filesystem::path project;
    std::vector<std::filesystem::path> folders;
};

/// Takes back a project that was made for an import that brought nothing, with the folders that were made for it.
void removeNewProject(const std::filesystem::path &file, const std::filesystem::path &lastFolderBefore)
{
    std::error_code ignored; // what can't be removed does no harm
    for (const char *ending : {"", "-wal", "-shm", "-lock"})
        std::filesystem::remove(std::filesystem::path(file) += ending, ignored);
    for (auto folder = file.parent_path(); folder != lastFolderBefore && folder.has_relative_path(); folder = folder.parent_path())
        if (!std::filesystem::remove(folder, ignored)) // not empty
            return;
}

/// The nearest folder above `file` that is there.
std::filesystem::path nearestFolder(const std::filesystem::path &file)
{
    std::error_code ignored;
    auto folder = file.parent_path();
    while (folder.has_relative_path() && !std::filesystem::exists(folder, ignored))
        folder = folder.parent_path();
    return folder;
}

int import(const ImportWish &wish, const CommandContext &context)
{
    // Before a project is made: a slip in a name leaves no empty one.
    for (const auto &folder : wish.folders)
        if (std::error_code error; !std::filesystem::exists(folder, error))
            return report(systemError(error ? error.value() : ENOENT, "can't be imported", folder));
    const auto projectFile = std::filesystem::absolute(Project::fileFor(wish.project)).lexically_normal();
    std::error_code ignored;
    const bool wasThere = std::filesystem::exists(projectFile, ignored);
    const auto lastFolderBefore = nearestFolder(projectFile);
    auto project = Project::openOrCreate(wish.project);
    if (!project)
        return report(project.error());
    Result<ImportReport> imported;
    {
        ProgressLine line;
        const auto show = [&](const ImportProgress &progress) {
            const auto left = progress.left();
            line.show("Importing", fmt::format("{} of {} files{}", progress.done, progress.found,
                                               left ? fmt::format(", {} s left", (left->count() + 999) / 1000) : ""));
        };
        imported = importFolders(*project, wish.folders, {}, show, context.stop);
    }
    const bool broughtNothing = imported ? imported->cancelled && imported->added + imported->known + imported->updated == 0
                                         : imported.error().code == ErrorCode::InvalidArgument; // nothing in it was a picture
    if (!wasThere && broughtNothing) {
        project = fail(ErrorCode::NotFound, {}); // closes the file
        removeNewProject(projectFile, lastFolderBefore);
    }
    if (!imported)
        return report(imported.error());
    if (!project)
        return report({ErrorCode::Cancelled, "Interrupted before the first picture: no project was made."});
    auto skipped = nlohmann::json::array();
    for (const SkippedFile &file : imported->skipped) {
        skipped.push_back({{"file", file.file.native()}, {"reason", file.reason}});
        reportSkipped(file);
    }
    int code = imported->cancelled ? Interrupted : Done;
    if (context.json) {
        const int printed = printJson({{"project", project->file().native()},
                                       {"added", imported->added},
                                       {"known", imported->known},
                                       {"updated", imported->updated},
                                       {"skipped", std::move(skipped)},
                                       {"seconds", static_cast<double>(imported->elapsed.count()) / 1000}});
        return printed == Done ? code : printed;
    }
    std::cout << fmt::format("{}: {} pictures added, {} known already, {} found again, {} skipped, {:.1f} s\n",
                             pathText(project->file()), imported->added, imported->known, imported->updated,
                             imported->skipped.size(), static_cast<double>(imported->elapsed.count()) / 1000);
    return code;
}

} // namespace

void addImportCommand(CLI::App &app, ChosenCommand &chosen)
{
    auto *command = app.add_subcommand("import", "Bring folders of pictures, or lists of labels, into a project; the files stay where they are");
    auto wish = std::make_shared<ImportWish>();
    command->add_option("PROJECT", wish->project, "Project file or its folder; made where it is missing")->required();
    command->add_option("FOLDER", wish->folders, "Class folders, folders of class folders, pictures, or lists (CSV, JSON) of file, label and split")->required();
    command->callback([wish, &chosen] { chosen = [wish](const CommandContext &context) { return import(*wish, context); }; });
}

} // namespace whisker
