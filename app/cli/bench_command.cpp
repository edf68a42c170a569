#include "app/cli/command.h"

#include "engine/predict/bench.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

namespace whisker {

namespace {

struct BenchWish {
    std::string model;
    std::vector<int> batches{1, 8, 32};
    std::vector<std::string> precisions{"fp32", "bf16"};
};

int bench(const BenchWish &wish, const CommandContext &context)
{
    BenchOptions options{.batches = wish.batches, .precisions = {}};
    for (const auto &name : wish.precisions)
        options.precisions.push_back(name == "bf16" ? Precision::BFloat16 : Precision::Float32);
    const auto show = [&](const BenchRow &row) {
        if (!context.json)
            std::cout << fmt::format("{} {} batch {}: {:.2f} ms {:.1f} img/s\n", row.model, precisionName(row.precision), row.batch,
                                     row.milliseconds, row.imagesPerSecond)
                      << std::flush;
    };
    const auto rows = benchmark(wish.model, options, show, context.stop);
    if (!rows)
        return report(rows.error());
    if (!context.json)
        return Done;
    auto value = nlohmann::json::array();
    for (const BenchRow &row : *rows)
        value.push_back({{"model", row.model},
                         {"batch", row.batch},
                         {"precision", precisionName(row.precision)},
                         {"milliseconds", row.milliseconds},
                         {"images_per_second", row.imagesPerSecond}});
    return printJson(value);
}

} // namespace

void addBenchCommand(CLI::App &app, ChosenCommand &chosen)
{
    auto *command = app.add_subcommand("bench", "Measure how fast a model answers on this machine");
    auto wish = std::make_shared<BenchWish>();
    command->add_option("MODEL", wish->model, "Model file, or name of an architecture")->required();
    command->add_option("--batch", wish->batches, "Batch sizes, with commas")->delimiter(',')->check(CLI::Range(1, 4096));
    command->add_option("--precision", wish->precisions, "fp32, bf16, with a comma")
        ->delimiter(',')
        ->check(CLI::IsMember({"fp32", "bf16"}));
    command->callback([wish, &chosen] { chosen = [wish](const CommandContext &context) { return bench(*wish, context); }; });
}

} // namespace whisker
