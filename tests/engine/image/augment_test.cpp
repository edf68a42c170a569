#include "engine/image/augment.h"

#include "engine/image/decode.h"
#include "engine/image/decode_to_augment.h"
#include "tests/engine/image/sample_files.h"
#include "tests/support/test_folder.h"

#include <QSize>
#include <QTest>

#include <atomic>
#include <cmath>
#include <thread>

using namespace whisker;
using namespace whisker::test;

class AugmentTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void theCounterAloneDecides();
    void withoutAnyChangeTheWholePictureIsKept();
    void halfOfAllPicturesAreMirrored();
    void brightnessStaysWithinItsRange();
    void saturationAndContrastKeepGreyAndMean();
    void cropsKeepTheirLeastArea();
    void aFileIsAugmentedLikeItsDecodedPicture_data();
    void aFileIsAugmentedLikeItsDecodedPicture();
    void whatIsDecodedToAugmentHasTheShortEdgeAskedFor();
    void smallCropsAskForLargerPictures();
    void aLargeJpegIsAugmentedAtAReducedScale();
    void photographsAreAugmentedLikeTheirDecodedPictures();
    void extremeShapesWork();
    void withoutAnyChangeEachFitIsThatOfPreprocessing_data();
    void withoutAnyChangeEachFitIsThatOfPreprocessing();
    void aVeryWidePictureIsWholeInALetterbox();
    void everyPartOfALetterboxShowsThePicture();
    void partsOfASquashedPictureAreAsBentAsIt();
    void threadsGiveTheSamePictures();
    void aBrokenFileIsAnError();

private:
    /// Of a picture that is in no file.
    static RgbImage augment(const RgbImage &image, const Augmentation &augmentation, const auto &size, CounterRandom random)
    {
        return whisker::augment(planarOf(image), augmentation, size, random);
    }
    /// From a file's bytes to a changed picture, as training does it.
    static Result<RgbImage> fromBytes(std::span<const std::byte> bytes, int sizePx, CounterRandom random)
    {
        auto picture = decodedToAugment(bytes, "a", shortEdgeToAugmentPx({}, sizePx));
        if (!picture)
            return std::unexpected(picture.error());
        return whisker::augment(*picture, {}, sizePx, random);
    }
    /// The same from the decoded picture, made smaller by the exact way.
    static RgbImage fromPicture(const RgbImage &image, int sizePx, CounterRandom random)
    {
        const double scale = std::min(1.0, static_cast<double>(shortEdgeToAugmentPx({}, sizePx)) / std::min(image.width, image.height));
        const auto reduced = [&](int length) { return static_cast<int>(std::lround(length * scale)); };
        return augment(resized(image, reduced(image.width), reduced(image.height), Interpolation::Bilinear), {}, sizePx, random);
    }
    static constexpr Augmentation kNothing{.minArea = 1, .maxAspect = 1, .flip = false, .brightness = 0, .contrast = 0, .saturation = 0};
};

void AugmentTest::theCounterAloneDecides()
{
    const auto image = waves(200, 150);
    QCOMPARE(augment(image, {}, 64, CounterRandom(1, 2, 3)), augment(image, {}, 64, CounterRandom(1, 2, 3)));
    QVERIFY(augment(image, {}, 64, CounterRandom(1, 2, 3)) != augment(image, {}, 64, CounterRandom(1, 2, 4)));
}

void AugmentTest::withoutAnyChangeTheWholePictureIsKept()
{
    const auto image = waves(100, 100);
    QCOMPARE(augment(image, kNothing, 100, CounterRandom(5)), image);
}

void AugmentTest::halfOfAllPicturesAreMirrored()
{
    Augmentation flips = kNothing;
    flips.flip = true;
    int mirrored = 0;
    for (std::uint64_t sample = 0; sample < 400; ++sample) {
        const auto found = quarters(augment(fourColours(32, 32), flips, 32, CounterRandom(7, 0, sample)));
        QVERIFY(found == "RGBW" || found == "GRWB");
        mirrored += found == "GRWB";
    }
    QVERIFY(mirrored > 150 && mirrored < 250); // 5 standard deviations
}

