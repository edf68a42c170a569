#include "engine/image/jpeg_writer.h"

#include <algorithm>
#include <csetjmp>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <new>
#include <span>
#include <string>

#include <jpeglib.h>

namespace whisker {

namespace {

/// libjpeg's errors come back by longjmp, so write() holds nothing that needs destroying.
class JpegWriter {
public:
    JpegWriter()
    {
        m_compress.err = jpeg_std_error(&m_errors);
        m_compress.client_data = this;
        m_errors.error_exit = [](j_common_ptr info) {
            auto &writer = *static_cast<JpegWriter *>(info->client_data);
            info->err->format_message(info, writer.m_error);
            std::longjmp(writer.m_jump, 1);
        };
        m_errors.output_message = [](j_common_ptr) {};
    }
    JpegWriter(const JpegWriter &) = delete;
    JpegWriter &operator=(const JpegWriter &) = delete;
    ~JpegWriter()
    {
        if (m_created)
            jpeg_destroy_compress(&m_compress);
        std::free(m_bytes);
    }

    bool write(const RgbImage &image, int quality)
    {
        if (setjmp(m_jump))
            return false;
        jpeg_create_compress(&m_compress);
        m_created = true;
        m_compress.client_data = this;
        jpeg_mem_dest(&m_compress, &m_bytes, &m_size);
        m_compress.image_width = static_cast<JDIMENSION>(image.width);
        m_compress.image_height = static_cast<JDIMENSION>(image.height);
        m_compress.input_components = 3;
        m_compress.in_color_space = JCS_RGB;
        jpeg_set_defaults(&m_compress);
        jpeg_set_quality(&m_compress, quality, TRUE);
        jpeg_start_compress(&m_compress, TRUE);
        for (int y = 0; y < image.height; ++y) {
            auto *row = const_cast<JSAMPLE *>(image.row(y)); // libjpeg only reads it
            jpeg_write_scanlines(&m_compress, &row, 1);
        }
        jpeg_finish_compress(&m_compress);
        return true;
    }

    std::span<const std::byte> bytes() const { return std::as_bytes(std::span(m_bytes, m_size)); }
    const char *error() const { return m_error; }

private:
    jpeg_compress_struct m_compress{};
    jpeg_error_mgr m_errors{};
    std::jmp_buf m_jump{};
    char m_error[JMSG_LENGTH_MAX] = {};
    bool m_created = false;
    unsigned char *m_bytes = nullptr;
    unsigned long m_size = 0;
};

} // namespace

Result<std::vector<std::byte>> encodeJpeg(const RgbImage &image, int quality)
try {
    JpegWriter writer;
    if (!writer.write(image, quality))
        return fail(ErrorCode::Unsupported, std::string("The picture can't be written as JPEG: ") + writer.error() + ". Choose a smaller size.");
    return std::vector<std::byte>(writer.bytes().begin(), writer.bytes().end());
} catch (const std::bad_alloc &) {
    return fail(ErrorCode::Internal, "The picture can't be written as JPEG: there is not enough memory. Close other programs.");
}

} // namespace whisker
