#include "app/cli/table.h"
#include "app/cli/cells.h"

#include <algorithm>

namespace whisker {

std::string aligned(const std::vector<Row> &rows, const std::vector<bool> &rightAligned, const std::string &indent)
{
    std::vector<std::size_t> widths(rightAligned.size(), 0);
    for (std::size_t column = 0; column < widths.size(); ++column) {
        const bool used = std::any_of(rows.begin() + 1, rows.end(), [&](const Row &row) { return !row[column].empty(); });
        for (const Row &row : rows)
            widths[column] = used ? std::max(widths[column], cells(row[column])) : 0;
    }
    std::string text;
    for (const Row &row : rows) {
        std::string line = indent;
        for (std::size_t column = 0; column < widths.size(); ++column) {
            if (widths[column] == 0)
                continue;
            const std::string blanks(widths[column] - cells(row[column]), ' ');
            line += rightAligned[column] ? blanks + row[column] : row[column] + blanks;
            line += "  ";
        }
        line.erase(line.find_last_not_of(' ') + 1);
        text += line + '\n';
    }
    return text;
}

} // namespace whisker
