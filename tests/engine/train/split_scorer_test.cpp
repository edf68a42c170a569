#include "engine/train/internal/split_scorer.h"
#include "engine/nn/architectures.h"
#include "engine/train/internal/memory_governor.h"
#include "engine/train/internal/network_trainer.h"
#include "engine/train/training_preprocessing.h"
#include "tests/engine/train/drawn_pictures.h"
#include "tests/engine/train/metered_memory.h"
#include "tests/engine/train/refused_memory.h"

#include <QTest>

#include <cmath>
#include <limits>
#include <stop_token>
#include <tuple>

namespace whisker {

using internal::measuredNeed;
using internal::MemoryNeed;
using internal::MemoryTrial;
using internal::NetworkTrainer;
using internal::PipelineOptions;
using internal::pipelinesFor;
using internal::SplitScore;
using internal::SplitScorer;
using internal::triedMemory;
using test::drawnSnapshot;
using test::errorText;
using test::MeteredMemory;
using test::refuseDrawnPictures;
using test::scratchConfig;
using test::TestFolder;

namespace {

TrainConfig configFor(const std::string &architecture, int threads)
{
    TrainConfig config = scratchConfig(1);
    config.architecture = architecture;
    config.sizePx = 64;
    config.threads = threads;
    config.precision = Precision::Float32;
    return completed(config).value();
}

/// A run that scores with the weights of a fresh network.
class Scoring {
public:
    Scoring(const TestFolder &folder, const Snapshot &pictures, const TrainConfig &config)
        : m_config(config), m_output{folder / "run"}, m_recorder(*internal::RunRecorder::begin(m_output.runFolder, {}, {}, false)),
          m_graph(*buildArchitecture(config.architecture, static_cast<int>(pictures.classes.size()))), m_usable(pictures.entries.size(), true),
          m_trainer(m_graph, m_config, imageNetPreprocessing(config.sizePx), Device{}, Precision::Float32, {}),
          m_context{pictures, m_config, m_output, Device{}, Precision::Float32, m_recorder, m_stop.get_token()},
          m_preprocessing(imageNetPreprocessing(config.sizePx)), m_scorer(m_context, m_graph, m_preprocessing, m_usable, folder / "cache/pixels")
    {
    }

    Result<std::optional<SplitScore>> score() { return m_scorer.score(m_trainer.weights(), Split::Validation); }
    void stop() { m_stop.request_stop(); }
    NetworkTrainer &trainer() { return m_trainer; }
    const std::vector<std::string> &notes() { return m_recorder.receipt().notes; }
    bool allUsable() const { return m_recorder.skipped().empty() && std::ranges::count(m_usable, false) == 0; }

private:
    const TrainConfig m_config;
    const TrainOutput m_output;
    internal::RunRecorder m_recorder;
    const ArchitectureGraph m_graph;
    std::vector<bool> m_usable;
    NetworkTrainer m_trainer;
    std::stop_source m_stop;
    internal::RunContext m_context;
    const Preprocessing m_preprocessing;
    SplitScorer m_scorer;
};

bool same(const SplitScore &one, const SplitScore &other)
{
    const auto told = [](const internal::PictureAnswer &answer) { return std::tuple(answer.entry, answer.label, answer.probability); };
    return one.loss == other.loss && one.correct == other.correct && one.total == other.total && std::ranges::equal(one.answers, other.answers, {}, told, told);
}

bool contains(const std::string &text, const char *part)
{
    return text.find(part) != std::string::npos;
}

} // namespace

class SplitScorerTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void init() { MeteredMemory::installed().refuseToOthers(0); }
    void aPipelineTakesAChunkAndThereAreNoMoreThanAsked();
    void whatIsCountedCoversWhatValidationTakes_data();
    void whatIsCountedCoversWhatValidationTakes();
    void fewerPipelinesValidateWhereMemoryIsScarce();
    void picturesThatMemoryDidNotSufficeForAreComputedAgain();
    void whereAFewAreTooManyTooItIsMemoryThatIsLacking();
    void aRunGoesOnPastAValidationThatRanOutOfMemory();
    void theScoreIsTheSameFromFilesAndFromTheCache();
    void aPictureThatChangedIsLeftOutAndSaid();
    void aStopGivesNoScoreAndTheNextOneIsWhole();
    void aPictureThatWasDecodedWithoutMemoryIsComputedAgain();
    void aPictureThatMemoryDidNotSufficeForInOneStepStillCounts();
};

void SplitScorerTest::initTestCase()
{
    setComputeThreads(1); // tests may run beside others
    MeteredMemory::installed();
}

