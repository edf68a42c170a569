#pragma once

#include <string>
#include <vector>

namespace whisker {

using Row = std::vector<std::string>;

/// Lines of cells, two blanks between columns; the first row has the titles. `rightAligned`: the columns of numbers. A column that is empty below its title is left out.
std::string aligned(const std::vector<Row> &rows, const std::vector<bool> &rightAligned, const std::string &indent = "");

} // namespace whisker
