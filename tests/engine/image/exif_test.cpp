#include "engine/image/exif.h"

#include "tests/engine/image/sample_files.h"
#include "tests/support/test_folder.h"

#include <QTest>

using namespace whisker;
using namespace whisker::test;

namespace {

std::string bigEndian(std::uint32_t value, int bytes)
{
    std::string text = littleEndian(value, bytes);
    return {text.rbegin(), text.rend()};
}

/// One tag whose data lie at `offset`, or are `offset` themselves.
std::string tag(std::uint32_t name, std::uint32_t format, std::uint32_t count, const std::string &value)
{
    return bigEndian(name, 2) + bigEndian(format, 2) + bigEndian(count, 4) + value;
}

/// A TIFF structure as a camera writes it.
std::string cameraBlock()
{
    const std::string maker("Canon\0", 6), model("Canon EOS 80D\0", 14), lens("EF50mm f/1.8\0", 13), time("2024:05:03 14:22:10\0", 20);
    const std::uint32_t second = 8 + 2 + 3 * 12 + 4, data = second + 2 + 6 * 12 + 4;
    const std::uint32_t modelAt = data + 6, lensAt = modelAt + 14, timeAt = lensAt + 13, ratioAt = timeAt + 20;
    return "MM" + bigEndian(42, 2) + bigEndian(8, 4) + bigEndian(3, 2) + tag(0x010F, 2, 6, bigEndian(data, 4)) +
           tag(0x0110, 2, 14, bigEndian(modelAt, 4)) + tag(0x8769, 4, 1, bigEndian(second, 4)) + bigEndian(0, 4) + bigEndian(6, 2) +
           tag(0x829A, 5, 1, bigEndian(ratioAt, 4)) + tag(0x829D, 5, 1, bigEndian(ratioAt + 8, 4)) +
           tag(0x8827, 3, 1, bigEndian(400, 2) + bigEndian(0, 2)) + tag(0x9003, 2, 20, bigEndian(timeAt, 4)) +
           tag(0x920A, 5, 1, bigEndian(ratioAt + 16, 4)) + tag(0xA434, 2, 13, bigEndian(lensAt, 4)) + bigEndian(0, 4) + maker + model + lens + time +
           bigEndian(1, 4) + bigEndian(250, 4) + bigEndian(18, 4) + bigEndian(10, 4) + bigEndian(50, 4) + bigEndian(1, 4);
}

std::string jpegWith(const std::string &block)
{
    const std::string whole = std::string("Exif\0\0", 6) + block;
    const std::string jpeg = greyJpeg(8, 8, 90);
    return jpeg.substr(0, 2) + "\xFF\xE1" + bigEndian(static_cast<std::uint32_t>(whole.size() + 2), 2) + whole + jpeg.substr(2);
}

ExifFacts factsOf(const std::string &bytes) { return readExif(std::as_bytes(std::span(bytes))); }

} // namespace

class ExifTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void readsWhatACameraWrote();
    void readsItFromAPngAndAWebPToo();
    void aPictureWithoutAnyHasNoFacts();
    void aBlockThatIsCutAnywhereDoesNoHarm();
    void aRatioByZeroIsNoFact();
    void aMissingFileIsAnError();
};

void ExifTest::readsWhatACameraWrote()
{
    const auto facts = factsOf(jpegWith(cameraBlock()));
    QCOMPARE(facts.camera, "Canon EOS 80D");
    QCOMPARE(facts.lens, "EF50mm f/1.8");
    QCOMPARE(facts.taken, "2024:05:03 14:22:10");
    QCOMPARE(facts.exposureSeconds.value(), 1.0 / 250);
    QCOMPARE(facts.aperture.value(), 1.8);
    QCOMPARE(facts.focalLengthMm.value(), 50.0);
    QCOMPARE(facts.iso.value(), 400);
}

void ExifTest::readsItFromAPngAndAWebPToo()
{
    const std::string block = cameraBlock();
    const std::string png = pngHeaderOnly(8, 8);
    const auto size = static_cast<std::uint32_t>(block.size());
    QCOMPARE(factsOf(png.substr(0, 33) + bigEndian(size, 4) + "eXIf" + block + bigEndian(0, 4)).iso.value(), 400);
    QCOMPARE(factsOf("RIFF" + littleEndian(size + 12, 4) + "WEBPEXIF" + littleEndian(size, 4) + block).iso.value(), 400);
}

void ExifTest::aPictureWithoutAnyHasNoFacts()
{
    QCOMPARE(factsOf(greyJpeg(8, 8, 90)), ExifFacts{});
    QCOMPARE(factsOf(withOrientation(greyJpeg(8, 8, 90), 6, true)), ExifFacts{});
    QCOMPARE(factsOf("not a picture"), ExifFacts{});
    QCOMPARE(factsOf({}), ExifFacts{});
}

void ExifTest::aBlockThatIsCutAnywhereDoesNoHarm()
{
    const std::string block = cameraBlock();
    for (std::size_t length = 0; length < block.size(); ++length) {
        const auto facts = factsOf(jpegWith(block.substr(0, length)));
        QVERIFY(facts.lens.empty() || facts.lens == "EF50mm f/1.8");
        factsOf(block.substr(0, length));
    }
}

void ExifTest::aRatioByZeroIsNoFact()
{
    std::string block = cameraBlock();
    block.replace(block.size() - 20, 4, bigEndian(0, 4)); // the exposure's denominator
    QVERIFY(!factsOf(jpegWith(block)).exposureSeconds);
    QVERIFY(factsOf(jpegWith(block)).aperture);
}

void ExifTest::aMissingFileIsAnError()
{
    QCOMPARE(readExif(std::filesystem::path("/no/such/file.jpg")).error().code, ErrorCode::NotFound);
}

QTEST_GUILESS_MAIN(ExifTest)
#include "exif_test.moc"
