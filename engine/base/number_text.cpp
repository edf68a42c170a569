#include "engine/base/number_text.h"

namespace whisker {

std::string countText(std::size_t count)
{
    std::string text = std::to_string(count);
    for (std::size_t digits = 3; digits < text.size(); digits += 4)
        text.insert(text.size() - digits, 1, ',');
    return text;
}

std::string countText(std::size_t count, std::string_view word)
{
    return countText(count).append(" ").append(word).append(count == 1 ? "" : "s");
}

} // namespace whisker
