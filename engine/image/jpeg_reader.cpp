#include "engine/image/jpeg_reader.h"

#include <algorithm>
#include <csetjmp>
#include <cstdio>
#include <cstring>
#include <string>

#include <jpeglib.h>

#include <jerror.h>

namespace whisker::codec {

namespace {

// More scans than any real progressive file has; a small file may ask for thousands over a huge picture.
constexpr int kMaxScans = 500;
constexpr int kMostRowsAtOnce = MAX_SAMP_FACTOR * DCTSIZE;
constexpr JOCTET kEndOfImage[] = {0xFF, JPEG_EOI};

int reducedLength(int length, int denominator)
{
    return (length + denominator - 1) / denominator;
}

/// Edge of a block of `component` after decoding.
int blockEdge(const jpeg_component_info &component)
{
#if JPEG_LIB_VERSION >= 70
    return component.DCT_h_scaled_size;
#else
    return component.DCT_scaled_size;
#endif
}

/// Adobe writes CMYK inverted (255: no ink), and so does nearly everybody.
void cmykToRgb(const JSAMPLE *cmyk, int pixels, bool inverted, std::uint8_t *rgb)
{
    for (int i = 0; i < pixels; ++i, cmyk += 4, rgb += 3) {
        const int key = inverted ? cmyk[3] : 255 - cmyk[3];
        for (int c = 0; c < 3; ++c)
            rgb[c] = static_cast<std::uint8_t>(((inverted ? cmyk[c] : 255 - cmyk[c]) * key + 127) / 255);
    }
}

} // namespace

/// What libjpeg's callbacks see. Its errors come back by longjmp, so the functions below that call setjmp hold nothing that needs destroying.
struct JpegReader::State {
    jpeg_decompress_struct decompress{};
    jpeg_error_mgr errors{};
    jpeg_source_mgr source{};
    jpeg_progress_mgr progress{};
    std::jmp_buf jump{};
    char error[JMSG_LENGTH_MAX] = {};
    char warning[JMSG_LENGTH_MAX] = {}; // the first one
    bool created = false;
    bool ranOut = false; // libjpeg wanted more bytes than there are
    bool gap = false;    // entropy-coded data ended before its picture did ...
    int gapRow = 0;      // ... in this row of blocks ...
    int gapScan = 0;     // ... of this scan
    Header header;
    PixelRect area;
    std::vector<JSAMPLE> cmykRow;

    explicit State(Bytes bytes);
    bool start();
    bool begin(int denominator);
    bool crop(const PixelRect &wanted);
    bool readRows(RgbImage &target, int &rows);
    bool isOrdinary() const;
    bool beginPlanes(int denominator);
    StoredPlanes planesToRead() const;
    bool readPlanes(StoredPlanes &target);
    bool missesScans() const;
    /// Whether less than half of the picture's rows were there.
    bool tooLittle() const { return gap && gapScan <= 1 && 2 * static_cast<JDIMENSION>(gapRow) < decompress.total_iMCU_rows; }
    std::string firstComplaint() const { return error[0] ? error : warning[0] ? warning : "the file ends early"; }

