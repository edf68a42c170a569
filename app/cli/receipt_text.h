#pragma once

#include "engine/train/receipt_words.h"

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

namespace whisker {

/// A line each, values below each other. `columns`: where a terminal ends, so that what is longer goes on below itself; 0: nowhere.
std::string factsText(const std::vector<ReceiptLine> &facts, std::size_t columns);

/// A run as a person reads it at its end: receiptInShort(), `more`, and where its model and its folder are; `model` empty: there is none. On a terminal fitted to
/// its width, but for paths, which stay whole.
std::string runText(const RunReceipt &receipt, const std::vector<ReceiptLine> &more, const std::filesystem::path &model, const std::filesystem::path &run);

} // namespace whisker
