#include "engine/image/decode.h"

#include "tests/engine/image/sample_files.h"
#include "tests/support/test_folder.h"

#include <QTest>

#include <bit>
#include <cstring>

using namespace whisker;
using namespace whisker::test;

/// One colour over the whole picture, in every depth and colour model.
class DecodeDepthsTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void everyDepthAndColourModelComesOutRight_data();
    void everyDepthAndColourModelComesOutRight();
    void alphaIsCompositedOnWhite_data();
    void alphaIsCompositedOnWhite();
    void aTransparentGifColourIsWhite();
    void floatsBeyondOneAreStretched();
    void aBitmapFromTheTopIsNotUpsideDown();
    void aRunLengthBitmapDecodes();

private:
    static std::string packed(int width, int bits, const std::vector<std::uint32_t> &pixel);
};

Q_DECLARE_METATYPE(whisker::test::Colour)

/// A row of `width` pixels of samples with `bits` each, as TIFF packs them.
std::string DecodeDepthsTest::packed(int width, int bits, const std::vector<std::uint32_t> &pixel)
{
    std::string row;
    std::uint64_t pending = 0;
    int count = 0;
    for (int x = 0; x < width; ++x)
        for (const auto value : pixel) {
            if (bits >= 16 && bits % 8 == 0) { // whole words are in the machine's order
                row += littleEndian(value, bits / 8);
                continue;
            }
            pending = pending << bits | value;
            for (count += bits; count >= 8; count -= 8)
                row += static_cast<char>(pending >> (count - 8) & 255);
        }
    if (count > 0)
        row += static_cast<char>(pending << (8 - count) & 255);
    return row;
}

