#include "app/cli/command.h"

#include "engine/data/load_data.h"
#include "engine/evaluate/evaluate.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

namespace whisker {

namespace {

struct EvaluateWish {
    std::filesystem::path model;
    std::filesystem::path data;
    std::string split;
};

/// The split that was asked for; else test where there is one, else everything.
std::optional<Split> chosenSplit(const EvaluateWish &wish, const Snapshot &snapshot)
{
    if (wish.split == "all")
        return std::nullopt;
    if (!wish.split.empty())
        return splitFromName(wish.split);
    return snapshot.indicesOf(Split::Test).empty() ? std::nullopt : std::optional(Split::Test);
}

nlohmann::json asJson(const Evaluation &evaluation)
{
    auto perClass = nlohmann::json::array();
    for (const ClassScore &score : evaluation.perClass)
        perClass.push_back({{"class", score.name},
                            {"precision", score.precision},
                            {"recall", score.recall},
                            {"f1", score.f1},
                            {"images", score.support}});
    return {{"images", evaluation.images},   {"accuracy", evaluation.accuracy},
            {"loss", evaluation.loss},       {"seconds", evaluation.seconds},
            {"classes", evaluation.classes}, {"confusion", evaluation.confusion},
            {"per_class", perClass},         {"ece", evaluation.ece}};
}

void print(const Evaluation &evaluation)
{
    std::cout << fmt::format("{} of {} right: {:.1f} %\nloss {:.4f} nats, calibration error {:.1f} %, {:.1f} s\n", evaluation.correct,
                             evaluation.images, 100 * evaluation.accuracy, evaluation.loss, 100 * evaluation.ece, evaluation.seconds);
    std::cout << fmt::format("{:<24} {:>8} {:>10} {:>8}\n", "class", "images", "precision", "recall");
    for (const ClassScore &score : evaluation.perClass)
        std::cout << fmt::format("{:<24} {:>8} {:>8.1f} % {:>6.1f} %\n", score.name, score.support, 100 * score.precision,
                                 100 * score.recall);
}

int evaluate(const EvaluateWish &wish, const CommandContext &context)
{
    auto data = loadData(wish.data, {.purpose = DataPurpose::Measuring}, context.stop);
    if (!data)
        return report(data.error());
    const auto split = chosenSplit(wish, data->snapshot);
    ProgressLine line;
    const auto show = [&](std::size_t done, std::size_t total) {
        line.show("Evaluating", fmt::format("{} of {} pictures", done, total));
    };
    const auto evaluation = whisker::evaluate(wish.model, data->snapshot, {.split = split}, show, context.stop);
    line.end();
    if (!evaluation)
        return report(evaluation.error());
    for (const auto &skipped : {data->skipped, evaluation->skipped})
        for (const SkippedFile &file : skipped)
            reportSkipped(file);
    if (context.json)
        return printJson(asJson(*evaluation));
    print(*evaluation);
    return Done;
}

} // namespace

void addEvaluateCommand(CLI::App &app, ChosenCommand &chosen)
{
    auto *command = app.add_subcommand("evaluate", "Measure a model on labelled pictures");
    auto wish = std::make_shared<EvaluateWish>();
    command->add_option("MODEL", wish->model, "Model file")->required();
    command->add_option("DATA", wish->data, "Project, folder of class folders, or folder with train/, val/, test/")->required();
    command->add_option("--split", wish->split, "Which pictures; default: test where there is one, else all")
        ->check(CLI::IsMember({"train", "validation", "val", "test", "all"}));
    command->callback([wish, &chosen] { chosen = [wish](const CommandContext &context) { return evaluate(*wish, context); }; });
}

} // namespace whisker
