#include "engine/image/measures.h"

#include "tests/support/altered_pictures.h"

#include <QTest>

#include <bit>

using namespace whisker;
using namespace whisker::test;

namespace {

PictureMeasures measured(const RgbImage &image, int quality = 90)
{
    const std::string bytes = jpegOf(image, quality);
    return measurePicture(std::as_bytes(std::span(bytes)), "made.jpg").value();
}

} // namespace

class MeasuresTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void blurTakesSharpness()
    {
        for (const std::size_t number : {0u, 20u, 40u}) {
            const RgbImage image = photograph("cat", number);
            const float sharp = measured(image).sharpness;
            QVERIFY2(sharp > 0.25f, std::to_string(sharp).c_str());
            for (const double sigma : {2.0, 4.0, 8.0}) // of 320 px
                QVERIFY(measured(blurred(image, sigma)).sharpness < 0.19f);
        }
    }

    void lowContrastIsNotBlur()
    {
        const RgbImage image = photograph("dog", 3);
        const float sharp = measured(image, 98).sharpness;
        const float faint = measured(relit(image, 0.4, 80), 98).sharpness;
        QVERIFY2(std::abs(faint - sharp) < 0.15f * sharp, (std::to_string(sharp) + " " + std::to_string(faint)).c_str());
    }

    void brightnessAndItsPercentilesFollowTheLight()
    {
        const RgbImage image = photograph("dog", 10);
        const PictureMeasures normal = measured(image);
        const PictureMeasures dark = measured(relit(image, 0.25));
        QVERIFY(std::abs(dark.brightness - normal.brightness / 4) < 0.01f);
        QVERIFY(std::abs(dark.brightest - normal.brightest / 4) < 0.02f);
        QVERIFY(normal.darkest < normal.brightness && normal.brightness < normal.brightest);
        const PictureMeasures white = measured(plain(64, 64, 255));
        QCOMPARE(white.brightness, 1.0f);
        QCOMPARE(white.darkest, 1.0f);
        QCOMPARE(white.contrast, 0.0f);
    }

    void theHashSurvivesWhatPeopleDoToPictures_data()
    {
        QTest::addColumn<int>("change");
        QTest::addColumn<int>("bits");
        QTest::newRow("saved at quality 30") << 0 << 4;
        QTest::newRow("half size") << 1 << 6;
        QTest::newRow("brighter") << 2 << 8;
        QTest::newRow("darker") << 3 << 4;
        QTest::newRow("cropped by 2 % a side") << 4 << 12;
    }
    void theHashSurvivesWhatPeopleDoToPictures()
    {
        QFETCH(int, change);
        QFETCH(int, bits);
        for (const std::size_t number : {1u, 30u, 60u}) {
            const RgbImage image = photograph("dog", number);
            const RgbImage changed = change == 1   ? resized(image, image.width / 2, image.height / 2, Interpolation::Bilinear)
                                     : change == 2 ? relit(image, 1.2)
                                     : change == 3 ? relit(image, 0.6)
                                     : change == 4 ? cropped(image, 0.02)
                                                   : image;
            const auto first = measured(image);
            const auto second = measured(changed, change == 0 ? 30 : 90);
            QVERIFY(std::popcount(first.hash ^ second.hash) <= bits);
            QVERIFY(thumbnailCorrelation(first.thumbnail, second.thumbnail) > 0.9);
        }
    }

    void theMirroredHashIsThatOfTheMirroredPicture()
    {
        const RgbImage image = photograph("cat", 7);
        const auto straight = measured(image);
        const auto flipped = measured(mirrored(image));
        QVERIFY(std::popcount(mirroredHash(straight.hash) ^ flipped.hash) <= 4);
        QVERIFY(std::popcount(straight.hash ^ flipped.hash) > 12);
        QVERIFY(thumbnailCorrelation(straight.thumbnail, flipped.thumbnail) > 0.99);
        QCOMPARE(mirroredHash(mirroredHash(straight.hash)), straight.hash);
    }

    void differentPhotographsDiffer()
    {
        const auto first = measured(photograph("cat", 0));
        const auto second = measured(photograph("cat", 1));
        QVERIFY(std::popcount(first.hash ^ second.hash) > 12);
        QVERIFY(thumbnailCorrelation(first.thumbnail, second.thumbnail) < 0.9);
    }

    void sizesAreThoseOfTheFileAndAnySizeIsMeasured()
    {
        for (const auto &[width, height] : {std::pair(1, 1), std::pair(3, 700), std::pair(2000, 31), std::pair(1200, 900)}) {
            const auto measures = measured(plain(width, height, 90));
            QCOMPARE(measures.width, width);
            QCOMPARE(measures.height, height);
            QCOMPARE(measures.kind, FileKind::Jpeg);
        }
    }

    void aTruncatedFileIsMeasuredAndSaysSo()
    {
        const std::string whole = jpegOf(photograph("dog", 5));
        const std::string part = whole.substr(0, whole.size() * 7 / 10);
        const auto measures = measurePicture(std::as_bytes(std::span(part)), "part.jpg");
        QVERIFY2(measures, errorText(measures));
        QVERIFY(measures->truncated);
        QVERIFY(!measures->note.empty());
    }

    void whatIsNoPictureIsAnErrorThatNamesTheFile()
    {
        const TestFolder folder;
        const auto text = measurePicture(folder.write("text.jpg", "no picture"));
        QVERIFY(!text);
        QCOMPARE(text.error().code, ErrorCode::BadFormat);
        QVERIFY(text.error().message.find("text.jpg") != std::string::npos);
        QCOMPARE(measurePicture(folder / "nowhere.jpg").error().code, ErrorCode::NotFound);
    }

    void extensionsAreComparedWithTheKindOfFile_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<bool>("fits");
        QTest::newRow("the usual one") << "a.jpg" << true;
        QTest::newRow("capitals") << "a.JPEG" << true;
        QTest::newRow("none") << "a" << true;
        QTest::newRow("another kind") << "a.png" << false;
        QTest::newRow("no kind") << "a.txt" << false;
        QTest::newRow("a dot in the name") << "a.1.jpg" << true;
    }
    void extensionsAreComparedWithTheKindOfFile()
    {
        QFETCH(QString, name);
        QFETCH(bool, fits);
        QCOMPARE(extensionFits(name.toStdString(), FileKind::Jpeg), fits);
    }
};

QTEST_GUILESS_MAIN(MeasuresTest)
#include "measures_test.moc"
