#pragma once

#include <cstddef>

namespace whisker::test {

/// Lets LibTorch find no memory on the CPU, once: for the next tensor of exactly `bytes` that is made to learn from, not to validate or to answer.
void failNextLearningTensor(std::size_t bytes);

} // namespace whisker::test
