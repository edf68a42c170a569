#pragma once

#include "engine/base/result.h"

#include <cstddef>
#include <filesystem>
#include <optional>
#include <span>
#include <string>

namespace whisker {

/// What a camera wrote into a file (EXIF 2.32); what it did not write, or wrote without sense, is missing. Texts as in the file: not always UTF-8.
struct ExifFacts {
    std::string camera{}; ///< Maker and model, the maker once: "Canon EOS 80D".
    std::string lens{};
    std::string taken{};  ///< "2024:05:03 14:22:10", the camera's clock.
    std::optional<double> exposureSeconds{};
    std::optional<double> aperture{};      ///< f-number.
    std::optional<double> focalLengthMm{};
    std::optional<int> iso{};

    bool operator==(const ExifFacts &) const = default;
};

/// Of a JPEG, TIFF, PNG or WebP; nothing found gives empty facts, also for other bytes. Any thread.
ExifFacts readExif(std::span<const std::byte> bytes);
/// The same for a file. Errors as readPictureFile().
Result<ExifFacts> readExif(const std::filesystem::path &file);

} // namespace whisker
