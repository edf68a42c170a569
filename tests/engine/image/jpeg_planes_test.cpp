#include "engine/image/augment.h"
#include "engine/image/decode.h"
#include "engine/image/decode_to_augment.h"
#include "tests/engine/image/sample_files.h"
#include "tests/support/test_folder.h"

#include <QTest>

#include <cmath>

using namespace whisker;
using namespace whisker::test;

namespace {

constexpr Augmentation kNothing{.minArea = 1, .maxAspect = 1, .flip = false, .brightness = 0, .contrast = 0, .saturation = 0};

/// Red above and left of an edge that lies on no block's border, blue beyond: half a value of a coarse tint would move it by a pixel.
RgbImage edges(int width, int height)
{
    auto image = RgbImage::ofSize(width, height);
    for (int y = 0; y < height; ++y) {
        for (int x = 0; x < width; ++x) {
            const bool red = x < width * 3 / 7 && y < height * 4 / 7;
            std::uint8_t *pixel = image.row(y) + 3 * x;
            pixel[0] = red ? 200 : 40;
            pixel[1] = 60;
            pixel[2] = red ? 30 : 190;
        }
    }
    return image;
}

double meanRed(const RgbImage &image)
{
    double sum = 0;
    for (int y = 0; y < image.height; ++y)
        for (int x = 0; x < image.width; ++x)
            sum += image.row(y)[3 * x];
    return sum / (static_cast<double>(image.width) * image.height);
}

} // namespace

/// Pictures that stay in a JPEG's planes until they are augmented, against the same pixels in a file of another kind, which go the way of RGB.
class JpegPlanesTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void everySamplingShowsTheSamePicture_data()
    {
        QTest::addColumn<int>("across");
        QTest::addColumn<int>("down");
        QTest::addColumn<int>("orientation");
        for (const auto &[across, down] : {std::pair(1, 1), std::pair(2, 1), std::pair(1, 2), std::pair(2, 2), std::pair(4, 1)})
            for (int orientation = 1; orientation <= 8; ++orientation)
                QTest::addRow("%d x %d, turned %d", across, down, orientation) << across << down << orientation;
    }

    void everySamplingShowsTheSamePicture()
    {
        QFETCH(int, across);
        QFETCH(int, down);
        QFETCH(int, orientation);
        for (const auto &[width, height] : {std::pair(501, 377), std::pair(96, 64), std::pair(33, 47)}) {
            const std::string jpeg = withOrientation(sampledJpeg(edges(width, height), across, down), orientation, false);
            const auto decoded = decodeImage(bytesOf(jpeg), "a");
            QVERIFY2(decoded, errorText(decoded));
            const std::string png = encoded(decoded->rgb, ".png");
            for (const int shortEdge : {std::min(width, height), std::min(width, height) / 2, std::min(width, height) / 5}) {
                const auto planes = decodedToAugment(bytesOf(jpeg), "a", shortEdge), plain = decodedToAugment(bytesOf(png), "a", shortEdge);
                QVERIFY2(planes, errorText(planes));
                QVERIFY2(plain, errorText(plain));
                QCOMPARE(planes->layout.colours, PlaneColours::YCbCr);
                QCOMPARE(planes->layout.first, plain->layout.first);
                const int size = std::max(8, shortEdge * 3 / 4);
                const RgbImage ours = augment(*planes, kNothing, size, CounterRandom(1)), theirs = augment(*plain, kNothing, size, CounterRandom(1));
                const double difference = meanDifference(ours, theirs); // of edges, which are more of a small square
                QVERIFY2(difference < (size < 70 ? 8.0 : 3.0), qPrintable(QString("%1 x %2 to %3: %4").arg(width).arg(height).arg(shortEdge).arg(difference)));
                // An edge that lies a tenth of a pixel further on: so much more red there is then, of 160 levels, on each of both edges.
                const double moved = (meanRed(ours) - meanRed(theirs)) * size / 160;
                QVERIFY2(std::abs(moved) < 0.15, qPrintable(QString("%1 x %2 to %3: %4 px").arg(width).arg(height).arg(shortEdge).arg(moved)));
            }
        }
    }

    void whatIsNoOrdinaryJpegGoesTheWayOfRgb()
    {
        for (const std::string &file : {greyJpeg(40, 30, 99), cmykJpeg(40, 30, {10, 20, 30, 40}, true, true), encoded(edges(40, 30), ".png")}) {
            const auto picture = decodedToAugment(bytesOf(file), "a", 20);
            QVERIFY2(picture, errorText(picture));
            QCOMPARE(picture->layout.colours, PlaneColours::Rgb);
        }
        const std::string whole = sampledJpeg(edges(400, 300), 2, 2);
        const auto cut = decodedToAugment(bytesOf(whole.substr(0, whole.size() * 9 / 10)), "a", 100);
        QVERIFY2(cut, errorText(cut));
        QCOMPARE(cut->layout.colours, PlaneColours::Rgb);
    }

    void tintsStayAsCoarseAsTheyAreStored()
    {
        const auto picture = decodedToAugment(bytesOf(sampledJpeg(edges(400, 300), 2, 2)), "a", 300);
        QVERIFY2(picture, errorText(picture));
        QCOMPARE(picture->layout.others, (PlaneSize{200, 150}));
    }
};

QTEST_GUILESS_MAIN(JpegPlanesTest)
#include "jpeg_planes_test.moc"
