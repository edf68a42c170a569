#include "engine/nn/architectures.h"
#include "engine/train/internal/start_model.h"
#include "engine/train/model_file.h"
#include "tests/engine/train/continued_runs.h"

#include <QTest>

#include <nlohmann/json.hpp>

namespace whisker {

using test::configFor;
using test::continuing;
using test::errorText;
using test::firstRun;
using test::move;
using test::outputIn;
using test::says;
using test::shared;
using test::StopAt;
using test::TestFolder;
using test::unlearnable;

namespace {

void addClass(Snapshot &pictures, const TestFolder &folder, const std::string &name)
{
    const int label = static_cast<int>(pictures.classes.size());
    pictures.classes.push_back(name);
    for (int i = 0; i < 8; ++i) {
        const Split split = i < 4 ? Split::Train : i < 6 ? Split::Validation : Split::Test;
        test::addPicture(pictures, folder.write(name + "/" + std::to_string(i) + ".ppm", test::drawnPicture(i % 2, std::uint64_t(500 + i))), label, split);
    }
    sortEntries(pictures);
}

void removeClass(Snapshot &pictures, int label)
{
    pictures.classes.erase(pictures.classes.begin() + label);
    std::erase_if(pictures.entries, [&](const SnapshotEntry &entry) { return entry.label == label; });
    for (SnapshotEntry &entry : pictures.entries)
        entry.label -= entry.label > label ? 1 : 0;
    sortEntries(pictures);
}

std::optional<double> accuracyAtStart(const std::filesystem::path &run)
{
    const auto record = readRun(run);
    const auto point = std::ranges::find_if(record->metrics, [](const MetricPoint &metric) {
        return metric.series == MetricSeries::ValidationAccuracy && metric.step == 0;
    });
    return point != record->metrics.end() ? std::optional(point->value) : std::nullopt;
}

} // namespace

class ContinuedRunTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void scratchGoesOnWithAllWeightsAndKeepsThemUnlessValidationImproves();
    void fineTuningBeginsWithTheModelsNetworkAndANewClassifier();
    void quickOnThePretrainedNetworkEqualsTrainingAnew();
    void quickOnANetworkOfItsOwnSolvesForTheClassifierAloneAndSaysSo();
    void rowsOfTheClassifierGoWithTheNamesOfTheirClasses();
    void classesInAnotherOrderAreTheSameClasses();
    void aClassThatWasAddedAndOneThatIsGone_data();
    void aClassThatWasAddedAndOneThatIsGone();
    void aNewClassWithoutValidationPicturesIsLearntAllTheSame();
    void whatTheConfigLeavesOpenIsTheModels();
    void aModelThatCannotBeContinuedIsRefused_data();
    void aModelThatCannotBeContinuedIsRefused();
    void theReceiptSaysWhatWasContinued();
    void aRunStoppedAndResumedWithoutTheModelEqualsAnUndisturbedOne_data();
    void aRunStoppedAndResumedWithoutTheModelEqualsAnUndisturbedOne();
    void aRunStoppedBeforeItsFirstStepBeginsAnewWithTheSameModel();
    void theLearningRateIsLeftToItsDefaultWhereItWasThat();
};

void ContinuedRunTest::scratchGoesOnWithAllWeightsAndKeepsThemUnlessValidationImproves()
{
    const TestFolder folder;
    const auto pictures = shared(unlearnable(folder));
    const TrainReport first = firstRun(folder, pictures);
    const auto second = train(pictures, configFor(TrainMode::Scratch, 3), continuing(folder, first));
    QVERIFY2(second, errorText(second));
    QCOMPARE(second->epochs, 3);
    QCOMPARE(accuracyAtStart(second->run), first.validationAccuracy);
    const bool same = readModel(second->model)->weights == readModel(first.model)->weights;
    QCOMPARE(same, second->bestEpoch == 0);
    QVERIFY(same ? second->validationAccuracy == first.validationAccuracy : *second->validationAccuracy > *first.validationAccuracy);
    QVERIFY(second->receipt.notes.back().starts_with("Training all layers"));
}

