#pragma once

#include "engine/train/run_folder.h"

#include <string>
#include <vector>

namespace whisker {

/// One thing of a run as a person reads it: "Learning rate", "0.001".
struct ReceiptLine {
    std::string name{};
    std::string value{};
    bool operator==(const ReceiptLine &) const = default;
};

/// A receipt in words.
struct ReceiptWords {
    std::vector<ReceiptLine> outcome{};  ///< Always as many and in the same order; a value is empty where the run has none.
    std::vector<ReceiptLine> data{};     ///< Classes and pictures of each split; likewise.
    std::vector<ReceiptLine> origin{};   ///< Where it comes from, as far as there is something to say: its snapshot, the model that it continues, how it was made longer.
    std::vector<ReceiptLine> settings{}; ///< Those that play a part.
    std::vector<ReceiptLine> machine{};  ///< Device and versions.
};

ReceiptWords receiptWords(const RunReceipt &receipt);

/// The same in few lines, for the end of a run: what it learnt from and with what, how long it took, how good it is and how good with new pictures like these, and
/// its notes. Only what it has.
std::vector<ReceiptLine> receiptInShort(const RunReceipt &receipt);

} // namespace whisker
