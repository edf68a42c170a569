#include "engine/image/content_hash.h"

#include "engine/base/path_text.h"

#include <xxhash.h>

#include <cerrno>
#include <charconv>
#include <fcntl.h>
#include <memory>
#include <sys/stat.h>
#include <unistd.h>
#include <vector>

namespace whisker {

namespace {

constexpr std::size_t kBlockBytes = std::size_t(1) << 20;

struct DescriptorCloser {
    int descriptor;
    explicit DescriptorCloser(int value) : descriptor(value) {}
    DescriptorCloser(const DescriptorCloser &) = delete;
    DescriptorCloser &operator=(const DescriptorCloser &) = delete;
    ~DescriptorCloser()
    {
        if (descriptor >= 0)
            ::close(descriptor);
    }
};

void appendHex(std::string &text, std::uint64_t value)
{
    char digits[16];
    const auto end = std::to_chars(digits, digits + sizeof digits, value, 16).ptr;
    text.append(sizeof digits - static_cast<std::size_t>(end - digits), '0');
    text.append(digits, end);
}

std::optional<std::uint64_t> parsedHex(std::string_view hex)
{
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(hex.data(), hex.data() + hex.size(), value, 16);
    if (error != std::errc() || end != hex.data() + hex.size())
        return std::nullopt;
    return value;
}

} // namespace

std::string ContentHash::toHex() const
{
    std::string text;
    appendHex(text, high);
    appendHex(text, low);
    return text;
}

std::optional<ContentHash> ContentHash::fromHex(std::string_view hex)
{
    if (hex.size() != 32)
        return std::nullopt;
    const auto high = parsedHex(hex.substr(0, 16));
    const auto low = parsedHex(hex.substr(16));
    if (!high || !low)
        return std::nullopt;
    return ContentHash{*high, *low};
}

ContentHash hashBytes(std::span<const std::byte> bytes)
{
    const auto hash = XXH3_128bits(bytes.data(), bytes.size());
    return {hash.high64, hash.low64};
}

Result<ContentHash> hashFile(const std::filesystem::path &file)
{
    const DescriptorCloser input(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)); // a pipe must not hold us up
    struct stat status {};
    if (input.descriptor < 0 || ::fstat(input.descriptor, &status) != 0)
        return std::unexpected(systemError(errno, "can't be read", file));
    if (!S_ISREG(status.st_mode)) // a device might never end
        return fail(ErrorCode::Unreadable, pathText(file) + " can't be read: it isn't a file.", file);
    const std::unique_ptr<XXH3_state_t, decltype(&XXH3_freeState)> state(XXH3_createState(), &XXH3_freeState);
    if (!state || XXH3_128bits_reset(state.get()) == XXH_ERROR)
        return fail(ErrorCode::Internal, "There is not enough memory to read files.", file);
    std::vector<std::byte> block(kBlockBytes);
    while (true) {
        const ssize_t got = ::read(input.descriptor, block.data(), block.size());
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return std::unexpected(systemError(errno, "can't be read", file));
        if (got == 0)
            break;
        XXH3_128bits_update(state.get(), block.data(), static_cast<std::size_t>(got));
    }
    const auto hash = XXH3_128bits_digest(state.get());
    return ContentHash{hash.high64, hash.low64};
}

} // namespace whisker
