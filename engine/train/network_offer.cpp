#include "engine/train/network_offer.h"

#include "engine/nn/network_cost.h"

#include <algorithm>
#include <cmath>

namespace whisker {

NetworkOffer networkOffer(const ArchitectureInfo &network, const TrainConfig &config, const std::optional<NetworkSpeed> &measured)
{
    constexpr int kClasses = 2; // a few more change nothing that is shown
    NetworkOffer offer{.sizePx = config.sizePx >= 32 ? config.sizePx : network.defaultPx};
    const auto graph = buildArchitecture(network.name, kClasses);
    if (!graph)
        return offer;
    const NetworkCost cost = costOf(*graph, offer.sizePx);
    const auto cpu = chooseDevice("cpu");
    const Precision precision = cpu ? choosePrecision(config.precision, *cpu) : Precision::Float32;
    offer.weights = cost.weights;
    offer.trainingBytes = trainingBytes(cost, std::clamp(config.batch, 1, 4096), precision);
    if (measured) {
        const double share = static_cast<double>(costOf(*graph, network.defaultPx).multiplyAdds) / static_cast<double>(std::max<std::int64_t>(1, cost.multiplyAdds));
        offer.speed = NetworkSpeed{measured->learning * share, measured->looking * share};
    }
    return offer;
}

double roundedSpeed(double speed)
{
    const double digit = std::pow(10.0, std::max(0.0, std::floor(std::log10(std::max(speed, 1.0))) - 1.0));
    return std::round(speed / digit) * digit;
}

} // namespace whisker
