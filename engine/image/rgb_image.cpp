#include "engine/image/rgb_image.h"

namespace whisker {

RgbImage RgbImage::ofSize(int width, int height)
{
    return {width, height, std::vector<std::uint8_t>(3 * static_cast<std::size_t>(width) * static_cast<std::size_t>(height))};
}

} // namespace whisker
