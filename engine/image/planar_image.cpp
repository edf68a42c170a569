#include "engine/image/planar_image.h"

#include <opencv2/core.hpp>

namespace whisker {

PlanarImage planarOf(const RgbView &picture)
{
    const PlaneSize size{picture.width, picture.height};
    auto planes = PlanarImage::ofLayout({PlaneColours::Rgb, size, size});
    const cv::Mat rgb(picture.height, picture.width, CV_8UC3, const_cast<std::uint8_t *>(picture.pixels)); // only read
    cv::Mat targets[3];
    for (std::size_t i = 0; i < 3; ++i)
        targets[i] = cv::Mat(picture.height, picture.width, CV_8UC1, planes.plane(i));
    cv::split(rgb, targets);
    return planes;
}

RgbImage rgbOf(const PlanarView &planes)
{
    const auto [width, height] = planes.layout.first;
    RgbImage picture = RgbImage::ofSize(width, height);
    cv::Mat sources[3];
    for (std::size_t i = 0; i < 3; ++i)
        sources[i] = cv::Mat(height, width, CV_8UC1, const_cast<std::uint8_t *>(planes.plane(i))); // only read
    cv::Mat rgb(height, width, CV_8UC3, picture.pixels.data());
    cv::merge(sources, 3, rgb);
    return picture;
}

} // namespace whisker
