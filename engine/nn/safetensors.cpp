// The format (github.com/huggingface/safetensors, "Format"): 8 bytes little-endian length of the header, the header as JSON, the bytes of the
// tensors. The header maps each name to {"dtype", "shape", "data_offsets": [begin, end)}, counted from the end of the header; the ranges
// cover what follows without overlap and without holes. "__metadata__" maps strings to strings.
#include "engine/base/atomic_file.h"
#include "engine/base/path_text.h"
#include "engine/nn/weights.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cerrno>
#include <cstring>
#include <fmt/format.h>
#include <fstream>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

namespace whisker {

static_assert(std::endian::native == std::endian::little, "safetensors is little-endian, and bytes are copied as they are");

namespace {

using nlohmann::json;

constexpr std::uint64_t kHeaderLimitBytes = 100'000'000; // as the reference implementation; a longer one is no header
constexpr const char *kMetadataKey = "__metadata__";

constexpr std::array<std::pair<std::string_view, DType>, 10> kTypeNames{{{"F64", DType::Float64},
                                                                          {"F32", DType::Float32},
                                                                          {"F16", DType::Float16},
                                                                          {"BF16", DType::BFloat16},
                                                                          {"I64", DType::Int64},
                                                                          {"I32", DType::Int32},
                                                                          {"I16", DType::Int16},
                                                                          {"I8", DType::Int8},
                                                                          {"U8", DType::UInt8},
                                                                          {"BOOL", DType::Bool}}};

struct Entry {
    std::string name;
    DType dtype = DType::Float32;
    std::vector<std::int64_t> shape;
    std::uint64_t begin = 0, end = 0;
};

struct Header {
    std::vector<Entry> entries; // in the order of their bytes
    SafetensorsMetadata metadata;
};

std::unexpected<Error> badFile(const std::filesystem::path &file, const std::string &reason)
{
    return fail(ErrorCode::BadFormat,
                fmt::format("{} is not a whole safetensors file: {}; take another copy of it.", pathText(file), reason), file);
}

/// Bytes that `shape` takes; nothing where that is no sensible number.
std::optional<std::uint64_t> shapeBytes(const std::vector<std::int64_t> &shape, DType type)
{
    std::uint64_t bytes = bytesPerElement(type);
    for (const std::int64_t extent : shape) {
        if (extent < 0)
            return std::nullopt;
        if (extent > 0 && bytes > std::numeric_limits<std::int64_t>::max() / static_cast<std::uint64_t>(extent))
            return std::nullopt;
        bytes *= static_cast<std::uint64_t>(extent);
    }
    return bytes;
}

bool isCount(const json &value)
{
    return value.is_number_unsigned() && value.get<std::uint64_t>() <= std::numeric_limits<std::int64_t>::max();
}

Result<Entry> parseEntry(const std::string &name, const json &value, std::uint64_t dataBytes, const std::filesystem::path &file)
{
    const auto bad = [&](const std::string &what) { return badFile(file, fmt::format("the entry of tensor {} {}", name, what)); };
    if (!value.is_object() || !value.contains("dtype") || !value["dtype"].is_string() || !value.contains("shape") ||
        !value["shape"].is_array() || !value.contains("data_offsets") || !value["data_offsets"].is_array() ||
        value["data_offsets"].size() != 2 || !std::ranges::all_of(value["data_offsets"], isCount) ||
        !std::ranges::all_of(value["shape"], isCount))
        return bad("lacks its type, its shape or its place");
    const auto typeName = value["dtype"].get<std::string>();
    const auto type = std::ranges::find(kTypeNames, typeName, &std::pair<std::string_view, DType>::first);
    if (type == kTypeNames.end())
        return fail(ErrorCode::Unsupported,
                    fmt::format("{} can't be used: tensor {} has the element type {}, which Whisker does not read.", pathText(file), name,
                                typeName),
                    file);
    Entry entry{name, type->second, value["shape"].get<std::vector<std::int64_t>>(), value["data_offsets"][0].get<std::uint64_t>(),
                value["data_offsets"][1].get<std::uint64_t>()};
    if (entry.begin > entry.end || entry.end > dataBytes)
        return bad("points outside the file");
    if (shapeBytes(entry.shape, entry.dtype) != entry.end - entry.begin)
        return bad("has a place that does not fit its shape and type");
    return entry;
}

/// The ranges must follow each other from 0 to the end of the file.
Result<void> checkCover(std::vector<Entry> &entries, std::uint64_t dataBytes, const std::filesystem::path &file)
{
    std::ranges::sort(entries, {}, [](const Entry &entry) { return std::pair(entry.begin, entry.end); });
    std::uint64_t position = 0;
    for (const Entry &entry : entries) {
        if (entry.begin < position)
            return badFile(file, fmt::format("tensor {} overlaps another one", entry.name));
        if (entry.begin > position)
            return badFile(file, fmt::format("there is a hole before tensor {}", entry.name));
        position = entry.end;
    }
    if (position != dataBytes)
        return badFile(file, "bytes follow that belong to no tensor");
    return {};
}

Result<Header> parseHeader(const std::string &text, std::uint64_t dataBytes, const std::filesystem::path &file)
{
    const json tree = json::parse(text, nullptr, false);
    if (!tree.is_object())
        return badFile(file, "its header can't be read");
    Header header;
    for (const auto &[name, value] : tree.items()) {
        if (name == kMetadataKey) {
            if (!value.is_object() || !std::ranges::all_of(value, [](const json &item) { return item.is_string(); }))
                return badFile(file, "its metadata are no strings");
            header.metadata = value.get<SafetensorsMetadata>();
            continue;
        }
        auto entry = parseEntry(name, value, dataBytes, file);
        if (!entry)
            return std::unexpected(entry.error());
        header.entries.push_back(std::move(*entry));
    }
    if (auto covered = checkCover(header.entries, dataBytes, file); !covered)
        return std::unexpected(covered.error());
    return header;
}

Result<Header> readHeader(std::ifstream &stream, const std::filesystem::path &file)
{
    std::error_code problem;
    if (!std::filesystem::is_regular_file(file, problem)) {
        if (problem)
            return std::unexpected(systemError(problem.value(), "can't be read", file));
        return fail(ErrorCode::Unreadable, pathText(file) + " can't be read: it isn't a file.", file);
    }
    errno = 0;
    stream.open(file, std::ios::binary);
    if (!stream)
        return std::unexpected(systemError(errno != 0 ? errno : EIO, "can't be read", file));
    const std::uint64_t fileBytes = std::filesystem::file_size(file, problem);
    std::uint64_t headerBytes = 0;
    if (problem || !stream.read(reinterpret_cast<char *>(&headerBytes), 8))
        return badFile(file, "it is too short");
    if (headerBytes > kHeaderLimitBytes || headerBytes > fileBytes - 8)
        return badFile(file, "its header is longer than the file");
    std::string text(headerBytes, '\0');
    if (!stream.read(text.data(), static_cast<std::streamsize>(headerBytes)))
        return badFile(file, "its header ends too early");
    return parseHeader(text, fileBytes - 8 - headerBytes, file);
}

Result<std::string> headerText(const Weights &weights, const SafetensorsMetadata &metadata, const std::filesystem::path &file)
{
    json tree = json::object();
    if (!metadata.empty())
        tree[kMetadataKey] = metadata;
    std::uint64_t position = 0;
    for (const auto &[name, tensor] : weights) {
        const auto bytes = shapeBytes(tensor.shape, tensor.dtype);
        if (bytes != tensor.data.size() || name == kMetadataKey)
            return fail(ErrorCode::InvalidArgument,
                        fmt::format("{} can't be written: tensor {} does not hold what its shape says.", pathText(file), name), file);
        const auto type = std::ranges::find(kTypeNames, tensor.dtype, &std::pair<std::string_view, DType>::second);
        tree[name] = {{"dtype", type->first}, {"shape", tensor.shape}, {"data_offsets", {position, position + *bytes}}};
        position += *bytes;
    }
    try {
        std::string text = tree.dump();
        text.resize((text.size() + 7) / 8 * 8, ' '); // tensors begin at a multiple of 8; the format allows blanks
        return text;
    } catch (const json::exception &) {
        return fail(ErrorCode::InvalidArgument, pathText(file) + " can't be written: a name or description in it is not UTF-8.", file);
    }
}

} // namespace

Result<SafetensorsFile> readSafetensors(const std::filesystem::path &file)
{
    std::ifstream stream;
    auto header = readHeader(stream, file);
    if (!header)
        return std::unexpected(header.error());
    SafetensorsFile result;
    result.metadata = std::move(header->metadata);
    for (Entry &entry : header->entries) {
        WeightTensor tensor{entry.dtype, std::move(entry.shape), std::vector<std::byte>(entry.end - entry.begin)};
        if (!stream.read(reinterpret_cast<char *>(tensor.data.data()), static_cast<std::streamsize>(tensor.data.size())))
            return badFile(file, "it ends too early");
        result.weights.set(std::move(entry.name), std::move(tensor));
    }
    return result;
}

Result<SafetensorsMetadata> readSafetensorsMetadata(const std::filesystem::path &file)
{
    std::ifstream stream;
    auto header = readHeader(stream, file);
    if (!header)
        return std::unexpected(header.error());
    return std::move(header->metadata);
}

Result<void> writeSafetensors(const std::filesystem::path &file, const Weights &weights, const SafetensorsMetadata &metadata)
{
    const auto text = headerText(weights, metadata, file);
    if (!text)
        return std::unexpected(text.error());
    auto target = AtomicFile::create(file);
    if (!target)
        return std::unexpected(target.error());
    const std::uint64_t headerBytes = text->size();
    auto written = target->write(std::as_bytes(std::span(&headerBytes, 1)));
    if (written)
        written = target->write(*text);
    for (const auto &[name, tensor] : weights)
        if (written)
            written = target->write(tensor.data);
    return written ? target->commit() : written;
}

} // namespace whisker
