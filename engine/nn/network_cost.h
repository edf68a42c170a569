#pragma once

#include "engine/nn/architecture_graph.h"
#include "engine/nn/device.h"

#include <cstdint>

namespace whisker {

/// What one picture costs a network, counted from its graph.
struct NetworkCost {
    std::int64_t multiplyAdds = 0; ///< Of convolutions and linear layers, forward.
    std::int64_t weights = 0;      ///< Numbers in its weight file, running statistics among them.
    std::int64_t activations = 0;  ///< Numbers in what all nodes put out.
};

/// For a picture of sizePx x sizePx, sizePx >= 32.
NetworkCost costOf(const ArchitectureGraph &graph, int sizePx);

/// Bytes that a training step over `batch` pictures needs, computed: what the nodes put out is kept for the way back (2 bytes a number in bf16, else 4), and
/// for each weight there are a gradient and an optimizer's two means, 16 bytes in all. What LibTorch needs beside that is not counted.
std::int64_t trainingBytes(const NetworkCost &cost, int batch, Precision precision);

} // namespace whisker
