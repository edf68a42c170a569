#pragma once

#include "engine/base/result.h"
#include "engine/nn/architecture_graph.h"
#include "engine/nn/weights.h"

namespace whisker::internal {

/// The tensor `spec` asks for. Errors: BadFormat (missing, wrong shape, not float32), naming the tensor. Never a null pointer.
Result<const WeightTensor *> findWeight(const Weights &weights, const WeightSpec &spec);

} // namespace whisker::internal
