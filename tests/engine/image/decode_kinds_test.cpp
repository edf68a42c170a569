#include "engine/image/decode.h"

#include "tests/engine/image/sample_files.h"
#include "tests/support/test_folder.h"

#include <QTest>

#include <atomic>
#include <thread>

using namespace whisker;
using namespace whisker::test;

class DecodeKindsTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void everyKindIsKnownByItsFirstBytesAndDecodes_data();
    void everyKindIsKnownByItsFirstBytesAndDecodes();
    void aPngNamedJpgIsDecodedAsPng();
    void everyOrientationIsTurnedUpright_data();
    void everyOrientationIsTurnedUpright();
    void aTiffsOrientationCounts_data();
    void aTiffsOrientationCounts();
    void anOrientationOutOfRangeIsIgnored();
    void animatedFilesGiveTheirFirstPicture_data();
    void animatedFilesGiveTheirFirstPicture();
    void aPictureOfOnePixelDecodes();
    void aVeryWidePictureDecodes();
    void aJpegIsDecodedSmallerWhereThatIsEnough_data();
    void aJpegIsDecodedSmallerWhereThatIsEnough();
    void aReducedJpegLooksLikeTheWholeOne();
    void theHeaderTellsTheUprightSizeWithoutPixels();
    void theHeaderOfAFileWithALargePreviewIsFound();
    void photographsDecode();
    void manyThreadsDecodeAtOnce();
};

void DecodeKindsTest::everyKindIsKnownByItsFirstBytesAndDecodes_data()
{
    QTest::addColumn<std::string>("bytes");
    QTest::addColumn<FileKind>("kind");
    const auto image = fourColours(64, 48);
    QTest::newRow("JPEG") << encoded(image, ".jpg") << FileKind::Jpeg;
    QTest::newRow("progressive JPEG") << progressiveJpeg(image) << FileKind::Jpeg;
    QTest::newRow("PNG") << encoded(image, ".png") << FileKind::Png;
    QTest::newRow("BMP") << encoded(image, ".bmp") << FileKind::Bmp;
    QTest::newRow("WebP") << encoded(image, ".webp") << FileKind::WebP;
    QTest::newRow("TIFF") << encoded(image, ".tiff") << FileKind::Tiff;
    QTest::newRow("PPM") << encoded(image, ".ppm") << FileKind::Pnm;
    QTest::newRow("PPM in text") << encoded(image, ".ppm", {32 /* cv::IMWRITE_PXM_BINARY */, 0}) << FileKind::Pnm;
    QTest::newRow("GIF") << animatedGif({image}) << FileKind::Gif;
}

void DecodeKindsTest::everyKindIsKnownByItsFirstBytesAndDecodes()
{
    QFETCH(std::string, bytes);
    QFETCH(FileKind, kind);
    QCOMPARE(sniffFileKind(bytesOf(bytes).first(32)), kind);
    const auto decoded = decodeImage(bytesOf(bytes), "picture");
    QVERIFY2(decoded, errorText(decoded));
    QCOMPARE(decoded->kind, kind);
    QCOMPARE(decoded->rgb.width, 64);
    QCOMPARE(decoded->rgb.height, 48);
    QCOMPARE(quarters(decoded->rgb), "RGBW");
    QVERIFY(!decoded->truncated);
    QCOMPARE(decoded->note, "");
    const auto header = readHeader(bytesOf(bytes), "picture");
    QVERIFY2(header, errorText(header));
    QCOMPARE(header->width, 64);
    QCOMPARE(header->height, 48);
    QCOMPARE(header->kind, kind);
}

void DecodeKindsTest::aPngNamedJpgIsDecodedAsPng()
{
    const TestFolder folder;
    const auto decoded = decodeFile(folder.write("cat.jpg", encoded(fourColours(20, 10), ".png")));
    QVERIFY2(decoded, errorText(decoded));
    QCOMPARE(decoded->kind, FileKind::Png);
    QCOMPARE(decoded->rgb, fourColours(20, 10));
}

void DecodeKindsTest::everyOrientationIsTurnedUpright_data()
{
    QTest::addColumn<int>("orientation");
    QTest::addColumn<std::string>("upright"); // of a picture stored as red, green / blue, white
    const char *expected[] = {"RGBW", "GRWB", "WBGR", "BWRG", "RBGW", "BRWG", "WGBR", "GWRB"};
    for (int orientation = 1; orientation <= 8; ++orientation)
        QTest::addRow("%d", orientation) << orientation << std::string(expected[orientation - 1]);
}

