#include "engine/evaluate/evaluate.h"
#include "engine/predict/predictor.h"
#include "engine/train/model_file.h"
#include "tests/engine/train/drawn_pictures.h"

#include <QTest>

namespace whisker {

using test::errorText;
using test::TestFolder;

class EvaluateTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void countsAndScoresAgreeWithEachOther();
    void eachPictureGetsTheAnswerThatPredictionGives();
    void classesAreMatchedByNameInAnyOrder();
    void aClassThatTheModelDoesNotKnowIsNamed();
    void anEmptySplitIsRefused();
    void anUnreadablePictureIsSkipped();
    void picturesThatAreAllUnreadableAreAnError();
    void aStopIsAnError();
    void aMissingModelIsNamed();
    void calibrationErrorOfKnownAnswers();

private:
    TestFolder m_folder;
    Snapshot m_snapshot;
    std::filesystem::path m_model;
};

void EvaluateTest::initTestCase()
{
    m_snapshot = test::drawnSnapshot(m_folder);
    const auto report = train(test::shared(m_snapshot), test::scratchConfig(4), test::outputIn(m_folder));
    QVERIFY2(report, errorText(report));
    m_model = report->model;
}

void EvaluateTest::countsAndScoresAgreeWithEachOther()
{
    const auto evaluation = evaluate(m_model, m_snapshot);
    QVERIFY2(evaluation, errorText(evaluation));
    QCOMPARE(evaluation->images, 32u);
    QCOMPARE(evaluation->confusion[0][0] + evaluation->confusion[0][1], 16u);
    QCOMPARE(evaluation->correct, evaluation->confusion[0][0] + evaluation->confusion[1][1]);
    QCOMPARE(evaluation->accuracy, static_cast<double>(evaluation->correct) / 32.0);
    QCOMPARE(evaluation->perClass[1].name, "blue");
    QCOMPARE(evaluation->perClass[1].support, 16u);
    QCOMPARE(evaluation->perClass[1].recall, static_cast<double>(evaluation->confusion[1][1]) / 16.0);
    QVERIFY(evaluation->loss > 0.0 && evaluation->ece >= 0.0 && evaluation->ece <= 1.0);
}

void EvaluateTest::eachPictureGetsTheAnswerThatPredictionGives()
{
    const auto predictor = Predictor::load(m_model);
    QVERIFY2(predictor, errorText(predictor));
    std::vector<std::vector<std::size_t>> confusion(2, std::vector<std::size_t>(2));
    for (const std::size_t entry : m_snapshot.indicesOf(Split::Test)) {
        const auto prediction = predictor->predict(m_snapshot.entries[entry].file);
        QVERIFY2(prediction, errorText(prediction));
        ++confusion[static_cast<std::size_t>(m_snapshot.entries[entry].label)][prediction->classIndex];
    }
    EvaluateOptions options;
    options.split = Split::Test;
    const auto evaluation = evaluate(m_model, m_snapshot, options);
    QVERIFY2(evaluation, errorText(evaluation));
    QCOMPARE(evaluation->images, 8u);
    QVERIFY(evaluation->confusion == confusion);
}

void EvaluateTest::classesAreMatchedByNameInAnyOrder()
{
    Snapshot turned = m_snapshot;
    std::swap(turned.classes[0], turned.classes[1]);
    for (SnapshotEntry &entry : turned.entries)
        entry.label = 1 - entry.label;
    const auto straight = evaluate(m_model, m_snapshot);
    const auto other = evaluate(m_model, turned);
    QVERIFY(straight && other);
    QVERIFY(straight->confusion == other->confusion);
}

void EvaluateTest::aClassThatTheModelDoesNotKnowIsNamed()
{
    Snapshot other = m_snapshot;
    other.classes[1] = "green";
    const auto evaluation = evaluate(m_model, other);
    QVERIFY(!evaluation);
    QCOMPARE(evaluation.error().code, ErrorCode::InvalidArgument);
    QVERIFY(evaluation.error().message.find("green") != std::string::npos);
}

void EvaluateTest::anEmptySplitIsRefused()
{
    Snapshot trainOnly = m_snapshot;
    for (SnapshotEntry &entry : trainOnly.entries)
        entry.split = Split::Train;
    EvaluateOptions options;
    options.split = Split::Test;
    QCOMPARE(evaluate(m_model, trainOnly, options).error().code, ErrorCode::InvalidArgument);
}

void EvaluateTest::anUnreadablePictureIsSkipped()
{
    Snapshot pictures = m_snapshot;
    test::addPicture(pictures, m_folder.write("blue/broken.png", "no picture"), 1, Split::Test);
    std::size_t done = 0;
    const auto evaluation = evaluate(m_model, pictures, {}, [&](std::size_t now, std::size_t) { done = now; });
    QVERIFY2(evaluation, errorText(evaluation));
    QCOMPARE(evaluation->images, 32u);
    QCOMPARE(evaluation->skipped.size(), 1u);
    QCOMPARE(done, 33u);
}

void EvaluateTest::picturesThatAreAllUnreadableAreAnError()
{
    Snapshot pictures;
    pictures.classes = {"blue"};
    test::addPicture(pictures, m_folder.write("only.png", "no picture"), 0, Split::Test);
    const auto evaluation = evaluate(m_model, pictures);
    QVERIFY(!evaluation);
    QCOMPARE(evaluation.error().code, ErrorCode::Unreadable);
    QVERIFY(evaluation.error().message.find("only.png") != std::string::npos);
}

void EvaluateTest::aStopIsAnError()
{
    std::stop_source stop;
    stop.request_stop();
    QCOMPARE(evaluate(m_model, m_snapshot, {}, {}, stop.get_token()).error().code, ErrorCode::Cancelled);
}

void EvaluateTest::aMissingModelIsNamed()
{
    const auto evaluation = evaluate(m_folder / "nowhere.safetensors", m_snapshot);
    QCOMPARE(evaluation.error().code, ErrorCode::NotFound);
}

void EvaluateTest::calibrationErrorOfKnownAnswers()
{
    QCOMPARE(expectedCalibrationError({}, {}), 0.0);
    QCOMPARE(expectedCalibrationError({1.0, 1.0}, {true, true}), 0.0);
    // by hand, 10 bins: (0.9, 1.0] holds 0.95 right and 0.95 wrong, |0.5 - 0.95|; (0.5, 0.6] holds 0.6 right, |1 - 0.6|
    const double expected = (2.0 * 0.45 + 1.0 * 0.4) / 3.0;
    QVERIFY(std::abs(expectedCalibrationError({0.95, 0.95, 0.6}, {true, false, true}, 10) - expected) < 1e-12);
}

} // namespace whisker

QTEST_GUILESS_MAIN(whisker::EvaluateTest)
#include "evaluate_test.moc"
