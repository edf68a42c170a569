#pragma once

#include "engine/base/result.h"
#include "engine/image/preprocess.h"
#include "engine/nn/weights.h"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace whisker {

/// A trained model: all that is needed to answer for a picture. One safetensors file, weights named as torchvision or timm name them; the metadata key
/// `whisker` holds a JSON object {"format": 1, "architecture", "classes", "preprocessing", "calibration": {"temperature"}, "threshold", "receipt"}.
struct ModelFile {
    std::string architecture{};            ///< As in architectures().
    std::vector<std::string> classes{};    ///< classes[k] is the name of logit k.
    Preprocessing preprocessing{};
    double temperature = 1.0;              ///< Logits are divided by it before the softmax (Guo et al., 2017); > 0.
    std::optional<double> threshold{};     ///< Below this probability the answer is "neither"; [0, 1].
    std::string receipt = "{}";            ///< JSON object: the run it came from (toJson(RunReceipt)).
    Weights weights{};
};

inline constexpr int kModelFormat = 1; ///< Files with a greater number are of a newer Whisker.

/// Errors: NotFound, PermissionDenied, Unreadable, BadFormat (no safetensors, cut off, not a model of Whisker, a weight that its architecture needs is
/// missing or has the wrong shape), NewerVersion; each names the file. Any thread.
Result<ModelFile> readModel(const std::filesystem::path &file);
/// The same without weights and without looking at them: cheap, for lists.
Result<ModelFile> readModelDescription(const std::filesystem::path &file);

/// Whole or not at all. Errors: NotFound (no such folder), PermissionDenied, NoSpace, InvalidArgument.
Result<void> writeModel(const std::filesystem::path &file, const ModelFile &model);

} // namespace whisker
