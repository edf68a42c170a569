#include "engine/image/preprocess.h"

#include "engine/base/path_text.h"
#include "engine/image/content_hash.h"
#include "engine/image/decode.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <new>
#include <utility>

namespace whisker {

namespace {

using Json = nlohmann::ordered_json; // the order of the fields is part of the promise

constexpr int kMinSizePx = 8;
constexpr int kMaxSizePx = 4096;
constexpr std::pair<Fit, const char *> kFits[] = {{Fit::Squash, "squash"}, {Fit::CentreCrop, "centre_crop"}, {Fit::Letterbox, "letterbox"}};
constexpr std::pair<Interpolation, const char *> kInterpolations[] = {
    {Interpolation::Bilinear, "bilinear"}, {Interpolation::Bicubic, "bicubic"}, {Interpolation::Area, "area"}};

template <class T, std::size_t N> const char *nameOf(const std::pair<T, const char *> (&names)[N], T value)
{
    return std::find_if(std::begin(names), std::end(names), [&](const auto &entry) { return entry.first == value; })->second;
}

template <class T, std::size_t N> bool readName(const Json &json, const std::pair<T, const char *> (&names)[N], T &value)
{
    const auto *text = json.get_ptr<const std::string *>();
    const auto found = std::find_if(std::begin(names), std::end(names), [&](const auto &entry) { return text && *text == entry.second; });
    if (found == std::end(names))
        return false;
    value = found->first;
    return true;
}

bool readColour(const Json &json, float aboveAtLeast, std::array<float, 3> &colour)
{
    if (!json.is_array() || json.size() != 3)
        return false;
    for (std::size_t c = 0; c < 3; ++c) {
        if (!json[c].is_number())
            return false;
        colour[c] = json[c].get<float>();
        if (!std::isfinite(colour[c]) || !(colour[c] > aboveAtLeast) || colour[c] > 1e6f)
            return false;
    }
    return true;
}

/// 123.675f as 123.675, not as the 123.67500305175781 that it is as a double; it reads back as the same float.
std::array<double, 3> shortNumbers(const std::array<float, 3> &colour)
{
    std::array<double, 3> numbers{};
    for (std::size_t c = 0; c < 3; ++c) {
        char text[32];
        const auto end = std::to_chars(text, text + sizeof text, colour[c]).ptr;
        std::from_chars(text, end, numbers[c]);
    }
    return numbers;
}

bool readSize(const Json &json, int &sizePx)
{
    if (!json.is_number_integer() || json.get<double>() < kMinSizePx || json.get<double>() > kMaxSizePx)
        return false;
    sizePx = json.get<int>();
    return true;
}

bool readShare(const Json &json, double &share)
{
    share = json.is_number() ? json.get<double>() : 0;
    return share > 0 && share <= 1;
}

RgbImage letterboxed(const RgbImage &image, const Preprocessing &preprocessing)
{
    const int size = preprocessing.sizePx;
    const double scale = static_cast<double>(size) / std::max(image.width, image.height);
    const int width = std::clamp(static_cast<int>(std::lround(image.width * scale)), 1, size);
    const int height = std::clamp(static_cast<int>(std::lround(image.height * scale)), 1, size);
    const auto fitted = resized(image, width, height, preprocessing.interpolation);
    auto target = RgbImage::ofSize(size, size);
    fillWithMean(target, preprocessing);
    const int left = (size - width) / 2, top = (size - height) / 2;
    for (int y = 0; y < height; ++y)
        std::copy_n(fitted.row(y), fitted.rowBytes(), target.row(top + y) + 3 * left);
    return target;
}

Result<RgbImage> prepared(const DecodedImage &decoded, const std::filesystem::path &file, const Preprocessing &preprocessing)
try {
    return preprocess(decoded.rgb, preprocessing);
} catch (const std::bad_alloc &) {
    return fail(ErrorCode::Internal, pathText(file) + " can't be prepared: there is not enough memory. Close other programs.", file);
}

} // namespace

Preprocessing imageNetPreprocessing(int sizePx)
{
    Preprocessing preprocessing;
    preprocessing.sizePx = sizePx;
    return preprocessing;
}

Preprocessing efficientNetLitePreprocessing(int sizePx)
{
    Preprocessing preprocessing;
    preprocessing.sizePx = sizePx;
    preprocessing.cropShare = sizePx / (sizePx + 32.0);
    preprocessing.interpolation = Interpolation::Bicubic;
    preprocessing.mean = {127, 127, 127};
    preprocessing.std = {128, 128, 128};
    return preprocessing;
}

std::string toJson(const Preprocessing &preprocessing)
{
    Json json;
    json["size"] = preprocessing.sizePx;
    json["fit"] = nameOf(kFits, preprocessing.fit);
    json["crop"] = preprocessing.cropShare;
    json["interpolation"] = nameOf(kInterpolations, preprocessing.interpolation);
    json["mean"] = shortNumbers(preprocessing.mean);
    json["std"] = shortNumbers(preprocessing.std);
    return json.dump();
}

Result<Preprocessing> preprocessingFromJson(std::string_view text)
{
    const auto json = Json::parse(text, nullptr, false);
    if (!json.is_object())
        return fail(ErrorCode::BadFormat, "The model's preprocessing is no JSON object. Export the model again.");
    Preprocessing read;
    const auto field = [&](const char *name) { return json.contains(name) ? json[name] : Json(); };
    const std::pair<const char *, bool> checks[] = {
        {"size", readSize(field("size"), read.sizePx)},
        {"fit", readName(field("fit"), kFits, read.fit)},
        {"crop", readShare(field("crop"), read.cropShare)},
        {"interpolation", readName(field("interpolation"), kInterpolations, read.interpolation)},
        {"mean", readColour(field("mean"), -1e6f, read.mean)},
        {"std", readColour(field("std"), 0, read.std)},
    };
    for (const auto &[name, good] : checks)
        if (!good)
            return fail(ErrorCode::BadFormat, std::string("The field \"") + name +
                                                  "\" of the model's preprocessing is missing or out of its range. Export the model again.");
    return read;
}

std::string preprocessingDigest(const Preprocessing &preprocessing)
{
    const std::string json = toJson(preprocessing);
    return hashBytes(std::as_bytes(std::span(json))).toHex();
}

RgbImage preprocess(const RgbImage &image, const Preprocessing &preprocessing)
{
    const int size = preprocessing.sizePx;
    switch (preprocessing.fit) {
    case Fit::Squash:
        return resized(image, size, size, preprocessing.interpolation);
    case Fit::Letterbox:
        return letterboxed(image, preprocessing);
    case Fit::CentreCrop:
        break;
    }
    const double edge = preprocessing.cropShare * std::min(image.width, image.height);
    const double left = (image.width - edge) / 2, top = (image.height - edge) / 2;
    return resample(image, {left, top, left + edge, top + edge}, size, size, preprocessing.interpolation);
}

void fillWithMean(RgbImage &image, const Preprocessing &preprocessing)
{
    for (std::size_t i = 0; i < image.pixels.size(); ++i)
        image.pixels[i] = static_cast<std::uint8_t>(std::clamp(std::lround(preprocessing.mean[i % 3]), 0L, 255L));
}

int decodeShortEdgePx(const Preprocessing &preprocessing)
{
    const double share = preprocessing.fit == Fit::CentreCrop ? preprocessing.cropShare : 1;
    return static_cast<int>(std::ceil(preprocessing.sizePx / share - 1e-9));
}

Result<RgbImage> loadPreprocessed(std::span<const std::byte> bytes, const std::filesystem::path &nameForErrors,
                                  const Preprocessing &preprocessing)
{
    const auto decoded = decodeImage(bytes, nameForErrors, {.shortEdgeAtLeastPx = decodeShortEdgePx(preprocessing)});
    return decoded ? prepared(*decoded, nameForErrors, preprocessing) : std::unexpected(decoded.error());
}

Result<RgbImage> loadPreprocessed(const std::filesystem::path &file, const Preprocessing &preprocessing)
{
    const auto decoded = decodeFile(file, {.shortEdgeAtLeastPx = decodeShortEdgePx(preprocessing)});
    return decoded ? prepared(*decoded, file, preprocessing) : std::unexpected(decoded.error());
}

} // namespace whisker
