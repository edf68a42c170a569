#include "engine/train/model_file.h"
#include "engine/train/run_folder.h"
#include "engine/train/train.h"
#include "tests/engine/train/drawn_pictures.h"

#include <QTest>

namespace whisker {

using test::errorText;
using test::outputIn;
using test::scratchConfig;
using test::shared;
using test::TestFolder;

namespace {

/// `perClass` drawn pictures to learn from for each of `classes`, of `edgePx`.
Snapshot manyClasses(const TestFolder &folder, int classes, int perClass, int edgePx)
{
    Snapshot snapshot;
    for (int label = 0; label < classes; ++label) {
        const std::string name = "class " + std::to_string(10000 + label);
        snapshot.classes.push_back(name);
        for (int i = 0; i < perClass; ++i)
            test::addPicture(snapshot, folder.write(name + "/" + std::to_string(i) + ".ppm", test::drawnPicture(label, static_cast<std::uint64_t>(i), edgePx)), label,
                             Split::Train);
    }
    sortEntries(snapshot);
    return snapshot;
}

/// Does `vanish` as soon as the first epoch has been validated.
TrainEvents afterFirstEpoch(const std::function<void()> &vanish)
{
    TrainEvents events;
    events.onMetric = [vanish, done = false](const MetricPoint &point) mutable {
        if (point.series == MetricSeries::ValidationAccuracy && point.step > 0 && !std::exchange(done, true))
            vanish();
    };
    return events;
}

} // namespace

class UnusualDataTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void picturesThatVanishBetweenEpochsAreServedFromTheCache();
    void aPictureThatVanishesAndWasNotKeptIsLeftOutAndSaid();
    void aThousandClassesAreLearnt();
    void threePicturesOfThreeClassesAreRefusedInWords();
    void oneClassIsRefusedInWords();
};

void UnusualDataTest::picturesThatVanishBetweenEpochsAreServedFromTheCache()
{
    const TestFolder folder;
    const auto pictures = shared(test::drawnSnapshot(folder));
    const auto undisturbed = train(pictures, scratchConfig(4), outputIn(folder, "undisturbed"));
    QVERIFY2(undisturbed, errorText(undisturbed));
    std::filesystem::remove_all(folder / "cache");
    const auto report = train(pictures, scratchConfig(4), outputIn(folder), afterFirstEpoch([&] {
        for (const std::size_t entry : pictures->indicesOf(Split::Train))
            std::filesystem::remove(pictures->entries[entry].file);
    }));
    QVERIFY2(report, errorText(report));
    QVERIFY(report->skipped.empty());
    QCOMPARE(report->epochs, 4);
    QVERIFY(readModel(report->model)->weights == readModel(undisturbed->model)->weights);
}

void UnusualDataTest::aPictureThatVanishesAndWasNotKeptIsLeftOutAndSaid()
{
    const TestFolder folder;
    const auto pictures = shared(test::drawnSnapshot(folder));
    const auto &file = pictures->entries[pictures->indicesOf(Split::Train).front()].file;
    TrainOutput output = outputIn(folder);
    output.cacheFolder = folder.write("in the way", "");
    TrainEvents events = afterFirstEpoch([&] { std::filesystem::remove(file); });
    std::vector<SkippedFile> said;
    events.onSkipped = [&](const SkippedFile &skipped) { said.push_back(skipped); };
    const auto report = train(pictures, scratchConfig(4), output, events);
    QVERIFY2(report, errorText(report));
    QCOMPARE(report->epochs, 4);
    QCOMPARE(said.size(), 1u);
    QVERIFY(said.front().file == file);
    QVERIFY2(said.front().reason.ends_with('.'), said.front().reason.c_str());
    QCOMPARE(report->skipped.size(), 1u);
    QCOMPARE(report->images, 31u);
}

void UnusualDataTest::aThousandClassesAreLearnt()
{
    const TestFolder folder;
    TrainConfig config = scratchConfig(1);
    config.batch = 250;
    const auto report = train(shared(manyClasses(folder, 1000, 2, 16)), config, outputIn(folder));
    QVERIFY2(report, errorText(report));
    const auto model = readModel(report->model);
    QVERIFY2(model, errorText(model));
    QCOMPARE(model->classes.size(), 1000u);
    QCOMPARE(model->weights.find("fc.bias")->floats().size(), 1000u);
}

void UnusualDataTest::threePicturesOfThreeClassesAreRefusedInWords()
{
    const TestFolder folder;
    const auto report = train(shared(manyClasses(folder, 3, 1, 16)), scratchConfig(1), outputIn(folder));
    QVERIFY(!report);
    QCOMPARE(report.error().code, ErrorCode::InvalidArgument);
    QVERIFY2(report.error().message.ends_with('.'), report.error().message.c_str());
    QVERIFY(!std::filesystem::exists(folder / "run"));
}

void UnusualDataTest::oneClassIsRefusedInWords()
{
    const TestFolder folder;
    const auto report = train(shared(manyClasses(folder, 1, 8, 16)), scratchConfig(1), outputIn(folder));
    QVERIFY(!report);
    QCOMPARE(report.error().code, ErrorCode::InvalidArgument);
    QVERIFY2(report.error().message.ends_with('.'), report.error().message.c_str());
    QVERIFY(!std::filesystem::exists(folder / "run"));
}

} // namespace whisker

QTEST_GUILESS_MAIN(whisker::UnusualDataTest)
#include "unusual_data_test.moc"
