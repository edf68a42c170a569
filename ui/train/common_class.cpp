#include "ui/train/common_class.h"

#include <algorithm>
#include <numeric>
#include <vector>

namespace whisker {

std::optional<CommonClass> commonClass(const Snapshot &snapshot, Split split)
{
    std::vector<int> counts(snapshot.classes.size());
    for (const SnapshotEntry &entry : snapshot.entries)
        counts[std::size_t(entry.label)] += entry.split == split ? 1 : 0;
    const auto most = std::ranges::max_element(counts);
    if (most == counts.end() || *most == 0)
        return std::nullopt;
    return CommonClass{snapshot.classes[std::size_t(most - counts.begin())], *most, std::accumulate(counts.begin(), counts.end(), 0)};
}

CommonClasses commonClasses(const Snapshot &snapshot)
{
    return {commonClass(snapshot, Split::Validation), commonClass(snapshot, Split::Test)};
}

} // namespace whisker
