#include "app/cli/command.h"
#include "app/cli/table.h"

#include "engine/train/network_offer.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

namespace whisker {

namespace {

std::string speedText(const std::optional<NetworkSpeed> &speed, double NetworkSpeed::*which)
{
    return speed ? fmt::format("{:.0f} img/s", roundedSpeed((*speed).*which)) : "not measured";
}

struct NetworksWish {
    std::vector<std::string> names{}; ///< Empty: all.
    TrainConfig config{};
};

Result<std::vector<ArchitectureInfo>> chosenNetworks(const std::vector<std::string> &names)
{
    std::vector<ArchitectureInfo> networks;
    for (const std::string &name : names) {
        const auto network = findArchitecture(name);
        if (!network)
            return std::unexpected(network.error());
        networks.push_back(*network);
    }
    if (names.empty())
        networks.assign(architectures().begin(), architectures().end());
    return networks;
}

using Offers = std::vector<std::pair<ArchitectureInfo, NetworkOffer>>;

Offers offersOf(const std::vector<ArchitectureInfo> &networks, const TrainConfig &config, const NetworkSpeeds &speeds)
{
    Offers offers;
    for (const ArchitectureInfo &network : networks) {
        const auto measured = speeds.find(std::string(network.name));
        offers.emplace_back(network, networkOffer(network, config, measured != speeds.end() ? std::optional(measured->second) : std::nullopt));
    }
    return offers;
}

std::string table(const Offers &offers)
{
    std::vector<Row> rows = {{"name", "network", "size", "weights", "learns", "looks at", "memory", "modes"}};
    for (const auto &[network, offer] : offers)
        rows.push_back({std::string(network.name), std::string(network.title), fmt::format("{} px", offer.sizePx),
                        fmt::format("{:.1f} million", static_cast<double>(offer.weights) / 1e6), speedText(offer.speed, &NetworkSpeed::learning),
                        speedText(offer.speed, &NetworkSpeed::looking), fmt::format("{:.1f} GB", static_cast<double>(offer.trainingBytes) / 1e9),
                        network.pretrainedFile.empty() ? "scratch" : "all"});
    return aligned(rows, {false, false, true, true, true, true, true, false});
}

nlohmann::json asJson(const Offers &offers)
{
    const auto orNull = [](const std::optional<NetworkSpeed> &speed, double NetworkSpeed::*which) { return speed ? nlohmann::json((*speed).*which) : nlohmann::json(); };
    auto array = nlohmann::json::array();
    for (const auto &[network, offer] : offers)
        array.push_back({{"model", network.name},
                         {"title", network.title},
                         {"pretrained", !network.pretrainedFile.empty()},
                         {"size", offer.sizePx},
                         {"weights", offer.weights},
                         {"training_images_per_second", orNull(offer.speed, &NetworkSpeed::learning)},
                         {"images_per_second", orNull(offer.speed, &NetworkSpeed::looking)},
                         {"training_memory_bytes", offer.trainingBytes}});
    return array;
}

int networks(const NetworksWish &wish, const CommandContext &context)
{
    const auto chosen = chosenNetworks(wish.names);
    if (!chosen)
        return report(chosen.error());
    ProgressLine line;
    const auto measure = [&](std::string_view network, std::stop_token stop) {
        line.show("Measuring " + std::string(network), "");
        auto speed = measureSpeed(network, std::move(stop));
        if (!speed && speed.error().code != ErrorCode::Cancelled)
            say(speed.error().message);
        return speed;
    };
    const NetworkSpeeds speeds = measureSpeeds(*chosen, speedsFile(), measure, [](const NetworkSpeeds &) {}, context.stop);
    line.clear();
    if (context.stop.stop_requested())
        return report({ErrorCode::Cancelled, "The measuring was stopped. What was measured is kept."});
    const Offers offers = offersOf(*chosen, wish.config, speeds);
    if (context.json)
        return printJson(asJson(offers));
    std::cout << table(offers)
              << fmt::format("\nLearns, looks at: pictures a second on this machine's processor in training and in answering;\n"
                             "measured once, on made-up ones, and right to about a quarter.\n"
                             "Memory: computed, for a training step of {} pictures.\n"
                             "Modes: those for all come with pretrained weights; the larger of them are slower, and better\n"
                             "where classes look alike.\n",
                             wish.config.batch);
    return Done;
}

} // namespace

void addNetworksCommand(CLI::App &app, ChosenCommand &chosen)
{
    auto *command = app.add_subcommand("networks", "List the networks to train: size, speed on this machine, memory");
    auto wish = std::make_shared<NetworksWish>();
    command->add_option("NAME", wish->names, "Only these, as --model of train takes them")->type_name("");
    command->add_option("--size", wish->config.sizePx, "Side of the pictures in pixels; default what each network was made for")->check(CLI::Range(32, 1024));
    command->add_option("--batch", wish->config.batch, "Pictures a training step, for the memory that it takes")->check(CLI::Range(1, 4096))->capture_default_str();
    command->footer("What is not known yet is measured first: some seconds each on a machine that does nothing else.");
    command->callback([wish, &chosen] { chosen = [wish](const CommandContext &context) { return networks(*wish, context); }; });
}

} // namespace whisker
