#include "engine/image/augment.h"

#include "engine/image/plane_resampler.h"

#include <opencv2/core.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>

namespace whisker {

namespace {

constexpr int kCropTries = 10; // as torchvision's RandomResizedCrop; then the largest crop of an allowed shape is taken from the middle
constexpr int kRowStep = 4; // every fourth row tells the mean grey well enough
constexpr double kCommonShape = 3.0 / 4.0; // height / width of most photographs
constexpr double kMostEnlarged = 2;        // of the size that the net sees: crops of a tenth of the area are made larger rather than kept in four times the space
constexpr int kSquashedPx = 4096;       // crops are chosen in a square as fine as this, then laid over the picture
constexpr double kGreyOf[3] = {0.299, 0.587, 0.114}; // ITU-R BT.601 luma

/// Colours from what the planes hold: matrix * values + offset. Values are 0..255.
struct ColourMap {
    cv::Matx33d matrix = cv::Matx33d::eye();
    cv::Vec3d offset{};
};

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

/// ITU-R BT.601 over the whole range, as JFIF has it; nothing is changed where the planes are red, green and blue.
ColourMap toRgb(PlaneColours colours)
{
    if (colours == PlaneColours::Rgb)
        return {};
    const cv::Matx33d matrix(1, 0, 1.402, 1, -0.344136, -0.714136, 1, 1.772, 0);
    return {matrix, -(matrix * cv::Vec3d(0, 128, 128))};
}

/// Brightness, contrast around the mean grey and saturation.
ColourMap changeOf(const Choice &choice, double meanGrey)
{
    ColourMap map;
    for (int to = 0; to < 3; ++to) {
        for (int from = 0; from < 3; ++from) {
            const double own = to == from ? choice.saturation : 0;
            map.matrix(to, from) = choice.contrast * choice.brightness * (own + (1 - choice.saturation) * kGreyOf[from]);
        }
        map.offset[to] = (1 - choice.contrast) * choice.brightness * meanGrey;
    }
    return map;
}

Canvas canvasFor(const PlaneSize &picture)
{
    const int edge = std::max(picture.width, picture.height);
    return {edge, (edge - picture.width) / 2.0, (edge - picture.height) / 2.0};
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

/// Where a part of the picture goes in the square.
struct Placing {
    Box part; ///< In the picture's pixels.
    Span columns, rows;
};

/// `crop` of the picture with borders, in the canvas's pixels.
Placing placedWithBorders(const PlaneSize &picture, Box crop, int sizePx)
{
    const auto [edge, left, top] = canvasFor(picture);
    moveOverMiddle(crop.left, crop.right, edge / 2.0);
    moveOverMiddle(crop.top, crop.bottom, edge / 2.0);
    const Box wished{crop.left - left, crop.top - top, crop.right - left, crop.bottom - top};
    return {{std::max(wished.left, 0.0), std::max(wished.top, 0.0), std::min<double>(wished.right, picture.width),
             std::min<double>(wished.bottom, picture.height)},
            shownBy(wished.left, wished.right, picture.width, sizePx),
            shownBy(wished.top, wished.bottom, picture.height, sizePx)};
}

/// The edges of what crops are chosen in: pixels, of the picture or of a square that it is laid over.
PlaneSize choosingArea(const PlaneSize &picture, Fit fit)
{
    switch (fit) {
    case Fit::Squash:
        return {kSquashedPx, kSquashedPx};
    case Fit::Letterbox:
        return {canvasFor(picture).edge, canvasFor(picture).edge};
    case Fit::CentreCrop:
        break;
    }
    return picture;
}

Placing placed(const PlaneSize &picture, const Box &crop, const Preprocessing &preprocessing)
{
    if (preprocessing.fit == Fit::Letterbox)
        return placedWithBorders(picture, crop, preprocessing.sizePx);
    const PlaneSize area = choosingArea(picture, preprocessing.fit);
    const double x = static_cast<double>(picture.width) / area.width, y = static_cast<double>(picture.height) / area.height;
    return {{crop.left * x, crop.top * y, crop.right * x, crop.bottom * y}, {0, preprocessing.sizePx}, {0, preprocessing.sizePx}};
}

/// Three planes of the square's size.
class Square {
public:
    Square(int sizePx, PlaneColours colours)
        : m_sizePx(sizePx), m_colours(colours), m_planeBytes(static_cast<std::size_t>(sizePx) * static_cast<std::size_t>(sizePx)),
          m_values(std::make_unique_for_overwrite<std::uint8_t[]>(3 * m_planeBytes))
    {
    }

    /// In the colour that comes out as `rgb`, to half a level of each plane.
    void fill(const std::array<float, 3> &rgb)
    {
        const ColourMap map = toRgb(m_colours);
        const cv::Vec3d values = map.matrix.inv() * (cv::Vec3d(rgb[0], rgb[1], rgb[2]) - map.offset);
        for (int i = 0; i < 3; ++i)
            plane(static_cast<std::size_t>(i)).setTo(std::clamp(std::lround(values[i]), 0L, 255L));
    }

    void draw(const PlanarView &image, const Placing &placing, bool mirror, Interpolation interpolation)
    {
        const auto size = static_cast<std::size_t>(m_sizePx);
        const auto [from, to] = mirror ? Span{m_sizePx - placing.columns.to, m_sizePx - placing.columns.from} : placing.columns;
        const PlaneSize target{to - from, placing.rows.to - placing.rows.from};
        const PlaneResampler forFirst = resamplerFor(image.layout, image.layout.first, placing.part, target, interpolation, mirror);
        const PlaneResampler forOthers = resamplerFor(image.layout, image.layout.others, placing.part, target, interpolation, mirror);
        for (std::size_t i = 0; i < 3; ++i)
            (i == 0 ? forFirst : forOthers)(image.plane(i), static_cast<std::size_t>(image.layout.sizeOf(i).width),
                                            values(i) + static_cast<std::size_t>(placing.rows.from) * size + static_cast<std::size_t>(from), size);
    }

    RgbImage inColours(const Choice &choice) const
    {
        auto image = RgbImage::ofSize(m_sizePx, m_sizePx);
        cv::Mat rgb(m_sizePx, m_sizePx, CV_8UC3, image.pixels.data());
        const cv::Mat planes[] = {plane(0), plane(1), plane(2)};
        const bool changes = choice.brightness != 1 || choice.contrast != 1 || choice.saturation != 1;
        if (!changes && m_colours == PlaneColours::Rgb) {
            cv::merge(planes, 3, rgb);
            return image;
        }
        const ColourMap toColours = toRgb(m_colours), change = changeOf(choice, changes ? meanGrey() : 0);
        const cv::Matx33d matrix = change.matrix * toColours.matrix;
        const cv::Vec3d offset = change.matrix * toColours.offset + change.offset;
        cv::Matx<float, 3, 4> map;
        for (int to = 0; to < 3; ++to) {
            for (int from = 0; from < 3; ++from)
                map(to, from) = static_cast<float>(matrix(to, from));
            map(to, 3) = static_cast<float>(offset[to]);
        }
        cv::Mat merged; // changed in its place it would be copied first
        cv::merge(planes, 3, merged);
        cv::transform(merged, rgb, map);
        return image;
    }

private:
    static PlaneResampler resamplerFor(const PlanarLayout &layout, const PlaneSize &plane, const Box &part, const PlaneSize &target, Interpolation interpolation,
                                       bool mirror)
    {
        const double x = static_cast<double>(plane.width) / layout.first.width, y = static_cast<double>(plane.height) / layout.first.height;
        return {plane, {part.left * x, part.top * y, part.right * x, part.bottom * y}, target, interpolation, mirror};
    }

    double meanGrey() const
    {
        if (m_colours == PlaneColours::YCbCr)
            return meanOf(0);
        return kGreyOf[0] * meanOf(0) + kGreyOf[1] * meanOf(1) + kGreyOf[2] * meanOf(2);
    }

    double meanOf(std::size_t number) const
    {
        const std::size_t rowBytes = kRowStep * static_cast<std::size_t>(m_sizePx);
        return cv::mean(cv::Mat((m_sizePx + kRowStep - 1) / kRowStep, m_sizePx, CV_8UC1, values(number), rowBytes))[0];
    }

    std::uint8_t *values(std::size_t plane) const { return m_values.get() + plane * m_planeBytes; }
    cv::Mat plane(std::size_t number) const { return cv::Mat(m_sizePx, m_sizePx, CV_8UC1, values(number)); }

    const int m_sizePx;
    const PlaneColours m_colours;
    const std::size_t m_planeBytes;
    std::unique_ptr<std::uint8_t[]> m_values;
};

} // namespace

int shortEdgeToAugmentPx(const Augmentation &augmentation, int sizePx, Fit fit)
{
    const double shape = fit == Fit::Squash ? 1.0 : kCommonShape;
    const double factor = std::clamp(std::sqrt(shape / augmentation.minArea), 1.0, kMostEnlarged);
    return static_cast<int>(std::lround(sizePx * factor));
}

RgbImage augment(const PlanarView &image, const Augmentation &augmentation, const Preprocessing &preprocessing, CounterRandom random)
{
    const PlaneSize picture = image.layout.first, area = choosingArea(picture, preprocessing.fit);
    const Choice choice = choose(area.width, area.height, augmentation, random);
    Square square(preprocessing.sizePx, image.layout.colours);
    if (preprocessing.fit == Fit::Letterbox)
        square.fill(preprocessing.mean);
    square.draw(image, placed(picture, choice.crop, preprocessing), choice.mirror, augmentation.interpolation);
    return square.inColours(choice);
}

RgbImage augment(const PlanarView &image, const Augmentation &augmentation, int sizePx, CounterRandom random)
{
    return augment(image, augmentation, imageNetPreprocessing(sizePx), random);
}

} // namespace whisker
