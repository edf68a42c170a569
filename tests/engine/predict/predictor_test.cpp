#include "engine/predict/predictor.h"
#include "engine/train/model_file.h"
#include "tests/engine/train/drawn_pictures.h"

#include <QTest>

#include <map>

namespace whisker {

using test::errorText;
using test::TestFolder;

class PredictorTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void aPictureGetsProbabilitiesThatSumToOne();
    void aPictureFromMemoryGetsTheSameAnswer();
    void aBatchAnswersLikeOneByOne_data();
    void aBatchAnswersLikeOneByOne();
    void badPicturesAreErrorsInTheirPlace();
    void aStopLeavesCancelledAnswers();
    void noFilesAreNoAnswers();
    void anEmptyPictureIsRefused();
    void belowTheThresholdItIsNeither();
    void temperatureFlattensProbabilities();
    void itDescribesItself();
    void aModelCutInHalfIsRefused();
    void whatQuickHasSeenIsAnsweredFromDisk();
    void anotherModelAnswersFromItsPictures();

private:
    std::vector<std::filesystem::path> testFiles() const;
    /// The model with another temperature or threshold.
    std::filesystem::path changed(double temperature, std::optional<double> threshold) const;

    TestFolder m_folder;
    Snapshot m_snapshot;
    std::filesystem::path m_model;
};

void PredictorTest::initTestCase()
{
    m_snapshot = test::drawnSnapshot(m_folder);
    const auto report = train(test::shared(m_snapshot), test::scratchConfig(4), test::outputIn(m_folder));
    QVERIFY2(report, errorText(report));
    m_model = report->model;
}

std::vector<std::filesystem::path> PredictorTest::testFiles() const
{
    std::vector<std::filesystem::path> files;
    for (const SnapshotEntry &entry : m_snapshot.entries)
        files.push_back(entry.file);
    return files;
}

std::filesystem::path PredictorTest::changed(double temperature, std::optional<double> threshold) const
{
    ModelFile model = *readModel(m_model);
    model.temperature = temperature;
    model.threshold = threshold;
    const auto file = m_folder / "changed.safetensors";
    return writeModel(file, model) ? file : std::filesystem::path();
}

void PredictorTest::aPictureGetsProbabilitiesThatSumToOne()
{
    const auto predictor = Predictor::load(m_model);
    QVERIFY2(predictor, errorText(predictor));
    const auto prediction = predictor->predict(m_snapshot.entries[0].file);
    QVERIFY2(prediction, errorText(prediction));
    QCOMPARE(prediction->probabilities.size(), 2u);
    QVERIFY(std::abs(prediction->probabilities[0] + prediction->probabilities[1] - 1.0) < 1e-9);
    QCOMPARE(prediction->probability, prediction->probabilities[prediction->classIndex]);
    QVERIFY(prediction->milliseconds > 0.0);
    QCOMPARE(prediction->width, 40);
    QCOMPARE(prediction->height, 40);
    QVERIFY(prediction->note.empty() && !prediction->neither);
}

void PredictorTest::aPictureFromMemoryGetsTheSameAnswer()
{
    const auto predictor = Predictor::load(m_model);
    const std::string bytes = test::fileBytes(m_snapshot.entries[0].file);
    RgbImage image = RgbImage::ofSize(40, 40);
    std::copy_n(bytes.end() - static_cast<std::ptrdiff_t>(image.pixels.size()), image.pixels.size(), image.pixels.begin());
    const auto fromFile = predictor->predict(m_snapshot.entries[0].file);
    const auto fromMemory = predictor->predict(image);
    QVERIFY(fromFile && fromMemory);
    QVERIFY(fromFile->probabilities == fromMemory->probabilities);
    QVERIFY(fromMemory->file.empty());
}

void PredictorTest::aBatchAnswersLikeOneByOne_data()
{
    QTest::addColumn<int>("batch");
    for (const int batch : {1, 3, 8, 1000})
        QTest::addRow("%d", batch) << batch;
}

void PredictorTest::aBatchAnswersLikeOneByOne()
{
    QFETCH(int, batch);
    PredictorOptions options;
    options.precision = Precision::Float32;
    const auto predictor = Predictor::load(m_model, options);
    const auto files = testFiles();
    std::vector<std::size_t> told;
    const auto answers = predictor->predictFiles(files, batch, [&](std::size_t index, const auto &) { told.push_back(index); });
    QCOMPARE(answers.size(), files.size());
    QVERIFY(std::ranges::is_sorted(told) && told.size() == files.size());
    for (std::size_t i = 0; i < files.size(); ++i) {
        const auto alone = predictor->predict(files[i]);
        QVERIFY2(answers[i], errorText(answers[i]));
        QCOMPARE(answers[i]->file, files[i]);
        QVERIFY(std::abs(answers[i]->probability - alone->probability) < 1e-4);
    }
}

void PredictorTest::badPicturesAreErrorsInTheirPlace()
{
    const auto predictor = Predictor::load(m_model);
    const std::vector<std::filesystem::path> files = {m_folder.write("text.jpg", "not a picture"), m_snapshot.entries[0].file,
                                                      m_folder.write("empty.png", ""), m_folder / "nowhere.png", m_snapshot.entries[1].file};
    const auto answers = predictor->predictFiles(files);
    QVERIFY(!answers[0] && answers[1] && !answers[2] && !answers[3] && answers[4]);
    QVERIFY(answers[0].error().message.find("text.jpg") != std::string::npos);
    QCOMPARE(answers[3].error().code, ErrorCode::NotFound);
}