void ContinuedRunTest::fineTuningBeginsWithTheModelsNetworkAndANewClassifier()
{
    const TestFolder folder;
    const auto pictures = shared(unlearnable(folder));
    const TrainReport first = firstRun(folder, pictures);
    const auto tuned = train(pictures, configFor(TrainMode::FineTune), continuing(folder, first, "tuned"));
    QVERIFY2(tuned, errorText(tuned));
    TrainConfig quick = configFor(TrainMode::Quick);
    quick.epochs = 0;
    const auto solved = train(pictures, quick, continuing(folder, first, "solved"));
    QVERIFY2(solved, errorText(solved));
    QCOMPARE(accuracyAtStart(tuned->run), solved->validationAccuracy);
    const bool same = readModel(tuned->model)->weights == readModel(solved->model)->weights;
    QCOMPARE(same, tuned->bestEpoch == 0);
    QVERIFY(same || *tuned->validationAccuracy > *solved->validationAccuracy);
}

void ContinuedRunTest::quickOnThePretrainedNetworkEqualsTrainingAnew()
{
    const TestFolder folder;
    const auto now = shared(test::photographSnapshot({8, 4, 4}));
    Snapshot before = *now;
    std::erase_if(before.entries, [](const SnapshotEntry &entry) { return entry.hash.low % 3 == 0; });
    TrainConfig config;
    config.device = "cpu";
    const auto first = train(shared(before), config, outputIn(folder, "first"));
    QVERIFY2(first, errorText(first));
    const auto second = train(now, config, continuing(folder, *first));
    QVERIFY2(second, errorText(second));
    QVERIFY(second->receipt.notes.empty()); // its network has learnt from no picture
    const auto anew = train(now, config, outputIn(folder, "anew"));
    QVERIFY2(anew, errorText(anew));
    QCOMPARE(anew->imagesPerSecond, 0.0); // features are those of the same network
    QVERIFY(readModel(second->model)->weights == readModel(anew->model)->weights);
}

void ContinuedRunTest::quickOnANetworkOfItsOwnSolvesForTheClassifierAloneAndSaysSo()
{
    const TestFolder folder;
    const auto pictures = shared(test::drawnSnapshot(folder));
    const TrainReport first = firstRun(folder, pictures);
    TrainConfig quick = configFor(TrainMode::Quick);
    quick.epochs = 0;
    const auto second = train(pictures, quick, continuing(folder, first));
    QVERIFY2(second, errorText(second));
    QVERIFY(says(*second, "its classifier alone was solved for anew"));
    const auto before = readModel(first.model), after = readModel(second->model);
    const auto graph = buildArchitecture("small", 2);
    for (const WeightSpec &spec : weightSpecs(*graph))
        QCOMPARE(*before->weights.find(spec.name) == *after->weights.find(spec.name), spec.node != graph->classifierNode);
    const auto again = train(pictures, quick, continuing(folder, first, "again"));
    QCOMPARE(again->imagesPerSecond, 0.0); // its features are kept, under its own key
}

void ContinuedRunTest::rowsOfTheClassifierGoWithTheNamesOfTheirClasses()
{
    const TestFolder folder;
    Snapshot three = test::drawnSnapshot(folder);
    addClass(three, folder, "green");
    const auto first = train(shared(three), configFor(TrainMode::Scratch, 1), outputIn(folder));
    QVERIFY2(first, errorText(first));
    const std::vector<std::string> classes = {"green", "new", "red"};
    const auto start = internal::readStartModel(first->model, classes);
    QVERIFY2(start, errorText(start));
    const auto graph = buildArchitecture("small", 3);
    const Weights weights = internal::weightsFor(*start, *graph, classes, 7);
    const std::string name = graph->nodes[std::size_t(graph->classifierNode)].name + ".weight";
    const auto before = start->model.weights.find(name)->floats(), after = weights.find(name)->floats();
    const std::size_t width = before.size() / 3;
    QVERIFY(std::ranges::equal(after.subspan(0, width), before.subspan(2 * width, width)));
    QVERIFY(std::ranges::equal(after.subspan(2 * width, width), before.subspan(0, width)));
    const double bound = 1.0 / std::sqrt(double(width));
    QVERIFY(std::ranges::all_of(after.subspan(width, width), [&](float value) { return value != 0.0f && std::abs(value) <= bound; }));
    QVERIFY(internal::weightsFor(*start, *graph, classes, 7) == weights);
    QVERIFY(internal::weightsFor(*start, *graph, classes, 8) != weights);
}

