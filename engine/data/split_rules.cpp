#include "engine/data/splits.h"

#include <array>
#include <charconv>
#include <cmath>
#include <fmt/format.h>

namespace whisker {

namespace {

// As they stand in project files.
constexpr const char *kShares = "split.shares";       // "0.7 0.15 0.15": train, validation, test
constexpr const char *kSeed = "split.seed";
constexpr const char *kTestLocked = "split.test_locked"; // "1" or "0"

std::optional<SplitShares> sharesFrom(std::string_view text)
{
    std::array<double, 3> shares = {};
    const char *place = text.data();
    const char *end = text.data() + text.size();
    for (double &share : shares) {
        while (place != end && *place == ' ')
            ++place;
        const auto [rest, failure] = std::from_chars(place, end, share);
        if (failure != std::errc())
            return std::nullopt;
        place = rest;
    }
    const SplitShares result{shares[0], shares[1], shares[2]};
    return makeSense(result) ? std::optional(result) : std::nullopt;
}

} // namespace

bool makeSense(const SplitShares &shares)
{
    const auto isShare = [](double share) { return std::isfinite(share) && share >= 0; };
    return isShare(shares.train) && isShare(shares.validation) && isShare(shares.test) && shares.train + shares.validation + shares.test > 0;
}

SplitShares SplitRules::sharesForNew() const
{
    SplitShares result = shares;
    if (testLocked)
        result.test = 0;
    return makeSense(result) ? result : kValidationOfTrain;
}

SplitRules splitRules(const std::map<std::string, std::string> &settings)
{
    SplitRules rules;
    const auto find = [&](const char *key) -> std::string_view {
        const auto place = settings.find(key);
        return place == settings.end() ? std::string_view() : std::string_view(place->second);
    };
    rules.shares = sharesFrom(find(kShares)).value_or(SplitShares());
    const auto seed = find(kSeed);
    std::from_chars(seed.data(), seed.data() + seed.size(), rules.seed);
    rules.testLocked = find(kTestLocked) == "1";
    return rules;
}

std::map<std::string, std::string> settingsOf(const SplitRules &rules)
{
    return {{kShares, fmt::format("{} {} {}", rules.shares.train, rules.shares.validation, rules.shares.test)},
            {kSeed, std::to_string(rules.seed)},
            {kTestLocked, rules.testLocked ? "1" : "0"}};
}

} // namespace whisker
