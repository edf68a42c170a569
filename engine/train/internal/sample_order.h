#pragma once

#include "engine/base/counter_random.h"

#include <cstddef>
#include <span>
#include <vector>

namespace whisker::internal {

/// Places in `labels`, as many as there are, every class (0..classCount-1) as often as any other (to within one), in mixed order: of a class with few pictures each
/// comes several times, of one with many some don't come. Within a class each comes as often as any other, to within one. A function of its arguments alone.
std::vector<std::size_t> balancedOrder(std::span<const int> labels, int classCount, CounterRandom random);

/// For each class the mean number of pictures a class over its own: what a picture counts for so that all classes count the same; 0 for a class without any.
/// Over all pictures the mean is 1.
std::vector<float> balancingWeights(std::span<const int> labels, int classCount);

} // namespace whisker::internal
