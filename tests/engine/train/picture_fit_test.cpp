#include "engine/image/decode.h"
#include "engine/train/answerer.h"
#include "engine/train/model_file.h"
#include "engine/train/train.h"
#include "tests/engine/train/drawn_pictures.h"

#include <QTest>

#include <array>

namespace whisker {

using test::errorText;
using test::outputIn;
using test::shared;
using test::TestFolder;

namespace {

constexpr std::array kFits = {Fit::Squash, Fit::CentreCrop, Fit::Letterbox};

TrainConfig fitted(TrainConfig config, Fit fit)
{
    config.fit = fit;
    return config;
}

/// How many pictures of the test split the model file gets right.
std::size_t rightByAnswers(const std::filesystem::path &file, const Snapshot &snapshot)
{
    const auto answerer = Answerer::load(file, {.device = "cpu", .threads = 1});
    std::size_t right = 0;
    for (const std::size_t entry : snapshot.indicesOf(Split::Test)) {
        const auto answer = answerer.value().answer(snapshot.entries[entry].file);
        const auto &shares = answer.value().probabilities;
        right += std::ranges::max_element(shares) - shares.begin() == snapshot.entries[entry].label;
    }
    return right;
}

} // namespace

class PictureFitTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void theModelFileAnswersWithTheFitItWasTrainedWith_data();
    void theModelFileAnswersWithTheFitItWasTrainedWith();
    void anAnswerIsWhatThePreprocessingOfTheFileSays();
    void featuresOfOneFitAreNotTakenForThoseOfAnother();
    void aNetworkLearnsWithBorders();
    void aFitInARunsReceiptIsResumed();
};

void PictureFitTest::theModelFileAnswersWithTheFitItWasTrainedWith_data()
{
    QTest::addColumn<Fit>("fit");
    QTest::addColumn<bool>("quick");
    for (const bool quick : {true, false})
        for (const Fit fit : kFits)
            QTest::addRow("%s, %s", quick ? "quick" : "scratch", std::string(fitName(fit)).c_str()) << fit << quick;
}

void PictureFitTest::theModelFileAnswersWithTheFitItWasTrainedWith()
{
    QFETCH(Fit, fit);
    QFETCH(bool, quick);
    const TestFolder folder;
    const Snapshot photographs = test::photographSnapshot({.train = 8, .validation = 4, .test = 4});
    const auto report = train(shared(photographs), fitted(quick ? test::quickConfig() : test::scratchConfig(1), fit), outputIn(folder));
    QVERIFY2(report, errorText(report));
    const auto model = readModel(report->model);
    QVERIFY2(model, errorText(model));
    QCOMPARE(model->preprocessing.fit, fit);
    QCOMPARE(report->test->total, 8u);
    QCOMPARE(rightByAnswers(report->model, photographs), report->test->correct);
}

void PictureFitTest::anAnswerIsWhatThePreprocessingOfTheFileSays()
{
    const TestFolder folder;
    const Snapshot photographs = test::photographSnapshot({.train = 4, .validation = 2, .test = 2});
    const auto &file = photographs.entries[photographs.indicesOf(Split::Test).front()].file;
    const auto whole = decodeFile(file);
    QVERIFY2(whole, errorText(whole));
    std::vector<std::vector<double>> answers;
    for (const Fit fit : kFits) {
        const auto report = train(shared(photographs), fitted(test::quickConfig(), fit), outputIn(folder, std::string(fitName(fit))));
        QVERIFY2(report, errorText(report));
        const auto answerer = Answerer::load(report->model, {.device = "cpu", .threads = 1});
        QVERIFY2(answerer, errorText(answerer));
        const auto ofFile = answerer->answer(file);
        QVERIFY2(ofFile, errorText(ofFile));
        auto prepared = loadPreprocessed(file, answerer->model().preprocessing);
        QVERIFY2(prepared, errorText(prepared));
        QCOMPARE(prepared->width, 224);
        const auto ofPicture = answerer->answer(whole->rgb);
        QVERIFY2(ofPicture, errorText(ofPicture));
        QVERIFY(std::abs(ofFile->probabilities[0] - ofPicture->probabilities[0]) < 0.05); // decoded at another scale
        answers.push_back(ofFile->probabilities);
    }
    QVERIFY(answers[0] != answers[1] && answers[1] != answers[2] && answers[0] != answers[2]);
}

void PictureFitTest::featuresOfOneFitAreNotTakenForThoseOfAnother()
{
    const TestFolder folder, fresh;
    const auto photographs = shared(test::photographSnapshot({.train = 4, .validation = 2, .test = 0}));
    QVERIFY(train(photographs, fitted(test::quickConfig(), Fit::CentreCrop), outputIn(folder, "crop")).has_value());
    const auto after = train(photographs, fitted(test::quickConfig(), Fit::Letterbox), outputIn(folder, "letterbox"));
    QVERIFY2(after, errorText(after));
    QVERIFY(after->imagesPerSecond > 0); // computed, not read
    const auto alone = train(photographs, fitted(test::quickConfig(), Fit::Letterbox), outputIn(fresh, "letterbox"));
    QVERIFY2(alone, errorText(alone));
    QVERIFY(readModel(after->model)->weights == readModel(alone->model)->weights);
}

void PictureFitTest::aNetworkLearnsWithBorders()
{
    const TestFolder folder;
    const auto report = train(shared(test::drawnSnapshot(folder)), fitted(test::scratchConfig(6), Fit::Letterbox), outputIn(folder));
    QVERIFY2(report, errorText(report));
    QVERIFY2(report->test->correct >= 7, qPrintable(QString::number(report->test->correct)));
}

void PictureFitTest::aFitInARunsReceiptIsResumed()
{
    const TestFolder folder;
    const auto photographs = shared(test::photographSnapshot({.train = 8, .validation = 4, .test = 0}));
    const TrainConfig config = fitted(test::scratchConfig(2), Fit::Squash);
    const auto undisturbed = train(photographs, config, outputIn(folder, "undisturbed"));
    QVERIFY2(undisturbed, errorText(undisturbed));
    std::stop_source stop;
    TrainEvents events;
    events.onMetric = [&](const MetricPoint &point) {
        if (point.step >= 3)
            stop.request_stop();
    };
    TrainOutput output = outputIn(folder, "stopped");
    QVERIFY(train(photographs, config, output, events, stop.get_token()).has_value());
    output.resume = true;
    const auto resumed = train(photographs, config, output);
    QVERIFY2(resumed, errorText(resumed));
    QVERIFY(readModel(resumed->model)->weights == readModel(undisturbed->model)->weights);
}

} // namespace whisker

QTEST_GUILESS_MAIN(whisker::PictureFitTest)
#include "picture_fit_test.moc"
