#include "engine/data/internal/portable_names.h"

#include "engine/base/unicode.h"

#include <algorithm>
#include <array>

namespace whisker {

namespace {

constexpr std::size_t kLongestBytes = 200; // file systems allow 255; some take more bytes for a letter, and " (2)" may follow

/// Where the ending begins (".jpg"); the end of the name where there is none, or none that looks like one.
std::size_t endingPlace(std::string_view name)
{
    const auto dot = name.rfind('.');
    return dot == std::string_view::npos || dot == 0 || name.size() - dot > 10 ? name.size() : dot;
}

bool isReserved(std::string_view name)
{
    constexpr std::array<std::string_view, 4> words = {"con", "prn", "aux", "nul"};
    const std::string stem = nameKey(name.substr(0, name.find('.')));
    const bool isPort = stem.size() == 4 && (stem.starts_with("com") || stem.starts_with("lpt")) && stem[3] >= '0' && stem[3] <= '9';
    return isPort || std::ranges::find(words, stem) != words.end();
}

/// The first `bytes` of `text` at most, without half a UTF-8 letter at the end.
std::string_view cut(std::string_view text, std::size_t bytes)
{
    if (text.size() <= bytes)
        return text;
    while (bytes > 0 && (static_cast<unsigned char>(text[bytes]) & 0xC0) == 0x80)
        --bytes;
    return text.substr(0, bytes);
}

} // namespace

std::string portableName(std::string_view name)
{
    std::string result(name);
    for (char &letter : result) {
        const auto byte = static_cast<unsigned char>(letter);
        if (byte < 0x20 || byte == 0x7F || std::string_view("<>:\"/\\|?*").find(letter) != std::string_view::npos)
            letter = '_';
    }
    const auto ending = endingPlace(result);
    if (result.size() > kLongestBytes)
        result = std::string(cut(std::string_view(result).substr(0, ending), kLongestBytes - (result.size() - ending))) + result.substr(ending);
    if (!result.empty() && result.front() == '.')
        result.front() = '_';
    for (auto i = result.size(); i > 0 && (result[i - 1] == '.' || result[i - 1] == ' '); --i)
        result[i - 1] = '_';
    if (isReserved(result))
        result.insert(result.begin() + static_cast<std::ptrdiff_t>(std::min(result.find('.'), result.size())), '_');
    return result.empty() ? "_" : result;
}

std::string NameSet::unique(const std::string &name)
{
    std::string wanted = name;
    const auto ending = endingPlace(name);
    for (int number = 2; !m_taken.insert(nameKey(wanted)).second; ++number)
        wanted = name.substr(0, ending) + " (" + std::to_string(number) + ")" + name.substr(ending);
    return wanted;
}

} // namespace whisker
