#include "engine/image/plane_resampler.h"

#include "engine/base/counter_random.h"
#include "tests/engine/image/sample_pictures.h"

#include <QTest>

#include <cstdlib>

using namespace whisker;
using namespace whisker::test;

Q_DECLARE_METATYPE(whisker::Interpolation)

namespace {

/// Grey noise of any size.
RgbImage noise(int width, int height)
{
    auto image = RgbImage::ofSize(width, height);
    CounterRandom random(1);
    for (std::size_t i = 0; i < image.pixels.size(); i += 3)
        std::fill_n(image.pixels.begin() + static_cast<std::ptrdiff_t>(i), 3, static_cast<std::uint8_t>(random.below(256)));
    return image;
}

/// Its first plane, `spare` bytes longer a row, and back to a picture in grey.
RgbImage resampled(const RgbImage &image, const Box &box, int width, int height, Interpolation interpolation, bool mirrored = false, std::size_t spare = 0)
{
    const std::size_t rowBytes = static_cast<std::size_t>(image.width) + spare, targetRowBytes = static_cast<std::size_t>(width) + spare;
    std::vector<std::uint8_t> source(rowBytes * static_cast<std::size_t>(image.height)), target(targetRowBytes * static_cast<std::size_t>(height), 77);
    for (int y = 0; y < image.height; ++y)
        for (int x = 0; x < image.width; ++x)
            source[static_cast<std::size_t>(y) * rowBytes + static_cast<std::size_t>(x)] = image.row(y)[3 * x];
    const PlaneResampler resampler({image.width, image.height}, box, {width, height}, interpolation, mirrored);
    resampler(source.data(), rowBytes, target.data(), targetRowBytes);
    auto result = RgbImage::ofSize(width, height);
    for (int y = 0; y < height; ++y) {
        const std::uint8_t *row = target.data() + static_cast<std::size_t>(y) * targetRowBytes;
        for (int x = 0; x < width; ++x)
            std::fill_n(result.row(y) + 3 * x, 3, row[x]);
        for (std::size_t i = 0; i < spare; ++i)
            if (row[static_cast<std::size_t>(width) + i] != 77)
                return {}; // what isn't the plane's was written
    }
    return result;
}

Box whole(const RgbImage &image)
{
    return {0, 0, static_cast<double>(image.width), static_cast<double>(image.height)};
}

} // namespace

class PlaneResamplerTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void itIsWithinTwoLevelsOfTheExactOne_data();
    void itIsWithinTwoLevelsOfTheExactOne();
    void plainValuesStayWhatTheyAre();
    void theSameSizeIsTheSamePlane();
    void aMirroredPlaneIsTheSameFromTheOtherSide();
    void rowsMayLieApart();
    void extremeShapesWork();
};

void PlaneResamplerTest::itIsWithinTwoLevelsOfTheExactOne_data()
{
    QTest::addColumn<Interpolation>("interpolation");
    QTest::newRow("bilinear") << Interpolation::Bilinear;
    QTest::newRow("bicubic") << Interpolation::Bicubic;
    QTest::newRow("area") << Interpolation::Area;
}

void PlaneResamplerTest::itIsWithinTwoLevelsOfTheExactOne()
{
    QFETCH(Interpolation, interpolation);
    const auto image = noise(301, 203);
    const Box box{3.4, 2, 290.3, 199.5};
    for (const auto &[width, height] :
         {std::pair(224, 224), std::pair(150, 103), std::pair(100, 150), std::pair(40, 20), std::pair(500, 300), std::pair(9, 7)}) {
        const auto exact = resample(image, box, width, height, interpolation);
        const auto fast = resampled(image, box, width, height, interpolation);
        int worst = 0;
        for (std::size_t i = 0; i < exact.pixels.size(); ++i)
            worst = std::max(worst, std::abs(exact.pixels[i] - fast.pixels[i]));
        QVERIFY2(worst <= 2, qPrintable(QString::number(worst)));
        QVERIFY(meanDifference(exact, fast) < 0.5);
    }
}

void PlaneResamplerTest::plainValuesStayWhatTheyAre()
{
    const Box box{1, 2, 90, 60.5};
    for (const std::uint8_t level : {0, 10, 200, 255})
        for (const auto &[width, height] : {std::pair(64, 64), std::pair(7, 500), std::pair(3, 3)})
            QCOMPARE(resampled(solid(97, 61, {level, level, level}), box, width, height, Interpolation::Bilinear), solid(width, height, {level, level, level}));
}

void PlaneResamplerTest::theSameSizeIsTheSamePlane()
{
    for (const auto &image : {noise(90, 70), noise(16, 16), noise(33, 5), noise(1, 1)})
        QCOMPARE(resampled(image, whole(image), image.width, image.height, Interpolation::Bilinear), image);
}

void PlaneResamplerTest::aMirroredPlaneIsTheSameFromTheOtherSide()
{
    const auto image = noise(120, 90);
    for (const auto &[width, height] : {std::pair(64, 48), std::pair(50, 200), std::pair(5, 5)}) {
        const auto plain = resampled(image, {10, 5, 110, 85}, width, height, Interpolation::Bilinear);
        const auto mirrored = resampled(image, {10, 5, 110, 85}, width, height, Interpolation::Bilinear, true);
        for (int y = 0; y < height; ++y)
            for (int x = 0; x < width; ++x)
                QCOMPARE(mirrored.row(y)[3 * x], plain.row(y)[3 * (width - 1 - x)]);
    }
}

void PlaneResamplerTest::rowsMayLieApart()
{
    const auto image = noise(70, 50);
    for (const auto &[width, height] : {std::pair(35, 25), std::pair(10, 60), std::pair(100, 100)})
        QCOMPARE(resampled(image, whole(image), width, height, Interpolation::Bilinear, false, 13),
                 resampled(image, whole(image), width, height, Interpolation::Bilinear));
}

void PlaneResamplerTest::extremeShapesWork()
{
    for (const auto &image : {solid(1, 1, kWhite), solid(3000, 1, kWhite), solid(2, 900, kWhite)})
        for (const auto &[width, height] : {std::pair(1, 1), std::pair(32, 32), std::pair(1, 300)})
            QCOMPARE(resampled(image, whole(image), width, height, Interpolation::Bilinear), solid(width, height, kWhite));
}

QTEST_GUILESS_MAIN(PlaneResamplerTest)
#include "plane_resampler_test.moc"
