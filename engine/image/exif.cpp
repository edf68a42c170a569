#include "engine/image/exif.h"

#include "engine/image/codec.h"
#include "engine/image/decode.h"

#include <algorithm>
#include <libexif/exif-data.h>
#include <memory>
#include <string_view>
#include <vector>

namespace whisker {

namespace {

constexpr std::string_view kPrefix{"Exif\0\0", 6}; // what libexif wants before the TIFF structure
constexpr std::size_t kMostBytes = std::size_t(1) << 20; // a block in a JPEG has at most 64 KiB; a TIFF may have its tags anywhere

struct FreeData {
    void operator()(ExifData *data) const { exif_data_unref(data); }
};
using Data = std::unique_ptr<ExifData, FreeData>;

bool hasText(std::span<const std::byte> bytes, std::size_t at, std::string_view text)
{
    return bytes.size() >= at + text.size() &&
           std::ranges::equal(bytes.subspan(at, text.size()), text, [](std::byte one, char other) { return std::to_integer<char>(one) == other; });
}

/// The data of the chunk `type`, where chunks are a length and a type (PNG: `bigEndian`, with a checksum) or a type and a length (RIFF, padded to even).
std::span<const std::byte> chunk(std::span<const std::byte> bytes, std::size_t at, bool png, std::string_view type)
{
    const codec::ByteReader read(bytes, png);
    while (at + 8 <= bytes.size()) {
        const std::size_t length = read.u32(at + (png ? 0 : 4));
        if (length > bytes.size() - at - 8)
            return {};
        if (hasText(bytes, at + (png ? 4 : 0), type))
            return bytes.subspan(at + 8, length);
        at += 8 + length + (png ? 4 : length % 2);
    }
    return {};
}

/// The TIFF structure, or for a JPEG the file: libexif finds it there by itself.
std::span<const std::byte> blockOf(std::span<const std::byte> bytes)
{
    switch (sniffFileKind(bytes)) {
    case FileKind::Jpeg:
    case FileKind::Tiff: return bytes.first(std::min(bytes.size(), kMostBytes));
    case FileKind::Png: return chunk(bytes, 8, true, "eXIf");
    case FileKind::WebP: return chunk(bytes, 12, false, "EXIF");
    default: return {};
    }
}

Data load(std::span<const std::byte> block)
{
    Data data(exif_data_new());
    if (!data || block.empty())
        return {};
    exif_data_unset_option(data.get(), EXIF_DATA_OPTION_FOLLOW_SPECIFICATION); // it would make up what is missing, such as the time
    std::vector<unsigned char> bytes;
    const bool bare = hasText(block, 0, "II") || hasText(block, 0, "MM");
    if (bare)
        bytes.assign(kPrefix.begin(), kPrefix.end());
    const auto *begin = codec::unsignedBytes(block);
    bytes.insert(bytes.end(), begin, begin + block.size());
    exif_data_load_data(data.get(), bytes.data(), static_cast<unsigned>(bytes.size()));
    return data;
}

ExifEntry *entry(ExifData &data, ExifIfd ifd, ExifTag tag, ExifFormat format)
{
    ExifEntry *found = exif_content_get_entry(data.ifd[ifd], tag);
    const bool whole = found && found->data && found->components > 0 && found->format == format &&
                       found->size >= exif_format_get_size(format);
    return whole ? found : nullptr;
}

std::string text(ExifData &data, ExifIfd ifd, ExifTag tag)
{
    const ExifEntry *found = entry(data, ifd, tag, EXIF_FORMAT_ASCII);
    if (!found)
        return {};
    std::string result(reinterpret_cast<const char *>(found->data), found->size);
    result.resize(std::min(result.find('\0'), result.size()));
    const auto first = result.find_first_not_of(' ');
    return first == std::string::npos ? std::string() : result.substr(first, result.find_last_not_of(' ') - first + 1);
}

std::optional<double> number(ExifData &data, ExifTag tag)
{
    const ExifEntry *found = entry(data, EXIF_IFD_EXIF, tag, EXIF_FORMAT_RATIONAL);
    if (!found)
        return std::nullopt;
    const ExifRational value = exif_get_rational(found->data, exif_data_get_byte_order(&data));
    if (value.denominator == 0 || value.numerator == 0)
        return std::nullopt;
    return static_cast<double>(value.numerator) / value.denominator;
}

std::string cameraOf(const std::string &maker, const std::string &model)
{
    const auto firstWord = maker.substr(0, maker.find(' '));
    return maker.empty() || model.starts_with(firstWord) ? model : model.empty() ? maker : maker + " " + model;
}

} // namespace

ExifFacts readExif(std::span<const std::byte> bytes)
{
    const Data data = load(blockOf(bytes));
    if (!data)
        return {};
    ExifFacts facts;
    facts.camera = cameraOf(text(*data, EXIF_IFD_0, EXIF_TAG_MAKE), text(*data, EXIF_IFD_0, EXIF_TAG_MODEL));
    facts.lens = text(*data, EXIF_IFD_EXIF, EXIF_TAG_LENS_MODEL);
    facts.taken = text(*data, EXIF_IFD_EXIF, EXIF_TAG_DATE_TIME_ORIGINAL);
    facts.exposureSeconds = number(*data, EXIF_TAG_EXPOSURE_TIME);
    facts.aperture = number(*data, EXIF_TAG_FNUMBER);
    facts.focalLengthMm = number(*data, EXIF_TAG_FOCAL_LENGTH);
    if (const ExifEntry *found = entry(*data, EXIF_IFD_EXIF, EXIF_TAG_ISO_SPEED_RATINGS, EXIF_FORMAT_SHORT)) {
        if (const int iso = exif_get_short(found->data, exif_data_get_byte_order(data.get())); iso > 0)
            facts.iso = iso;
    }
    return facts;
}

Result<ExifFacts> readExif(const std::filesystem::path &file)
{
    const auto bytes = readPictureFile(file);
    if (!bytes)
        return std::unexpected(bytes.error());
    return readExif(*bytes);
}

} // namespace whisker
