#pragma once

#include "engine/base/result.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace whisker {

/// Element types of safetensors that Whisker reads and writes.
enum class DType { Float64, Float32, Float16, BFloat16, Int64, Int32, Int16, Int8, UInt8, Bool };

std::size_t bytesPerElement(DType type);

/// Row-major, little-endian, dense: data.size() == product of shape * bytesPerElement(dtype). No dimension: one element.
struct WeightTensor {
    DType dtype = DType::Float32;
    std::vector<std::int64_t> shape;
    std::vector<std::byte> data;

    static WeightTensor fromFloats(std::vector<std::int64_t> shape, std::span<const float> values);
    std::int64_t elementCount() const;
    /// The elements as float32. Precondition: dtype is Float32.
    std::span<const float> floats() const;
    std::span<float> floats();
    bool operator==(const WeightTensor &) const = default;
};

/// Tensors by name, in byte order of the names. A plain value.
class Weights {
public:
    using Map = std::map<std::string, WeightTensor, std::less<>>;

    void set(std::string name, WeightTensor tensor) { m_tensors.insert_or_assign(std::move(name), std::move(tensor)); }
    const WeightTensor *find(std::string_view name) const; ///< nullptr where there is none.
    WeightTensor *find(std::string_view name);
    bool remove(std::string_view name);                    ///< False where there was none.
    std::size_t size() const { return m_tensors.size(); }
    Map::const_iterator begin() const { return m_tensors.begin(); }
    Map::const_iterator end() const { return m_tensors.end(); }
    bool operator==(const Weights &) const = default;

private:
    Map m_tensors;
};

using SafetensorsMetadata = std::map<std::string, std::string, std::less<>>;

struct SafetensorsFile {
    Weights weights;
    SafetensorsMetadata metadata;
};

/// Reads a safetensors file (github.com/huggingface/safetensors, "Format"). Memory: once the size of the file.
/// Errors: NotFound, PermissionDenied, Unreadable, BadFormat (no safetensors file, cut off, or a header that does not fit its data), each naming
/// the file; Unsupported (an element type that is not in DType).
Result<SafetensorsFile> readSafetensors(const std::filesystem::path &file);

/// Only the strings of `__metadata__`, without reading a tensor; the header is checked as by readSafetensors().
Result<SafetensorsMetadata> readSafetensorsMetadata(const std::filesystem::path &file);

/// Writes whole or not at all; the same content gives the same bytes. Strings must be UTF-8.
/// Errors: NotFound (no such folder), PermissionDenied, NoSpace, InvalidArgument (a tensor whose data does not fit its shape, text not UTF-8).
Result<void> writeSafetensors(const std::filesystem::path &file, const Weights &weights, const SafetensorsMetadata &metadata);

} // namespace whisker
