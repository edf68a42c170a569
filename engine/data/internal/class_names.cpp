#include "engine/data/internal/class_names.h"

#include "engine/base/unicode.h"
#include "engine/data/project_values.h"

#include <algorithm>

namespace whisker {

namespace {

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
    std::u32string points = codePoints(composed(name));
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
    return utf8(points);
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

} // namespace whisker
