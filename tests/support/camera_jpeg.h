#pragma once

#include <cstdint>
#include <string>

/// Facts as a camera writes them into its files.
namespace whisker::test {

inline std::string bigEndian(std::uint32_t value, int bytes)
{
    std::string text;
    for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8)
        text += static_cast<char>(value >> shift);
    return text;
}

/// One tag of a TIFF directory whose data lie at `offset`, or are `offset` themselves.
inline std::string exifTag(std::uint32_t name, std::uint32_t format, std::uint32_t count, const std::string &offset)
{
    return bigEndian(name, 2) + bigEndian(format, 2) + bigEndian(count, 4) + offset;
}

/// A TIFF structure: a Canon EOS 80D with a 50 mm lens at f/1.8, 1/250 s, ISO 400, on the 3rd of May 2024 at 14:22:10.
inline std::string cameraBlock()
{
    const std::string maker("Canon\0", 6), model("Canon EOS 80D\0", 14), lens("EF50mm f/1.8\0", 13), time("2024:05:03 14:22:10\0", 20);
    const std::uint32_t second = 8 + 2 + 3 * 12 + 4, data = second + 2 + 6 * 12 + 4;
    const std::uint32_t modelAt = data + 6, lensAt = modelAt + 14, timeAt = lensAt + 13, ratioAt = timeAt + 20;
    return "MM" + bigEndian(42, 2) + bigEndian(8, 4) + bigEndian(3, 2) + exifTag(0x010F, 2, 6, bigEndian(data, 4)) +
           exifTag(0x0110, 2, 14, bigEndian(modelAt, 4)) + exifTag(0x8769, 4, 1, bigEndian(second, 4)) + bigEndian(0, 4) + bigEndian(6, 2) +
           exifTag(0x829A, 5, 1, bigEndian(ratioAt, 4)) + exifTag(0x829D, 5, 1, bigEndian(ratioAt + 8, 4)) +
           exifTag(0x8827, 3, 1, bigEndian(400, 2) + bigEndian(0, 2)) + exifTag(0x9003, 2, 20, bigEndian(timeAt, 4)) +
           exifTag(0x920A, 5, 1, bigEndian(ratioAt + 16, 4)) + exifTag(0xA434, 2, 13, bigEndian(lensAt, 4)) + bigEndian(0, 4) + maker + model + lens +
           time + bigEndian(1, 4) + bigEndian(250, 4) + bigEndian(18, 4) + bigEndian(10, 4) + bigEndian(50, 4) + bigEndian(1, 4);
}

/// A JPEG with such a block put in behind its first marker.
inline std::string withExif(const std::string &jpeg, const std::string &block)
{
    const std::string whole = std::string("Exif\0\0", 6) + block;
    return jpeg.substr(0, 2) + "\xFF\xE1" + bigEndian(static_cast<std::uint32_t>(whole.size() + 2), 2) + whole + jpeg.substr(2);
}

} // namespace whisker::test
