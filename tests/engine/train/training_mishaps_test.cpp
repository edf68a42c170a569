#include "engine/train/model_file.h"
#include "engine/train/run_folder.h"
#include "engine/train/train.h"
#include "tests/engine/train/drawn_pictures.h"

#include <QTest>

#include <cmath>
#include <functional>

namespace whisker {

using test::errorText;
using test::outputIn;
using test::scratchConfig;
using test::shared;
using test::TestFolder;

namespace {

/// Does `mishap` as soon as `epoch` has been validated.
TrainEvents afterEpoch(int epoch, const std::function<void()> &mishap)
{
    TrainEvents events;
    events.onMetric = [epoch, mishap, done = false](const MetricPoint &point) mutable {
        if (point.series == MetricSeries::ValidationAccuracy && point.epoch >= epoch && !std::exchange(done, true))
            mishap();
    };
    return events;
}

TrainConfig fineTuneConfig(int epochs)
{
    TrainConfig config;
    config.mode = TrainMode::FineTune;
    config.sizePx = 64;
    config.batch = 4;
    config.epochs = epochs;
    config.learningRate = 1e-3;
    config.device = "cpu";
    config.threads = 1;
    return config;
}

/// The same pictures under `folder`, where they can be taken away.
Snapshot copiedInto(const TestFolder &folder, Snapshot pictures)
{
    for (SnapshotEntry &entry : pictures.entries)
        entry.file = folder.write(std::filesystem::path("copies") / std::to_string(entry.label) / entry.file.filename(), test::fileBytes(entry.file));
    sortEntries(pictures);
    return pictures;
}

/// Takes the pictures to learn from of the second class away; give them back by calling what it returns.
std::function<void()> withoutSecondClass(const Snapshot &pictures)
{
    std::vector<std::filesystem::path> files;
    for (const std::size_t entry : pictures.indicesOf(Split::Train)) {
        if (pictures.entries[entry].label == 1)
            files.push_back(pictures.entries[entry].file);
    }
    for (const auto &file : files)
        std::filesystem::rename(file, file.string() + ".away");
    return [files] {
        for (const auto &file : files)
            std::filesystem::rename(file.string() + ".away", file);
    };
}

/// A place where no cache can be, so that pictures are read from their files in every epoch.
TrainOutput withoutCache(const TestFolder &folder)
{
    TrainOutput output = outputIn(folder);
    output.cacheFolder = folder.write("in the way", "");
    return output;
}

/// With weight decay each step multiplies the weights by about -`factor`.
TrainConfig explodingConfig(double factor)
{
    TrainConfig config = scratchConfig(30);
    config.precision = Precision::Float32;
    config.schedule = ScheduleKind::Cosine;
    config.learningRate = 1e6;
    config.weightDecay = factor / config.learningRate;
    return config;
}

bool areNumbers(const Weights &weights)
{
    return std::ranges::all_of(weights, [](const auto &named) {
        return named.second.dtype != DType::Float32 || std::ranges::all_of(named.second.floats(), [](float value) { return std::isfinite(value); });
    });
}

} // namespace

/// What happens to a run while it goes on, in each of the ways to train.
class TrainingMishapsTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aClassThatLosesItsPicturesAfterAnEpochIsSaidAndWhatWasLearntIsKept_data();
    void aClassThatLosesItsPicturesAfterAnEpochIsSaidAndWhatWasLearntIsKept();
    void aClassThatLosesItsPicturesWhileQuickLooksAtThemIsSaid();
    void fineTuningServesVanishedPicturesFromTheCache();
    void whatIsSaidOfFewerValidationPicturesSaysSo();
    void whatIsSaidOfFewerValidationPicturesEndsWithItsCause();
    void whereTheLossIsNoNumberTheLastGoodWeightsAreKept();
    void weightsThatAreNoNumbersAreNeverKept();
    void fineTuningThatMakesNoNumbersKeepsQuicksModel();
    void aBatchLargerThanTheDataIsMadeSmallerForFineTuningToo();
    void aThousandClassesAreSolvedForQuickly();
    void aRunFolderDeletedWhileQuickLooksAtPicturesStillGetsItsModel();
    void aCheckpointOfAnotherArchitectureIsNotGoneOnWith();
    void aNewerReceiptIsNotGoneOnWith();
};

void TrainingMishapsTest::aClassThatLosesItsPicturesAfterAnEpochIsSaidAndWhatWasLearntIsKept_data()
{
    QTest::addColumn<bool>("fineTunes");
    QTest::newRow("scratch") << false;
    QTest::newRow("fine-tune") << true;
}

