#include "engine/train/run_repeat.h"

#include "engine/base/atomic_file.h"
#include "engine/data/snapshot_file.h"
#include "engine/train/model_file.h"
#include "tests/engine/train/drawn_pictures.h"
#include "tests/engine/train/stop_at.h"

#include <QTest>

namespace whisker {

using test::drawnSnapshot;
using test::errorText;
using test::fileBytes;
using test::outputIn;
using test::scratchConfig;
using test::shared;
using test::StopAt;
using test::TestFolder;

namespace {

Result<TrainReport> repeated(const TestFolder &folder, const std::filesystem::path &run, const TrainEvents &events = {}, std::stop_token stop = {})
{
    auto plan = planRepeat(run);
    if (!plan)
        return std::unexpected(plan.error());
    TrainOutput output = plan->output;
    output.runFolder = folder / "repeat";
    output.cacheFolder = folder / "other-cache"; // what was kept of the first must not be needed
    return train(plan->snapshot, plan->config, output, events, stop);
}

void rewriteReceipt(const std::filesystem::path &run, const std::function<void(RunReceipt &)> &change)
{
    RunReceipt receipt = readRunSummary(run)->receipt;
    change(receipt);
    QVERIFY(writeFileAtomically(run / kReceiptFile, toJson(receipt)));
}

} // namespace

class RunRepeatTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aRepeatedRunIsEqualBitForBit()
    {
        const TestFolder folder;
        const auto first = train(shared(drawnSnapshot(folder)), scratchConfig(2), outputIn(folder));
        QVERIFY2(first, errorText(first));
        const auto second = repeated(folder, first->run);
        QVERIFY2(second, errorText(second));
        const auto verdict = judgeRepeat(first->run, second->run, second->skipped);
        QVERIFY2(verdict, errorText(verdict));
        QVERIFY2(verdict->equal, verdict->sentence.c_str());
        QVERIFY(verdict->sentence.starts_with("Equal bit for bit"));
    }

    void aRunThatWasMadeLongerIsRepeatedInOneGo()
    {
        const TestFolder folder;
        const auto pictures = shared(drawnSnapshot(folder));
        StopAt stop(6); // in the middle of an epoch
        QVERIFY(train(pictures, scratchConfig(3), outputIn(folder), stop.events, stop.source.get_token()).has_value());
        TrainOutput longer = outputIn(folder);
        longer.resume = true;
        longer.moreEpochs = 2;
        const auto first = train(pictures, {}, longer);
        QVERIFY2(first, errorText(first));
        const auto second = repeated(folder, first->run);
        QVERIFY2(second, errorText(second));
        QVERIFY(readRunSummary(second->run)->receipt.cycles == readRunSummary(first->run)->receipt.cycles);
        const auto verdict = judgeRepeat(first->run, second->run);
        QVERIFY2(verdict && verdict->equal, verdict ? verdict->sentence.c_str() : errorText(verdict));
    }

    void aStoppedRunIsComparedAsFarAsItWent()
    {
        const TestFolder folder;
        StopAt stop(6);
        const auto first = train(shared(drawnSnapshot(folder)), scratchConfig(2), outputIn(folder), stop.events, stop.source.get_token());
        QVERIFY2(first, errorText(first));
        const auto second = repeated(folder, first->run);
        QVERIFY2(second, errorText(second));
        const auto verdict = judgeRepeat(first->run, second->run);
        QVERIFY2(verdict && verdict->equal, verdict ? verdict->sentence.c_str() : errorText(verdict));
        QVERIFY(verdict->sentence.find("which was stopped") != std::string::npos);
        const auto back = judgeRepeat(second->run, first->run); // as if the repeat had been stopped
        QVERIFY(back && !back->equal);
        QVERIFY2(back->sentence.find("The repeat was stopped") != std::string::npos, back->sentence.c_str());
    }

