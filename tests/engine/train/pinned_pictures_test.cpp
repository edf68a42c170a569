#include "engine/train/answerer.h"
#include "engine/train/model_file.h"
#include "engine/train/train.h"
#include "tests/engine/train/drawn_pictures.h"

#include <QTest>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace whisker {

using test::errorText;
using test::outputIn;
using test::scratchConfig;
using test::shared;
using test::TestFolder;

namespace {

constexpr int kEpochs = 12; // long enough for answers between the steps

/// Keeps what a run says of its pinned pictures.
struct Listener {
    Listener()
    {
        events.onPinned = [this](const PinnedAnswer &answer) { answers.push_back(answer); };
    }
    std::vector<PinnedAnswer> of(const std::filesystem::path &file) const
    {
        std::vector<PinnedAnswer> found;
        std::ranges::copy_if(answers, std::back_inserter(found), [&](const PinnedAnswer &answer) { return answer.file == file; });
        return found;
    }
    std::vector<PinnedAnswer> answers;
    TrainEvents events;
};

TrainOutput withThePinned(const TestFolder &folder, const std::filesystem::path &picture)
{
    auto board = std::make_shared<PinBoard>();
    board->add(picture);
    TrainOutput output = outputIn(folder);
    output.pins = std::move(board);
    return output;
}

} // namespace

class PinnedPicturesTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aBoardTakesEachPictureOnceAndSoManyAsFit();
    void whatIsLearntIsTheSameBitForBitWithAndWithoutPins_data();
    void whatIsLearntIsTheSameBitForBitWithAndWithoutPins();
    void theLastAnswerIsThatOfTheModel();
    void aPicturePinnedWhileTheRunGoesOnIsAnswered();
    void aPictureTakenOffIsNotAnsweredAnyMore();
    void anUnreadablePictureIsSaidOnceAndTheOthersAreAnswered();
    void aRunThatIsStoppedAnswersAMomentLonger();
    void aQuickRunAnswersWhenItIsSolved();
    void theModelKeptAnswersLastWhereTheLastEpochIsNotKept_data();
    void theModelKeptAnswersLastWhereTheLastEpochIsNotKept();
    void aRunStoppedBeforeItsFirstValidationHasNoModelToAnswer();
};

void PinnedPicturesTest::aBoardTakesEachPictureOnceAndSoManyAsFit()
{
    PinBoard board;
    for (std::size_t i = 0; i < PinBoard::kMost; ++i)
        QVERIFY(board.add(std::to_string(i) + ".jpg"));
    QVERIFY(!board.add("one more.jpg"));
    QVERIFY(board.remove("3.jpg"));
    QVERIFY(!board.remove("3.jpg"));
    QVERIFY(!board.add("4.jpg"));
    QVERIFY(board.add("one more.jpg"));
    QCOMPARE(board.files().size(), PinBoard::kMost);
    QCOMPARE(board.files().back(), std::filesystem::path("one more.jpg"));
}

void PinnedPicturesTest::whatIsLearntIsTheSameBitForBitWithAndWithoutPins_data()
{
    QTest::addColumn<double>("averageDecay");
    QTest::newRow("plain") << 0.0;
    QTest::newRow("with averaged weights") << 0.9;
}

void PinnedPicturesTest::whatIsLearntIsTheSameBitForBitWithAndWithoutPins()
{
    QFETCH(double, averageDecay);
    const TestFolder folder;
    const auto pictures = shared(test::drawnSnapshot(folder));
    TrainConfig config = scratchConfig(kEpochs);
    config.averageDecay = averageDecay;
    const auto plain = train(pictures, config, outputIn(folder, "plain"));
    QVERIFY2(plain, errorText(plain));

    auto board = std::make_shared<PinBoard>();
    for (int i = 0; i < 3; ++i)
        board->add(pictures->entries[static_cast<std::size_t>(i)].file);
    TrainOutput output = outputIn(folder, "pinned");
    output.pins = board;
    Listener listener;
    const auto pinned = train(pictures, config, output, listener.events);
    QVERIFY2(pinned, errorText(pinned));
    QVERIFY2(listener.answers.size() > 3, qPrintable(QString::number(listener.answers.size()))); // not at the end alone
    QVERIFY(listener.answers.front().step < listener.answers.back().step);
    QVERIFY(readModel(plain->model)->weights == readModel(pinned->model)->weights);
    QCOMPARE(plain->bestEpoch, pinned->bestEpoch);
}