void TrainingMishapsTest::aClassThatLosesItsPicturesAfterAnEpochIsSaidAndWhatWasLearntIsKept()
{
    QFETCH(bool, fineTunes);
    const TestFolder folder;
    const auto pictures = shared(copiedInto(folder, fineTunes ? test::unlearnablePhotographs() : test::drawnSnapshot(folder)));
    const TrainConfig config = fineTunes ? fineTuneConfig(4) : scratchConfig(6);
    TrainOutput output = withoutCache(folder);
    std::function<void()> giveBack;
    const auto report = train(pictures, config, output, afterEpoch(1, [&] { giveBack = withoutSecondClass(*pictures); }));
    QVERIFY(!report);
    QCOMPARE(report.error().code, ErrorCode::InvalidArgument);
    QVERIFY2(report.error().message.find("The class \"" + pictures->classes[1] + "\" has no picture to learn from") != std::string::npos, errorText(report));
    QVERIFY2(report.error().message.find("the run can go on. The ") != std::string::npos, errorText(report));
    QVERIFY2(report.error().message.find("best.safetensors of the run's folder") != std::string::npos, errorText(report));
    QCOMPARE(readRunSummary(output.runFolder)->receipt.status, RunStatus::Failed);
    QVERIFY(readModel(output.runFolder / kBestFile).has_value());
    giveBack();
    output.resume = true;
    const auto resumed = train(pictures, {}, output);
    QVERIFY2(resumed, errorText(resumed));
    QCOMPARE(resumed->outcome, TrainOutcome::Completed);
    QCOMPARE(resumed->epochs, config.epochs);
}

void TrainingMishapsTest::aClassThatLosesItsPicturesWhileQuickLooksAtThemIsSaid()
{
    const TestFolder folder;
    const auto pictures = shared(copiedInto(folder, test::photographSnapshot({8, 4, 4})));
    TrainEvents events;
    events.onStage = [&](const StageChange &) { // before the first picture is read
        if (std::filesystem::exists(pictures->entries[pictures->indicesOf(Split::Train).back()].file))
            withoutSecondClass(*pictures);
    };
    const auto report = train(pictures, test::quickConfig(), outputIn(folder), events);
    QVERIFY(!report);
    QCOMPARE(report.error().code, ErrorCode::InvalidArgument);
    QVERIFY2(report.error().message.find("The class \"dog\" has no picture to learn from") != std::string::npos, errorText(report));
    QVERIFY(!std::filesystem::exists(folder / "run.safetensors"));
    QCOMPARE(readRunSummary(folder / "run")->receipt.status, RunStatus::Failed);
}

void TrainingMishapsTest::fineTuningServesVanishedPicturesFromTheCache()
{
    const TestFolder folder;
    const auto pictures = shared(copiedInto(folder, test::unlearnablePhotographs()));
    const auto undisturbed = train(pictures, fineTuneConfig(3), outputIn(folder, "undisturbed"));
    QVERIFY2(undisturbed, errorText(undisturbed));
    std::filesystem::remove_all(folder / "cache/pixels");
    const auto report = train(pictures, fineTuneConfig(3), outputIn(folder), afterEpoch(1, [&] {
        for (const SnapshotEntry &entry : pictures->entries) {
            if (entry.split != Split::Test)
                std::filesystem::remove(entry.file);
        }
    }));
    QVERIFY2(report, errorText(report));
    QVERIFY(report->skipped.empty());
    QCOMPARE(report->epochs, 3);
    QVERIFY(readSafetensors(report->run / kCheckpointFile)->weights == readSafetensors(undisturbed->run / kCheckpointFile)->weights);
}

void TrainingMishapsTest::whatIsSaidOfFewerValidationPicturesSaysSo()
{
    const TestFolder folder;
    const auto pictures = shared(copiedInto(folder, test::drawnSnapshot(folder)));
    const std::vector<std::size_t> validation = pictures->indicesOf(Split::Validation);
    TrainEvents events = afterEpoch(1, [&] { std::filesystem::remove(pictures->entries[validation.front()].file); });
    std::vector<std::string> told;
    events.onNote = [&](const std::string &note) { told.push_back(note); };
    const auto report = train(pictures, scratchConfig(4), withoutCache(folder), events);
    QVERIFY2(report, errorText(report));
    const std::string expected = "1 of the " + std::to_string(validation.size()) + " validation pictures can't be read";
    const auto says = [&](const std::string &note) { return note.starts_with(expected); };
    QCOMPARE(std::ranges::count_if(told, says), 1); // in the epoch in which it is seen, not at the end
    QCOMPARE(std::ranges::count_if(readRunSummary(report->run)->receipt.notes, says), 1);
    QCOMPARE(report->skipped.size(), 1u);
}

