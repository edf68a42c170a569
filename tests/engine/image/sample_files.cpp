#include "tests/engine/image/sample_files.h"

#include <opencv2/imgcodecs.hpp>

#include <gif_lib.h>
#include <tiffio.h>
#include <webp/encode.h>
#include <webp/mux.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <unistd.h>

#include <jpeglib.h>

namespace whisker::test {

namespace {

std::string text(const std::vector<unsigned char> &bytes)
{
    return {bytes.begin(), bytes.end()};
}

void appendBytes(std::string &target, const void *bytes, std::size_t count)
{
    target.append(static_cast<const char *>(bytes), count);
}

std::string number(std::uint32_t value, int bytes, bool bigEndian)
{
    std::string result = littleEndian(value, bytes);
    if (bigEndian)
        std::reverse(result.begin(), result.end());
    return result;
}

/// `rowAt(y)` gives the values of a row.
template <class Rows, class SetUp> std::string jpegOfRows(int width, int height, int channels, const Rows &rowAt, const SetUp &setUp)
{
    jpeg_compress_struct compress{};
    jpeg_error_mgr errors{};
    compress.err = jpeg_std_error(&errors);
    jpeg_create_compress(&compress);
    unsigned char *bytes = nullptr;
    unsigned long size = 0;
    jpeg_mem_dest(&compress, &bytes, &size);
    compress.image_width = static_cast<JDIMENSION>(width);
    compress.image_height = static_cast<JDIMENSION>(height);
    compress.input_components = channels;
    compress.in_color_space = channels == 4 ? JCS_CMYK : channels == 3 ? JCS_RGB : JCS_GRAYSCALE;
    jpeg_set_defaults(&compress);
    jpeg_set_quality(&compress, 95, TRUE);
    setUp(compress);
    jpeg_start_compress(&compress, TRUE);
    for (int y = 0; y < height; ++y) {
        std::vector<JSAMPLE> row = rowAt(y);
        JSAMPROW pointer = row.data();
        jpeg_write_scanlines(&compress, &pointer, 1);
    }
    jpeg_finish_compress(&compress);
    jpeg_destroy_compress(&compress);
    std::string result(reinterpret_cast<const char *>(bytes), size);
    std::free(bytes);
    return result;
}

template <class SetUp> std::string jpegOf(int width, int height, int channels, const std::vector<int> &pixel, const SetUp &setUp)
{
    std::vector<JSAMPLE> row;
    for (int x = 0; x < width; ++x)
        row.insert(row.end(), pixel.begin(), pixel.end());
    return jpegOfRows(width, height, channels, [&](int) { return row; }, setUp);
}

} // namespace

std::string littleEndian(std::uint32_t value, int bytes)
{
    std::string result;
    for (int i = 0; i < bytes; ++i)
        result += static_cast<char>(value >> (8 * i) & 255);
    return result;
}

std::string encoded(const RgbImage &image, const std::string &extension, const std::vector<int> &options)
{
    cv::Mat bgr(image.height, image.width, CV_8UC3);
    for (int y = 0; y < image.height; ++y)
        for (int x = 0; x < image.width; ++x)
            for (int c = 0; c < 3; ++c)
                bgr.at<cv::Vec3b>(y, x)[c] = image.row(y)[3 * x + 2 - c];
    std::vector<unsigned char> bytes;
    if (!cv::imencode(extension, bgr, bytes, options))
        throw std::runtime_error("not encoded");
    return text(bytes);
}

std::string encodedSolid(int width, int height, int bits, const std::vector<int> &values, const std::string &extension)
{
    const auto channels = static_cast<int>(values.size());
    cv::Scalar colour;
    for (int c = 0; c < channels; ++c) // OpenCV wants blue first
        colour[c] = values[static_cast<std::size_t>(c < 3 && channels >= 3 ? 2 - c : c)];
    const cv::Mat image(height, width, CV_MAKETYPE(bits == 16 ? CV_16U : CV_8U, channels), colour);
    std::vector<unsigned char> bytes;
    if (!cv::imencode(extension, image, bytes))
        throw std::runtime_error("not encoded");
    return text(bytes);
}

std::string progressiveJpeg(const RgbImage &image)
{
    return encoded(image, ".jpg", {cv::IMWRITE_JPEG_PROGRESSIVE, 1});
}

std::string sampledJpeg(const RgbImage &image, int across, int down)
{
    const auto row = [&](int y) { return std::vector<JSAMPLE>(image.row(y), image.row(y) + image.rowBytes()); };
    return jpegOfRows(image.width, image.height, 3, row, [&](jpeg_compress_struct &compress) {
        jpeg_set_quality(&compress, 100, TRUE);
        compress.comp_info[0].h_samp_factor = across;
        compress.comp_info[0].v_samp_factor = down;
    });
}

std::string greyJpeg(int width, int height, int level)
{
    return jpegOf(width, height, 1, {level}, [](jpeg_compress_struct &) {});
}

std::string cmykJpeg(int width, int height, const std::vector<int> &inks, bool adobe, bool transformed)
{
    std::vector<int> stored = inks;
    for (int &ink : stored)
        ink = adobe ? 255 - ink : ink;
    return jpegOf(width, height, 4, stored, [&](jpeg_compress_struct &compress) {
        jpeg_set_colorspace(&compress, transformed ? JCS_YCCK : JCS_CMYK);
        compress.write_Adobe_marker = adobe;
    });
}

std::string exifBlock(int orientation, bool bigEndian)
{
    std::string exif = bigEndian ? "MM" : "II";
    exif += number(42, 2, bigEndian) + number(8, 4, bigEndian) + number(1, 2, bigEndian);
    exif += number(0x0112, 2, bigEndian) + number(3, 2, bigEndian) + number(1, 4, bigEndian);
    exif += number(static_cast<std::uint32_t>(orientation), 2, bigEndian) + number(0, 2, bigEndian) + number(0, 4, bigEndian);
    return exif;
}

std::string withOrientation(const std::string &jpeg, int orientation, bool bigEndian)
{
    const std::string block = std::string("Exif\0\0", 6) + exifBlock(orientation, bigEndian);
    return jpeg.substr(0, 2) + "\xFF\xE1" + number(static_cast<std::uint32_t>(block.size() + 2), 2, true) + block + jpeg.substr(2);
}

std::string animatedGif(const std::vector<RgbImage> &frames)
{
    static constexpr GifColorType kColours[] = {{255, 0, 0}, {0, 255, 0}, {0, 0, 255}, {255, 255, 255}};
    std::string result;
    int error = 0;
    GifFileType *gif = EGifOpen(
        &result,
        [](GifFileType *file, const GifByteType *bytes, int count) {
            appendBytes(*static_cast<std::string *>(file->UserData), bytes, static_cast<std::size_t>(count));
            return count;
        },
        &error);
    ColorMapObject *map = GifMakeMapObject(4, kColours);
    EGifSetGifVersion(gif, true);
    EGifPutScreenDesc(gif, frames[0].width, frames[0].height, 2, 0, map);
    for (const auto &frame : frames) {
        EGifPutImageDesc(gif, 0, 0, frame.width, frame.height, false, nullptr);
        for (int y = 0; y < frame.height; ++y) {
            std::vector<GifPixelType> row;
            for (int x = 0; x < frame.width; ++x)
                row.push_back(static_cast<GifPixelType>(isNear(frame, x, y, kRed) ? 0 : isNear(frame, x, y, kGreen) ? 1 : isNear(frame, x, y, kBlue) ? 2 : 3));
            EGifPutLine(gif, row.data(), frame.width);
        }
    }
    GifFreeMapObject(map);
    EGifCloseFile(gif, &error);
    return result;
}

std::string gifWithTransparency(int width, int height)
{
    auto image = solid(width, height, kRed);
    for (int y = 0; y < height; ++y)
        for (int x = 1; x < width; x += 2)
            image.row(y)[3 * x] = 0, image.row(y)[3 * x + 2] = 255; // blue, index 2
    const std::string gif = animatedGif({image});
    const std::size_t screenBytes = 6 + 7 + 3 * 4;
    return gif.substr(0, screenBytes) + std::string("\x21\xF9\x04\x01\x00\x00\x02\x00", 8) + gif.substr(screenBytes);
}

std::string animatedWebP(const std::vector<RgbImage> &frames)
{
    WebPAnimEncoderOptions options{};
    WebPAnimEncoderOptionsInit(&options);
    WebPAnimEncoder *encoder = WebPAnimEncoderNew(frames[0].width, frames[0].height, &options);
    WebPConfig config{};
    WebPConfigInit(&config);
    int timestamp = 0;
    for (const auto &frame : frames) {
        WebPPicture picture{};
        WebPPictureInit(&picture);
        picture.use_argb = 1;
        picture.width = frame.width;
        picture.height = frame.height;
        WebPPictureImportRGB(&picture, frame.pixels.data(), static_cast<int>(frame.rowBytes()));
        WebPAnimEncoderAdd(encoder, &picture, timestamp, &config);
        WebPPictureFree(&picture);
        timestamp += 100;
    }
    WebPAnimEncoderAdd(encoder, nullptr, timestamp, nullptr);
    WebPData data{};
    WebPAnimEncoderAssemble(encoder, &data);
    WebPAnimEncoderDelete(encoder);
    std::string result;
    appendBytes(result, data.bytes, data.size);
    WebPDataClear(&data);
    return result;
}

std::string tiff(int width, int height, const TiffLayout &layout, const std::string &packedRow)
{
    char name[] = "/tmp/whisker-tiff-XXXXXX";
    ::close(::mkstemp(name));
    TIFF *file = TIFFOpen(name, "w");
    for (int page = 0; page < layout.pages; ++page) {
        TIFFSetField(file, TIFFTAG_IMAGEWIDTH, width);
        TIFFSetField(file, TIFFTAG_IMAGELENGTH, height);
        TIFFSetField(file, TIFFTAG_BITSPERSAMPLE, layout.bits);
        TIFFSetField(file, TIFFTAG_SAMPLESPERPIXEL, layout.samples);
        TIFFSetField(file, TIFFTAG_SAMPLEFORMAT, layout.format);
        TIFFSetField(file, TIFFTAG_ORIENTATION, layout.orientation);
        TIFFSetField(file, TIFFTAG_PLANARCONFIG, layout.planes ? PLANARCONFIG_SEPARATE : PLANARCONFIG_CONTIG);
        TIFFSetField(file, TIFFTAG_PHOTOMETRIC, layout.samples >= 3 ? PHOTOMETRIC_RGB : PHOTOMETRIC_MINISBLACK);
        if (layout.samples == 2 || layout.samples == 4) {
            const std::uint16_t extra = EXTRASAMPLE_UNASSALPHA;
            TIFFSetField(file, TIFFTAG_EXTRASAMPLES, 1, &extra);
        }
        std::string row = page == 0 ? packedRow : std::string(packedRow.size(), '\0');
        if (layout.tileEdge > 0) {
            TIFFSetField(file, TIFFTAG_TILEWIDTH, layout.tileEdge);
            TIFFSetField(file, TIFFTAG_TILELENGTH, layout.tileEdge);
            std::string tile;
            const auto tileRow = row.substr(0, row.size() * static_cast<std::size_t>(layout.tileEdge) / static_cast<std::size_t>(width));
            for (int y = 0; y < layout.tileEdge; ++y)
                tile += tileRow;
            for (int y = 0; y < height; y += layout.tileEdge)
                for (int x = 0; x < width; x += layout.tileEdge)
                    TIFFWriteTile(file, tile.data(), static_cast<std::uint32_t>(x), static_cast<std::uint32_t>(y), 0, 0);
        } else {
            TIFFSetField(file, TIFFTAG_ROWSPERSTRIP, 4);
            const int planes = layout.planes ? layout.samples : 1;
            const auto planeBytes = row.size() / static_cast<std::size_t>(planes);
            for (int plane = 0; plane < planes; ++plane)
                for (int y = 0; y < height; ++y)
                    TIFFWriteScanline(file, row.data() + planeBytes * static_cast<std::size_t>(plane), static_cast<std::uint32_t>(y),
                                      static_cast<std::uint16_t>(plane));
        }
        TIFFWriteDirectory(file);
    }
    TIFFClose(file);
    std::string result;
    if (std::FILE *input = std::fopen(name, "rb")) {
        for (int c = std::fgetc(input); c != EOF; c = std::fgetc(input))
            result += static_cast<char>(c);
        std::fclose(input);
    }
    ::unlink(name);
    return result;
}

std::string bmpHeader(int width, int height, int bits, int compression, std::size_t paletteBytes)
{
    const auto offset = static_cast<std::uint32_t>(54 + paletteBytes);
    return "BM" + littleEndian(0, 4) + littleEndian(0, 4) + littleEndian(offset, 4) + littleEndian(40, 4) +
           littleEndian(static_cast<std::uint32_t>(width), 4) + littleEndian(static_cast<std::uint32_t>(height), 4) + littleEndian(1, 2) +
           littleEndian(static_cast<std::uint32_t>(bits), 2) + littleEndian(static_cast<std::uint32_t>(compression), 4) + std::string(20, '\0');
}

std::string pngHeaderOnly(std::uint32_t width, std::uint32_t height)
{
    std::string chunk = "IHDR" + number(width, 4, true) + number(height, 4, true) + std::string("\x08\x02\x00\x00\x00", 5);
    std::uint32_t crc = 0xFFFFFFFFu; // ISO 3309, as PNG's annex D has it
    for (const char byte : chunk) {
        crc ^= static_cast<unsigned char>(byte);
        for (int bit = 0; bit < 8; ++bit)
            crc = crc & 1 ? 0xEDB88320u ^ (crc >> 1) : crc >> 1;
    }
    return "\x89PNG\r\n\x1A\n" + number(13, 4, true) + chunk + number(~crc, 4, true) + number(100, 4, true) + "IDAT";
}

} // namespace whisker::test