void ContinuedRunTest::classesInAnotherOrderAreTheSameClasses()
{
    const TestFolder folder;
    Snapshot pictures = unlearnable(folder);
    const TrainReport first = firstRun(folder, shared(pictures));
    std::swap(pictures.classes[0], pictures.classes[1]);
    for (SnapshotEntry &entry : pictures.entries)
        entry.label = 1 - entry.label;
    sortEntries(pictures);
    const auto second = train(shared(pictures), configFor(TrainMode::Scratch, 1), continuing(folder, first));
    QVERIFY2(second, errorText(second));
    QCOMPARE(accuracyAtStart(second->run), first.validationAccuracy);
    QVERIFY((readModel(second->model)->classes == std::vector<std::string>{"blue", "red"}));
}

void ContinuedRunTest::aClassThatWasAddedAndOneThatIsGone_data()
{
    QTest::addColumn<TrainMode>("mode");
    QTest::newRow("quick") << TrainMode::Quick;
    QTest::newRow("fine-tune") << TrainMode::FineTune;
    QTest::newRow("scratch") << TrainMode::Scratch;
}

void ContinuedRunTest::aClassThatWasAddedAndOneThatIsGone()
{
    QFETCH(TrainMode, mode);
    const TestFolder folder;
    Snapshot pictures = unlearnable(folder);
    const TrainReport first = firstRun(folder, shared(pictures));
    addClass(pictures, folder, "green");
    const auto added = train(shared(pictures), configFor(mode), continuing(folder, first, "added"));
    QVERIFY2(added, errorText(added));
    QVERIFY((readModel(added->model)->classes == std::vector<std::string>{"red", "blue", "green"}));
    removeClass(pictures, 0);
    const auto gone = train(shared(pictures), configFor(mode), continuing(folder, *added, "gone"));
    QVERIFY2(gone, errorText(gone));
    QVERIFY((readModel(gone->model)->classes == std::vector<std::string>{"blue", "green"}));
}

void ContinuedRunTest::aNewClassWithoutValidationPicturesIsLearntAllTheSame()
{
    const TestFolder folder;
    Snapshot pictures = test::drawnSnapshot(folder);
    const auto first = train(shared(pictures), configFor(TrainMode::Scratch, 6), outputIn(folder, "first"));
    QVERIFY2(first, errorText(first));
    addClass(pictures, folder, "green");
    std::erase_if(pictures.entries, [](const SnapshotEntry &entry) { return entry.label == 2 && entry.split == Split::Validation; });
    const auto second = train(shared(pictures), configFor(TrainMode::Scratch, 1), continuing(folder, *first));
    QVERIFY2(second, errorText(second));
    QCOMPARE(second->bestEpoch, 1); // the model as it was has no answer to compare with
}

void ContinuedRunTest::whatTheConfigLeavesOpenIsTheModels()
{
    const TestFolder folder;
    const auto pictures = shared(test::drawnSnapshot(folder));
    TrainConfig config = configFor(TrainMode::Scratch, 1);
    config.fit = Fit::Squash;
    const auto first = train(pictures, config, outputIn(folder, "first"));
    QVERIFY2(first, errorText(first));
    TrainConfig open;
    open.mode = TrainMode::Scratch;
    open.epochs = 1;
    open.threads = 1;
    const auto second = train(pictures, open, continuing(folder, *first));
    QVERIFY2(second, errorText(second));
    QCOMPARE(second->architecture, "small");
    QVERIFY(readModel(second->model)->preprocessing == readModel(first->model)->preprocessing);
}

