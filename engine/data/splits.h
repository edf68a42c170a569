#pragma once

#include "engine/image/content_hash.h"

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace whisker {

/// What a picture is used for: learnt from, steered by, or kept unseen to the end. The numbers stand in project files.
enum class Split : std::uint8_t { Train = 0, Validation = 1, Test = 2 };

/// "train", "validation", "test".
const char *splitName(Split split);
/// From one of these names, also "val" and "valid", in any case; nothing for other words.
std::optional<Split> splitFromName(std::string_view name);

/// Shares of the pictures of each class; each >= 0, not all 0; only their ratio counts. A split with share 0 gets nothing new.
struct SplitShares {
    double train = 0.70;
    double validation = 0.15;
    double test = 0.15;

    bool operator==(const SplitShares &) const = default;
};

/// Whether each share is >= 0 and not all are 0.
bool makeSense(const SplitShares &shares);

/// How a project divides its pictures: kept in its settings, for all that come later.
struct SplitRules {
    SplitShares shares{};
    std::uint64_t seed = 0;
    bool testLocked = false; ///< No picture leaves or enters test: new ones are for train and validation.

    /// Shares for pictures without a split: nothing for a locked test set; where that leaves nothing for any, kValidationOfTrain.
    SplitShares sharesForNew() const;
    bool operator==(const SplitRules &) const = default;
};
/// What a project's settings (ProjectState::settings) say; what isn't there or makes no sense is as in SplitRules().
SplitRules splitRules(const std::map<std::string, std::string> &settings);
std::map<std::string, std::string> settingsOf(const SplitRules &rules);

/// Where a folder comes split into train and test alone, validation is cut out of train by these.
inline constexpr SplitShares kValidationOfTrain = {0.8, 0.2, 0.0};

struct SplitItem {
    ContentHash hash;
    int label = 0;               ///< Class; any number.
    std::optional<Split> fixed{}; ///< Stays where it is and counts for the shares.
    std::int64_t group = -1;      ///< Those of one group go together; negative: it is in none.
};

/// Divides `items` class by class, and gives for each its split. Repeatable: the result depends on the set of hashes, labels and fixed splits and on
/// `seed`, not on order or file names. Identical files (same hash) and those of one group go together, to where one of them is fixed if one is. Each class
/// of 2 or more different files (or groups) has one in train and one in validation, of 3 or more also one in test, as far as shares, groups and fixed ones
/// allow. n log n.
std::vector<Split> assignSplits(std::span<const SplitItem> items, const SplitShares &shares, std::uint64_t seed);

} // namespace whisker
