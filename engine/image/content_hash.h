#pragma once

#include "engine/base/result.h"

#include <compare>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace whisker {

/// XXH3-128 of a file's bytes: tells files apart by content, whatever they are called. Not for keeping off forgers.
struct ContentHash {
    std::uint64_t high = 0;
    std::uint64_t low = 0;

    /// 32 lower-case hexadecimal digits, as `xxhsum -H2` prints them.
    std::string toHex() const;
    /// Nothing where `hex` is not 32 hexadecimal digits.
    static std::optional<ContentHash> fromHex(std::string_view hex);
    auto operator<=>(const ContentHash &) const = default;
};

ContentHash hashBytes(std::span<const std::byte> bytes);

/// Reads the file in blocks of 1 MiB. Errors: NotFound, PermissionDenied, Unreadable. Any thread.
Result<ContentHash> hashFile(const std::filesystem::path &file);

} // namespace whisker

template <> struct std::hash<whisker::ContentHash> {
    std::size_t operator()(const whisker::ContentHash &content) const noexcept { return content.low ^ content.high; }
};