void ContinuedRunTest::aModelThatCannotBeContinuedIsRefused_data()
{
    QTest::addColumn<ErrorCode>("code");
    QTest::addColumn<QString>("words");
    QTest::newRow("missing") << ErrorCode::NotFound << "model.safetensors";
    QTest::newRow("damaged") << ErrorCode::BadFormat << "model.safetensors";
    QTest::newRow("of something else") << ErrorCode::BadFormat << "is not a model of Whisker";
    QTest::newRow("newer") << ErrorCode::NewerVersion << "update Whisker";
    QTest::newRow("other classes") << ErrorCode::InvalidArgument << "knows none of these classes, but red, blue";
    QTest::newRow("another architecture") << ErrorCode::InvalidArgument << "is of the architecture small, not resnet18";
    QTest::newRow("its own run") << ErrorCode::InvalidArgument << "choose another folder";
    QTest::newRow("resumed") << ErrorCode::InvalidArgument << "its own checkpoint";
}

void ContinuedRunTest::aModelThatCannotBeContinuedIsRefused()
{
    const TestFolder folder;
    Snapshot pictures = test::drawnSnapshot(folder);
    const TrainReport first = firstRun(folder, shared(pictures));
    TrainOutput output = continuing(folder, first);
    TrainConfig config = configFor(TrainMode::Scratch, 1);
    const std::string row = QTest::currentDataTag();
    if (row == "missing")
        std::filesystem::remove(output.startModel);
    else if (row == "damaged")
        std::filesystem::resize_file(output.startModel, 1000);
    else if (row == "of something else")
        QVERIFY(writeSafetensors(output.startModel, readSafetensors(output.startModel)->weights, {}));
    else if (row == "newer") {
        auto file = *readSafetensors(output.startModel);
        auto object = nlohmann::json::parse(file.metadata["whisker"]);
        object["format"] = kModelFormat + 1;
        QVERIFY(writeSafetensors(output.startModel, file.weights, {{"whisker", object.dump()}}));
    } else if (row == "other classes")
        pictures.classes = {"oak", "elm"};
    else if (row == "another architecture")
        config.architecture = "resnet18";
    else if (row == "its own run")
        output.runFolder = first.run;
    else
        output.resume = true;
    const std::string before = test::fileBytes(first.run / kReceiptFile);
    const auto report = train(shared(pictures), config, output);
    QVERIFY(!report);
    QFETCH(ErrorCode, code);
    QFETCH(QString, words);
    QCOMPARE(report.error().code, code);
    QVERIFY2(report.error().message.find(words.toStdString()) != std::string::npos, report.error().message.c_str());
    QCOMPARE(test::fileBytes(first.run / kReceiptFile), before);
    QVERIFY(!std::filesystem::exists(folder / "second"));
}

void ContinuedRunTest::theReceiptSaysWhatWasContinued()
{
    const TestFolder folder;
    const auto pictures = shared(test::drawnSnapshot(folder));
    const TrainReport first = firstRun(folder, pictures);
    const auto second = train(pictures, configFor(TrainMode::Scratch, 1), continuing(folder, first));
    QVERIFY2(second, errorText(second));
    const auto receipt = readRunSummary(second->run)->receipt;
    QCOMPARE(receipt.startModel, first.run / kModelFile);
    QCOMPARE(receipt.startDigest, hashFile(first.run / kModelFile)->toHex());
    QCOMPARE(*runReceiptFromJson(readModel(second->model)->receipt) == receipt, true);
    QVERIFY(readRunSummary(first.run)->receipt.startModel.empty());
    QVERIFY(removeRun(second->run));
    QVERIFY(!std::filesystem::exists(second->run));
}

void ContinuedRunTest::aRunStoppedAndResumedWithoutTheModelEqualsAnUndisturbedOne_data()
{
    QTest::addColumn<TrainMode>("mode");
    QTest::addColumn<int>("step");
    QTest::addColumn<Precision>("precision");
    QTest::newRow("scratch, first step, fp32") << TrainMode::Scratch << 1 << Precision::Float32;
    QTest::newRow("scratch, within the second epoch, automatic") << TrainMode::Scratch << 7 << Precision::Automatic;
    QTest::newRow("fine-tune, within the second epoch, fp32") << TrainMode::FineTune << 7 << Precision::Float32;
}