    void aRepeatThatWasBrokenOffIsOneAlsoForThoseWhoOnlyKnowItsFolder()
    {
        const TestFolder folder;
        const auto pictures = shared(drawnSnapshot(folder));
        const auto first = train(pictures, scratchConfig(3), outputIn(folder));
        QVERIFY2(first, errorText(first));
        QVERIFY(repeatedRun(*readRunSummary(first->run)).empty());
        StopAt stop(6);
        QVERIFY(repeated(folder, first->run / "", stop.events, stop.source.get_token()).has_value());
        QVERIFY(repeatedRun(*readRunSummary(folder / "repeat")) == first->run);
        rewriteReceipt(folder / "repeat", [](RunReceipt &receipt) { receipt.status = RunStatus::Unfinished; }); // as a crash leaves it
        TrainOutput output = outputIn(folder, "repeat");
        output.resume = true;
        const auto second = train(pictures, {}, output);
        QVERIFY2(second, errorText(second));
        QCOMPARE(second->outcome, TrainOutcome::Completed);
        QVERIFY(repeatedRun(*readRunSummary(second->run)) == first->run);
        const auto verdict = judgeRepeat(first->run, second->run);
        QVERIFY2(verdict && verdict->equal, verdict ? verdict->sentence.c_str() : errorText(verdict));
        output.moreEpochs = 1;
        QVERIFY(train(pictures, {}, output).has_value());
        QVERIFY(repeatedRun(*readRunSummary(second->run)).empty()); // what it became the first run was not
    }

    void runsThatAreMovedTogetherFindEachOther()
    {
        const TestFolder folder;
        const auto first = train(shared(drawnSnapshot(folder)), scratchConfig(1), outputIn(folder, "runs/first"));
        QVERIFY2(first, errorText(first));
        const auto plan = planRepeat(first->run);
        QVERIFY2(plan, errorText(plan));
        TrainOutput output = plan->output;
        output.cacheFolder = folder / "cache";
        output.runFolder = folder / "runs/second";
        QVERIFY(train(plan->snapshot, plan->config, output).has_value());
        output.runFolder = folder / "elsewhere/third";
        QVERIFY(train(plan->snapshot, plan->config, output).has_value());
        QVERIFY(repeatedRun(*readRunSummary(folder / "elsewhere/third")) == first->run);
        std::filesystem::rename(folder / "runs", folder / "moved");
        QVERIFY(repeatedRun(*readRunSummary(folder / "moved/second")) == folder / "moved/first");
    }

    void theFirstDifferenceAndWhatMayExplainItAreNamed()
    {
        const TestFolder folder;
        const auto first = train(shared(drawnSnapshot(folder)), scratchConfig(2), outputIn(folder));
        QVERIFY2(first, errorText(first));
        const auto second = repeated(folder, first->run);
        QVERIFY2(second, errorText(second));
        rewriteReceipt(second->run, [](RunReceipt &receipt) {
            receipt.device = "NVIDIA H100, bf16";
            receipt.versions["whisker"] = "99";
        });
        std::string metrics = fileBytes(second->run / kMetricsFile);
        const std::size_t line = metrics.find(R"("step":3)");
        const std::size_t value = metrics.find(R"("value":)", line) + 8;
        metrics[value] = '7';
        QVERIFY(writeFileAtomically(second->run / kMetricsFile, metrics));
        const auto verdict = judgeRepeat(first->run, second->run, {{"gone.png", "gone.png: it isn't there"}});
        QVERIFY(verdict && !verdict->equal);
        for (const char *part : {"training loss at step 3 (epoch 0.75)", "NVIDIA H100", "whisker was", "a picture was left out: gone.png"})
            QVERIFY2(verdict->sentence.find(part) != std::string::npos, verdict->sentence.c_str());
    }

    void aMarkOfTheMemoryExplainsADifference()
    {
        const TestFolder folder;
        const auto first = train(shared(drawnSnapshot(folder)), scratchConfig(1), outputIn(folder));
        QVERIFY2(first, errorText(first));
        TrainConfig other = scratchConfig(1);
        other.seed = 5;
        TrainOutput output = outputIn(folder, "other");
        const auto second = train(planRepeat(first->run)->snapshot, other, output);
        QVERIFY2(second, errorText(second));
        const auto metrics = second->run / kMetricsFile;
        QVERIFY(writeFileAtomically(metrics, fileBytes(metrics) + R"({"mark":"2 pictures at once, for want of memory","step":1,"epoch":0.25})" + "\n"));
        const auto verdict = judgeRepeat(first->run, second->run);
        QVERIFY(verdict && !verdict->equal);
        QVERIFY2(verdict->sentence.find("memory was not the same") != std::string::npos, verdict->sentence.c_str());
    }