void DecodeKindsTest::everyOrientationIsTurnedUpright()
{
    QFETCH(int, orientation);
    QFETCH(std::string, upright);
    for (const bool bigEndian : {false, true}) {
        const auto bytes = withOrientation(encoded(fourColours(64, 48), ".jpg"), orientation, bigEndian);
        const auto decoded = decodeImage(bytesOf(bytes), "turned.jpg");
        QVERIFY2(decoded, errorText(decoded));
        QCOMPARE(quarters(decoded->rgb), upright);
        QCOMPARE(decoded->rgb.width, orientation >= 5 ? 48 : 64);
        QCOMPARE(decoded->fullHeight, orientation >= 5 ? 64 : 48);
    }
}

void DecodeKindsTest::aTiffsOrientationCounts_data()
{
    everyOrientationIsTurnedUpright_data();
}

void DecodeKindsTest::aTiffsOrientationCounts()
{
    QFETCH(int, orientation);
    QFETCH(std::string, upright);
    // All rows are alike, so the sample is red left and green right: only the columns tell.
    const auto image = fourColours(64, 48);
    const std::string row(reinterpret_cast<const char *>(image.row(0)), image.rowBytes());
    const auto decoded = decodeImage(bytesOf(tiff(64, 48, {.samples = 3, .orientation = orientation}, row)), "turned.tif");
    QVERIFY2(decoded, errorText(decoded));
    std::string expected = upright;
    for (char &letter : expected)
        letter = letter == 'B' ? 'R' : letter == 'W' ? 'G' : letter;
    QCOMPARE(quarters(decoded->rgb), expected);
    QCOMPARE(decoded->rgb.width, orientation >= 5 ? 48 : 64);
}

void DecodeKindsTest::anOrientationOutOfRangeIsIgnored()
{
    const auto decoded = decodeImage(bytesOf(withOrientation(encoded(fourColours(64, 48), ".jpg"), 9, false)), "turned.jpg");
    QVERIFY2(decoded, errorText(decoded));
    QCOMPARE(quarters(decoded->rgb), "RGBW");
}

void DecodeKindsTest::animatedFilesGiveTheirFirstPicture_data()
{
    QTest::addColumn<std::string>("bytes");
    const auto first = fourColours(64, 48), second = solid(64, 48, kBlue);
    QTest::newRow("GIF") << animatedGif({first, second});
    QTest::newRow("WebP") << animatedWebP({first, second});
    const std::string row(reinterpret_cast<const char *>(first.row(0)), first.rowBytes());
    QTest::newRow("TIFF of two pages") << tiff(64, 48, {.samples = 3, .pages = 2}, row);
}

void DecodeKindsTest::animatedFilesGiveTheirFirstPicture()
{
    QFETCH(std::string, bytes);
    const auto decoded = decodeImage(bytesOf(bytes), "animated");
    QVERIFY2(decoded, errorText(decoded));
    QCOMPARE(quarters(decoded->rgb).substr(0, 2), "RG");
    QCOMPARE(decoded->rgb.width, 64);
}

void DecodeKindsTest::aPictureOfOnePixelDecodes()
{
    for (const char *extension : {".jpg", ".png", ".bmp", ".webp", ".tiff", ".ppm"}) {
        const auto decoded = decodeImage(bytesOf(encoded(solid(1, 1, kWhite), extension)), extension);
        QVERIFY2(decoded, errorText(decoded));
        QCOMPARE(decoded->rgb.width, 1);
        QVERIFY2(isNear(decoded->rgb, 0, 0, kWhite, 2), extension);
    }
}

void DecodeKindsTest::aVeryWidePictureDecodes()
{
    const auto decoded = decodeImage(bytesOf(encoded(fourColours(30000, 20), ".jpg")), "wide.jpg", {.shortEdgeAtLeastPx = 224});
    QVERIFY2(decoded, errorText(decoded));
    QCOMPARE(decoded->rgb.width, 30000);
    QCOMPARE(quarters(decoded->rgb), "RGBW");
}

void DecodeKindsTest::aJpegIsDecodedSmallerWhereThatIsEnough_data()
{
    QTest::addColumn<int>("shortEdge");
    QTest::addColumn<int>("width");
    QTest::addColumn<int>("height");
    QTest::newRow("whole") << 0 << 801 << 602;
    QTest::newRow("one more than half") << 302 << 801 << 602;
    QTest::newRow("half") << 301 << 401 << 301;
    QTest::newRow("quarter") << 150 << 201 << 151;
    QTest::newRow("eighth") << 20 << 101 << 76;
}