void ContinuedRunTest::aRunStoppedAndResumedWithoutTheModelEqualsAnUndisturbedOne()
{
    QFETCH(TrainMode, mode);
    QFETCH(int, step);
    const TestFolder folder;
    Snapshot now = unlearnable(folder);
    const TrainReport first = firstRun(folder, shared(now));
    move(now, Split::Train, Split::Test, 2);
    const auto pictures = shared(now);
    TrainConfig config = configFor(mode, 3);
    config.precision = QTest::currentDataTag() && std::string_view(QTest::currentDataTag()).ends_with("fp32") ? Precision::Float32 : Precision::Automatic;
    const auto undisturbed = train(pictures, config, continuing(folder, first, "undisturbed"));
    QVERIFY2(undisturbed, errorText(undisturbed));
    StopAt stop(step);
    TrainOutput output = continuing(folder, first, "stopped");
    const auto stopped = train(pictures, config, output, stop.events, stop.source.get_token());
    QVERIFY2(stopped, errorText(stopped));
    QCOMPARE(stopped->outcome, TrainOutcome::Stopped);
    QVERIFY(readModel(stopped->model)); // the one it began with, if nothing better yet
    QVERIFY(removeRun(first.run));
    output.startModel.clear();
    output.resume = true;
    const auto resumed = train(pictures, {}, output);
    QVERIFY2(resumed, errorText(resumed));
    QCOMPARE(resumed->outcome, TrainOutcome::Completed);
    QVERIFY(readModel(resumed->model)->weights == readModel(undisturbed->model)->weights);
    QVERIFY(readSafetensors(resumed->run / kCheckpointFile)->weights == readSafetensors(undisturbed->run / kCheckpointFile)->weights);
    QCOMPARE(readRun(resumed->run)->metrics.size(), readRun(undisturbed->run)->metrics.size());
    QVERIFY(resumed->receipt.notes == undisturbed->receipt.notes);
    QCOMPARE(resumed->test->total, undisturbed->test->total);
    QCOMPARE(readRunSummary(resumed->run)->receipt.startModel, first.run / kModelFile);
}

void ContinuedRunTest::aRunStoppedBeforeItsFirstStepBeginsAnewWithTheSameModel()
{
    const TestFolder folder;
    const auto pictures = shared(unlearnable(folder));
    const TrainReport first = firstRun(folder, pictures);
    std::stop_source stop;
    stop.request_stop();
    TrainOutput output = continuing(folder, first);
    const auto stopped = train(pictures, configFor(TrainMode::Scratch, 1), output, {}, stop.get_token());
    QVERIFY2(stopped, errorText(stopped));
    QVERIFY(!readRunSummary(stopped->run)->hasCheckpoint);
    output.startModel.clear();
    output.resume = true;
    std::filesystem::rename(first.run, folder / "away");
    QCOMPARE(train(pictures, {}, output).error().code, ErrorCode::NotFound);
    std::filesystem::rename(folder / "away", first.run);
    ModelFile model = *readModel(first.run / kModelFile);
    const ModelFile original = model;
    model.temperature = 2.0;
    QVERIFY(writeModel(first.run / kModelFile, model));
    const auto changed = train(pictures, {}, output);
    QCOMPARE(changed.error().code, ErrorCode::InvalidArgument);
    QVERIFY(changed.error().message.find("no longer the model") != std::string::npos);
    QVERIFY(writeModel(first.run / kModelFile, original));
    const auto resumed = train(pictures, {}, output);
    QVERIFY2(resumed, errorText(resumed));
    QCOMPARE(resumed->epochs, 1);
    QCOMPARE(accuracyAtStart(resumed->run), first.validationAccuracy);
}

void ContinuedRunTest::theLearningRateIsLeftToItsDefaultWhereItWasThat()
{
    TrainConfig config;
    config.mode = TrainMode::Scratch;
    for (const bool continued : {false, true}) {
        const TrainConfig again = continuedConfig(*completed(config, continued));
        QCOMPARE(again.learningRate, 0.0);
        QCOMPARE(again.architecture, "resnet18");
    }
    config.learningRate = 0.0123;
    QCOMPARE(continuedConfig(*completed(config)).learningRate, 0.0123);
}

} // namespace whisker

QTEST_GUILESS_MAIN(whisker::ContinuedRunTest)
#include "continued_run_test.moc"
