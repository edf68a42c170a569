#include "app/cli/help_format.h"
#include "app/cli/cells.h"

#include <algorithm>

namespace whisker {

namespace {

/// "INT:INT in [1 - 4096]" as CLI11 writes it: "1..4096"; "TEXT:{a,b}": "a|b"; "INT": "N".
std::string shortType(const std::string &type)
{
    if (const auto range = type.find(" in ["); range != std::string::npos) {
        std::string text = type.substr(range + 5, type.find(']', range) - range - 5);
        const auto dash = text.find(" - ");
        return dash == std::string::npos ? text : text.replace(dash, 3, "..");
    }
    if (const auto choice = type.find(":{"); choice != std::string::npos) {
        std::string text = type.substr(choice + 2, type.find('}', choice) - choice - 2);
        std::ranges::replace(text, ',', '|');
        return text;
    }
    return type == "INT" || type == "UINT" ? "N" : type;
}

} // namespace

std::string HelpFormat::make_option_opts(const CLI::Option *option) const
{
    if (option->get_type_size() == 0)
        return {};
    return ' ' + shortType(option->get_type_name()) + (option->get_expected_max() > 2 ? "..." : "");
}

std::string HelpFormat::make_option_desc(const CLI::Option *option) const
{
    constexpr std::size_t kColumns = 100;
    const std::string standard = option->get_default_str();
    return wrapped(option->get_description() + (standard.empty() ? "" : "; default " + standard), kColumns - get_column_width());
}

} // namespace whisker
