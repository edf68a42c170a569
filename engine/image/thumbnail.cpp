#include "engine/image/thumbnail.h"

#include "engine/base/atomic_file.h"
#include "engine/base/log.h"
#include "engine/base/path_text.h"
#include "engine/image/content_hash.h"
#include "engine/image/decode.h"
#include "engine/image/jpeg_writer.h"
#include "engine/image/resample.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <fstream>
#include <new>
#include <optional>
#include <sys/stat.h>
#include <unistd.h>

namespace whisker {

namespace {

constexpr int kQuality = 88;

struct Size {
    int width, height;
};

Size fitted(int width, int height, int edgePx)
{
    const int longEdge = std::max(width, height);
    if (longEdge <= edgePx)
        return {width, height};
    const double scale = static_cast<double>(edgePx) / longEdge;
    return {std::max(1, static_cast<int>(std::lround(width * scale))), std::max(1, static_cast<int>(std::lround(height * scale)))};
}

/// Where the thumbnail of `file` as it is now lies; nothing where the file isn't there. Two levels, since a folder with 100,000 files is slow.
std::optional<std::filesystem::path> cachedPath(const std::filesystem::path &file, int edgePx, const std::filesystem::path &cacheFolder)
{
    struct stat status {};
    if (cacheFolder.empty() || ::stat(file.c_str(), &status) != 0)
        return std::nullopt;
    std::error_code ignored; // a relative path is as good a key while the working folder stays
    const auto whole = std::filesystem::absolute(file, ignored);
    std::string key = (ignored ? file : whole).native();
    for (const long long part : {static_cast<long long>(status.st_mtim.tv_sec), static_cast<long long>(status.st_mtim.tv_nsec),
                                 static_cast<long long>(status.st_size), static_cast<long long>(edgePx)}) {
        key += '\0';
        key += std::to_string(part);
    }
    const auto hash = hashBytes(std::as_bytes(std::span(key))).toHex();
    return cacheFolder / hash.substr(0, 2) / (hash.substr(2) + ".jpg");
}

std::optional<RgbImage> readCached(const std::filesystem::path &cached, int edgePx)
{
    const auto bytes = readFile(cached);
    if (!bytes || sniffFileKind(*bytes) != FileKind::Jpeg)
        return std::nullopt;
    auto decoded = decodeImage(*bytes, cached);
    if (!decoded || decoded->truncated || !decoded->note.empty() || std::max(decoded->rgb.width, decoded->rgb.height) > edgePx)
        return std::nullopt;
    return std::move(decoded->rgb);
}

/// Without the sync to disk of AtomicFile: a thumbnail that a power cut spoils is made anew, and waiting for the disk would cost more than decoding.
bool replaceFile(const std::filesystem::path &target, std::span<const std::byte> bytes)
{
    static std::atomic<unsigned> serial = 0;
    auto temporary = target;
    for (const std::string &part : {std::string("."), std::to_string(::getpid()), std::string("-"), std::to_string(serial++), std::string(".part")})
        temporary += part;
    std::error_code error;
    std::filesystem::create_directories(target.parent_path(), error);
    std::ofstream output(temporary, std::ios::binary);
    output.write(reinterpret_cast<const char *>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
    output.close();
    if (output)
        std::filesystem::rename(temporary, target, error);
    if (output && !error)
        return true;
    std::filesystem::remove(temporary, error);
    return false;
}

void store(const RgbImage &image, const std::filesystem::path &cached)
{
    static std::atomic<bool> warned = false; // once says it: every further picture would fail likewise
    const auto bytes = encodeJpeg(image, kQuality);
    if ((!bytes || !replaceFile(cached, *bytes)) && !warned.exchange(true))
        logMessage(LogLevel::Warning, "Thumbnails can't be kept in " + pathText(cached.parent_path()) + ".");
}

Result<RgbImage> made(const std::filesystem::path &file, int edgePx)
{
    const auto bytes = readPictureFile(file);
    if (!bytes)
        return std::unexpected(bytes.error());
    const auto header = readHeader(*bytes, file);
    if (!header)
        return std::unexpected(header.error());
    const Size size = fitted(header->width, header->height, edgePx);
    const auto decoded = decodeImage(*bytes, file, {.shortEdgeAtLeastPx = std::min(size.width, size.height)});
    if (!decoded)
        return std::unexpected(decoded.error());
    return resized(decoded->rgb, size.width, size.height, Interpolation::Bilinear);
}

} // namespace

Result<RgbImage> thumbnail(const std::filesystem::path &file, int edgePx, const std::filesystem::path &cacheFolder)
try {
    const auto cached = cachedPath(file, edgePx, cacheFolder);
    if (cached)
        if (auto image = readCached(*cached, edgePx))
            return std::move(*image);
    auto image = made(file, edgePx);
    if (image && cached)
        store(*image, *cached);
    return image;
} catch (const std::bad_alloc &) {
    return fail(ErrorCode::Internal, pathText(file) + " can't be shown: there is not enough memory. Close other programs.", file);
}

} // namespace whisker
