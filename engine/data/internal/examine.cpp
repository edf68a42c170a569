#include "engine/data/internal/examine.h"

#include "engine/base/atomic_file.h"
#include "engine/base/path_text.h"
#include "engine/base/thread_pool.h"
#include "engine/data/internal/folder_listing.h"
#include "engine/image/decode.h"

#include <cstring>
#include <new>
#include <sys/stat.h>

namespace whisker {

namespace {

std::size_t byteAt(std::span<const std::byte> bytes, std::size_t place)
{
    return place < bytes.size() ? std::to_integer<std::size_t>(bytes[place]) : 0;
}

/// ISO/IEC 10918-1, annex B: segments up to the first scan; the end mark FF D9 can't stand in coded data before it.
bool jpegEndsEarly(std::span<const std::byte> bytes)
{
    std::size_t place = 2;
    while (place + 4 <= bytes.size() && byteAt(bytes, place) == 0xFF) {
        const std::size_t mark = byteAt(bytes, place + 1);
        if (mark == 0xFF) { // a fill byte
            ++place;
            continue;
        }
        place += 2 + (byteAt(bytes, place + 2) << 8 | byteAt(bytes, place + 3));
        if (mark == 0xDA)
            break;
    }
    if (place >= bytes.size())
        return true;
    constexpr std::string_view endMark = "\xFF\xD9";
    const std::string_view coded(reinterpret_cast<const char *>(bytes.data()) + place, bytes.size() - place);
    return coded.rfind(endMark) == std::string_view::npos;
}

/// PNG specification, section 5: chunks of length, name, data and CRC; the last is IEND.
bool pngEndsEarly(std::span<const std::byte> bytes)
{
    std::size_t place = 8;
    while (place + 12 <= bytes.size()) {
        if (std::memcmp(bytes.data() + place + 4, "IEND", 4) == 0)
            return false;
        std::size_t length = 0;
        for (std::size_t i = 0; i < 4; ++i)
            length = length << 8 | byteAt(bytes, place + i);
        place += 12 + length;
    }
    return true;
}

/// Decodes what ends early: most of it may be there all the same.
void examineTruncated(std::span<const std::byte> bytes, const std::filesystem::path &file, ExaminedFile &examined)
{
    const auto decoded = decodeImage(bytes, file, {.shortEdgeAtLeastPx = 32});
    if (!decoded) {
        examined.problem = sentenceWithoutName(decoded.error(), file);
        return;
    }
    examined.state = ImageState::Truncated;
    examined.note = decoded->note.empty() ? "the file ends early" : decoded->note;
}

ExaminedFile examineBytes(const std::filesystem::path &file, ExaminedFile examined)
{
    const auto bytes = readFile(file);
    if (!bytes) {
        examined.problem = sentenceWithoutName(bytes.error(), file);
        examined.cantRead = bytes.error().code == ErrorCode::Unreadable;
        return examined;
    }
    const auto header = readHeader(*bytes, file);
    if (!header) {
        examined.problem = sentenceWithoutName(header.error(), file);
        return examined;
    }
    examined.bytes = static_cast<std::int64_t>(bytes->size());
    examined.hash = hashBytes(*bytes);
    examined.width = header->width;
    examined.height = header->height;
    if ((header->kind == FileKind::Jpeg && jpegEndsEarly(*bytes)) || (header->kind == FileKind::Png && pngEndsEarly(*bytes)))
        examineTruncated(*bytes, file, examined);
    return examined;
}

} // namespace

std::string sentenceWithoutName(const Error &error, const std::filesystem::path &file)
{
    std::string_view sentence = error.message;
    const std::string name = pathText(file);
    if (!sentence.starts_with(name))
        return error.message;
    sentence.remove_prefix(name.size());
    return sentence.starts_with(' ') ? "It" + std::string(sentence) : error.message;
}

std::optional<FileFacts> fileFacts(const std::filesystem::path &file)
{
    struct stat status {};
    if (::stat(file.c_str(), &status) != 0)
        return std::nullopt;
    return FileFacts{status.st_size, status.st_mtim.tv_sec * 1'000'000'000 + status.st_mtim.tv_nsec};
}

ExaminedFile examineFile(const std::filesystem::path &file)
{
    ExaminedFile examined;
    examined.done = true;
    const auto facts = fileFacts(file);
    examined.isGone = !facts;
    if (facts) {
        examined.bytes = facts->bytes;
        examined.modifiedNs = facts->modifiedNs;
    }
    if (facts && facts->bytes == 0) {
        examined.problem = "The file is empty. Copy it here again, or take it out.";
        return examined;
    }
    // A film among the pictures may have gigabytes: its first bytes are enough. What can't be opened is explained by readFile().
    constexpr std::int64_t largeBytes = 1 << 24;
    if (facts && facts->bytes > largeBytes && !startsLikePicture(file)) {
        examined.problem = "No picture: its first bytes are not those of a JPEG, PNG, BMP, WebP, TIFF, GIF or PNM file.";
        return examined;
    }
    try {
        return examineBytes(file, examined);
    } catch (const std::bad_alloc &) {
        examined.problem = "There is not enough memory to read it.";
        return examined;
    }
}

std::vector<ExaminedFile> examineFiles(std::span<const FoundFile> files, std::size_t threads, std::stop_token stop)
{
    std::vector<ExaminedFile> examined(files.size());
    parallelFor(files.size(), threads, [&](std::size_t i) { examined[i] = examineFile(files[i].path()); }, stop);
    return examined;
}

} // namespace whisker
