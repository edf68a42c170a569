#pragma once

#include <filesystem>

namespace whisker::test {

/// Makes a project of `rows` pictures in two classes, whose files are not there.
void makeRowProject(const std::filesystem::path &folder, int rows);

} // namespace whisker::test
