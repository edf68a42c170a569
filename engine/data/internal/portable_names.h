#pragma once

#include <set>
#include <string>
#include <string_view>

namespace whisker {

/// `name` as Linux, Windows and macOS all allow it for a file or folder that shows: what is forbidden becomes "_", so do a dot in front and dots and blanks at
/// the end; a name that Windows reserves (CON, NUL, COM1 ...) gets "_" behind; at most 200 bytes, cut between letters, the ending kept. Never empty.
std::string portableName(std::string_view name);

/// Names that are taken in one folder, also but for case.
class NameSet {
public:
    /// `name`, or "name (2).jpg", "name (3).jpg" ... where it is taken; then that is taken too.
    std::string unique(const std::string &name);

private:
    std::set<std::string> m_taken; // lower case
};

} // namespace whisker