    static State &of(j_common_ptr info) { return *static_cast<State *>(info->client_data); }
    static void onError(j_common_ptr info);
    static void onMessage(j_common_ptr info, int level);
    static void onProgress(j_common_ptr info);
    static boolean fill(j_decompress_ptr info);
    static void skip(j_decompress_ptr info, long count);
};

JpegReader::State::State(Bytes bytes)
{
    decompress.err = jpeg_std_error(&errors);
    decompress.client_data = this;
    errors.error_exit = &State::onError;
    errors.emit_message = &State::onMessage;
    errors.output_message = [](j_common_ptr) {};
    source.next_input_byte = unsignedBytes(bytes);
    source.bytes_in_buffer = bytes.size();
    source.init_source = [](j_decompress_ptr) {};
    source.term_source = [](j_decompress_ptr) {};
    source.fill_input_buffer = &State::fill;
    source.skip_input_data = &State::skip;
    source.resync_to_restart = jpeg_resync_to_restart;
    progress.progress_monitor = &State::onProgress;
}

void JpegReader::State::onError(j_common_ptr info)
{
    State &state = of(info);
    info->err->format_message(info, state.error);
    std::longjmp(state.jump, 1);
}

void JpegReader::State::onMessage(j_common_ptr info, int level)
{
    if (level >= 0)
        return; // a trace, not a warning
    State &state = of(info);
    ++info->err->num_warnings;
    if (!state.warning[0])
        info->err->format_message(info, state.warning);
    if (info->err->msg_code == JWRN_HIT_MARKER && !state.gap) {
        state.gap = true;
        state.gapRow = static_cast<int>(state.decompress.input_iMCU_row);
        state.gapScan = state.decompress.input_scan_number;
    }
}

void JpegReader::State::onProgress(j_common_ptr info)
{
    State &state = of(info);
    if (state.decompress.input_scan_number <= kMaxScans)
        return;
    std::snprintf(state.error, sizeof state.error, "it has more than %d scans", kMaxScans);
    std::longjmp(state.jump, 1);
}

boolean JpegReader::State::fill(j_decompress_ptr info)
{
    of(reinterpret_cast<j_common_ptr>(info)).ranOut = true;
    info->src->next_input_byte = kEndOfImage; // libjpeg then finishes with what it has
    info->src->bytes_in_buffer = sizeof kEndOfImage;
    return TRUE;
}

void JpegReader::State::skip(j_decompress_ptr info, long count)
{
    if (count <= 0)
        return;
    const auto step = std::min(static_cast<std::size_t>(count), info->src->bytes_in_buffer);
    info->src->next_input_byte += step;
    info->src->bytes_in_buffer -= step;
}

bool JpegReader::State::start()
{
    if (setjmp(jump))
        return false;
    jpeg_create_decompress(&decompress);
    created = true;
    decompress.client_data = this;
    decompress.src = &source;
    decompress.progress = &progress;
    jpeg_save_markers(&decompress, JPEG_APP0 + 1, 0xFFFF);
    jpeg_read_header(&decompress, TRUE);
    return true;
}

bool JpegReader::State::begin(int denominator)
{
    if (setjmp(jump))
        return false;
    const bool fourInks = decompress.jpeg_color_space == JCS_CMYK || decompress.jpeg_color_space == JCS_YCCK;
    decompress.out_color_space = fourInks ? JCS_CMYK : JCS_RGB;
    decompress.scale_num = 1;
    decompress.scale_denom = static_cast<unsigned>(denominator);
    jpeg_start_decompress(&decompress);
    return true;
}

bool JpegReader::State::crop(const PixelRect &wanted)
{
    if (setjmp(jump))
        return false;
    auto left = static_cast<JDIMENSION>(wanted.left);
    auto width = static_cast<JDIMENSION>(wanted.width);
    if (width < decompress.output_width)
        jpeg_crop_scanline(&decompress, &left, &width);
    if (wanted.top > 0)
        jpeg_skip_scanlines(&decompress, static_cast<JDIMENSION>(wanted.top));
    area = {static_cast<int>(left), wanted.top, static_cast<int>(decompress.output_width), wanted.height};
    return true;
}

bool JpegReader::State::readRows(RgbImage &target, int &rows)
{
    if (setjmp(jump))
        return false;
    const bool fourInks = decompress.out_color_space == JCS_CMYK;
    while (rows < area.height) {
        if (tooLittle())
            return false;
        JSAMPROW row = fourInks ? cmykRow.data() : target.row(rows);
        if (jpeg_read_scanlines(&decompress, &row, 1) != 1)
            return false;
        if (fourInks)
            cmykToRgb(row, area.width, decompress.saw_Adobe_marker, target.row(rows));
        ++rows;
    }
    return true;
}

/// Three planes, the first as fine as the others or a whole number of times finer, and those of one size: else libjpeg makes no RGB of them either.
bool JpegReader::State::isOrdinary() const
{
    const jpeg_component_info *parts = decompress.comp_info;
    const auto areAlike = [](const jpeg_component_info &a, const jpeg_component_info &b) {
        return a.h_samp_factor == b.h_samp_factor && a.v_samp_factor == b.v_samp_factor;
    };
    return decompress.jpeg_color_space == JCS_YCbCr && decompress.num_components == 3 && areAlike(parts[1], parts[2])
           && parts[0].h_samp_factor % parts[1].h_samp_factor == 0 && parts[0].v_samp_factor % parts[1].v_samp_factor == 0;
}

bool JpegReader::State::beginPlanes(int denominator)
{
    if (setjmp(jump))
        return false;
    decompress.raw_data_out = TRUE;
    decompress.scale_num = 1;
    decompress.scale_denom = static_cast<unsigned>(denominator);
    jpeg_start_decompress(&decompress);
    return true;
}

/// After beginPlanes(). libjpeg writes whole blocks.
StoredPlanes JpegReader::State::planesToRead() const
{
    StoredPlanes target;
    std::size_t offset = 0;
    for (std::size_t i = 0; i < target.planes.size(); ++i) {
        const jpeg_component_info &part = decompress.comp_info[i];
        const int edge = blockEdge(part);
        const auto shown = [edge](JDIMENSION length, int factor, int greatest) { return static_cast<double>(length) * factor * edge / (greatest * DCTSIZE); };
        target.planes[i] = {{static_cast<int>(part.downsampled_width), static_cast<int>(part.downsampled_height)},
                            shown(decompress.image_width, part.h_samp_factor, decompress.max_h_samp_factor),
                            shown(decompress.image_height, part.v_samp_factor, decompress.max_v_samp_factor),
                            static_cast<std::size_t>(part.width_in_blocks) * static_cast<std::size_t>(edge), offset};
        offset += target.planes[i].rowBytes * decompress.total_iMCU_rows * static_cast<std::size_t>(part.v_samp_factor * edge);
    }
    target.values = std::make_unique_for_overwrite<std::uint8_t[]>(offset);
    return target;
}

bool JpegReader::State::readPlanes(StoredPlanes &target)
{
    if (setjmp(jump))
        return false;
    for (JDIMENSION group = 0; group < decompress.total_iMCU_rows; ++group) {
        JSAMPROW rows[3][kMostRowsAtOnce];
        JSAMPARRAY planes[] = {rows[0], rows[1], rows[2]};
        for (std::size_t i = 0; i < target.planes.size(); ++i) {
            const jpeg_component_info &part = decompress.comp_info[i];
            const auto count = static_cast<std::size_t>(part.v_samp_factor * blockEdge(part));
            for (std::size_t row = 0; row < count; ++row)
                rows[i][row] = target.values.get() + target.planes[i].offset + (group * count + row) * target.planes[i].rowBytes;
        }
        if (jpeg_read_raw_data(&decompress, planes, kMostRowsAtOnce) == 0)
            return false;
    }
    return true;
}

/// A progressive file that ran out between two scans: the picture is there, only coarser than it was.
bool JpegReader::State::missesScans() const
{
    if (!ranOut || !decompress.progressive_mode || !decompress.coef_bits)
        return false;
    for (int component = 0; component < decompress.num_components; ++component)
        for (int coefficient = 0; coefficient < DCTSIZE2; ++coefficient)
            if (decompress.coef_bits[component][coefficient] != 0)
                return true;
    return false;
}

JpegReader::JpegReader(Bytes bytes) : m_state(std::make_unique<State>(bytes)) {}

JpegReader::~JpegReader()
{
    if (m_state->created)
        jpeg_destroy_decompress(&m_state->decompress);
}

Outcome<Header> JpegReader::readHeader()
{
    State &state = *m_state;
    if (!state.start())
        return std::unexpected(Problem{ErrorCode::Unreadable, state.ranOut ? "the file ends within its header" : state.error});
    int orientation = 1;
    for (auto marker = state.decompress.marker_list; marker; marker = marker->next) {
        const Bytes data = std::as_bytes(std::span(marker->data, marker->data_length));
        if (data.size() > 6 && std::memcmp(data.data(), "Exif\0", 6) == 0) {
            orientation = exifOrientation(data);
            break;
        }
    }
    auto header = checkedSize(state.decompress.image_width, state.decompress.image_height, orientation);
    if (header)
        state.header = *header;
    // Huffman codes have at least one bit, and each block of 8 x 8 has at least one code: less than half of that is less than half a picture.
    const auto fewestBytes = static_cast<long long>(state.decompress.image_width) * state.decompress.image_height / 64 / 8;
    m_tooShort = !state.decompress.arith_code && fewestBytes / 2 > static_cast<long long>(state.source.bytes_in_buffer);
    return header;
}

Outcome<Picture> JpegReader::decodeWhole(int denominator)
{
    PixelRect covered;
    const Header &header = m_state->header;
    return decode(denominator, {0, 0, reducedLength(header.width, denominator), reducedLength(header.height, denominator)}, covered);
}

Outcome<Picture> JpegReader::decode(int denominator, const PixelRect &wanted, PixelRect &covered)
{
    State &state = *m_state;
    const auto problem = [&] { return std::unexpected(Problem{ErrorCode::Unreadable, state.firstComplaint()}); };
    if (m_tooShort || !state.begin(denominator) || !state.crop(wanted))
        return problem();
    covered = state.area;
    Picture picture{.header = state.header, .rgb = RgbImage::ofSize(covered.width, covered.height)};
    if (state.decompress.out_color_space == JCS_CMYK)
        state.cmykRow.resize(4 * static_cast<std::size_t>(covered.width));
    int rows = 0;
    const bool whole = state.readRows(picture.rgb, rows);
    if (state.tooLittle())
        return problem();
    if (!whole)
        return keepGoodRows(std::move(picture), rows, state.firstComplaint());
    picture.truncated = state.gap || state.missesScans();
    if (picture.truncated || state.warning[0])
        picture.note = state.firstComplaint();
    return picture;
}

std::optional<StoredPlanes> JpegReader::decodePlanes(int denominator)
{
    State &state = *m_state;
    if (m_tooShort || !state.isOrdinary() || !state.beginPlanes(denominator))
        return std::nullopt;
    StoredPlanes planes = state.planesToRead();
    if (!state.readPlanes(planes) || state.warning[0] || state.gap || state.missesScans())
        return std::nullopt;
    return planes;
}

int jpegDenominator(double lengthPx, double atLeastPx)
{
    int denominator = 1;
    while (atLeastPx > 0 && denominator < 8 && lengthPx / (2 * denominator) >= atLeastPx)
        denominator *= 2;
    return denominator;
}

Outcome<Header> readJpegHeader(Bytes bytes)
{
    return JpegReader(bytes).readHeader();
}

Outcome<Picture> decodeJpeg(Bytes bytes, int shortEdgeAtLeastPx)
{
    JpegReader reader(bytes);
    const auto header = reader.readHeader();
    if (!header)
        return std::unexpected(header.error());
    return reader.decodeWhole(jpegDenominator(std::min(header->width, header->height), shortEdgeAtLeastPx));
}

} // namespace whisker::codec
