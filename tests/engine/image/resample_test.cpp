#include "engine/image/resample.h"

#include "tests/engine/image/sample_pictures.h"

#include <QTest>

using namespace whisker;
using namespace whisker::test;

Q_DECLARE_METATYPE(whisker::Interpolation)

class ResampleTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aSolidPictureStaysSolid_data();
    void aSolidPictureStaysSolid();
    void aSmoothPictureKeepsItsShape_data();
    void aSmoothPictureKeepsItsShape();
    void fineStripesBecomeGreyInsteadOfMoire_data();
    void fineStripesBecomeGreyInsteadOfMoire();
    void knownPixelsComeOutAsPillowMakesThem();
    void enlargingWithBoxesRepeatsPixels();
    void aBoxIsCutOut();
    void theSameSizeIsTheSamePicture();
    void extremeShapesWork();
};

void ResampleTest::aSolidPictureStaysSolid_data()
{
    QTest::addColumn<Interpolation>("interpolation");
    QTest::newRow("bilinear") << Interpolation::Bilinear;
    QTest::newRow("bicubic") << Interpolation::Bicubic;
    QTest::newRow("area") << Interpolation::Area;
}

void ResampleTest::aSolidPictureStaysSolid()
{
    QFETCH(Interpolation, interpolation);
    for (const auto &[width, height] : {std::pair(224, 224), std::pair(7, 500), std::pair(301, 3), std::pair(1, 1)})
        QCOMPARE(resized(solid(97, 61, {10, 200, 255}), width, height, interpolation), solid(width, height, {10, 200, 255}));
}

void ResampleTest::aSmoothPictureKeepsItsShape_data()
{
    aSolidPictureStaysSolid_data();
}

void ResampleTest::aSmoothPictureKeepsItsShape()
{
    QFETCH(Interpolation, interpolation);
    const auto image = waves(300, 200);
    for (const auto &[width, height] : {std::pair(150, 100), std::pair(150, 300), std::pair(451, 150), std::pair(600, 400)}) {
        const auto there = resized(image, width, height, interpolation);
        QVERIFY(meanDifference(resized(there, 300, 200, interpolation), image) < 2.5);
    }
}

void ResampleTest::fineStripesBecomeGreyInsteadOfMoire_data()
{
    aSolidPictureStaysSolid_data();
}

void ResampleTest::fineStripesBecomeGreyInsteadOfMoire()
{
    QFETCH(Interpolation, interpolation);
    auto stripes = solid(400, 400, kBlack);
    for (std::size_t i = 0; i < stripes.pixels.size(); ++i)
        stripes.pixels[i] = i / 3 % 2 ? 255 : 0;
    const auto small = resized(stripes, 40, 40, interpolation);
    for (int x = 2; x < 38; ++x)
        QVERIFY(isNear(small, x, 20, {128, 128, 128}, 6));
}

void ResampleTest::knownPixelsComeOutAsPillowMakesThem()
{
    // PIL.Image.fromarray(row).resize((n, 1), ...) of the grey row 0, 50, 200, 255, 30, 90, 160, 10; one level is left for rounding.
    auto row = RgbImage::ofSize(8, 1);
    const int values[] = {0, 50, 200, 255, 30, 90, 160, 10};
    for (int x = 0; x < 8; ++x)
        for (int c = 0; c < 3; ++c)
            row.row(0)[3 * x + c] = static_cast<std::uint8_t>(values[x]);
    const auto check = [&](Interpolation interpolation, const std::vector<int> &expected) {
        const auto result = resized(row, static_cast<int>(expected.size()), 1, interpolation);
        for (std::size_t x = 0; x < expected.size(); ++x)
            if (!isNear(result, static_cast<int>(x), 0, {expected[x], expected[x], expected[x]}, 1))
                return false;
        return true;
    };
    QVERIFY(check(Interpolation::Bilinear, {87, 142, 90}));
    QVERIFY(check(Interpolation::Bicubic, {85, 150, 82}));
    QVERIFY(check(Interpolation::Area, {83, 143, 87}));
    QVERIFY(check(Interpolation::Bicubic, {0, 19, 94, 205, 255, 142, 24, 87, 154, 102, 2}));
}

void ResampleTest::enlargingWithBoxesRepeatsPixels()
{
    const auto enlarged = resized(fourColours(2, 2), 6, 6, Interpolation::Area);
    QCOMPARE(enlarged, fourColours(6, 6));
}

void ResampleTest::aBoxIsCutOut()
{
    const auto image = fourColours(100, 80);
    const auto green = resample(image, {60, 0, 100, 30}, 20, 20, Interpolation::Bilinear);
    QCOMPARE(green, solid(20, 20, kGreen));
    const auto exact = resample(waves(50, 50), {10, 20, 30, 40}, 20, 20, Interpolation::Bilinear);
    QVERIFY(std::equal(exact.row(5), exact.row(6), waves(50, 50).row(25) + 30));
}

void ResampleTest::theSameSizeIsTheSamePicture()
{
    const auto image = waves(37, 21);
    QCOMPARE(resized(image, 37, 21, Interpolation::Bicubic), image);
    QCOMPARE(resample(image, {0, 0, 37, 21}, 37, 21, Interpolation::Bicubic), image);
}

void ResampleTest::extremeShapesWork()
{
    QCOMPARE(resized(solid(30000, 20, kBlue), 224, 224, Interpolation::Bicubic), solid(224, 224, kBlue));
    QCOMPARE(resized(solid(20, 30000, kBlue), 224, 224, Interpolation::Bicubic), solid(224, 224, kBlue));
    QCOMPARE(resized(solid(1, 1, kBlue), 224, 224, Interpolation::Bicubic), solid(224, 224, kBlue));
    QCOMPARE(resized(solid(1'000'000, 1, kBlue), 64, 64, Interpolation::Bilinear), solid(64, 64, kBlue));
}

QTEST_GUILESS_MAIN(ResampleTest)
#include "resample_test.moc"
