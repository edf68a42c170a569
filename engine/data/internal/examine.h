#pragma once

#include "engine/data/internal/scan.h"
#include "engine/data/project_values.h"

#include <cstddef>
#include <span>

namespace whisker {

/// What a file is, from its bytes. A picture where `problem` is empty.
struct ExaminedFile {
    bool done = false; ///< False where work was stopped before this file.
    std::string problem{}; ///< A sentence: why it can't be used.
    bool isGone = false;   ///< The problem is that it isn't there.
    bool cantRead = false; ///< The problem is with the disk or the network, and says nothing of the picture.
    ContentHash hash{};
    std::int64_t bytes = 0;
    std::int64_t modifiedNs = 0;
    int width = 0;
    int height = 0;
    ImageState state = ImageState::Ok; ///< Ok or Truncated.
    std::string note{};                ///< Where state is Truncated: why.
};

/// The sentence of an Error without the file's name, which stands beside it in a list.
std::string sentenceWithoutName(const Error &error, const std::filesystem::path &file);

/// Reads a file once: hash, header, and whether it ends early. Any thread.
ExaminedFile examineFile(const std::filesystem::path &file);

/// All `files` on `threads` threads; result i is that of files[i].
std::vector<ExaminedFile> examineFiles(std::span<const FoundFile> files, std::size_t threads, std::stop_token stop);

/// Size and time of change of a file; nothing where it isn't there.
struct FileFacts {
    std::int64_t bytes = 0;
    std::int64_t modifiedNs = 0;
    bool operator==(const FileFacts &) const = default;
};
std::optional<FileFacts> fileFacts(const std::filesystem::path &file);

} // namespace whisker
