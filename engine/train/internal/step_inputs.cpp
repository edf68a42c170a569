#include "engine/train/internal/step_inputs.h"

#include <ATen/ops/from_blob.h>

namespace whisker::internal {

namespace {

template <class Value> at::Tensor seen(const std::vector<Value> &values, at::IntArrayRef shape, at::ScalarType type)
{
    return at::from_blob(const_cast<Value *>(values.data()), shape, type); // only read
}

} // namespace

StepInputs StepInputs::of(const TrainingBatch &batch, const MixedLabels &mixed, int sizePx)
{
    const std::int64_t count = batch.size();
    StepInputs inputs{seen(batch.pixels, {count, sizePx, sizePx, 3}, at::kByte), seen(batch.labels, {count}, at::kLong)};
    if (!mixed.partners.empty()) {
        inputs.partners = seen(mixed.partners, {count}, at::kLong);
        inputs.shares = seen(mixed.shares, {count}, at::kFloat);
    }
    return inputs;
}

StepInputs StepInputs::from(const std::vector<at::Tensor> &tensors, bool mixed)
{
    auto next = tensors.begin();
    StepInputs inputs{*next, *(next + 1)};
    next += 2;
    if (mixed) {
        inputs.partners = *next++;
        inputs.shares = *next++;
    }
    inputs.masks.assign(next, tensors.end());
    return inputs;
}

std::vector<at::Tensor> StepInputs::all() const
{
    std::vector<at::Tensor> tensors{pixels, labels};
    if (partners.defined())
        tensors.insert(tensors.end(), {partners, shares});
    tensors.insert(tensors.end(), masks.begin(), masks.end());
    return tensors;
}

StepInputs StepInputs::piece(std::int64_t first, std::int64_t count) const
{
    StepInputs part{pixels.narrow(0, first, count), labels.narrow(0, first, count)};
    if (partners.defined()) {
        part.partners = partners.narrow(0, first, count);
        part.shares = shares.narrow(0, first, count);
    }
    return part;
}

std::vector<std::vector<std::int64_t>> StepInputs::shapes() const
{
    std::vector<std::vector<std::int64_t>> found;
    for (const at::Tensor &tensor : all())
        found.push_back(tensor.sizes().vec());
    return found;
}

} // namespace whisker::internal
