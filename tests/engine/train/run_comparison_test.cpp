#include "engine/train/run_comparison.h"

#include "engine/data/snapshot_file.h"
#include "engine/train/internal/config_lines.h"
#include "tests/engine/train/drawn_pictures.h"

#include <QTest>

#include <cmath>
#include <nlohmann/json.hpp>

namespace whisker {

using nlohmann::json;
using test::drawnSnapshot;
using test::TestFolder;

namespace {

RunRecord runOf(std::size_t right, std::size_t count)
{
    RunRecord run;
    RunReceipt &receipt = run.summary.receipt;
    receipt.status = RunStatus::Completed;
    receipt.snapshotDigest = "0123";
    receipt.classes = {"cat", "dog"};
    receipt.testCorrect = right;
    receipt.testTotal = count;
    receipt.config.mode = TrainMode::Scratch;
    receipt.config.architecture = "resnet18";
    return run;
}

/// The run in `folder` that was trained on `snapshot`.
RunRecord runOn(const Snapshot &snapshot, const std::filesystem::path &folder, std::size_t right, std::size_t count)
{
    RunRecord run = runOf(right, count);
    run.summary.folder = folder;
    run.summary.receipt.snapshotDigest = snapshot.digest();
    std::filesystem::create_directories(folder);
    [&] { QVERIFY(writeSnapshot(folder / kSnapshotFile, snapshot)); }();
    return run;
}

std::vector<std::string> namesOf(const std::vector<RunLineOfTwo> &lines)
{
    std::vector<std::string> names;
    for (const RunLineOfTwo &line : lines)
        names.push_back(line.name);
    return names;
}

/// Another value of the same kind.
json changed(const std::string &key, const json &value)
{
    if (key == "mode")
        return "finetune";
    if (key == "optimizer")
        return "sgd";
    if (key == "schedule")
        return "step";
    if (key == "balance")
        return "weights";
    if (key == "precision")
        return "fp32";
    if (key == "interpolation")
        return "area";
    if (key == "fit")
        return "squash";
    if (value.is_boolean())
        return !value.get<bool>();
    if (value.is_string())
        return value.get<std::string>() + "2";
    if (value.is_null())
        return 0.25;
    const double number = value.get<double>();
    return value.is_number_integer() ? number + 1.0 : number == 0.25 ? 0.5 : 0.25;
}

} // namespace

class RunComparisonTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void equalRunsDifferInNothing()
    {
        const auto comparison = compareRuns(runOf(190, 200), runOf(190, 200));
        QVERIFY(comparison.settings.empty() && comparison.data.empty() && comparison.machine.empty());
        QCOMPARE(comparison.verdict, TestVerdict::Equal);
        QCOMPARE(comparison.summary, "The settings are the same; the data is the same.");
        QCOMPARE(comparison.judgement, "Both get 190 of the same 200 test pictures right.");
    }

    void everyFieldOfTheConfigThatDiffersIsNamed_data()
    {
        QTest::addColumn<QString>("key");
        const json config = json::parse(toJson(TrainConfig()));
        for (const auto &[key, value] : config.items()) {
            if (key != "augmentation")
                QTest::newRow(key.c_str()) << QString::fromStdString(key);
        }
        for (const auto &[key, value] : config["augmentation"].items())
            QTest::newRow(key.c_str()) << QString::fromStdString("augmentation/" + key);
    }
    void everyFieldOfTheConfigThatDiffersIsNamed()
    {
        QFETCH(QString, key);
        RunRecord first = runOf(1, 2);
        first.summary.receipt.config.optimizer = key == "momentum" ? OptimizerKind::Sgd : OptimizerKind::AdamW; // momentum is SGD's
        json config = json::parse(toJson(first.summary.receipt.config));
        json &value = config[json::json_pointer("/" + key.toStdString())];
        value = changed(key.section('/', -1).toStdString(), value);
        RunRecord second = first;
        const auto read = trainConfigFromJson(config.dump());
        QVERIFY2(read, test::errorText(read));
        second.summary.receipt.config = *read;
        const auto comparison = compareRuns(first, second);
        QVERIFY(!comparison.settings.empty());
        for (const RunLineOfTwo &line : comparison.settings)
            QVERIFY(line.first != line.second);
        QVERIFY(comparison.summary.starts_with("Settings that differ: "));
    }

    void whatPlaysNoPartInQuickIsNotCompared()
    {
        RunRecord first = runOf(1, 2), second = runOf(1, 2);
        first.summary.receipt.config.mode = second.summary.receipt.config.mode = TrainMode::Quick;
        second.summary.receipt.config.learningRate = 0.5;
        QVERIFY(compareRuns(first, second).settings.empty());
        second.summary.receipt.config.seed = 5;
        QCOMPARE(namesOf(compareRuns(first, second).settings), std::vector<std::string>{"Seed"});
    }

