#include "engine/image/augment.h"

#include "engine/base/path_text.h"
#include "engine/image/decode.h"

#include <opencv2/core.hpp>

#include <algorithm>
#include <cmath>
#include <new>
#include <utility>

namespace whisker {

namespace {

constexpr int kCropTries = 10; // as torchvision's RandomResizedCrop; then the largest crop of an allowed shape is taken from the middle
constexpr int kRowStep = 4; // every fourth row tells the mean grey well enough
constexpr double kCommonShape = 3.0 / 4.0; // height / width of most photographs
constexpr double kMostEnlarged = 2;        // of the size that the net sees: crops of a tenth of the area are made larger rather than kept in four times the space
constexpr int kSquashedPx = 4096;       // crops are chosen in a square as fine as this, then laid over the picture
constexpr double kGreyOf[3] = {0.299, 0.587, 0.114}; // ITU-R BT.601 luma

/// A square of the picture's own scale that holds all of it: the canvas that Letterbox makes small.
struct Canvas {
    int edge = 0;
    double left = 0, top = 0; ///< Of the picture within it.
};

/// Everything that chance decides for one picture.
struct Choice {
    Box crop;
    bool mirror = false;
    double brightness = 1, contrast = 1, saturation = 1;
};

Box chooseCrop(int width, int height, const Augmentation &augmentation, CounterRandom &random)
{
    const double area = static_cast<double>(width) * height;
    const double aspectLimit = std::log(augmentation.maxAspect);
    for (int attempt = 0; attempt < kCropTries; ++attempt) {
        const double cropArea = area * random.uniform(augmentation.minArea, 1);
        const double aspect = std::exp(random.uniform(-aspectLimit, aspectLimit));
        const double cropWidth = std::max(1.0, std::round(std::sqrt(cropArea * aspect)));
        const double cropHeight = std::max(1.0, std::round(std::sqrt(cropArea / aspect)));
        if (cropWidth > width || cropHeight > height)
            continue;
        const double left = std::floor(random.uniform(0, width - cropWidth + 1));
        const double top = std::floor(random.uniform(0, height - cropHeight + 1));
        return {left, top, left + cropWidth, top + cropHeight};
    }
    const double cropWidth = std::min<double>(width, height * augmentation.maxAspect);
    const double cropHeight = std::min<double>(height, width * augmentation.maxAspect);
    const double left = (width - cropWidth) / 2, top = (height - cropHeight) / 2;
    return {left, top, left + cropWidth, top + cropHeight};
}

Choice choose(int width, int height, const Augmentation &augmentation, CounterRandom &random)
{
    const auto factor = [&](double range) { return random.uniform(1 - range, 1 + range); };
    Choice choice;
    choice.crop = chooseCrop(width, height, augmentation, random);
    choice.mirror = random.below(2) == 1 && augmentation.flip;
    choice.brightness = factor(augmentation.brightness);
    choice.contrast = factor(augmentation.contrast);
    choice.saturation = factor(augmentation.saturation);
    return choice;
}

/// Brightness, contrast around the mean grey and saturation in one affine map of the colours.
void changeColours(cv::Mat &rgb, const Choice &choice)
{
    if (choice.brightness == 1 && choice.contrast == 1 && choice.saturation == 1)
        return;
    const cv::Mat someRows((rgb.rows + kRowStep - 1) / kRowStep, rgb.cols, CV_8UC3, rgb.data, kRowStep * rgb.step);
    const cv::Scalar mean = cv::mean(someRows);
    const double meanGrey = choice.brightness * (kGreyOf[0] * mean[0] + kGreyOf[1] * mean[1] + kGreyOf[2] * mean[2]);
    cv::Matx<float, 3, 4> map;
    for (int to = 0; to < 3; ++to) {
        for (int from = 0; from < 3; ++from) {
            const double own = to == from ? choice.saturation : 0;
            map(to, from) = static_cast<float>(choice.contrast * choice.brightness * (own + (1 - choice.saturation) * kGreyOf[from]));
        }
        map(to, 3) = static_cast<float>((1 - choice.contrast) * meanGrey);
    }
    cv::transform(rgb, rgb, map);
}

Canvas canvasFor(const RgbView &image)
{
    const int edge = std::max(image.width, image.height);
    return {edge, (edge - image.width) / 2.0, (edge - image.height) / 2.0};
}

/// One direction of the crop, moved so that it holds the middle, where every picture is.
void moveOverMiddle(double &from, double &to, double middle)
{
    const double length = to - from;
    from = std::clamp(from, std::max(0.0, middle - length), middle);
    to = from + length;
}

/// The pixels of the target, from..to, that show 0..length of the picture when all of them show cropFrom..cropTo; at least one.
struct Span {
    int from, to;
};
Span shownBy(double cropFrom, double cropTo, double length, int sizePx)
{
    const double scale = sizePx / (cropTo - cropFrom);
    const int from = std::clamp(static_cast<int>(std::lround(-cropFrom * scale)), 0, sizePx - 1);
    return {from, std::clamp(static_cast<int>(std::lround((length - cropFrom) * scale)), from + 1, sizePx)};
}

/// `crop` of the picture with borders, in the canvas's pixels.
RgbImage croppedWithBorders(const RgbView &image, Box crop, const Preprocessing &preprocessing, Interpolation interpolation)
{
    const int size = preprocessing.sizePx;
    const auto [edge, left, top] = canvasFor(image);
    moveOverMiddle(crop.left, crop.right, edge / 2.0);
    moveOverMiddle(crop.top, crop.bottom, edge / 2.0);
    const Box wished{crop.left - left, crop.top - top, crop.right - left, crop.bottom - top};
    const Span columns = shownBy(wished.left, wished.right, image.width, size), rows = shownBy(wished.top, wished.bottom, image.height, size);
    const Box inside{std::max(wished.left, 0.0), std::max(wished.top, 0.0), std::min<double>(wished.right, image.width),
                     std::min<double>(wished.bottom, image.height)};
    auto target = RgbImage::ofSize(size, size);
    fillWithMean(target, preprocessing);
    const auto part = resampleFast(image, inside, columns.to - columns.from, rows.to - rows.from, interpolation);
    for (int y = 0; y < part.height; ++y)
        std::copy_n(part.row(y), part.rowBytes(), target.row(rows.from + y) + 3 * columns.from);
    return target;
}

RgbImage finished(RgbImage image, const Choice &choice)
{
    cv::Mat rgb(image.height, image.width, CV_8UC3, image.pixels.data());
    if (choice.mirror)
        cv::flip(rgb, rgb, 1);
    changeColours(rgb, choice);
    return image;
}

} // namespace

int shortEdgeToAugmentPx(const Augmentation &augmentation, int sizePx, Fit fit)
{
    const double shape = fit == Fit::Squash ? 1.0 : kCommonShape;
    const double factor = std::clamp(std::sqrt(shape / augmentation.minArea), 1.0, kMostEnlarged);
    return static_cast<int>(std::lround(sizePx * factor));
}

RgbImage augment(const RgbView &image, const Augmentation &augmentation, const Preprocessing &preprocessing, CounterRandom random)
{
    const int size = preprocessing.sizePx;
    switch (preprocessing.fit) {
    case Fit::Squash: {
        const Choice choice = choose(kSquashedPx, kSquashedPx, augmentation, random);
        const double x = static_cast<double>(image.width) / kSquashedPx, y = static_cast<double>(image.height) / kSquashedPx;
        const Box crop{choice.crop.left * x, choice.crop.top * y, choice.crop.right * x, choice.crop.bottom * y};
        return finished(resampleFast(image, crop, size, size, augmentation.interpolation), choice);
    }
    case Fit::Letterbox: {
        const int edge = canvasFor(image).edge;
        const Choice choice = choose(edge, edge, augmentation, random);
        return finished(croppedWithBorders(image, choice.crop, preprocessing, augmentation.interpolation), choice);
    }
    case Fit::CentreCrop:
        break;
    }
    const Choice choice = choose(image.width, image.height, augmentation, random);
    return finished(resampleFast(image, choice.crop, size, size, augmentation.interpolation), choice);
}

RgbImage augment(const RgbView &image, const Augmentation &augmentation, int sizePx, CounterRandom random)
{
    return augment(image, augmentation, imageNetPreprocessing(sizePx), random);
}

Result<RgbImage> decodedToAugment(std::span<const std::byte> bytes, const std::filesystem::path &nameForErrors, int shortEdgePx)
try {
    auto decoded = decodeImage(bytes, nameForErrors, {.shortEdgeAtLeastPx = shortEdgePx});
    if (!decoded)
        return std::unexpected(std::move(decoded.error()));
    RgbImage &rgb = decoded->rgb;
    if (std::min(rgb.width, rgb.height) <= shortEdgePx)
        return std::move(rgb);
    const double scale = static_cast<double>(shortEdgePx) / std::min(decoded->fullWidth, decoded->fullHeight);
    const auto reduced = [&](int length) { return std::max(shortEdgePx, static_cast<int>(std::lround(length * scale))); };
    const int decodedEdge = std::max(rgb.width, rgb.height);
    const int denominator = (std::max(decoded->fullWidth, decoded->fullHeight) + decodedEdge - 1) / decodedEdge; // libjpeg rounds sizes up
    const Box whole{0, 0, static_cast<double>(decoded->fullWidth) / denominator, static_cast<double>(decoded->fullHeight) / denominator};
    return resampleFast(rgb, whole, reduced(decoded->fullWidth), reduced(decoded->fullHeight), Interpolation::Bilinear);
} catch (const std::bad_alloc &) {
    return fail(ErrorCode::Internal, pathText(nameForErrors) + " can't be prepared: there is not enough memory. Close other programs.", nameForErrors);
}

} // namespace whisker