    void equalCurvesWithOtherWeightsAreNotEqual()
    {
        const TestFolder folder;
        const auto first = train(shared(drawnSnapshot(folder)), scratchConfig(1), outputIn(folder));
        QVERIFY2(first, errorText(first));
        std::filesystem::copy(first->run, folder / "copy");
        QVERIFY(judgeRepeat(first->run, folder / "copy")->equal);
        auto model = readModel(folder / "copy" / kModelFile);
        model->weights.find(model->weights.begin()->first)->data[0] ^= std::byte(1);
        QVERIFY(writeModel(folder / "copy" / kModelFile, *model));
        const auto verdict = judgeRepeat(first->run, folder / "copy");
        QVERIFY(!verdict->equal);
        QVERIFY(verdict->sentence.find("weights of the models differ") != std::string::npos);
        std::filesystem::remove(folder / "copy" / kModelFile);
        QVERIFY(judgeRepeat(first->run, folder / "copy")->sentence.find("no model") != std::string::npos);
    }

    void missingPicturesAreSaidUnlessSomebodyKnowsThemElsewhere()
    {
        const TestFolder folder;
        const Snapshot pictures = drawnSnapshot(folder);
        const auto first = train(shared(pictures), scratchConfig(1), outputIn(folder));
        QVERIFY2(first, errorText(first));
        const auto file = pictures.entries.front().file;
        std::filesystem::rename(file, folder / "moved.ppm");
        const auto plan = planRepeat(first->run);
        QVERIFY(!plan);
        QCOMPARE(plan.error().code, ErrorCode::NotFound);
        QVERIFY2(plan.error().message.starts_with("1 of the 32 pictures"), errorText(plan));
        QVERIFY(plan.error().message.find(file.filename().string()) != std::string::npos);
        Snapshot now = pictures;
        now.entries.front().file = folder / "moved.ppm";
        QVERIFY(planRepeat(first->run, &now).has_value());
    }

    void aRunWithoutSnapshotCannotBeRepeated()
    {
        const TestFolder folder;
        const auto first = train(shared(drawnSnapshot(folder)), scratchConfig(1), outputIn(folder));
        QVERIFY2(first, errorText(first));
        std::filesystem::remove(first->run / kSnapshotFile);
        QVERIFY(planRepeat(first->run).error().message.find("can't be repeated") != std::string::npos);
        folder.write(std::filesystem::path("run") / kSnapshotFile, "{");
        QCOMPARE(planRepeat(first->run).error().code, ErrorCode::BadFormat);
        QCOMPARE(planRepeat(folder / "nowhere").error().code, ErrorCode::NotFound);
    }

    void aContinuedRunIsRepeatedFromItsModelWhileThatIsTheSame()
    {
        const TestFolder folder;
        const auto pictures = shared(drawnSnapshot(folder));
        const auto first = train(pictures, scratchConfig(1), outputIn(folder, "first"));
        QVERIFY2(first, errorText(first));
        TrainOutput output = outputIn(folder, "continued");
        output.startModel = first->run / kModelFile;
        const auto continued = train(pictures, scratchConfig(1), output);
        QVERIFY2(continued, errorText(continued));
        const auto second = repeated(folder, continued->run);
        QVERIFY2(second, errorText(second));
        const auto verdict = judgeRepeat(continued->run, second->run);
        QVERIFY2(verdict && verdict->equal, verdict ? verdict->sentence.c_str() : errorText(verdict));
        std::filesystem::resize_file(output.startModel, 100);
        QVERIFY(planRepeat(continued->run).error().message.find("has been replaced") != std::string::npos);
        std::filesystem::remove(output.startModel);
        QVERIFY(planRepeat(continued->run).error().message.find("can't be read") != std::string::npos);
    }

    void aChangedPictureIsNamedWhereTheRepeatDiffers()
    {
        const TestFolder folder;
        const Snapshot pictures = drawnSnapshot(folder);
        const auto first = train(shared(pictures), scratchConfig(1), outputIn(folder));
        QVERIFY2(first, errorText(first));
        const auto file = pictures.entries[pictures.indicesOf(Split::Train).front()].file;
        folder.write(file.lexically_relative(folder.path()), test::drawnPicture(0, 999));
        const auto second = repeated(folder, first->run);
        QVERIFY2(second, errorText(second));
        const auto verdict = judgeRepeat(first->run, second->run, second->skipped);
        QVERIFY(verdict && !verdict->equal);
        QVERIFY2(verdict->sentence.find(file.filename().string()) != std::string::npos, verdict->sentence.c_str());
    }
};

} // namespace whisker

QTEST_GUILESS_MAIN(whisker::RunRepeatTest)
#include "run_repeat_test.moc"
