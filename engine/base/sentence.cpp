#include "engine/base/sentence.h"

namespace whisker {

std::string asClause(std::string_view sentence)
{
    const auto small = [](char c) { return c >= 'a' && c <= 'z'; };
    std::string clause(sentence);
    const bool oneLetter = clause.starts_with("A ");
    if (clause.size() > 1 && clause[0] >= 'A' && clause[0] <= 'Z' && (small(clause[1]) || oneLetter))
        clause[0] = static_cast<char>(clause[0] - 'A' + 'a');
    return clause;
}

std::string listed(const std::vector<std::string> &words)
{
    std::string text;
    for (std::size_t i = 0; i < words.size(); ++i)
        text += (i == 0 ? "" : i + 1 == words.size() ? " and " : ", ") + words[i];
    return text;
}

} // namespace whisker