void TrainingMishapsTest::whatIsSaidOfFewerValidationPicturesEndsWithItsCause()
{
    const TestFolder folder;
    const auto pictures = shared(copiedInto(folder, test::drawnSnapshot(folder)));
    const std::size_t all = pictures->indicesOf(Split::Validation).size();
    const std::string file = pictures->entries[pictures->indicesOf(Split::Validation).front()].file;
    std::string holds; // of what is told, as a person reads it
    TrainEvents events;
    events.onNote = [&](const std::string &note) { holds += note; };
    events.onWithdrawn = [&](const std::string &note) {
        QVERIFY2(holds.contains(note), note.c_str());
        holds.replace(holds.find(note), note.size(), "");
    };
    std::string meanwhile, again;
    events.onMetric = [&](const MetricPoint &point) {
        if (point.series != MetricSeries::ValidationAccuracy)
            return;
        if (point.epoch == 1 || point.epoch == 3)
            std::filesystem::rename(file, file + ".away");
        if (point.epoch == 2 || point.epoch == 4) {
            (point.epoch == 2 ? meanwhile : again) = holds;
            std::filesystem::rename(file + ".away", file);
        }
    };
    const auto report = train(pictures, scratchConfig(6), withoutCache(folder), events);
    QVERIFY2(report, errorText(report));
    const std::string lacking = "1 of the " + std::to_string(all) + " validation pictures can't be read";
    QVERIFY2(meanwhile.contains(lacking), meanwhile.c_str());
    QCOMPARE(again, meanwhile);
    QVERIFY2(!holds.contains(lacking), holds.c_str());
    const std::string expected = "All " + std::to_string(all) + " validation pictures can be read again";
    QVERIFY2(holds.contains(expected), holds.c_str());
    const std::vector<std::string> notes = readRunSummary(report->run)->receipt.notes;
    QCOMPARE(std::ranges::count_if(notes, [&](const std::string &note) { return note.starts_with(expected); }), 1);
    QCOMPARE(std::ranges::count_if(notes, [&](const std::string &note) { return note.contains(lacking); }), 0);
}

void TrainingMishapsTest::whereTheLossIsNoNumberTheLastGoodWeightsAreKept()
{
    const TestFolder folder;
    const auto report = train(shared(test::drawnSnapshot(folder)), explodingConfig(3.0), outputIn(folder));
    QVERIFY2(report, errorText(report));
    QCOMPARE(report->outcome, TrainOutcome::Diverged);
    QVERIFY(report->bestEpoch > 0);
    QVERIFY(report->epochs < 30);
    const std::string said = report->receipt.notes.back();
    QVERIFY2(said.find("the weights of epoch " + std::to_string(report->bestEpoch) + " were kept") != std::string::npos, said.c_str());
    QVERIFY2(said.find("try a lower learning rate, such as ") != std::string::npos, said.c_str());
    QCOMPARE(readRunSummary(report->run)->receipt.message, said);
    const auto model = readModel(report->model);
    QVERIFY2(model, errorText(model));
    QVERIFY(areNumbers(model->weights));
}