void PredictorTest::aStopLeavesCancelledAnswers()
{
    const auto predictor = Predictor::load(m_model);
    const auto files = testFiles();
    std::stop_source stop;
    const auto answers = predictor->predictFiles(files, 2, [&](std::size_t, const auto &) { stop.request_stop(); }, stop.get_token());
    QCOMPARE(answers.size(), files.size());
    QVERIFY(answers.front().has_value());
    QVERIFY(!answers.back());
    QCOMPARE(answers.back().error().code, ErrorCode::Cancelled);
}

void PredictorTest::noFilesAreNoAnswers()
{
    QVERIFY(Predictor::load(m_model)->predictFiles({}).empty());
}

void PredictorTest::anEmptyPictureIsRefused()
{
    QCOMPARE(Predictor::load(m_model)->predict(RgbImage{}).error().code, ErrorCode::InvalidArgument);
}

void PredictorTest::belowTheThresholdItIsNeither()
{
    const auto predictor = Predictor::load(changed(1.0, 1.0));
    QVERIFY2(predictor, errorText(predictor));
    QVERIFY(predictor->predict(m_snapshot.entries[0].file)->neither);
}

void PredictorTest::temperatureFlattensProbabilities()
{
    const double plain = Predictor::load(m_model)->predict(m_snapshot.entries[0].file)->probability;
    const double flat = Predictor::load(changed(100.0, std::nullopt))->predict(m_snapshot.entries[0].file)->probability;
    QVERIFY(flat <= plain && flat < 0.6);
}

void PredictorTest::itDescribesItself()
{
    const auto predictor = Predictor::load(m_model);
    QVERIFY((predictor->classes() == std::vector<std::string>{"red", "blue"}));
    QCOMPARE(predictor->architecture(), "small");
    QCOMPARE(predictor->sizePx(), 32);
    QVERIFY(predictor->describe().starts_with("Small teaching net, 32 px, CPU"));
}

void PredictorTest::aModelCutInHalfIsRefused()
{
    const std::string bytes = test::fileBytes(m_model);
    const auto predictor = Predictor::load(m_folder.write("half.safetensors", std::string_view(bytes).substr(0, bytes.size() / 2)));
    QVERIFY(!predictor);
    QCOMPARE(predictor.error().code, ErrorCode::BadFormat);
}

void PredictorTest::whatQuickHasSeenIsAnsweredFromDisk()
{
    const TestFolder folder;
    const auto output = test::outputIn(folder);
    const auto photographs = test::photographSnapshot({4, 2, 2});
    const auto report = train(test::shared(photographs), test::quickConfig(), output);
    QVERIFY2(report, errorText(report));
    PredictorOptions options;
    options.featuresToo = options.reuseFeatures = true;
    options.featureFolder = output.cacheFolder;
    std::vector<HashedPicture> pictures;
    for (const SnapshotEntry &entry : photographs.entries)
        pictures.push_back({folder / "gone.jpg", entry.hash}); // who opens one fails
    pictures.push_back({photographs.entries.front().file, ContentHash{1, 2}}); // one that Quick did not see
    std::map<std::size_t, Prediction> known;
    const auto keep = [&](std::size_t index, const Result<Prediction> &answer) {
        if (answer)
            known.emplace(index, *answer);
    };
    {
        const auto predictor = Predictor::load(report->model, options);
        QVERIFY2(predictor, errorText(predictor));
        predictor->predictPictures(pictures, 8, keep);
        QCOMPARE(known.size(), pictures.size());
        const auto direct = predictor->predict(photographs.entries.front().file);
        QVERIFY(std::abs(known[0].probability - direct->probability) < 0.01);
        QVERIFY(known[0].features == known[pictures.size() - 1].features);
        QCOMPARE(known[0].width, 0);
    }
    known.clear();
    pictures.back().file = folder / "gone.jpg"; // it is on disk by now
    Predictor::load(report->model, options)->predictPictures(pictures, 8, keep);
    QCOMPARE(known.size(), pictures.size());
}

void PredictorTest::anotherModelAnswersFromItsPictures()
{
    PredictorOptions options;
    options.reuseFeatures = true;
    options.featureFolder = m_folder / "features";
    const auto predictor = Predictor::load(m_model, options);
    QVERIFY2(predictor, errorText(predictor));
    const std::vector<HashedPicture> pictures{{m_snapshot.entries[0].file, m_snapshot.entries[0].hash}, {m_folder / "gone.ppm", m_snapshot.entries[0].hash}};
    std::vector<bool> answered;
    predictor->predictPictures(pictures, 8, [&](std::size_t, const Result<Prediction> &answer) { answered.push_back(answer.has_value()); });
    QCOMPARE(answered, (std::vector{true, false}));
}

} // namespace whisker

QTEST_GUILESS_MAIN(whisker::PredictorTest)
#include "predictor_test.moc"