void SplitScorerTest::aPipelineTakesAChunkAndThereAreNoMoreThanAsked()
{
    QCOMPARE(pipelinesFor(1000, {.threads = 4}), 4);
    QCOMPARE(pipelinesFor(1000, {.threads = 64}), 16);
    QCOMPARE(pipelinesFor(17, {.threads = 4}), 3);
    QCOMPARE(pipelinesFor(1000, {.threads = 4, .pipelines = 2}), 2);
    QCOMPARE(pipelinesFor(0, {.threads = 0}), 1);
}

void SplitScorerTest::whatIsCountedCoversWhatValidationTakes_data()
{
    QTest::addColumn<QString>("architecture");
    QTest::addColumn<int>("threads");
    QTest::newRow("small, one thread") << "small" << 1;
    QTest::newRow("small, four threads") << "small" << 4;
    QTest::newRow("resnet18, three threads") << "resnet18" << 3;
    QTest::newRow("mobilenet_v2, three threads") << "mobilenet_v2" << 3;
}

void SplitScorerTest::whatIsCountedCoversWhatValidationTakes()
{
    QFETCH(QString, architecture);
    QFETCH(int, threads);
    const TestFolder folder;
    const Snapshot pictures = drawnSnapshot(folder, {2, 32, 0});
    Scoring scoring(folder, pictures, configFor(architecture.toStdString(), threads));
    const int pipelines = pipelinesFor(64, {.threads = threads});
    const MemoryNeed need = *measuredNeed(scoring.trainer(), {.batch = 4, .pipelines = pipelines, .chunk = PipelineOptions{}.chunk});
    MeteredMemory::installed().forgetPeak();
    QVERIFY(scoring.score().has_value());
    const std::size_t taken = MeteredMemory::installed().peakBytes();
    const std::uint64_t counted = need.validation + need.perPipeline * static_cast<std::uint64_t>(pipelines);
    QVERIFY2(taken <= counted, qPrintable(QString("%1 of %2").arg(taken).arg(counted)));
}

void SplitScorerTest::fewerPipelinesValidateWhereMemoryIsScarce()
{
    const TestFolder folder;
    const Snapshot pictures = drawnSnapshot(folder);
    Scoring scoring(folder, pictures, configFor("small", 1));
    MemoryTrial trial{.batch = 2, .pipelines = 16, .chunk = 8};
    const MemoryNeed need = *measuredNeed(scoring.trainer(), trial);
    trial.availableBytes = (need.fixed + need.validation + 5 * need.perPipeline) * 100 / 84; // of which 85 % may be used
    QCOMPARE(triedMemory(scoring.trainer(), trial)->pipelines, 5);
    trial.availableBytes = 1000;
    QCOMPARE(triedMemory(scoring.trainer(), trial)->pipelines, 1);
}

void SplitScorerTest::picturesThatMemoryDidNotSufficeForAreComputedAgain()
{
    const TestFolder folder;
    const Snapshot pictures = drawnSnapshot(folder, {2, 13, 0});
    Scoring scoring(folder, pictures, configFor("small", 2));
    const auto undisturbed = scoring.score();
    MeteredMemory::installed().refuseToOthers(2); // of four chunks two, or one twice
    const auto score = scoring.score();
    QVERIFY2(score && *score, errorText(score));
    QCOMPARE((*score)->total, 26u);
    QCOMPARE((*score)->correct, (*undisturbed)->correct);
    QVERIFY(std::abs((*score)->loss - (*undisturbed)->loss) < 1e-4);
    QVERIFY(std::ranges::is_sorted((*score)->answers, {}, &internal::PictureAnswer::entry));
    QVERIFY(scoring.allUsable());
    QCOMPARE(scoring.notes().size(), 1u);
    QVERIFY2(contains(scoring.notes()[0], "not enough memory") && contains(scoring.notes()[0], "computed again"), scoring.notes()[0].c_str());
}

void SplitScorerTest::whereAFewAreTooManyTooItIsMemoryThatIsLacking()
{
    const TestFolder folder;
    const Snapshot pictures = drawnSnapshot(folder);
    Scoring scoring(folder, pictures, configFor("small", 1));
    MeteredMemory::installed().refuseToOthers(std::numeric_limits<int>::max());
    const auto score = scoring.score();
    QVERIFY(!score);
    QVERIFY2(contains(score.error().message, "not enough memory to compute 2 pictures of 64 px"), errorText(score));
    QVERIFY(scoring.allUsable());
    QVERIFY(scoring.notes().empty());
}

