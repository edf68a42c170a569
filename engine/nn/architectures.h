#pragma once

#include "engine/base/result.h"
#include "engine/nn/architecture_graph.h"

#include <span>
#include <string_view>

namespace whisker {

struct ArchitectureInfo {
    std::string_view name;           ///< As files and the command line call it.
    std::string_view title;          ///< As people call it.
    int defaultPx;                   ///< Side of the square input.
    std::string_view pretrainedFile; ///< Under resourceFolder()/weights; empty where none comes with the program.
    double cropShare;                ///< Share of the shorter side a centre crop keeps, (0, 1].
};

/// All there are, in the order in which to offer them.
std::span<const ArchitectureInfo> architectures();

/// The one called `name` or its alias (`efficientnet-lite0`). Errors: InvalidArgument, listing the names there are.
Result<ArchitectureInfo> findArchitecture(std::string_view name);

/// Weight names as torchvision (ResNet, MobileNetV2) and timm (EfficientNet-Lite) have them. `classCount` >= 1.
/// Errors: InvalidArgument (unknown name, no class).
/// Sources: He et al. 2015 (arXiv 1512.03385; stride in the 3 x 3 of a bottleneck, as torchvision), Sandler et al. 2018 (arXiv 1801.04381),
/// Tan and Le 2019 (arXiv 1905.11946) without squeeze-and-excitation and swish, as tensorflow/tpu's EfficientNet-Lite.
Result<ArchitectureGraph> buildArchitecture(std::string_view name, int classCount);

} // namespace whisker
