#include "app/cli/cells.h"

#include <fmt/format.h>
#include <sstream>

namespace whisker {

std::size_t cells(std::string_view text)
{
    return 2 * text.size() - fmt::formatted_size("{:<{}}", text, text.size()); // fmt adds as many blanks as the text lacks of a cell a byte
}

std::string_view beginning(std::string_view text, std::size_t room)
{
    const auto isContinuation = [&](std::size_t at) { return (static_cast<unsigned char>(text[at]) & 0xc0) == 0x80; }; // of a character of several bytes
    std::size_t end = 0;
    while (end < text.size()) {
        std::size_t next = end + 1;
        while (next < text.size() && isContinuation(next))
            ++next;
        const std::size_t taken = cells(text.substr(end, next - end));
        if (taken > room)
            break;
        room -= taken;
        end = next;
    }
    return text.substr(0, end);
}

std::string wrapped(const std::string &text, std::size_t room)
{
    std::istringstream paragraphs(text);
    std::string lines;
    for (std::string paragraph; std::getline(paragraphs, paragraph);) {
        std::istringstream words(paragraph);
        std::size_t used = 0;
        lines += lines.empty() ? "" : "\n";
        for (std::string word; words >> word;) {
            const bool fits = used + 1 + cells(word) <= room;
            lines += used == 0 ? "" : fits ? " " : "\n";
            used = fits && used > 0 ? used + 1 + cells(word) : cells(word);
            lines += word;
        }
    }
    return lines;
}

} // namespace whisker
