#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <vector>

namespace whisker {

/// The features of a picture in few numbers: a unit vector. The dot product of two is about the cosine between their features, within some 0.1.
using Sketch = std::array<float, 64>;

/// A random projection with signs (Achlioptas, 2003), the same for every picture of every run of the program. Empty or zero features: zeros. Any thread.
Sketch sketchOf(std::span<const float> features);

/// How little a model knows what a picture is, 0..1: 1 - (the greatest probability - the second). Margin sampling (Scheffer, Decomain, Wrobel, 2001; Settles,
/// "Active learning literature survey", 2009, section 3.1). 0 for fewer than two probabilities.
double uncertainty(std::span<const float> probabilities);

struct TeachingCandidate {
    double uncertainty = 0.0; ///< 0..1.
    Sketch sketch{};
};

/// Places in `candidates`, all of them, the one first whose label would teach most. Greedy: the next is the one with the greatest product of its uncertainty and
/// its distance (1 - cosine, at most 1) from the nearest that comes before it or is in `known`, what has its label: uncertain pictures first, near copies
/// of each other never together (the farthest-first walk of Sener and Savarese, "Active learning for convolutional neural networks: a core-set
/// approach", 2018, weighted). After the first `diverse` the rest follows by uncertainty alone. Equal ones keep their order.
/// Cost: (diverse + known) * candidates * 64 multiplications. Any thread.
std::vector<std::size_t> teachingOrder(std::span<const TeachingCandidate> candidates, std::span<const Sketch> known = {}, std::size_t diverse = 256);

} // namespace whisker
