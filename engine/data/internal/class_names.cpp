#include "engine/data/internal/class_names.h"

#include "engine/base/path_text.h"
#include "engine/data/project_values.h"

#include <algorithm>
#include <clocale>
#include <cwctype>

namespace whisker {

namespace {

/// The code point at the start of valid UTF-8, which is cut off.
char32_t takeCodePoint(std::string_view &text)
{
    const auto lead = static_cast<unsigned char>(text.front());
    const std::size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    char32_t point = length == 1 ? lead : lead & (0xFFu >> (length + 1));
    for (std::size_t i = 1; i < length; ++i)
        point = point << 6 | (static_cast<unsigned char>(text[i]) & 0x3Fu);
    text.remove_prefix(length);
    return point;
}

void appendUtf8(std::string &text, char32_t point)
{
    const auto tail = [&](int shift) { text += static_cast<char>(0x80 | (point >> shift & 0x3F)); };
    if (point < 0x80) {
        text += static_cast<char>(point);
    } else if (point < 0x800) {
        text += static_cast<char>(0xC0 | point >> 6);
        tail(0);
    } else if (point < 0x10000) {
        text += static_cast<char>(0xE0 | point >> 12);
        tail(6);
        tail(0);
    } else {
        text += static_cast<char>(0xF0 | point >> 18);
        tail(12);
        tail(6);
        tail(0);
    }
}

/// glibc's tables of letters; the program's own locale may know ASCII only.
locale_t unicodeLocale()
{
    static const locale_t locale = ::newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr);
    return locale;
}

/// Also those of Unicode, and what ends a line or a paragraph.
bool isControl(char32_t point)
{
    return point < 0x20 || (point >= 0x7F && point < 0xA0) || point == 0x2028 || point == 0x2029;
}

/// Blanks of all scripts, and marks that nobody sees.
bool isBlank(char32_t point)
{
    return point == ' ' || (point >= '\t' && point <= '\r') || point == 0xA0 || (point >= 0x2000 && point <= 0x200B) || point == 0x3000 || point == 0xFEFF;
}

/// `what`: "The name of a class".
Result<std::string> cleanName(std::string_view name, const std::string &what)
{
    const std::string valid = validUtf8(name);
    std::u32string points;
    for (std::string_view rest = valid; !rest.empty();)
        points += takeCodePoint(rest);
    const auto isInk = [](char32_t point) { return !isBlank(point); };
    points.erase(points.begin(), std::ranges::find_if(points, isInk));
    while (!points.empty() && isBlank(points.back()))
        points.pop_back();
    if (points.empty())
        return fail(ErrorCode::InvalidArgument, what + " is empty: type at least one letter.");
    if (std::ranges::any_of(points, isControl))
        return fail(ErrorCode::InvalidArgument, what + " can't have a line break or a tab in it: write it in one line.");
    if (points.size() > kLongestClassName)
        return fail(ErrorCode::InvalidArgument, what + " can have " + std::to_string(kLongestClassName) + " letters at most, not " +
                                                    std::to_string(points.size()) + ": choose a shorter one.");
    std::string clean;
    for (const char32_t point : points)
        appendUtf8(clean, point);
    return clean;
}

} // namespace

Result<std::string> cleanClassName(std::string_view name)
{
    return cleanName(name, "The name of a class");
}

Result<std::string> cleanGroupName(std::string_view name)
{
    return cleanName(name, "The name of a group");
}

std::string lowerCase(std::string_view name)
{
    const std::string valid = validUtf8(name);
    std::string lower;
    for (std::string_view rest = valid; !rest.empty();) {
        const char32_t point = takeCodePoint(rest);
        if (unicodeLocale())
            appendUtf8(lower, static_cast<char32_t>(::towlower_l(static_cast<wint_t>(point), unicodeLocale())));
        else
            appendUtf8(lower, point < 0x80 ? static_cast<char32_t>(std::towlower(static_cast<wint_t>(point))) : point);
    }
    return lower;
}

} // namespace whisker
