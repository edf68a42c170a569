#include "engine/train/internal/lineage.h"
#include "tests/engine/train/continued_runs.h"

#include <QTest>

namespace whisker {

using test::configFor;
using test::continuing;
using test::errorText;
using test::firstRun;
using test::move;
using test::outputIn;
using test::says;
using test::shared;
using test::TestFolder;
using test::unlearnable;

/// What a model has learnt from must not flatter the figures of the runs that continue it.
class ModelLineageTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void picturesThatTheModelHasLearntFromCountInNoFigure();
    void picturesOfTheRunBeforeTheLastAreKnownToo();
    void aCopyBesideItsRunsIsKnown();
    void aModelOfUnknownPastIsSaidToBe();
    void aDamagedListIsSaidAndARunCannotGoOnWithoutIt();
};

void ModelLineageTest::picturesThatTheModelHasLearntFromCountInNoFigure()
{
    const TestFolder folder;
    Snapshot pictures = unlearnable(folder);
    const TrainReport first = firstRun(folder, shared(pictures));
    move(pictures, Split::Test, Split::Train, 1);
    move(pictures, Split::Validation, Split::Test, 2); // it was chosen by them
    move(pictures, Split::Train, Split::Test, 3);      // it has learnt from them, but for one perhaps
    const auto second = train(shared(pictures), configFor(TrainMode::Scratch, 1), continuing(folder, first));
    QVERIFY2(second, errorText(second));
    const auto lineage = internal::readLineage(second->run / internal::kLineageFile);
    QCOMPARE(lineage->learnt.size(), 16u);
    QCOMPARE(lineage->checked.size(), 8u);
    const auto honest = internal::honestSnapshot(pictures, *lineage);
    QVERIFY(honest.learnt == 2 || honest.learnt == 3);
    QCOMPARE(honest.checked, 2u);
    QVERIFY(says(*second, std::to_string(honest.learnt) + " pictures to validate or test with have been learnt from"));
    QVERIFY(says(*second, "with the help of 2 test pictures"));
    QCOMPARE(second->test->total, honest.snapshot.indicesOf(Split::Test).size());
    for (const SnapshotEntry &entry : honest.snapshot.entries)
        QVERIFY(entry.split != Split::Test || (!lineage->learnt.contains(entry.hash) && !lineage->checked.contains(entry.hash)));
    const auto run = readRunSummary(second->run);
    QCOMPARE(run->receipt.testImages, second->test->total);
    QCOMPARE(run->receipt.snapshotDigest, pictures.digest()); // of the data as they are
}

void ModelLineageTest::picturesOfTheRunBeforeTheLastAreKnownToo()
{
    const TestFolder folder;
    const Snapshot all = unlearnable(folder, {12, 4, 4});
    Snapshot early = all, later = all, now = all;
    move(now, Split::Train, Split::Test, 5);
    std::set<ContentHash> moved;
    for (std::size_t i = 0; i < all.entries.size(); ++i) {
        if (all.entries[i].split == Split::Train && now.entries[i].split == Split::Test)
            moved.insert(all.entries[i].hash);
    }
    QCOMPARE(moved.size(), 5u);
    std::erase_if(later.entries, [&](const SnapshotEntry &entry) { return moved.contains(entry.hash); });
    const TrainReport first = firstRun(folder, shared(early));
    const auto second = train(shared(later), configFor(TrainMode::Scratch, 1), continuing(folder, first));
    QVERIFY2(second, errorText(second));
    QVERIFY(removeRun(first.run)); // the second run knows
    const auto third = train(shared(now), configFor(TrainMode::Scratch, 1), continuing(folder, *second, "third"));
    QVERIFY2(third, errorText(third));
    QVERIFY(says(*third, "5 pictures to validate or test with have been learnt from"));
    QCOMPARE(third->test->total, 8u);
}

void ModelLineageTest::aCopyBesideItsRunsIsKnown()
{
    const TestFolder folder;
    Snapshot pictures = unlearnable(folder);
    TrainOutput output = outputIn(folder);
    output.runFolder = folder / "runs/one";
    const auto first = train(shared(pictures), configFor(TrainMode::Scratch, 1), output);
    QVERIFY2(first, errorText(first));
    move(pictures, Split::Train, Split::Test, 1);
    output = outputIn(folder, "second");
    output.startModel = first->model; // not that in its run folder
    const auto second = train(shared(pictures), configFor(TrainMode::Scratch, 1), output);
    QVERIFY2(second, errorText(second));
    QVERIFY(says(*second, "1 picture to validate or test with has been learnt from"));
}

void ModelLineageTest::aModelOfUnknownPastIsSaidToBe()
{
    const TestFolder folder;
    const auto pictures = shared(unlearnable(folder));
    const TrainReport first = firstRun(folder, pictures);
    TrainOutput output = outputIn(folder, "second");
    std::filesystem::create_directories(folder / "elsewhere");
    output.startModel = folder / "elsewhere/model.safetensors";
    std::filesystem::copy_file(first.model, output.startModel);
    const auto second = train(pictures, configFor(TrainMode::Scratch, 1), output);
    QVERIFY2(second, errorText(second));
    QVERIFY(says(*second, "It can't be known what the model that this run continues has learnt from"));
    const auto third = train(pictures, configFor(TrainMode::Scratch, 1), continuing(folder, *second, "third"));
    QVERIFY(says(*third, "It can't be known"));
}

void ModelLineageTest::aDamagedListIsSaidAndARunCannotGoOnWithoutIt()
{
    const TestFolder folder;
    const auto pictures = shared(unlearnable(folder));
    const TrainReport first = firstRun(folder, pictures);
    TrainOutput output = continuing(folder, first);
    const auto second = train(pictures, configFor(TrainMode::Scratch, 1), output);
    QVERIFY2(second, errorText(second));
    folder.write("second/lineage.json", "{\"format\": 1");
    output.startModel.clear();
    output.resume = true;
    const auto resumed = train(pictures, {}, output);
    QCOMPARE(resumed.error().code, ErrorCode::BadFormat);
    QVERIFY(resumed.error().message.find("lineage.json") != std::string::npos);
    folder.write("second/lineage.json", R"({"format": 99, "complete": true, "learnt": [], "checked": []})");
    QCOMPARE(train(pictures, {}, output).error().code, ErrorCode::NewerVersion);
    const auto third = train(pictures, configFor(TrainMode::Scratch, 1), continuing(folder, *second, "third"));
    QVERIFY2(third, errorText(third));
    QVERIFY(says(*third, "It can't be known"));
}

} // namespace whisker

QTEST_GUILESS_MAIN(whisker::ModelLineageTest)
#include "model_lineage_test.moc"
