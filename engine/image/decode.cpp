#include "engine/image/decode.h"

#include "engine/base/atomic_file.h"
#include "engine/base/path_text.h"
#include "engine/image/codec.h"

#include <algorithm>
#include <cstring>
#include <fstream>
#include <new>
#include <string_view>
#include <utility>
#include <vector>

namespace whisker {

namespace {

using codec::Bytes;

constexpr std::size_t kSniffBytes = 512;
constexpr std::size_t kHeaderBytes = std::size_t(1) << 17; // enough for a JPEG's EXIF block with its preview

std::string_view textOf(Bytes bytes, std::size_t from, std::size_t count)
{
    if (bytes.size() <= from)
        return {};
    return {reinterpret_cast<const char *>(bytes.data()) + from, std::min(count, bytes.size() - from)};
}

bool startsWith(Bytes bytes, std::string_view signature, std::size_t from = 0)
{
    return textOf(bytes, from, signature.size()) == signature;
}

/// What a file that is no picture looks like, for the sentence.
std::string guessedContent(Bytes bytes)
{
    using namespace std::string_view_literals;
    const auto head = textOf(bytes, 0, 256);
    if (startsWith(bytes, "ftyp", 4))
        return startsWith(bytes, "avif", 8) ? "it is an AVIF picture" : "it is a HEIC picture or a film";
    if (startsWith(bytes, "%PDF"))
        return "it is a PDF document";
    if (startsWith(bytes, "8BPS"))
        return "it is a Photoshop document";
    if (head.find("<svg") != head.npos)
        return "it is an SVG drawing";
    if (startsWith(bytes, "<") || startsWith(bytes, "\xEF\xBB\xBF<"))
        return "it is an XML or HTML text";
    if (std::all_of(head.begin(), head.end(), [](char c) { return c == '\0'; }))
        return "it holds nothing but zeros";
    const bool text = std::all_of(head.begin(), head.end(), [](char c) { return c >= ' ' || (c >= '\t' && c <= '\r') || c < 0; });
    return text ? "it is a text" : "its first bytes are of no known kind";
}

std::unexpected<Error> unknownKind(Bytes bytes, const std::filesystem::path &file)
{
    if (bytes.empty())
        return fail(ErrorCode::BadFormat, pathText(file) + " is empty (0 bytes). Replace it with a good copy or take it out.", file);
    return fail(ErrorCode::BadFormat,
                pathText(file) + " is no picture that can be read: " + guessedContent(bytes) + ". Save it as JPEG or PNG, or take it out.", file);
}

std::unexpected<Error> failed(const codec::Problem &problem, FileKind kind, const std::filesystem::path &file)
{
    const std::string advice =
        problem.code == ErrorCode::Unsupported ? ". Make it smaller or take it out." : ". Replace it with a good copy or take it out.";
    return fail(problem.code, pathText(file) + " can't be decoded as " + fileKindName(kind) + ": " + validUtf8(problem.reason) + advice, file);
}

codec::Outcome<codec::Header> headerOf(FileKind kind, Bytes bytes)
{
    switch (kind) {
    case FileKind::Jpeg:
        return codec::readJpegHeader(bytes);
    case FileKind::Png:
        return codec::readPngHeader(bytes);
    case FileKind::Bmp:
        return codec::readBmpHeader(bytes);
    case FileKind::WebP:
        return codec::readWebPHeader(bytes);
    case FileKind::Tiff:
        return codec::readTiffHeader(bytes);
    case FileKind::Gif:
        return codec::readGifHeader(bytes);
    case FileKind::Pnm:
        return codec::readPnmHeader(bytes);
    case FileKind::Unknown:
        break;
    }
    return std::unexpected(codec::Problem{ErrorCode::BadFormat, "its kind isn't known"});
}

codec::Outcome<codec::Picture> pictureOf(FileKind kind, Bytes bytes, const DecodeOptions &options)
{
    switch (kind) {
    case FileKind::Jpeg:
        return codec::decodeJpeg(bytes, options.shortEdgeAtLeastPx);
    case FileKind::Png:
        return codec::decodePng(bytes);
    case FileKind::Bmp:
        return codec::decodeBmp(bytes);
    case FileKind::WebP:
        return codec::decodeWebP(bytes);
    case FileKind::Tiff:
        return codec::decodeTiff(bytes);
    case FileKind::Gif:
        return codec::decodeGif(bytes);
    case FileKind::Pnm:
        return codec::decodePnm(bytes);
    case FileKind::Unknown:
        break;
    }
    return std::unexpected(codec::Problem{ErrorCode::BadFormat, "its kind isn't known"});
}

std::pair<int, int> uprightSize(const codec::Header &header)
{
    return header.orientation >= 5 ? std::pair(header.height, header.width) : std::pair(header.width, header.height);
}

/// Up to `count` bytes; fewer at the file's end, none where it isn't a file that can be read.
std::vector<std::byte> startOf(const std::filesystem::path &file, std::size_t count)
{
    std::error_code ignored; // readFile() then says what is wrong
    std::vector<std::byte> bytes;
    if (!std::filesystem::is_regular_file(file, ignored))
        return bytes;
    bytes.resize(count);
    std::ifstream input(file, std::ios::binary);
    input.read(reinterpret_cast<char *>(bytes.data()), static_cast<std::streamsize>(count));
    bytes.resize(static_cast<std::size_t>(std::max<std::streamsize>(input.gcount(), 0)));
    return bytes;
}

std::unexpected<Error> outOfMemory(const std::filesystem::path &file)
{
    return fail(ErrorCode::Internal, pathText(file) + " can't be decoded: there is not enough memory. Close other programs or make the picture smaller.",
                file);
}

} // namespace

FileKind sniffFileKind(std::span<const std::byte> bytes)
{
    using namespace std::string_view_literals;
    if (startsWith(bytes, "\xFF\xD8\xFF"))
        return FileKind::Jpeg;
    if (startsWith(bytes, "\x89PNG\r\n\x1A\n"))
        return FileKind::Png;
    if (startsWith(bytes, "RIFF") && startsWith(bytes, "WEBP", 8))
        return FileKind::WebP;
    if (startsWith(bytes, "II*\0"sv) || startsWith(bytes, "MM\0*"sv) || startsWith(bytes, "II+\0"sv) || startsWith(bytes, "MM\0+"sv))
        return FileKind::Tiff;
    if (startsWith(bytes, "GIF87a") || startsWith(bytes, "GIF89a"))
        return FileKind::Gif;
    // Two letters alone would take many a text for a bitmap; the header's length is one of a few small numbers.
    if (startsWith(bytes, "BM") && startsWith(bytes, "\0\0\0"sv, 15))
        return FileKind::Bmp;
    const auto start = textOf(bytes, 0, 3);
    if (start.size() == 3 && start[0] == 'P' && start[1] >= '1' && start[1] <= '6' && std::strchr(" \t\r\n#", start[2]) && start[2])
        return FileKind::Pnm;
    return FileKind::Unknown;
}

const char *fileKindName(FileKind kind)
{
    switch (kind) {
    case FileKind::Jpeg:
        return "JPEG";
    case FileKind::Png:
        return "PNG";
    case FileKind::Bmp:
        return "BMP";
    case FileKind::WebP:
        return "WebP";
    case FileKind::Tiff:
        return "TIFF";
    case FileKind::Gif:
        return "GIF";
    case FileKind::Pnm:
        return "PNM";
    case FileKind::Unknown:
        break;
    }
    return "unknown";
}

Result<std::vector<std::byte>> readPictureFile(const std::filesystem::path &file)
{
    const auto start = startOf(file, kSniffBytes);
    if (start.size() == kSniffBytes && sniffFileKind(start) == FileKind::Unknown)
        return unknownKind(start, file);
    auto bytes = readFile(file);
    std::error_code ignored; // then it isn't known to be a link
    if (!bytes && bytes.error().code == ErrorCode::NotFound && std::filesystem::is_symlink(file, ignored))
        return fail(ErrorCode::NotFound,
                    pathText(file) + " can't be read: it is a link to a file that isn't there. Restore that file or take the link out.", file);
    return bytes;
}

Result<DecodedImage> decodeImage(std::span<const std::byte> bytes, const std::filesystem::path &nameForErrors, const DecodeOptions &options)
try {
    const FileKind kind = sniffFileKind(bytes);
    if (kind == FileKind::Unknown)
        return unknownKind(bytes, nameForErrors);
    auto picture = pictureOf(kind, bytes, options);
    if (!picture)
        return failed(picture.error(), kind, nameForErrors);
    const auto [width, height] = uprightSize(picture->header);
    return DecodedImage{codec::oriented(std::move(picture->rgb), picture->header.orientation), width, height, kind, picture->truncated,
                        validUtf8(picture->note)};
} catch (const std::bad_alloc &) {
    return outOfMemory(nameForErrors);
}

Result<DecodedImage> decodeFile(const std::filesystem::path &file, const DecodeOptions &options)
try {
    const auto bytes = readPictureFile(file);
    if (!bytes)
        return std::unexpected(bytes.error());
    return decodeImage(*bytes, file, options);
} catch (const std::bad_alloc &) {
    return outOfMemory(file);
}

Result<ImageHeader> readHeader(std::span<const std::byte> bytes, const std::filesystem::path &nameForErrors)
try {
    const FileKind kind = sniffFileKind(bytes);
    if (kind == FileKind::Unknown)
        return unknownKind(bytes, nameForErrors);
    const auto header = headerOf(kind, bytes);
    if (!header)
        return failed(header.error(), kind, nameForErrors);
    const auto [width, height] = uprightSize(*header);
    return ImageHeader{width, height, kind};
} catch (const std::bad_alloc &) {
    return outOfMemory(nameForErrors);
}

Result<ImageHeader> readHeader(const std::filesystem::path &file)
try {
    const auto start = startOf(file, kHeaderBytes);
    const FileKind kind = sniffFileKind(start);
    // A TIFF's header may lie anywhere, and a WebP's orientation stands at the end.
    if (kind != FileKind::Unknown && kind != FileKind::Tiff && kind != FileKind::WebP)
        if (auto header = readHeader(start, file))
            return header;
    const auto bytes = readPictureFile(file);
    if (!bytes)
        return std::unexpected(bytes.error());
    return readHeader(*bytes, file);
} catch (const std::bad_alloc &) {
    return outOfMemory(file);
}

} // namespace whisker
