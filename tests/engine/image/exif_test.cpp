#include "engine/image/exif.h"

#include "tests/engine/image/sample_files.h"
#include "tests/support/camera_jpeg.h"
#include "tests/support/test_folder.h"

#include <QTest>

using namespace whisker;
using namespace whisker::test;

namespace {

std::string jpegWith(const std::string &block) { return withExif(greyJpeg(8, 8, 90), block); }

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