void DecodeDepthsTest::everyDepthAndColourModelComesOutRight_data()
{
    QTest::addColumn<std::string>("bytes");
    QTest::addColumn<Colour>("colour");
    QTest::addColumn<int>("tolerance");
    const auto row = [](const char *name, const std::string &bytes, const Colour &colour, int tolerance = 0) {
        QTest::newRow(name) << bytes << colour << tolerance;
    };
    row("grey JPEG", greyJpeg(33, 17, 90), {90, 90, 90}, 1);
    row("CMYK JPEG of Adobe", cmykJpeg(33, 17, {0, 255, 255, 0}, true, false), kRed, 3);
    row("YCCK JPEG of Adobe", cmykJpeg(33, 17, {255, 0, 255, 0}, true, true), kGreen, 3);
    row("half black CMYK JPEG", cmykJpeg(33, 17, {0, 0, 0, 128}, true, false), {127, 127, 127}, 2);
    row("CMYK JPEG without marker", cmykJpeg(33, 17, {0, 255, 255, 0}, false, false), kRed, 3);
    row("grey PNG of 8 bits", encodedSolid(33, 17, 8, {77}, ".png"), {77, 77, 77});
    row("grey PNG of 16 bits", encodedSolid(33, 17, 16, {77 * 257}, ".png"), {77, 77, 77});
    row("RGB PNG of 16 bits", encodedSolid(33, 17, 16, {10 * 257, 20 * 257, 30 * 257}, ".png"), {10, 20, 30});
    row("RGB TIFF of 16 bits", encodedSolid(33, 17, 16, {10 * 257, 20 * 257, 30 * 257}, ".tiff"), {10, 20, 30});
    row("grey PGM of 16 bits", encodedSolid(33, 17, 16, {77 * 257}, ".pgm"), {77, 77, 77});
    row("PGM with maximum 1023", std::string("P5 2 1 1023\n").append("\x02\x00\x02\x00", 4), {128, 128, 128});
    row("PPM with maximum 15", std::string("P6\n# comment\n1 1\n15\n").append("\x0F\x00\x05", 3), {255, 0, 85});
    row("PPM in text", "P3 1 1 100 100 50 0\n", {255, 128, 0});
    row("PBM in text", "P1 3 1\n111\n", kBlack);
    row("PBM", "P4 3 1\n" + std::string(1, '\xE0'), kBlack);
    for (const int bits : {1, 2, 4, 8, 10, 12, 14, 16}) {
        const std::uint32_t most = (1u << bits) - 1;
        static std::vector<std::string> names;
        names.push_back("grey TIFF of " + std::to_string(bits) + " bits");
        row(names.back().c_str(), tiff(33, 17, {.bits = bits}, packed(33, bits, {most})), kWhite);
        if (bits > 4) {
            names.push_back("RGB TIFF of " + std::to_string(bits) + " bits");
            row(names.back().c_str(), tiff(33, 17, {.bits = bits, .samples = 3}, packed(33, bits, {most, 0, most / 2})), {255, 0, 127}, 1);
        }
    }
    row("signed TIFF of 16 bits", tiff(33, 17, {.bits = 16, .format = 2}, packed(33, 16, {0})), {128, 128, 128});
    row("TIFF of 32 bits", tiff(33, 17, {.bits = 32}, packed(33, 32, {0x80000000u})), {128, 128, 128}, 1);
    row("float TIFF", tiff(33, 17, {.bits = 32, .samples = 3, .format = 3},
                           packed(33, 32, {std::bit_cast<std::uint32_t>(1.0f), 0, std::bit_cast<std::uint32_t>(0.5f)})), {255, 0, 128}, 1);
    row("half float TIFF", tiff(33, 17, {.bits = 16, .format = 3}, packed(33, 16, {0x3800})), {128, 128, 128}, 1);
    row("float TIFF in tiles", tiff(32, 16, {.bits = 32, .format = 3, .tileEdge = 16}, packed(32, 32, {std::bit_cast<std::uint32_t>(0.25f)})),
        {64, 64, 64}, 1);
    row("12-bit TIFF in planes", tiff(32, 16, {.bits = 12, .samples = 3, .planes = true},
                                      packed(32, 12, {4095}) + packed(32, 12, {0}) + packed(32, 12, {2048})), {255, 0, 128}, 1);
    row("BMP of 16 bits", bmpHeader(2, 1, 16, 0, 0) + littleEndian(0x7C1F, 2) + littleEndian(0x7C1F, 2), {255, 0, 255});
    row("BMP with masks", bmpHeader(1, 1, 32, 3, 12) + littleEndian(0xFF, 4) + littleEndian(0xFF00, 4) + littleEndian(0xFF0000, 4) + littleEndian(0x030201, 4),
        {1, 2, 3});
    row("BMP of 1 bit", bmpHeader(3, 1, 1, 0, 8) + littleEndian(0, 4) + littleEndian(0x0A0B0C, 4) + littleEndian(0xE0, 4), {10, 11, 12});
}

void DecodeDepthsTest::everyDepthAndColourModelComesOutRight()
{
    QFETCH(std::string, bytes);
    QFETCH(Colour, colour);
    QFETCH(int, tolerance);
    const auto decoded = decodeImage(bytesOf(bytes), "picture");
    QVERIFY2(decoded, errorText(decoded));
    QCOMPARE(decoded->note, "");
    const auto &rgb = decoded->rgb;
    for (const auto &[x, y] : {std::pair(0, 0), std::pair(rgb.width - 1, rgb.height - 1), std::pair(rgb.width / 2, rgb.height / 2)})
        QVERIFY2(isNear(rgb, x, y, colour, tolerance), QByteArray::number(rgb.row(y)[3 * x]) + " " + QByteArray::number(rgb.row(y)[3 * x + 1]) + " " +
                                                           QByteArray::number(rgb.row(y)[3 * x + 2]));
}

void DecodeDepthsTest::alphaIsCompositedOnWhite_data()
{
    QTest::addColumn<std::string>("bytes");
    QTest::addColumn<int>("tolerance");
    // Half transparent red on white is pink in every format.
    QTest::newRow("PNG of 8 bits") << encodedSolid(9, 7, 8, {255, 0, 0, 128}, ".png") << 0;
    QTest::newRow("PNG of 16 bits") << encodedSolid(9, 7, 16, {65535, 0, 0, 128 * 257}, ".png") << 0;
    QTest::newRow("TIFF of 8 bits") << tiff(9, 7, {.samples = 4}, packed(9, 8, {255, 0, 0, 128})) << 1;
    QTest::newRow("TIFF of 16 bits") << tiff(9, 7, {.bits = 16, .samples = 4}, packed(9, 16, {65535, 0, 0, 128 * 257})) << 1;
    QTest::newRow("TIFF of 12 bits") << tiff(9, 7, {.bits = 12, .samples = 4}, packed(9, 12, {4095, 0, 0, 2056})) << 1;
    QTest::newRow("WebP") << encodedSolid(9, 7, 8, {255, 0, 0, 128}, ".webp") << 3;
}

