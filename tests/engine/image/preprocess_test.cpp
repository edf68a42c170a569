#include "engine/image/preprocess.h"

#include "engine/image/decode.h"
#include "tests/engine/image/sample_files.h"
#include "tests/support/test_folder.h"

#include <QTest>

#include <set>

using namespace whisker;
using namespace whisker::test;

class PreprocessTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void everyFitGivesTheSquare_data();
    void everyFitGivesTheSquare();
    void aCentreCropKeepsTheMiddle();
    void squashKeepsTheWholePicture();
    void letterboxHasBordersOfTheMeanColour();
    void theCropIsTheShareOfTheShortEdge();
    void decodingReducedMakesNoDifferenceThatMatters();
    void theDecodeSizeIsWhatTheSquareNeeds();
    void veryWideFilesWork();
    void jsonGoesThereAndBack();
    void jsonHasTheAgreedFields();
    void badJsonIsRefusedWithItsField_data();
    void badJsonIsRefusedWithItsField();
    void theDigestChangesWithEveryField();
    void aTurnedPhotographIsPreparedUpright();
    void aMissingFileIsAnError();
};

void PreprocessTest::everyFitGivesTheSquare_data()
{
    QTest::addColumn<int>("width");
    QTest::addColumn<int>("height");
    QTest::newRow("wide") << 500 << 375;
    QTest::newRow("tall") << 200 << 900;
    QTest::newRow("one pixel") << 1 << 1;
    QTest::newRow("line") << 3000 << 2;
}

void PreprocessTest::everyFitGivesTheSquare()
{
    QFETCH(int, width);
    QFETCH(int, height);
    for (const Fit fit : {Fit::Squash, Fit::CentreCrop, Fit::Letterbox}) {
        Preprocessing preprocessing = efficientNetLitePreprocessing(96);
        preprocessing.fit = fit;
        const auto square = preprocess(solid(width, height, kBlue), preprocessing);
        QCOMPARE(square.width, 96);
        QCOMPARE(square.height, 96);
        QVERIFY(isNear(square, 47, 47, kBlue));
    }
}

void PreprocessTest::aCentreCropKeepsTheMiddle()
{
    auto image = solid(300, 100, kRed);
    for (int y = 0; y < 100; ++y)
        std::fill_n(image.row(y) + 3 * 100, 3 * 100, std::uint8_t(255)); // a white square in the middle
    const auto square = preprocess(image, imageNetPreprocessing(64));
    QCOMPARE(square, solid(64, 64, kWhite));
}

void PreprocessTest::squashKeepsTheWholePicture()
{
    Preprocessing preprocessing;
    preprocessing.fit = Fit::Squash;
    QCOMPARE(quarters(preprocess(fourColours(400, 100), preprocessing)), "RGBW");
    QVERIFY(isNear(preprocess(fourColours(400, 100), preprocessing), 0, 0, kRed));
}

void PreprocessTest::letterboxHasBordersOfTheMeanColour()
{
    Preprocessing preprocessing;
    preprocessing.fit = Fit::Letterbox;
    preprocessing.mean = {10, 20, 30};
    const auto square = preprocess(solid(400, 200, kGreen), preprocessing);
    for (const int y : {0, 55, 168, 223})
        QVERIFY(isNear(square, 100, y, {10, 20, 30}));
    for (const int y : {56, 112, 167})
        QVERIFY(isNear(square, 0, y, kGreen));
}

void PreprocessTest::theCropIsTheShareOfTheShortEdge()
{
    // 256 x 256 cropped by 224 / 256 to 224 is the middle, pixel for pixel.
    const auto image = waves(256, 256);
    const auto square = preprocess(image, imageNetPreprocessing(224));
    for (const int y : {0, 100, 223})
        QVERIFY(std::equal(square.row(y), square.row(y) + square.rowBytes(), image.row(y + 16) + 3 * 16));
}

void PreprocessTest::decodingReducedMakesNoDifferenceThatMatters()
{
    const TestFolder folder;
    const auto file = folder.write("large.jpg", encoded(waves(1600, 1200), ".jpg"));
    const auto preprocessing = efficientNetLitePreprocessing(224);
    const auto fast = loadPreprocessed(file, preprocessing);
    QVERIFY2(fast, errorText(fast));
    const auto whole = decodeFile(file);
    QVERIFY2(whole, errorText(whole));
    QVERIFY(meanDifference(*fast, preprocess(whole->rgb, preprocessing)) < 1.0);
}