void DecodeKindsTest::aJpegIsDecodedSmallerWhereThatIsEnough()
{
    QFETCH(int, shortEdge);
    QFETCH(int, width);
    QFETCH(int, height);
    const auto decoded = decodeImage(bytesOf(encoded(fourColours(801, 602), ".jpg")), "a.jpg", {.shortEdgeAtLeastPx = shortEdge});
    QVERIFY2(decoded, errorText(decoded));
    QCOMPARE(decoded->rgb.width, width);
    QCOMPARE(decoded->rgb.height, height);
    QCOMPARE(decoded->fullWidth, 801);
    QCOMPARE(quarters(decoded->rgb), "RGBW");
}

void DecodeKindsTest::aReducedJpegLooksLikeTheWholeOne()
{
    const auto bytes = encoded(waves(400, 400), ".jpg");
    const auto decoded = decodeImage(bytesOf(bytes), "a.jpg", {.shortEdgeAtLeastPx = 100});
    QVERIFY2(decoded, errorText(decoded));
    const auto whole = waves(400, 400);
    auto sampled = RgbImage::ofSize(100, 100);
    for (int y = 0; y < 100; ++y)
        for (int x = 0; x < 100; ++x)
            std::copy_n(whole.row(4 * y + 2) + 3 * (4 * x + 2), 3, sampled.row(y) + 3 * x);
    QVERIFY(meanDifference(decoded->rgb, sampled) < 4);
}

void DecodeKindsTest::theHeaderTellsTheUprightSizeWithoutPixels()
{
    const TestFolder folder;
    const auto whole = withOrientation(encoded(fourColours(64, 48), ".jpg"), 6, false);
    const auto header = readHeader(folder.write("cut.jpg", whole.substr(0, whole.size() - 30)));
    QVERIFY2(header, errorText(header));
    QCOMPARE(header->width, 48);
    QCOMPARE(header->height, 64);
}

void DecodeKindsTest::theHeaderOfAFileWithALargePreviewIsFound()
{
    const TestFolder folder;
    const auto jpeg = encoded(fourColours(64, 48), ".jpg");
    std::string segments;
    for (int i = 0; i < 5; ++i)
        segments += std::string("\xFF\xE2\xFF\xFF", 4) + std::string(0xFFFF - 2, 'x');
    const auto header = readHeader(folder.write("a.jpg", jpeg.substr(0, 2) + segments + jpeg.substr(2)));
    QVERIFY2(header, errorText(header));
    QCOMPARE(header->width, 64);
}

void DecodeKindsTest::photographsDecode()
{
    int count = 0;
    for (const auto &entry : std::filesystem::recursive_directory_iterator(demonstrationPictures())) {
        if (entry.path().extension() != ".jpg" || ++count % 10 != 0)
            continue;
        const auto decoded = decodeFile(entry.path());
        QVERIFY2(decoded, errorText(decoded));
        QVERIFY(!decoded->truncated);
        QCOMPARE(decoded->rgb.pixels.size(), 3u * static_cast<std::size_t>(decoded->fullWidth) * static_cast<std::size_t>(decoded->fullHeight));
    }
    QVERIFY(count > 100);
}

void DecodeKindsTest::manyThreadsDecodeAtOnce()
{
    const auto image = fourColours(64, 48);
    std::vector<std::string> files;
    for (const char *extension : {".jpg", ".png", ".bmp", ".webp", ".tiff", ".ppm"})
        files.push_back(encoded(image, extension));
    files.push_back(animatedGif({image}));
    std::atomic<int> good = 0;
    {
        std::vector<std::jthread> threads;
        for (int t = 0; t < 4; ++t)
            threads.emplace_back([&] {
                for (int round = 0; round < 20; ++round)
                    for (const auto &bytes : files) {
                        const auto decoded = decodeImage(bytesOf(bytes), "a");
                        const auto broken = decodeImage(bytesOf(bytes).first(40), "b");
                        good += decoded && quarters(decoded->rgb) == "RGBW" && !broken;
                    }
            });
    }
    QCOMPARE(good.load(), 4 * 20 * static_cast<int>(files.size()));
}

QTEST_GUILESS_MAIN(DecodeKindsTest)
#include "decode_kinds_test.moc"
