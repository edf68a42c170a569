#include "engine/image/augment.h"

#include "engine/base/atomic_file.h"
#include "engine/base/path_text.h"
#include "engine/image/decode.h"
#include "engine/image/jpeg_reader.h"

#include <opencv2/core.hpp>

#include <algorithm>
#include <cmath>
#include <new>
#include <utility>

namespace whisker {

namespace {

constexpr int kCropTries = 10; // as torchvision's RandomResizedCrop; then the largest crop of an allowed shape is taken from the middle
constexpr double kGreyOf[3] = {0.299, 0.587, 0.114}; // ITU-R BT.601 luma

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
    const cv::Scalar mean = cv::mean(rgb);
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

RgbImage finished(RgbImage image, const Choice &choice)
{
    cv::Mat rgb(image.height, image.width, CV_8UC3, image.pixels.data());
    if (choice.mirror)
        cv::flip(rgb, rgb, 1);
    changeColours(rgb, choice);
    return image;
}

Box scaled(const Box &box, double factor)
{
    return {box.left * factor, box.top * factor, box.right * factor, box.bottom * factor};
}

/// The whole pixels of a picture of `width` x `height` that resampling `box` to `sizePx` looks at.
codec::PixelRect neededPixels(const Box &box, int width, int height, int sizePx)
{
    const double across = 2 * std::max(1.0, (box.right - box.left) / sizePx) + 2;
    const double down = 2 * std::max(1.0, (box.bottom - box.top) / sizePx) + 2;
    const int left = std::max(0, static_cast<int>(box.left - across)), top = std::max(0, static_cast<int>(box.top - down));
    const int right = std::min(width, static_cast<int>(box.right + across) + 1);
    const int bottom = std::min(height, static_cast<int>(box.bottom + down) + 1);
    return {left, top, right - left, bottom - top};
}

codec::Outcome<RgbImage> augmentedJpeg(codec::Bytes bytes, const Augmentation &augmentation, int sizePx, CounterRandom random)
{
    codec::JpegReader reader(bytes);
    const auto header = reader.readHeader();
    if (!header)
        return std::unexpected(header.error());
    const bool turned = header->orientation >= 5;
    const Choice choice = choose(turned ? header->height : header->width, turned ? header->width : header->height, augmentation, random);
    const double shortEdge = std::min(choice.crop.right - choice.crop.left, choice.crop.bottom - choice.crop.top);
    const int denominator = codec::jpegDenominator(shortEdge, sizePx);
    const Box crop = scaled(choice.crop, 1.0 / denominator);
    if (header->orientation != 1) { // rare: the crop is not looked for in the stored picture
        auto picture = reader.decodeWhole(denominator);
        if (!picture)
            return std::unexpected(picture.error());
        const auto upright = codec::oriented(std::move(picture->rgb), header->orientation);
        return finished(resample(upright, crop, sizePx, sizePx, augmentation.interpolation), choice);
    }
    const auto reduced = [&](int length) { return (length + denominator - 1) / denominator; };
    codec::PixelRect covered;
    const auto part = reader.decode(denominator, neededPixels(crop, reduced(header->width), reduced(header->height), sizePx), covered);
    if (!part)
        return std::unexpected(part.error());
    const Box inPart{crop.left - covered.left, crop.top - covered.top, crop.right - covered.left, crop.bottom - covered.top};
    return finished(resample(part->rgb, inPart, sizePx, sizePx, augmentation.interpolation), choice);
}

} // namespace

RgbImage augment(const RgbImage &image, const Augmentation &augmentation, int sizePx, CounterRandom random)
{
    const Choice choice = choose(image.width, image.height, augmentation, random);
    return finished(resample(image, choice.crop, sizePx, sizePx, augmentation.interpolation), choice);
}

Result<RgbImage> loadAugmented(std::span<const std::byte> bytes, const std::filesystem::path &nameForErrors, const Augmentation &augmentation,
                               int sizePx, CounterRandom random)
try {
    if (sniffFileKind(bytes) == FileKind::Jpeg)
        if (auto image = augmentedJpeg(bytes, augmentation, sizePx, random))
            return std::move(*image);
    const auto decoded = decodeImage(bytes, nameForErrors); // also says what is wrong with a JPEG
    if (!decoded)
        return std::unexpected(decoded.error());
    return augment(decoded->rgb, augmentation, sizePx, random);
} catch (const std::bad_alloc &) {
    return fail(ErrorCode::Internal, pathText(nameForErrors) + " can't be prepared: there is not enough memory. Close other programs.", nameForErrors);
}

Result<RgbImage> loadAugmented(const std::filesystem::path &file, const Augmentation &augmentation, int sizePx, CounterRandom random)
{
    const auto bytes = readPictureFile(file);
    if (!bytes)
        return std::unexpected(bytes.error());
    return loadAugmented(*bytes, file, augmentation, sizePx, random);
}

} // namespace whisker