void DecodeDepthsTest::alphaIsCompositedOnWhite()
{
    QFETCH(std::string, bytes);
    QFETCH(int, tolerance);
    const auto decoded = decodeImage(bytesOf(bytes), "picture");
    QVERIFY2(decoded, errorText(decoded));
    QVERIFY2(isNear(decoded->rgb, 4, 3, {255, 127, 127}, tolerance), QByteArray::number(decoded->rgb.row(3)[13]));
}

void DecodeDepthsTest::aTransparentGifColourIsWhite()
{
    const auto decoded = decodeImage(bytesOf(gifWithTransparency(8, 4)), "a.gif");
    QVERIFY2(decoded, errorText(decoded));
    QVERIFY(isNear(decoded->rgb, 0, 0, kRed));
    QVERIFY(isNear(decoded->rgb, 1, 0, kWhite));
}

void DecodeDepthsTest::floatsBeyondOneAreStretched()
{
    std::string row;
    for (const float value : {-10.0f, 0.0f, 10.0f})
        row += littleEndian(std::bit_cast<std::uint32_t>(value), 4);
    const auto decoded = decodeImage(bytesOf(tiff(3, 2, {.bits = 32, .format = 3}, row)), "a.tif");
    QVERIFY2(decoded, errorText(decoded));
    QVERIFY(isNear(decoded->rgb, 0, 0, kBlack));
    QVERIFY(isNear(decoded->rgb, 1, 1, {128, 128, 128}, 1));
    QVERIFY(isNear(decoded->rgb, 2, 1, kWhite));
}

void DecodeDepthsTest::aBitmapFromTheTopIsNotUpsideDown()
{
    const std::string red = littleEndian(0x00FF0000, 4), blue = littleEndian(0x000000FF, 4);
    const auto fromTop = decodeImage(bytesOf(bmpHeader(1, -2, 32, 0, 0) + red + blue), "a.bmp");
    const auto fromBottom = decodeImage(bytesOf(bmpHeader(1, 2, 32, 0, 0) + red + blue), "a.bmp");
    QVERIFY2(fromTop, errorText(fromTop));
    QVERIFY2(fromBottom, errorText(fromBottom));
    QVERIFY(isNear(fromTop->rgb, 0, 0, kRed) && isNear(fromTop->rgb, 0, 1, kBlue));
    QVERIFY(isNear(fromBottom->rgb, 0, 0, kBlue) && isNear(fromBottom->rgb, 0, 1, kRed));
}

void DecodeDepthsTest::aRunLengthBitmapDecodes()
{
    std::string palette(1024, '\0');
    palette.replace(4, 4, littleEndian(0xFF0000, 4)); // 1 is red
    palette.replace(8, 4, littleEndian(0x00FF00, 4)); // 2 is green
    const std::string runs("\x04\x01\x00\x00\x00\x03\x02\x02\x02\x00\x01\x01\x00\x01", 14); // 4 red; 3 literal green, 1 red
    const auto decoded = decodeImage(bytesOf(bmpHeader(4, 2, 8, 1, 1024) + palette + runs), "a.bmp");
    QVERIFY2(decoded, errorText(decoded));
    QVERIFY(isNear(decoded->rgb, 3, 1, kRed)); // stored from the bottom
    QVERIFY(isNear(decoded->rgb, 0, 0, kGreen));
    QVERIFY(isNear(decoded->rgb, 3, 0, kRed));
}

QTEST_GUILESS_MAIN(DecodeDepthsTest)
#include "decode_depths_test.moc"