void PinnedPicturesTest::theLastAnswerIsThatOfTheModel()
{
    const TestFolder folder;
    const auto pictures = shared(test::drawnSnapshot(folder));
    auto board = std::make_shared<PinBoard>();
    for (const SnapshotEntry &entry : pictures->entries) {
        if (entry.split == Split::Test)
            board->add(entry.file);
    }
    TrainOutput output = outputIn(folder);
    output.pins = board;
    Listener listener;
    const auto report = train(pictures, scratchConfig(kEpochs), output, listener.events);
    QVERIFY2(report, errorText(report));
    int right = 0;
    for (const SnapshotEntry &entry : pictures->entries) {
        if (entry.split != Split::Test)
            continue;
        const auto answers = listener.of(entry.file);
        QVERIFY(!answers.empty());
        const std::vector<float> &shares = answers.back().probabilities;
        QCOMPARE(shares.size(), std::size_t(2));
        QVERIFY(std::abs(std::accumulate(shares.begin(), shares.end(), 0.0F) - 1.0F) < 1e-5F);
        right += (shares[1] > shares[0]) == (entry.label == 1) ? 1 : 0;
        QCOMPARE(answers.back().epoch, double(kEpochs));
    }
    QVERIFY2(right >= 7, qPrintable(QString::number(right)));
}

void PinnedPicturesTest::aPicturePinnedWhileTheRunGoesOnIsAnswered()
{
    const TestFolder folder;
    const auto pictures = shared(test::drawnSnapshot(folder));
    auto board = std::make_shared<PinBoard>();
    TrainOutput output = outputIn(folder);
    output.pins = board;
    Listener listener;
    const auto file = pictures->entries.front().file;
    listener.events.onMetric = [&](const MetricPoint &point) {
        if (point.step == 8)
            board->add(file);
    };
    const auto report = train(pictures, scratchConfig(kEpochs), output, listener.events);
    QVERIFY2(report, errorText(report));
    QVERIFY(listener.of(file).size() >= 2);
    QVERIFY(listener.answers.front().step >= 8);
}

void PinnedPicturesTest::aPictureTakenOffIsNotAnsweredAnyMore()
{
    const TestFolder folder;
    const auto pictures = shared(test::drawnSnapshot(folder));
    auto board = std::make_shared<PinBoard>();
    const auto file = pictures->entries.front().file;
    const auto other = pictures->entries.back().file;
    board->add(file);
    board->add(other);
    TrainOutput output = outputIn(folder);
    output.pins = board;
    Listener listener;
    listener.events.onMetric = [&](const MetricPoint &point) {
        if (point.step == 24)
            board->remove(file);
    };
    const auto report = train(pictures, scratchConfig(kEpochs), output, listener.events);
    QVERIFY2(report, errorText(report));
    const auto answers = listener.of(file);
    QVERIFY(std::ranges::all_of(answers, [](const PinnedAnswer &answer) { return answer.step <= 24; }));
    QCOMPARE(listener.answers.back().file, other);
}

void PinnedPicturesTest::anUnreadablePictureIsSaidOnceAndTheOthersAreAnswered()
{
    const TestFolder folder;
    const auto pictures = shared(test::drawnSnapshot(folder));
    auto board = std::make_shared<PinBoard>();
    const auto broken = folder.write("broken.jpg", "no picture at all");
    board->add(broken);
    board->add(pictures->entries.front().file);
    TrainOutput output = outputIn(folder);
    output.pins = board;
    Listener listener;
    const auto report = train(pictures, scratchConfig(kEpochs), output, listener.events);
    QVERIFY2(report, errorText(report));
    const auto said = listener.of(broken);
    QCOMPARE(said.size(), std::size_t(1));
    QVERIFY(said.front().probabilities.empty());
    QVERIFY2(said.front().error.find("broken.jpg") != std::string::npos, said.front().error.c_str());
    QVERIFY(listener.answers.size() > 1);
}