void AugmentTest::brightnessStaysWithinItsRange()
{
    Augmentation bright = kNothing;
    bright.brightness = 0.5;
    int least = 255, greatest = 0;
    for (std::uint64_t sample = 0; sample < 200; ++sample) {
        const int level = augment(solid(8, 8, {100, 100, 100}), bright, 8, CounterRandom(7, 0, sample)).pixels[0];
        least = std::min(least, level);
        greatest = std::max(greatest, level);
    }
    QVERIFY(least >= 50 && least < 60);
    QVERIFY(greatest <= 150 && greatest > 140);
}

void AugmentTest::saturationAndContrastKeepGreyAndMean()
{
    Augmentation colours = kNothing;
    colours.saturation = 0.9;
    QCOMPARE(augment(solid(8, 8, {90, 90, 90}), colours, 8, CounterRandom(1)), solid(8, 8, {90, 90, 90}));
    colours.contrast = 0.9;
    QCOMPARE(augment(solid(8, 8, {90, 90, 90}), colours, 8, CounterRandom(1)), solid(8, 8, {90, 90, 90}));
    QVERIFY(augment(solid(8, 8, {190, 90, 40}), colours, 8, CounterRandom(1)) != solid(8, 8, {190, 90, 40}));
}

void AugmentTest::cropsKeepTheirLeastArea()
{
    // A horizontal ramp: its ends tell how wide the crop was.
    auto ramp = RgbImage::ofSize(256, 256);
    for (std::size_t i = 0; i < ramp.pixels.size(); ++i)
        ramp.pixels[i] = static_cast<std::uint8_t>(i / 3 % 256);
    Augmentation crops = kNothing;
    crops.minArea = 0.25;
    double narrowest = 1;
    for (std::uint64_t sample = 0; sample < 300; ++sample) {
        const auto result = augment(ramp, crops, 64, CounterRandom(3, 0, sample));
        const double share = (result.row(0)[3 * 63] - result.row(0)[0]) / 252.0;
        QVERIFY(share > 0.48);
        narrowest = std::min(narrowest, share);
    }
    QVERIFY(narrowest < 0.55);
}

void AugmentTest::aFileIsAugmentedLikeItsDecodedPicture_data()
{
    QTest::addColumn<std::string>("bytes");
    const auto image = waves(500, 375);
    QTest::newRow("PNG") << encoded(image, ".png");
    QTest::newRow("JPEG") << encoded(image, ".jpg");
    QTest::newRow("progressive JPEG") << progressiveJpeg(image);
    QTest::newRow("CMYK JPEG") << cmykJpeg(300, 200, {10, 20, 30, 40}, true, true);
    for (int orientation = 2; orientation <= 8; ++orientation)
        QTest::addRow("JPEG turned %d", orientation) << withOrientation(encoded(image, ".jpg"), orientation, false);
}

void AugmentTest::aFileIsAugmentedLikeItsDecodedPicture()
{
    QFETCH(std::string, bytes);
    const auto decoded = decodeImage(bytesOf(bytes), "a");
    QVERIFY2(decoded, errorText(decoded));
    for (std::uint64_t sample = 0; sample < 10; ++sample) {
        const auto fast = fromBytes(bytesOf(bytes), 224, CounterRandom(1, 0, sample));
        QVERIFY2(fast, errorText(fast));
        const double difference = meanDifference(*fast, fromPicture(decoded->rgb, 224, CounterRandom(1, 0, sample)));
        // The tints of a JPEG are rounded when they are made smaller and count up to 1.8 times in RGB, and colours are cut only at the end. That they lie in their places, jpeg_planes_test says.
        QVERIFY2(difference < (sniffFileKind(bytesOf(bytes)) == FileKind::Jpeg ? 1.0 : 0.5), qPrintable(QString::number(difference)));
    }
}

void AugmentTest::whatIsDecodedToAugmentHasTheShortEdgeAskedFor()
{
    const auto sizeOf = [](const RgbImage &image, const char *kind) {
        const auto picture = decodedToAugment(bytesOf(encoded(image, kind)), "a", 120);
        return picture ? QSize(picture->layout.first.width, picture->layout.first.height) : QSize();
    };
    for (const char *kind : {".png", ".jpg"}) {
        QCOMPARE(sizeOf(waves(600, 400), kind), QSize(180, 120));
        QCOMPARE(sizeOf(waves(400, 600), kind), QSize(120, 180));
        QCOMPARE(sizeOf(waves(100, 80), kind), QSize(100, 80)); // never larger
        QCOMPARE(sizeOf(waves(120, 120), kind), QSize(120, 120));
        QCOMPARE(sizeOf(waves(2000, 121), kind), QSize(1983, 120));
    }
}

