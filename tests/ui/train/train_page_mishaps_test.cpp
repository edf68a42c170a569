#include "engine/base/locations.h"
#include "engine/nn/weights.h"
#include "tests/ui/train/trained_room.h"
#include "ui/train/result_card.h"
#include "widgets/notice_bar.h"

#include <fstream>

using namespace whisker;
using namespace whisker::test;

namespace {

/// From now on decoded pictures can't be kept.
void blockPixelCache()
{
    std::filesystem::create_directories(userCacheFolder());
    std::ofstream(userCacheFolder() / "pixels") << "in the way";
}

/// A run beside those of the page, of one epoch.
std::filesystem::path trainElsewhere(const TestFolder &folder, const Snapshot &pictures, const TrainConfig &config)
{
    const auto report = train(std::make_shared<const Snapshot>(pictures), config, {.runFolder = folder / "elsewhere"});
    return report ? report->run : std::filesystem::path();
}

} // namespace

/// What a person sees on the Train page where a run can't go its usual way.
class TrainPageMishapsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aRateThatMakesNoNumbersIsSaidWithWhatToTry()
    {
        const TestFolder folder;
        useAsHome(folder);
        Room room(folder);
        TrainConfig config = tinyNet(30);
        config.schedule = ScheduleKind::Cosine;
        config.learningRate = 1e6;
        config.weightDecay = 3e-6; // weights double each step, and are too large for fp32 after some epochs
        room.start(config);
        QVERIFY(room.ends());
        QVERIFY(room.says("were kept: try a lower learning rate, such as 0.001."));
        QCOMPARE(listRuns(folder / "runs").front().receipt.status, RunStatus::Diverged);
        QTRY_VERIFY(room.page.findChild<ResultCard *>()->tryButton()->isVisible()); // the last good weights
        QVERIFY(canStart(room.page));
    }

    void aClassThatHasLostItsPicturesIsSaid()
    {
        const TestFolder folder; // a home of its own: with pixels in the cache it would lack nothing
        useAsHome(folder);
        Room room(folder);
        std::filesystem::remove_all(folder / "pets/dog");
        room.start(3);
        QVERIFY(room.ends());
        QVERIFY(room.says("The class \"dog\" has no picture to learn from that can be read: add pictures of it"));
        QVERIFY(canStart(room.page));
    }

    void aClassThatLosesItsPicturesMeanwhileIsSaidAndTheRunGoesOnWithThemBack()
    {
        const TestFolder folder;
        useAsHome(folder);
        blockPixelCache();
        Room room(folder);
        room.start(300);
        QVERIFY(room.learns());
        std::filesystem::rename(folder / "pets/dog", folder / "away");
        QVERIFY(room.ends());
        QVERIFY(room.says("The class \"dog\" has no picture to learn from that can be read"));
        QVERIFY(room.says("With its pictures back the run can go on."));
        QVERIFY(room.says("best.safetensors of the run's folder."));
        QCOMPARE(room.page.notice()->actionButton()->text(), "Go to Data");
        QVERIFY(button(room.page, "Go on"));
        std::filesystem::rename(folder / "away", folder / "pets/dog");
        room.page.goOn();
        QVERIFY(room.learnsOn());
        QVERIFY(!isSaid(room.page, "The class"));
        room.page.stop();
        QVERIFY(room.ends());
        QCOMPARE(listRuns(folder / "runs").front().receipt.status, RunStatus::Stopped);
    }

    void picturesThatVanishMeanwhileAreServedFromTheCacheAndNothingIsSaid()
    {
        const TestFolder folder;
        useAsHome(folder);
        Room room(folder);
        const auto pictures = room.material().snapshot;
        const auto learntFrom = pictures->indicesOf(Split::Train);
        TrainConfig config = tinyNet(3000);
        config.batch = int(learntFrom.size()); // all of them in each step, so that the first leaves none out
        room.start(config);
        QVERIFY(room.learns());
        for (const std::size_t entry : learntFrom)
            std::filesystem::remove(pictures->entries[entry].file);
        QVERIFY(room.learnsOn());
        QVERIFY(!room.page.notice()->isVisible());
        room.page.stop();
        QVERIFY(room.ends());
        QCOMPARE(room.page.controller()->state(), TrainingController::State::Finished);
        QVERIFY(!room.page.notice()->isVisible());
        QVERIFY(room.page.controller()->leftOut().empty());
    }

    void aPictureThatVanishesAndIsNotInTheCacheIsLeftOutAndSaidMeanwhile()
    {
        const TestFolder folder;
        useAsHome(folder);
        blockPixelCache();
        Room room(folder);
        const auto pictures = room.material().snapshot;
        const auto learntFrom = pictures->indicesOf(Split::Train);
        room.start(300);
        QVERIFY(room.learns());
        QVERIFY(room.says("pictures that are not kept are decoded anew in every epoch"));
        const auto first = pictures->entries[learntFrom.front()].file, second = pictures->entries[learntFrom.back()].file;
        std::filesystem::remove(first);
        QVERIFY(room.says("One picture was left out. "));
        QVERIFY(isSaid(room.page, QString::fromStdString(first.filename().string())));
        std::filesystem::remove(second);
        QVERIFY(room.says("2 pictures were left out. The first: "));
        QVERIFY(!isSaid(room.page, "One picture"));
        QVERIFY(room.learnsOn());
        room.page.stop();
        QVERIFY(room.ends());
        QCOMPARE(room.page.controller()->state(), TrainingController::State::Finished);
        QVERIFY(isSaid(room.page, "2 pictures were left out."));
        QVERIFY(!isSaid(room.page, "decoded anew")); // there are no epochs to come
    }

    void aRunFolderDeletedMeanwhileIsSaidAndGivesAModel()
    {
        const TestFolder folder;
        useAsHome(folder);
        Room room(folder);
        room.start(100);
        QVERIFY(room.learns());
        const auto run = listRuns(folder / "runs").front().folder;
        for (std::error_code again; std::filesystem::exists(run);) // also while something is written into it
            std::filesystem::remove_all(run, again);
        QVERIFY(room.says("its model will be kept, but should it be interrupted, it can't go on"));
        QVERIFY(room.ends());
        QVERIFY(room.says("was deleted while the run went on"));
        QVERIFY(!isSaid(room.page, "Training goes on"));
        QVERIFY(std::filesystem::exists(run / kModelFile));
    }

    void aCheckpointThatDoesNotFitIsRefusedWithWhatToDo_data()
    {
        QTest::addColumn<QString>("what");
        QTest::addColumn<QString>("says");
        QTest::newRow("other data") << "data" << "belongs to other pictures or labels: start the run anew.";
        QTest::newRow("another architecture") << "architecture" << "is of the architecture resnet18: start the run anew.";
        QTest::newRow("a newer checkpoint") << "checkpoint" << "was saved by a newer Whisker: update Whisker to go on with this run.";
        QTest::newRow("a newer receipt") << "receipt" << "was written by a newer Whisker: update Whisker to read it.";
    }
    void aCheckpointThatDoesNotFitIsRefusedWithWhatToDo()
    {
        QFETCH(QString, what);
        QFETCH(QString, says);
        const TestFolder folder;
        useAsHome(folder);
        Room room(folder);
        room.start(1);
        QVERIFY(room.ends());
        QTRY_COMPARE(room.page.history()->runs().size(), 1u);
        const auto run = room.page.controller()->runFolder();
        std::string receipt = fileBytes(run / kReceiptFile);
        if (what == "checkpoint") {
            const SafetensorsMetadata newer{{"whisker_checkpoint", R"({"format":99})"}};
            QVERIFY(writeSafetensors(run / kCheckpointFile, {}, newer));
        } else if (what == "receipt") {
            const std::string format = "\"format\": 1";
            receipt.replace(receipt.find(format), format.size(), "\"format\": 99");
            std::ofstream(run / kReceiptFile) << receipt;
        } else {
            Snapshot pictures = *room.material().snapshot;
            TrainConfig config = tinyNet(1);
            if (what == "data")
                pictures.entries.pop_back();
            else
                config.architecture = "resnet18";
            const auto other = trainElsewhere(folder, pictures, config);
            QVERIFY(!other.empty());
            std::filesystem::copy_file(other / kCheckpointFile, run / kCheckpointFile, std::filesystem::copy_options::overwrite_existing);
        }
        room.page.trainMore(5);
        QVERIFY(room.page.controller()->isRunning());
        QVERIFY(room.ends());
        QVERIFY(room.says(says));
        QVERIFY(!room.page.notice()->actionButton()->isVisible()); // no picture mends that
        QCOMPARE(fileBytes(run / kReceiptFile), receipt);
        if (what != "receipt") // of that one nothing can be read any more
            QTRY_VERIFY(button(room.page, "More epochs")); // the run as it was
        QVERIFY(canStart(room.page));
    }
};

QTEST_MAIN(TrainPageMishapsTest)
#include "train_page_mishaps_test.moc"
