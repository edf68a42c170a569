#pragma once

#include <filesystem>
#include <string>

namespace whisker::test {

/// What SQLite says of a project file and its references: "ok" where it finds nothing wrong.
std::string integrityOf(const std::filesystem::path &file);

} // namespace whisker::test