void AugmentTest::smallCropsAskForLargerPictures()
{
    QCOMPARE(shortEdgeToAugmentPx({}, 224), 274);
    QCOMPARE(shortEdgeToAugmentPx(kNothing, 224), 224);
    QCOMPARE(shortEdgeToAugmentPx({.minArea = 0.08}, 224), 448);
}

void AugmentTest::aLargeJpegIsAugmentedAtAReducedScale()
{
    const auto image = waves(1601, 1203);
    const auto bytes = encoded(image, ".jpg");
    for (const int size : {64, 128, 224}) {
        for (std::uint64_t sample = 0; sample < 5; ++sample) {
            const auto fast = fromBytes(bytesOf(bytes), size, CounterRandom(1, 0, sample));
            QVERIFY2(fast, errorText(fast));
            const double difference = meanDifference(*fast, fromPicture(image, size, CounterRandom(1, 0, sample)));
            QVERIFY2(difference < 1.5, qPrintable(QString::number(difference)));
        }
    }
}

void AugmentTest::photographsAreAugmentedLikeTheirDecodedPictures()
{
    std::uint64_t sample = 0;
    for (const auto &entry : std::filesystem::recursive_directory_iterator(demonstrationPictures())) {
        if (entry.path().extension() != ".jpg" || ++sample % 20 != 0)
            continue;
        const auto decoded = decodeFile(entry.path());
        QVERIFY2(decoded, errorText(decoded));
        const auto fast = fromBytes(*readPictureFile(entry.path()), 224, CounterRandom(9, 1, sample));
        QVERIFY2(fast, errorText(fast));
        QVERIFY(meanDifference(*fast, fromPicture(decoded->rgb, 224, CounterRandom(9, 1, sample))) < 1);
    }
    QVERIFY(sample > 100);
}

void AugmentTest::extremeShapesWork()
{
    for (const auto &image : {solid(1, 1, kRed), solid(3000, 1, kRed), solid(2, 900, kRed)})
        for (std::uint64_t sample = 0; sample < 20; ++sample) {
            QCOMPARE(augment(image, {.brightness = 0, .contrast = 0, .saturation = 0}, 32, CounterRandom(1, 0, sample)), solid(32, 32, kRed));
            const auto file = fromBytes(bytesOf(encoded(image, ".jpg")), 32, CounterRandom(1, 0, sample));
            QVERIFY2(file, errorText(file));
            QCOMPARE(file->width, 32);
        }
}

void AugmentTest::withoutAnyChangeEachFitIsThatOfPreprocessing_data()
{
    QTest::addColumn<int>("width");
    QTest::addColumn<int>("height");
    QTest::newRow("wide") << 500 << 375;
    QTest::newRow("tall") << 200 << 900;
    QTest::newRow("square") << 300 << 300;
    QTest::newRow("very wide") << 1000 << 100;
    QTest::newRow("line") << 3000 << 2;
    QTest::newRow("one pixel") << 1 << 1;
}

void AugmentTest::withoutAnyChangeEachFitIsThatOfPreprocessing()
{
    QFETCH(int, width);
    QFETCH(int, height);
    const auto image = waves(width, height);
    for (const Fit fit : {Fit::Squash, Fit::Letterbox}) {
        Preprocessing preprocessing = imageNetPreprocessing(96);
        preprocessing.fit = fit;
        const double difference = meanDifference(augment(image, kNothing, preprocessing, CounterRandom(1)), preprocess(image, preprocessing));
        QVERIFY2(difference < 3, qPrintable(QString::number(difference))); // a border may be a pixel wider
    }
}

