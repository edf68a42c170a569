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

/// Of pictures 0, 1, ... of cats.
std::vector<TestAnswer> answersFor(const std::vector<bool> &right)
{
    std::vector<TestAnswer> answers;
    for (std::size_t i = 0; i < right.size(); ++i)
        answers.push_back({std::to_string(i) + ".jpg", "cat", right[i] ? "cat" : "dog", 0.9, {i, 0}});
    return answers;
}

/// The run in `folder` whose model said `answers`.
RunRecord runWith(const std::filesystem::path &folder, const std::vector<TestAnswer> &answers)
{
    RunRecord run = runOf(static_cast<std::size_t>(std::ranges::count_if(answers, &TestAnswer::right)), answers.size());
    run.summary.folder = folder;
    std::filesystem::create_directories(folder);
    [&] { QVERIFY(writeTestAnswers(folder, answers)); }();
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

    void fewPicturesDoNotDecideButManyDo()
    {
        const auto few = compareRuns(runOf(197, 200), runOf(194, 200)); // as of an older Whisker
        QCOMPARE(few.verdict, TestVerdict::MayBeChance);
        QVERIFY(!few.pairs);
        QCOMPARE(few.judgement, "98.5 % against 97.0 % of the same 200 test pictures: could well be chance (Fisher's exact test, p = 0.50). "
                                "Usually that is the more cautious way: which pictures each got right is not known.");
        QCOMPARE(compareRuns(runOf(197, 200), runOf(188, 200)).verdict, TestVerdict::ProbablyNot);
        const auto many = compareRuns(runOf(9850, 10'000), runOf(9700, 10'000));
        QCOMPARE(many.verdict, TestVerdict::HardlyChance);
        QVERIFY(many.judgement.find("of the same 10,000 test pictures: hardly chance (Fisher's exact test, p < 0.001)") != std::string::npos);
    }

    void whichPicturesEachGetsRightDecides_data()
    {
        QTest::addColumn<int>("bothRight");
        QTest::addColumn<int>("onlyFirst");
        QTest::addColumn<int>("onlySecond");
        QTest::addColumn<int>("neither");
        QTest::addColumn<TestVerdict>("verdict");
        QTest::addColumn<double>("probability");
        QTest::addColumn<QString>("judgement");
        const auto row = [](const char *name, std::array<int, 4> counts, TestVerdict verdict, double probability, const char *judgement) {
            QTest::newRow(name) << counts[0] << counts[1] << counts[2] << counts[3] << verdict << probability << judgement;
        };
        row("a few", {187, 7, 2, 4}, TestVerdict::MayBeChance, 92.0 / 512.0,
            "97.0 % against 94.5 % of the same 200 test pictures: 7 only the first got right, 2 only the second; could well be chance (McNemar's test, p = 0.18).");
        row("one-sided", {6, 0, 6, 0}, TestVerdict::ProbablyNot, 2.0 / 64.0,
            "50.0 % against 100.0 % of the same 12 test pictures: none only the first got right, 6 only the second; "
            "probably not chance (McNemar's test, p = 0.031).");
        row("many", {900, 1040, 60, 0}, TestVerdict::HardlyChance, 0.0,
            "97.0 % against 48.0 % of the same 2,000 test pictures: 1,040 only the first got right, 60 only the second; hardly chance (McNemar's test, p < 0.001).");
        row("the same ones", {190, 0, 0, 10}, TestVerdict::Equal, 1.0, "Both get 190 of the same 200 test pictures right, the same ones.");
        row("as many others", {185, 5, 5, 5}, TestVerdict::Equal, 1.0,
            "Both get 190 of the same 200 test pictures right, but not the same ones: 5 only the first, 5 only the second.");
        row("all", {200, 0, 0, 0}, TestVerdict::Equal, 1.0, "Both get 200 of the same 200 test pictures right.");
        row("none", {0, 0, 0, 8}, TestVerdict::Equal, 1.0, "Both get none of the same 8 test pictures right.");
    }
    void whichPicturesEachGetsRightDecides()
    {
        QFETCH(int, bothRight);
        QFETCH(int, onlyFirst);
        QFETCH(int, onlySecond);
        QFETCH(int, neither);
        const TestFolder folder;
        std::vector<bool> first, second;
        const auto add = [&](int count, bool firstRight, bool secondRight) {
            first.insert(first.end(), static_cast<std::size_t>(count), firstRight);
            second.insert(second.end(), static_cast<std::size_t>(count), secondRight);
        };
        add(bothRight, true, true);
        add(onlyFirst, true, false);
        add(onlySecond, false, true);
        add(neither, false, false);
        const auto comparison = compareRuns(runWith(folder / "a", answersFor(first)), runWith(folder / "b", answersFor(second)));
        QTEST(comparison.verdict, "verdict");
        QFETCH(double, probability);
        QVERIFY(std::abs(comparison.probability - probability) < 1e-9);
        QTEST(QString::fromStdString(comparison.judgement), "judgement");
        QVERIFY(comparison.pairs);
        QCOMPARE(comparison.pairs->bothRight, static_cast<std::size_t>(bothRight));
        QCOMPARE(comparison.pairs->onlyFirst, static_cast<std::size_t>(onlyFirst));
    }

    /// Where the project has grown and a label was corrected meanwhile, and where all is new.
    void onlyPicturesThatBothWereAskedAreCompared()
    {
        const TestFolder folder;
        std::vector<TestAnswer> now = answersFor({false, true, true, false, false, false});
        now.back().label = "dog"; // which is what it said
        now.push_back({"new.jpg", "cat", "cat", 0.9, {99, 0}});
        RunRecord second = runWith(folder / "b", now);
        second.summary.receipt.snapshotDigest = "4567";
        const auto comparison = compareRuns(runWith(folder / "a", answersFor({true, true, true, true, false, true})), second);
        QCOMPARE(comparison.judgement, "80.0 % against 40.0 % of the 5 test pictures that both were asked: 2 only the first got right, none only the second; could well be "
                                       "chance (McNemar's test, p = 0.50).");
        for (TestAnswer &answer : now)
            answer.picture.high += 1000;
        second = runWith(folder / "b", now);
        const auto nothing = compareRuns(runWith(folder / "a", answersFor({true, true})), second);
        QCOMPARE(nothing.verdict, TestVerdict::OtherPictures);
        QCOMPARE(nothing.judgement, "They were tested on different pictures or labels, so their test results can't be compared.");
    }

    void answersThatAreNotOfTheTestOnTheReceiptCountAsNone()
    {
        const TestFolder folder;
        const RunRecord first = runWith(folder / "a", answersFor({true, true, false, false}));
        const RunRecord second = runWith(folder / "b", answersFor({true, true, true, false}));
        QVERIFY(compareRuns(first, second).pairs);
        const auto file = folder / "b" / kTestAnswersFile;
        const std::string whole = test::fileBytes(file);
        for (const std::string &text : {std::string("torn"), whole.substr(0, whole.size() - 20), whole.substr(whole.find('\n') + 1), std::string("missing")}) {
            folder.write(file, text);
            if (text == "missing")
                QVERIFY(std::filesystem::remove(file));
            for (const auto &comparison : {compareRuns(first, second), compareRuns(second, first)}) {
                QVERIFY(!comparison.pairs);
                QCOMPARE(comparison.verdict, TestVerdict::MayBeChance);
                QVERIFY(comparison.judgement.find("Fisher's exact test, p = 1.00). Usually that is the more cautious way") != std::string::npos);
            }
        }
    }

    void anAnswerThatWasAlteredByHandCountsAsNone()
    {
        const TestFolder folder;
        const RunRecord first = runWith(folder / "a", answersFor({true, true, false, false}));
        RunRecord second = runWith(folder / "b", answersFor({true, true, true, false}));
        QVERIFY(writeTestAnswers(folder / "b", answersFor({true, true, true, true}))); // more right than the receipt says
        QVERIFY(!compareRuns(first, second).pairs);
        second.summary.receipt.testCorrect = 4;
        QVERIFY(compareRuns(first, second).pairs);
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