    void fishersTestGivesTheValuesOfTheTextbooks()
    {
        QVERIFY(std::abs(fishersExactTest(3, 4, 1, 4) - 0.4857142857) < 1e-9);     // Fisher's tea, as R's fisher.test gives it
        QVERIFY(std::abs(fishersExactTest(2, 12, 15, 18) - 0.0005367241) < 1e-9);  // Fisher's criminal twins, likewise
        QCOMPARE(fishersExactTest(0, 0, 3, 4), 1.0);
        QVERIFY(std::abs(fishersExactTest(5, 10, 5, 10) - 1.0) < 1e-9);
        QVERIFY(fishersExactTest(10'000, 10'000, 0, 10'000) < 1e-100);
    }

    void fewPicturesDoNotDecideButManyDo()
    {
        const auto few = compareRuns(runOf(197, 200), runOf(194, 200));
        QCOMPARE(few.verdict, TestVerdict::MayBeChance);
        QCOMPARE(few.judgement, "98.5 % against 97.0 % of the same 200 test pictures: could well be chance (Fisher's exact test, p = 0.50).");
        QCOMPARE(compareRuns(runOf(197, 200), runOf(188, 200)).verdict, TestVerdict::ProbablyNot);
        const auto many = compareRuns(runOf(9850, 10'000), runOf(9700, 10'000));
        QCOMPARE(many.verdict, TestVerdict::HardlyChance);
        QVERIFY(many.judgement.find("p < 0.001") != std::string::npos);
    }

    void testsOnOtherPicturesAreNotCompared()
    {
        const TestFolder folder;
        const Snapshot before = drawnSnapshot(folder);
        Snapshot now = before;
        now.entries[now.indicesOf(Split::Test).front()].label ^= 1;
        const auto comparison = compareRuns(runOn(before, folder / "a", 7, 8), runOn(now, folder / "b", 8, 8));
        QCOMPARE(comparison.verdict, TestVerdict::OtherPictures);
        QCOMPARE(comparison.data.size(), 1u);
        QCOMPARE(comparison.data[0].second, "1 with another label");
    }

    void otherTrainingPicturesLeaveTheTestComparable()
    {
        const TestFolder folder;
        const Snapshot before = drawnSnapshot(folder);
        Snapshot now = before;
        now.entries.erase(now.entries.begin() + std::ptrdiff_t(now.indicesOf(Split::Train).front()));
        const auto comparison = compareRuns(runOn(before, folder / "a", 7, 8), runOn(now, folder / "b", 8, 8));
        QCOMPARE(comparison.verdict, TestVerdict::MayBeChance);
        QCOMPARE(comparison.data.back().second, "1 fewer");
        QVERIFY(comparison.summary.find("they learnt from other data") != std::string::npos);
    }

    void withoutSnapshotsNobodyKnowsWhatTheyWereTestedOn()
    {
        RunRecord first = runOf(7, 8), second = runOf(8, 8);
        second.summary.receipt.snapshotDigest = "4567";
        const auto comparison = compareRuns(first, second);
        QCOMPARE(comparison.verdict, TestVerdict::OtherPictures);
        QVERIFY(comparison.judgement.find("not known") != std::string::npos);
        second.summary.receipt.testTotal.reset();
        QCOMPARE(compareRuns(first, second).verdict, TestVerdict::NoTest);
    }

    void versionsAndDeviceAreNamed()
    {
        RunRecord first = runOf(1, 2), second = runOf(1, 2);
        first.summary.receipt.versions = {{"whisker", "0.1"}, {"libtorch", "2.13"}};
        second.summary.receipt.versions = {{"whisker", "0.2"}, {"libtorch", "2.13"}};
        second.summary.receipt.device = "CPU, 8 threads, bf16";
        QCOMPARE(namesOf(compareRuns(first, second).machine), (std::vector<std::string>{"Device", "whisker"}));
    }

    void whatCameOutIsListedAlsoWhereItIsTheSame()
    {
        RunRecord first = runOf(7, 8), second = runOf(7, 8);
        second.metrics = {{MetricSeries::ValidationLoss, 4, 1.0, 0.25}, {MetricSeries::TrainingLoss, 5, 1.25, 0.5}};
        const auto outcome = compareRuns(first, second).outcome;
        const auto find = [&](const char *name) { return *std::ranges::find(outcome, std::string(name), &RunLineOfTwo::name); };
        QCOMPARE(find("Test").first, "87.5 % (7 of 8)");
        QVERIFY(find("Test").same());
        QCOMPARE(find("Last validation loss").second, "0.2500");
        QVERIFY(find("Last validation loss").first.empty());
    }
};

} // namespace whisker

QTEST_GUILESS_MAIN(whisker::RunComparisonTest)
#include "run_comparison_test.moc"
