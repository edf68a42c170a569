// Makes many different pictures from a few photographs, for figures with 25,000: crops, flips and changed colours at 500 x 375, re-encoded, in a folder a
// class (the name of the folder that a photograph lies in). The same arguments give the same bytes.
// Usage: make_pictures FROM TO COUNT
#include "engine/base/counter_random.h"
#include "engine/base/path_text.h"
#include "engine/base/thread_pool.h"
#include "engine/image/decode.h"
#include "engine/image/jpeg_writer.h"
#include "engine/image/resample.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace whisker {
namespace {

constexpr int kWidth = 500;
constexpr int kHeight = 375;
constexpr std::uint64_t kSeed = 25'000;

std::vector<std::filesystem::path> photographsIn(const std::filesystem::path &folder)
{
    std::vector<std::filesystem::path> files;
    for (const auto &entry : std::filesystem::recursive_directory_iterator(folder)) {
        if (entry.is_regular_file() && entry.path().extension() == ".jpg")
            files.push_back(entry.path());
    }
    std::ranges::sort(files);
    return files;
}

/// A third to nine tenths of the photograph's area, anywhere in it.
Box chosenCrop(const RgbImage &photograph, CounterRandom &random)
{
    const double aspect = static_cast<double>(kWidth) / kHeight * std::exp(random.uniform(-0.15, 0.15));
    const double area = random.uniform(0.33, 0.9) * photograph.width * photograph.height;
    const double width = std::min<double>(std::sqrt(area * aspect), photograph.width);
    const double height = std::min<double>(std::sqrt(area / aspect), photograph.height);
    const double left = random.uniform(0, photograph.width - width);
    const double top = random.uniform(0, photograph.height - height);
    return {left, top, left + width, top + height};
}

void mirror(RgbImage &image)
{
    for (int y = 0; y < image.height; ++y) {
        for (int x = 0; x < image.width / 2; ++x)
            std::swap_ranges(image.row(y) + 3 * x, image.row(y) + 3 * x + 3, image.row(y) + 3 * (image.width - 1 - x));
    }
}

void changeColours(RgbImage &image, CounterRandom &random)
{
    const double contrast = random.uniform(0.8, 1.25);
    const double light = random.uniform(-20, 20);
    for (std::size_t channel = 0; channel < 3; ++channel) {
        const double gain = contrast * random.uniform(0.9, 1.1);
        std::array<std::uint8_t, 256> levels{};
        for (std::size_t level = 0; level < levels.size(); ++level)
            levels[level] = static_cast<std::uint8_t>(std::clamp((static_cast<double>(level) - 128) * gain + 128 + light, 0.0, 255.0));
        for (std::size_t i = channel; i < image.pixels.size(); i += 3)
            image.pixels[i] = levels[image.pixels[i]];
    }
}

Result<void> makePicture(const std::filesystem::path &photograph, const std::filesystem::path &target, std::size_t number)
{
    const auto decoded = decodeFile(photograph);
    if (!decoded)
        return std::unexpected(decoded.error());
    CounterRandom random(kSeed, number);
    RgbImage picture = resample(decoded->rgb, chosenCrop(decoded->rgb, random), kWidth, kHeight, Interpolation::Bilinear);
    if (random.below(2) == 1)
        mirror(picture);
    changeColours(picture, random);
    const auto bytes = encodeJpeg(picture, 75 + static_cast<int>(random.below(20)));
    if (!bytes)
        return std::unexpected(bytes.error());
    std::ofstream file(target, std::ios::binary); // not synced: it can be made again
    if (!file.write(reinterpret_cast<const char *>(bytes->data()), static_cast<std::streamsize>(bytes->size())).flush())
        return fail(ErrorCode::NoSpace, pathText(target) + " can't be written.", target);
    return {};
}

int make(const std::filesystem::path &from, const std::filesystem::path &to, std::size_t count)
{
    const auto photographs = photographsIn(from);
    if (photographs.empty()) {
        std::fprintf(stderr, "make_pictures: %s holds no .jpg photographs.\n", pathText(from).c_str());
        return 1;
    }
    for (const auto &photograph : photographs)
        std::filesystem::create_directories(to / photograph.parent_path().filename());
    std::atomic<std::size_t> failures = 0;
    parallelFor(count, usableProcessors(), [&](std::size_t i) {
        const auto &photograph = photographs[i % photographs.size()];
        char name[32];
        std::snprintf(name, sizeof name, "%06zu.jpg", i);
        if (const auto made = makePicture(photograph, to / photograph.parent_path().filename() / name, i); !made) {
            std::fprintf(stderr, "make_pictures: %s\n", made.error().message.c_str());
            ++failures;
        }
    });
    return failures == 0 ? 0 : 1;
}

} // namespace
} // namespace whisker

int main(int argc, char **argv)
{
    std::size_t count = 0;
    if (argc == 4)
        std::from_chars(argv[3], argv[3] + std::strlen(argv[3]), count);
    if (count == 0) {
        std::fprintf(stderr, "Usage: make_pictures FROM TO COUNT\n");
        return 2;
    }
    return whisker::make(argv[1], argv[2], count);
}
