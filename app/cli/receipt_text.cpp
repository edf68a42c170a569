#include "app/cli/receipt_text.h"
#include "app/cli/cells.h"
#include "app/cli/command.h"

#include "engine/base/path_text.h"

#include <fmt/format.h>

namespace whisker {

namespace {

constexpr std::size_t kNameCells = 12;  // the longest name, "Validation", and two blanks
constexpr std::size_t kLeastCells = 20; // of a value: in a narrower terminal it had better break where the terminal ends

} // namespace

std::string factsText(const std::vector<ReceiptLine> &facts, std::size_t columns)
{
    std::string text;
    for (const auto &[name, value] : facts) {
        std::string lines = columns < kNameCells + kLeastCells ? value : wrapped(value, columns - kNameCells);
        for (std::size_t end = lines.find('\n'); end != std::string::npos; end = lines.find('\n', end + kNameCells))
            lines.insert(end + 1, kNameCells, ' ');
        text += fmt::format("{:<{}}{}\n", name, kNameCells, lines);
    }
    return text;
}

std::string runText(const RunReceipt &receipt, const std::vector<ReceiptLine> &more, const std::filesystem::path &model, const std::filesystem::path &run)
{
    std::vector<ReceiptLine> facts = receiptInShort(receipt), places = {{"Run", pathText(run)}};
    facts.insert(facts.end(), more.begin(), more.end());
    if (!model.empty())
        places.insert(places.begin(), {"Model", pathText(model)});
    return factsText(facts, outputColumns()) + factsText(places, 0);
}

} // namespace whisker