void SplitScorerTest::aRunGoesOnPastAValidationThatRanOutOfMemory()
{
    const TestFolder folder;
    MeteredMemory::installed().refuseToOthers(1);
    const auto report = train(test::shared(drawnSnapshot(folder)), scratchConfig(2), test::outputIn(folder));
    QVERIFY2(report, errorText(report));
    QCOMPARE(report->outcome, TrainOutcome::Completed);
    QCOMPARE(report->epochs, 2);
    QVERIFY(report->skipped.empty());
    QCOMPARE(std::ranges::count_if(report->receipt.notes, [](const std::string &note) { return contains(note, "validation pictures that this befell"); }), 1);
}

void SplitScorerTest::theScoreIsTheSameFromFilesAndFromTheCache()
{
    const TestFolder folder;
    const Snapshot pictures = drawnSnapshot(folder, {2, 13, 0});
    Scoring scoring(folder, pictures, configFor("small", 2));
    const auto fromFiles = scoring.score();
    QVERIFY2(fromFiles && *fromFiles, errorText(fromFiles));
    std::filesystem::remove_all(folder / "red");
    const auto fromCache = scoring.score();
    QVERIFY2(fromCache && *fromCache, errorText(fromCache));
    QVERIFY(same(**fromCache, **fromFiles));
    QVERIFY(scoring.allUsable());
    std::filesystem::remove_all(folder / "cache");
    std::filesystem::remove_all(folder / "blue");
    const auto fromDeleted = scoring.score(); // what is mapped stays
    QVERIFY(fromDeleted && *fromDeleted && same(**fromDeleted, **fromFiles));
}

void SplitScorerTest::aPictureThatChangedIsLeftOutAndSaid()
{
    const TestFolder folder;
    const Snapshot pictures = drawnSnapshot(folder);
    folder.write(pictures.entries[pictures.indicesOf(Split::Validation).front()].file, test::drawnPicture(0, 99));
    Scoring scoring(folder, pictures, configFor("small", 1));
    const auto score = scoring.score();
    QVERIFY2(score && *score, errorText(score));
    QCOMPARE((*score)->total, 7u);
    QVERIFY(!scoring.allUsable());
    QVERIFY2(contains(scoring.notes().at(0), "1 of the 8 validation pictures can't be read"), scoring.notes().at(0).c_str());
}

void SplitScorerTest::aStopGivesNoScoreAndTheNextOneIsWhole()
{
    const TestFolder folder;
    const Snapshot pictures = drawnSnapshot(folder, {2, 13, 0});
    const TestFolder other;
    {
        Scoring stopped(other, pictures, configFor("small", 2));
        stopped.stop();
        const auto nothing = stopped.score();
        QVERIFY2(nothing, errorText(nothing));
        QVERIFY(!*nothing && stopped.allUsable() && stopped.notes().empty());
    }
    std::filesystem::remove_all(other / "run");
    Scoring next(other, pictures, configFor("small", 2)), undisturbed(folder, pictures, configFor("small", 2));
    QVERIFY(same(**next.score(), **undisturbed.score()));
}

void SplitScorerTest::aPictureThatWasDecodedWithoutMemoryIsComputedAgain()
{
    const TestFolder folder;
    const Snapshot pictures = drawnSnapshot(folder, {2, 13, 0});
    Scoring scoring(folder, pictures, configFor("small", 2));
    refuseDrawnPictures(3);
    const auto score = scoring.score();
    QCOMPARE(test::refusedMemory.blocks.load(), 0);
    QVERIFY2(score && *score, errorText(score));
    QCOMPARE((*score)->total, 26u);
    QVERIFY(scoring.allUsable());
    QVERIFY(scoring.notes().empty());
}

void SplitScorerTest::aPictureThatMemoryDidNotSufficeForInOneStepStillCounts()
{
    const TestFolder folder;
    const auto pictures = test::shared(drawnSnapshot(folder));
    TrainEvents events;
    std::string said;
    events.onNote = [&](const std::string &note) {
        said = note;
        refuseDrawnPictures(0);
    };
    refuseDrawnPictures(std::numeric_limits<int>::max());
    const auto report = train(pictures, scratchConfig(2), test::outputIn(folder), events);
    QVERIFY2(report, errorText(report));
    QCOMPARE(report->images, pictures->entries.size());
    QVERIFY(report->skipped.empty());
    QVERIFY2(contains(said, "not enough memory"), said.c_str());
}

} // namespace whisker

QTEST_GUILESS_MAIN(whisker::SplitScorerTest)
#include "split_scorer_test.moc"