void PreprocessTest::theDecodeSizeIsWhatTheSquareNeeds()
{
    QCOMPARE(decodeShortEdgePx(imageNetPreprocessing(224)), 256);
    QCOMPARE(decodeShortEdgePx(efficientNetLitePreprocessing(224)), 256);
    QCOMPARE(decodeShortEdgePx(efficientNetLitePreprocessing(260)), 292);
    Preprocessing squash;
    squash.fit = Fit::Squash;
    QCOMPARE(decodeShortEdgePx(squash), 224);
}

void PreprocessTest::veryWideFilesWork()
{
    const TestFolder folder;
    const auto file = folder.write("wide.jpg", encoded(solid(30000, 20, kGreen), ".jpg"));
    for (const Fit fit : {Fit::Squash, Fit::CentreCrop, Fit::Letterbox}) {
        Preprocessing preprocessing;
        preprocessing.fit = fit;
        const auto square = loadPreprocessed(file, preprocessing);
        QVERIFY2(square, errorText(square));
        QVERIFY(isNear(*square, 111, 111, kGreen, 3));
    }
}

void PreprocessTest::jsonGoesThereAndBack()
{
    for (Preprocessing preprocessing : {imageNetPreprocessing(160), efficientNetLitePreprocessing(260)})
        for (const Fit fit : {Fit::Squash, Fit::CentreCrop, Fit::Letterbox})
            for (const Interpolation interpolation : {Interpolation::Bilinear, Interpolation::Bicubic, Interpolation::Area}) {
                preprocessing.fit = fit;
                preprocessing.interpolation = interpolation;
                const auto read = preprocessingFromJson(toJson(preprocessing));
                QVERIFY2(read, errorText(read));
                QVERIFY(*read == preprocessing);
            }
}

void PreprocessTest::jsonHasTheAgreedFields()
{
    QCOMPARE(toJson(imageNetPreprocessing()), R"({"size":224,"fit":"centre_crop","crop":0.875,"interpolation":"bilinear",)"
                                              R"("mean":[123.675,116.28,103.53],"std":[58.395,57.12,57.375]})");
}

void PreprocessTest::badJsonIsRefusedWithItsField_data()
{
    QTest::addColumn<std::string>("from"); // in good JSON
    QTest::addColumn<std::string>("to");
    QTest::addColumn<std::string>("named");
    const auto row = [](const std::string &from, const std::string &to, const std::string &named) { QTest::newRow(to.c_str()) << from << to << named; };
    row("\"size\":224", "\"size\":0", "\"size\"");
    row("\"size\":224", "\"size\":1e99", "\"size\"");
    row("\"size\":224", "\"size\":\"224\"", "\"size\"");
    row("\"size\":224,", "", "\"size\"");
    row("centre_crop", "center", "\"fit\"");
    row("\"crop\":0.875", "\"crop\":1.5", "\"crop\"");
    row("bilinear", "nearest", "\"interpolation\"");
    row("[123.675,", "[", "\"mean\"");
    row("123.675", "null", "\"mean\"");
    row("58.395", "0", "\"std\"");
    row("{", "[", "no JSON");
}

void PreprocessTest::badJsonIsRefusedWithItsField()
{
    QFETCH(std::string, from);
    QFETCH(std::string, to);
    QFETCH(std::string, named);
    std::string json = toJson(imageNetPreprocessing());
    json.replace(json.find(from), from.size(), to);
    const auto read = preprocessingFromJson(json);
    QVERIFY(!read);
    QCOMPARE(read.error().code, ErrorCode::BadFormat);
    QVERIFY2(read.error().message.find(named) != std::string::npos, errorText(read));
}

void PreprocessTest::theDigestChangesWithEveryField()
{
    std::vector<Preprocessing> all(7);
    all[1].sizePx = 225;
    all[2].fit = Fit::Squash;
    all[3].cropShare = 0.876;
    all[4].interpolation = Interpolation::Bicubic;
    all[5].mean[1] = 1;
    all[6].std[2] = 2;
    std::set<std::string> digests;
    for (const auto &preprocessing : all)
        digests.insert(preprocessingDigest(preprocessing));
    QCOMPARE(digests.size(), all.size());
    QCOMPARE(digests.begin()->size(), 32u);
}

void PreprocessTest::aTurnedPhotographIsPreparedUpright()
{
    const TestFolder folder;
    const auto file = folder.write("turned.jpg", withOrientation(encoded(fourColours(300, 300), ".jpg"), 6, true));
    const auto square = loadPreprocessed(file, {});
    QVERIFY2(square, errorText(square));
    QCOMPARE(quarters(*square), "BRWG");
}

void PreprocessTest::aMissingFileIsAnError()
{
    const auto square = loadPreprocessed("/no/such/cat.jpg", {});
    QVERIFY(!square);
    QCOMPARE(square.error().code, ErrorCode::NotFound);
}

QTEST_GUILESS_MAIN(PreprocessTest)
#include "preprocess_test.moc"