void PinnedPicturesTest::aRunThatIsStoppedAnswersAMomentLonger()
{
    const TestFolder folder;
    const auto pictures = shared(test::drawnSnapshot(folder));
    const TrainOutput output = withThePinned(folder, pictures->entries.front().file);
    Listener listener;
    std::stop_source stop;
    listener.events.onMetric = [&](const MetricPoint &point) {
        if (point.step == 6)
            stop.request_stop();
    };
    const auto report = train(pictures, scratchConfig(kEpochs), output, listener.events, stop.get_token());
    QVERIFY2(report, errorText(report));
    QCOMPARE(report->outcome, TrainOutcome::Stopped);
    QVERIFY(!listener.answers.empty());
    QCOMPARE(listener.answers.back().step, std::int64_t(6));
}

void PinnedPicturesTest::aQuickRunAnswersWhenItIsSolved()
{
    const TestFolder folder;
    const auto pictures = shared(test::photographSnapshot({6, 3, 2}));
    auto board = std::make_shared<PinBoard>();
    const auto &shown = pictures->entries.front();
    board->add(shown.file);
    TrainOutput output = outputIn(folder);
    output.pins = board;
    Listener listener;
    const auto report = train(pictures, test::quickConfig(), output, listener.events);
    QVERIFY2(report, errorText(report));
    QCOMPARE(listener.answers.size(), std::size_t(1));
    QVERIFY(listener.answers.front().probabilities[static_cast<std::size_t>(shown.label)] > 0.5F);
    QVERIFY(listener.answers.front().kept);
}

void PinnedPicturesTest::theModelKeptAnswersLastWhereTheLastEpochIsNotKept_data()
{
    QTest::addColumn<TrainMode>("mode");
    QTest::newRow("fine-tuned") << TrainMode::FineTune;
    QTest::newRow("from scratch") << TrainMode::Scratch;
}

void PinnedPicturesTest::theModelKeptAnswersLastWhereTheLastEpochIsNotKept()
{
    QFETCH(TrainMode, mode);
    const TestFolder folder;
    Snapshot snapshot = test::drawnSnapshot(folder);
    for (std::size_t i = 0; i < snapshot.entries.size(); ++i)
        snapshot.entries[i].label = static_cast<int>(i / 2 % 2); // nothing to learn
    const auto pictures = shared(std::move(snapshot));
    auto board = std::make_shared<PinBoard>();
    board->add(pictures->entries.front().file);
    TrainConfig config = scratchConfig(kEpochs);
    config.mode = mode;
    config.learningRate = 0.05; // what was learnt is soon spoilt
    if (mode == TrainMode::FineTune)
        config.architecture = "lite0";
    config.patience = 2;
    TrainOutput output = outputIn(folder);
    output.pins = board;
    Listener listener;
    const auto report = train(pictures, config, output, listener.events);
    QVERIFY2(report, errorText(report));
    QVERIFY2(report->bestEpoch < report->epochs, qPrintable(QString::number(report->bestEpoch)));
    QCOMPARE(std::ranges::count(listener.answers, true, &PinnedAnswer::kept), 1);
    const PinnedAnswer &kept = listener.answers.back();
    QVERIFY(kept.kept);
    const PinnedAnswer &last = listener.answers[listener.answers.size() - 2];
    QCOMPARE(kept.step, last.step);
    QVERIFY(kept.probabilities != last.probabilities);
    AnswererOptions options;
    options.precision = config.precision;
    options.device = "cpu";
    const auto answerer = Answerer::load(report->model, options);
    QVERIFY2(answerer, errorText(answerer));
    const auto said = answerer->answer(board->files().front());
    QVERIFY2(said, errorText(said));
    for (std::size_t label = 0; label < 2; ++label)
        QVERIFY2(std::abs(said->probabilities[label] - double(kept.probabilities[label])) < 1e-3, qPrintable(QString::number(said->probabilities[label])));
}

void PinnedPicturesTest::aRunStoppedBeforeItsFirstValidationHasNoModelToAnswer()
{
    const TestFolder folder;
    const auto pictures = shared(test::drawnSnapshot(folder));
    const TrainOutput output = withThePinned(folder, pictures->entries.front().file);
    Listener listener;
    std::stop_source stop;
    listener.events.onMetric = [&](const MetricPoint &) { stop.request_stop(); };
    const auto report = train(pictures, scratchConfig(kEpochs), output, listener.events, stop.get_token());
    QVERIFY2(report, errorText(report));
    QVERIFY(!listener.answers.empty());
    QVERIFY(std::ranges::none_of(listener.answers, &PinnedAnswer::kept));
}

} // namespace whisker

QTEST_GUILESS_MAIN(whisker::PinnedPicturesTest)
#include "pinned_pictures_test.moc"