/// Without validation pictures the last epoch counts as the best; here each is a step, whose weights are no numbers at some time while its loss still is one.
void TrainingMishapsTest::weightsThatAreNoNumbersAreNeverKept()
{
    const TestFolder folder;
    TrainConfig config = explodingConfig(500'000.0);
    config.batch = 512;
    const auto report = train(shared(test::drawnSnapshot(folder, {.train = 8, .validation = 0, .test = 0})), config, outputIn(folder));
    QVERIFY2(report, errorText(report));
    QCOMPARE(report->outcome, TrainOutcome::Diverged);
    QCOMPARE(report->bestEpoch, report->epochs);
    QVERIFY2(report->receipt.notes.back().find("the weights of epoch " + std::to_string(report->epochs) + " were kept") != std::string::npos, report->receipt.notes.back().c_str());
    const auto model = readModel(report->model);
    QVERIFY2(model, errorText(model));
    QVERIFY(areNumbers(model->weights));
}

void TrainingMishapsTest::fineTuningThatMakesNoNumbersKeepsQuicksModel()
{
    const TestFolder folder;
    TrainConfig config = fineTuneConfig(10);
    config.schedule = ScheduleKind::Cosine;
    config.learningRate = 1e6;
    config.weightDecay = 1.0;
    const auto pictures = shared(test::unlearnablePhotographs());
    const auto report = train(pictures, config, outputIn(folder));
    QVERIFY2(report, errorText(report));
    QCOMPARE(report->outcome, TrainOutcome::Diverged);
    QCOMPARE(report->bestEpoch, 0);
    QVERIFY2(report->receipt.notes.back().find("the quick model was kept: try a lower learning rate") != std::string::npos, report->receipt.notes.back().c_str());
    TrainConfig quick = config;
    quick.mode = TrainMode::Quick;
    quick.epochs = 0;
    const auto model = train(pictures, quick, outputIn(folder, "quick"));
    QVERIFY2(model, errorText(model));
    QVERIFY(readModel(report->model)->weights == readModel(model->model)->weights);
}

void TrainingMishapsTest::aBatchLargerThanTheDataIsMadeSmallerForFineTuningToo()
{
    const TestFolder folder;
    TrainConfig config = fineTuneConfig(2);
    config.batch = 512;
    const auto report = train(shared(test::unlearnablePhotographs()), config, outputIn(folder));
    QVERIFY2(report, errorText(report));
    QCOMPARE(report->epochs, 2);
    QCOMPARE(std::ranges::count(readRun(report->run)->metrics, MetricSeries::TrainingLoss, &MetricPoint::series), 2);
}

void TrainingMishapsTest::aThousandClassesAreSolvedForQuickly()
{
    const TestFolder folder;
    Snapshot pictures;
    for (int label = 0; label < 1000; ++label) {
        pictures.classes.push_back("class " + std::to_string(10000 + label));
        for (std::uint64_t i = 0; i < 2; ++i)
            test::addPicture(pictures, folder.write(pictures.classes.back() + "/" + std::to_string(i) + ".ppm", test::drawnPicture(label, i, 16)), label, Split::Train);
    }
    sortEntries(pictures);
    TrainConfig config = test::quickConfig();
    config.sizePx = 32;
    config.epochs = 2;
    const auto report = train(shared(pictures), config, outputIn(folder));
    QVERIFY2(report, errorText(report));
    const auto model = readModel(report->model);
    QVERIFY2(model, errorText(model));
    QCOMPARE(model->classes.size(), 1000u);
}

void TrainingMishapsTest::aRunFolderDeletedWhileQuickLooksAtPicturesStillGetsItsModel()
{
    const TestFolder folder;
    TrainEvents events;
    events.onProgress = [&, done = false](const TrainProgress &) mutable {
        if (!std::exchange(done, true))
            std::filesystem::remove_all(folder / "run");
    };
    const auto report = train(shared(test::photographSnapshot({8, 4, 4})), test::quickConfig(), outputIn(folder), events);
    QVERIFY2(report, errorText(report));
    QVERIFY(std::ranges::any_of(report->receipt.notes, [](const std::string &note) { return note.find("was deleted while the run went on") != std::string::npos; }));
    QVERIFY(readModel(folder / "run" / kModelFile).has_value());
    QVERIFY(readModel(folder / "run.safetensors").has_value());
    QCOMPARE(readRunSummary(folder / "run")->receipt.status, RunStatus::Completed);
}

void TrainingMishapsTest::aCheckpointOfAnotherArchitectureIsNotGoneOnWith()
{
    const TestFolder folder;
    const auto pictures = shared(test::drawnSnapshot(folder));
    QVERIFY(train(pictures, scratchConfig(1), outputIn(folder)).has_value());
    TrainConfig other = scratchConfig(1);
    other.architecture = "resnet18";
    QVERIFY(train(pictures, other, outputIn(folder, "other")).has_value());
    std::filesystem::copy_file(folder / "other" / kCheckpointFile, folder / "run" / kCheckpointFile, std::filesystem::copy_options::overwrite_existing);
    TrainOutput output = outputIn(folder);
    output.resume = true;
    output.moreEpochs = 1;
    const auto report = train(pictures, {}, output);
    QVERIFY(!report);
    QCOMPARE(report.error().code, ErrorCode::InvalidArgument);
    QVERIFY2(report.error().message.find("is of the architecture resnet18") != std::string::npos, errorText(report));
}

void TrainingMishapsTest::aNewerReceiptIsNotGoneOnWith()
{
    const TestFolder folder;
    const auto pictures = shared(test::drawnSnapshot(folder));
    QVERIFY(train(pictures, scratchConfig(1), outputIn(folder)).has_value());
    std::string receipt = test::fileBytes(folder / "run" / kReceiptFile);
    const std::string format = "\"format\": 1";
    QVERIFY(receipt.find(format) != std::string::npos);
    receipt.replace(receipt.find(format), format.size(), "\"format\": 99");
    folder.write(std::filesystem::path("run") / kReceiptFile, receipt);
    TrainOutput output = outputIn(folder);
    output.resume = true;
    const auto report = train(pictures, {}, output);
    QVERIFY(!report);
    QCOMPARE(report.error().code, ErrorCode::NewerVersion);
    QVERIFY2(report.error().message.find("update Whisker") != std::string::npos, errorText(report));
    QCOMPARE(test::fileBytes(folder / "run" / kReceiptFile), receipt);
}

} // namespace whisker

QTEST_GUILESS_MAIN(whisker::TrainingMishapsTest)
#include "training_mishaps_test.moc"
