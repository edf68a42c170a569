#include "app/cli/command.h"

#include "engine/base/path_text.h"
#include "engine/data/export.h"
#include "engine/data/project.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <iostream>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>

namespace whisker {

namespace {

struct ListWish {
    std::filesystem::path project;
    std::filesystem::path csv; // empty: none is written
};

int list(const ListWish &wish, const CommandContext &context)
{
    const auto project = Project::open(wish.project, {.access = ProjectAccess::ReadOnly});
    if (!project)
        return report(project.error());
    if (!wish.csv.empty()) {
        const auto rows = exportLabels(*project, wish.csv);
        if (!rows)
            return report(rows.error());
        std::cerr << fmt::format("{}: {} pictures\n", pathText(wish.csv), *rows);
        if (!context.json)
            return Done;
    }
    const auto state = project->state();
    if (!state)
        return report(state.error());
    std::map<ClassId, std::string> names;
    for (const ClassRecord &record : state->classes)
        names.emplace(record.id, record.name);
    auto rows = nlohmann::json::array();
    for (const ImageRecord &image : state->images) {
        const auto label = image.label ? std::optional(names.at(*image.label)) : std::nullopt;
        if (context.json) {
            rows.push_back({{"file", image.file().native()}, {"label", nullptr}, {"split", nullptr}, {"hash", image.hash.toHex()}});
            if (label)
                rows.back()["label"] = *label;
            if (image.split)
                rows.back()["split"] = splitName(*image.split);
        } else {
            std::cout << fmt::format("{}\t{}\t{}\t{}\n", pathText(image.file()), label.value_or("-"),
                                     image.split ? splitName(*image.split) : "-", image.hash.toHex());
        }
    }
    return context.json ? printJson(rows) : Done;
}

} // namespace

void addListCommand(CLI::App &app, ChosenCommand &chosen)
{
    auto *command = app.add_subcommand("list", "Print the pictures of a project with label, split and hash");
    auto wish = std::make_shared<ListWish>();
    command->add_option("PROJECT", wish->project, "Project file or its folder")->required();
    command->add_option("--csv", wish->csv, "Write the labels to this file instead; import reads it again");
    command->callback([wish, &chosen] { chosen = [wish](const CommandContext &context) { return list(*wish, context); }; });
}

} // namespace whisker
