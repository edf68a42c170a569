#pragma once

#include "engine/base/result.h"

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

namespace whisker {

/// Writes a file whole or not at all: bytes go to a temporary file beside it, commit() syncs and renames it into place.
/// Destroyed without commit(), it removes what it wrote. Used by one thread at a time.
class AtomicFile {
public:
    /// Errors: NotFound (no such folder), PermissionDenied, NoSpace.
    static Result<AtomicFile> create(const std::filesystem::path &target);
    AtomicFile(AtomicFile &&other) noexcept;
    AtomicFile &operator=(AtomicFile &&) = delete;
    ~AtomicFile();

    Result<void> write(std::span<const std::byte> bytes);
    Result<void> write(std::string_view text) { return write(std::as_bytes(std::span(text))); }
    /// After this the target holds exactly what was written, also after a power cut. Call once, last.
    Result<void> commit();

private:
    AtomicFile(std::filesystem::path target, std::filesystem::path temporary, int descriptor);
    std::filesystem::path m_target;
    std::filesystem::path m_temporary;
    int m_descriptor;
};

/// The whole of a small file at once.
Result<void> writeFileAtomically(const std::filesystem::path &target, std::string_view text);

/// Reads a whole file. Errors: NotFound, PermissionDenied, Unreadable (a folder, a pipe, more than `limitBytes`).
Result<std::vector<std::byte>> readFile(const std::filesystem::path &file, std::size_t limitBytes = std::size_t(1) << 32);

} // namespace whisker
