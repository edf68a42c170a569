#include "engine/base/csv_field.h"

namespace whisker {

std::string csvField(std::string_view field)
{
    const bool hasBlank = !field.empty() && (field.front() == ' ' || field.back() == ' ');
    if (!hasBlank && field.find_first_of(",;\t\"\r\n") == std::string_view::npos)
        return std::string(field);
    std::string quoted = "\"";
    for (const char letter : field) {
        if (letter == '"')
            quoted += '"';
        quoted += letter;
    }
    return quoted + '"';
}

} // namespace whisker