void AugmentTest::aVeryWidePictureIsWholeInALetterbox()
{
    Preprocessing preprocessing = imageNetPreprocessing(100);
    preprocessing.fit = Fit::Letterbox;
    auto image = solid(1000, 100, kGreen);
    for (int y = 0; y < 100; ++y) {
        std::fill_n(image.row(y), 3 * 100, std::uint8_t(255));
        std::fill_n(image.row(y) + 3 * 900, 3 * 100, std::uint8_t(0));
    }
    for (const auto &square : {augment(image, kNothing, preprocessing, CounterRandom(1)), preprocess(image, preprocessing)}) {
        QVERIFY(isNear(square, 2, 50, kWhite, 2));
        QVERIFY(isNear(square, 50, 50, kGreen, 2));
        QVERIFY(isNear(square, 97, 50, kBlack, 2));
        for (const int y : {0, 40, 60, 99})
            QVERIFY(isNear(square, 50, y, {124, 116, 104}));
    }
}

void AugmentTest::everyPartOfALetterboxShowsThePicture()
{
    Preprocessing preprocessing = imageNetPreprocessing(64);
    preprocessing.fit = Fit::Letterbox;
    Augmentation crops = kNothing;
    crops.minArea = 0.05;
    crops.maxAspect = 4;
    for (const auto &image : {solid(1000, 20, kRed), solid(20, 1000, kRed), solid(40, 30, kRed)}) {
        for (std::uint64_t sample = 0; sample < 300; ++sample) {
            const auto part = augment(image, crops, preprocessing, CounterRandom(3, 0, sample));
            bool shows = false;
            for (int i = 0; i < 64 && !shows; ++i)
                for (int j = 0; j < 64 && !shows; ++j)
                    shows = isNear(part, i, j, kRed, 2);
            QVERIFY2(shows, qPrintable(QString::number(sample)));
        }
    }
}

void AugmentTest::partsOfASquashedPictureAreAsBentAsIt()
{
    // A horizontal and a vertical ramp over 400 x 100: how much of each a part has tells its shape.
    auto ramp = RgbImage::ofSize(400, 100);
    for (int y = 0; y < 100; ++y)
        for (int x = 0; x < 400; ++x) {
            ramp.row(y)[3 * x] = static_cast<std::uint8_t>(x * 255 / 399);
            ramp.row(y)[3 * x + 1] = static_cast<std::uint8_t>(y * 255 / 99);
        }
    Preprocessing preprocessing = imageNetPreprocessing(64);
    preprocessing.fit = Fit::Squash;
    Augmentation crops = kNothing;
    crops.minArea = 0.25;
    crops.maxAspect = 1.2;
    for (std::uint64_t sample = 0; sample < 100; ++sample) {
        const auto part = augment(ramp, crops, preprocessing, CounterRandom(3, 0, sample));
        const double across = part.row(32)[3 * 63] - part.row(32)[0], down = part.row(63)[3 * 32 + 1] - part.row(0)[3 * 32 + 1];
        QVERIFY(across > 0.4 * 255 && down > 0.4 * 255);
        QVERIFY2(across / down < 1.35 && down / across < 1.35, qPrintable(QString::number(across / down)));
    }
}

void AugmentTest::threadsGiveTheSamePictures()
{
    const auto bytes = encoded(waves(500, 375), ".jpg");
    const auto make = [&](std::uint64_t sample) { return *fromBytes(bytesOf(bytes), 96, CounterRandom(1, 0, sample)); };
    std::vector<RgbImage> alone;
    for (std::uint64_t sample = 0; sample < 40; ++sample)
        alone.push_back(make(sample));
    std::atomic<int> same = 0;
    {
        std::vector<std::jthread> threads;
        for (int t = 0; t < 4; ++t)
            threads.emplace_back([&] {
                for (std::uint64_t sample = 0; sample < 40; ++sample)
                    same += make(sample) == alone[sample];
            });
    }
    QCOMPARE(same.load(), 160);
}

void AugmentTest::aBrokenFileIsAnError()
{
    const std::string text = "text", cut = "\xFF\xD8\xFF";
    QCOMPARE(decodedToAugment(bytesOf(text), "a.jpg", 64).error().code, ErrorCode::BadFormat);
    QCOMPARE(decodedToAugment(bytesOf(cut), "b.jpg", 64).error().code, ErrorCode::Unreadable);
}

QTEST_GUILESS_MAIN(AugmentTest)
#include "augment_test.moc"
