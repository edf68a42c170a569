#pragma once

#include <filesystem>
#include <string>

namespace whisker {

/// A file or folder that could not be used: it stops nothing, it is listed. `reason` is a sentence for people.
struct SkippedFile {
    std::filesystem::path file;
    std::string reason;

    bool operator==(const SkippedFile &) const = default;
};

} // namespace whisker
