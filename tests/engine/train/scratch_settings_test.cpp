#include "engine/train/model_file.h"
#include "engine/train/run_folder.h"
#include "engine/train/train.h"
#include "tests/engine/train/drawn_pictures.h"

#include <QTest>

namespace whisker {

using test::drawnSnapshot;
using test::errorText;
using test::outputIn;
using test::scratchConfig;
using test::shared;
using test::TestFolder;

namespace {

std::vector<double> learningRates(const std::filesystem::path &run)
{
    std::vector<double> rates;
    const auto record = readRun(run);
    for (const MetricPoint &point : record->metrics) {
        if (point.series == MetricSeries::LearningRate)
            rates.push_back(point.value);
    }
    return rates;
}

} // namespace

/// What the settings of training from scratch do.
class ScratchSettingsTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void sgdLearnsColoursAlongItsSchedule();
    void eachSettingChangesWhatIsLearnt_data();
    void eachSettingChangesWhatIsLearnt();
    void patienceEndsARunThatStandsStill();
    void aRareClassCountsAsMuchAsTheOthers_data();
    void aRareClassCountsAsMuchAsTheOthers();
};

void ScratchSettingsTest::sgdLearnsColoursAlongItsSchedule()
{
    const TestFolder folder;
    const auto pictures = shared(drawnSnapshot(folder));
    TrainConfig config = scratchConfig(6);
    config.optimizer = OptimizerKind::Sgd;
    config.schedule = ScheduleKind::Step;
    const auto report = train(pictures, config, outputIn(folder));
    QVERIFY2(report, errorText(report));
    QVERIFY2(report->test->correct >= 7, qPrintable(QString::number(report->test->correct)));
    const std::vector<double> rates = learningRates(report->run);
    QCOMPARE(rates.size(), 24u);
    QVERIFY(rates[0] == 2e-2 && rates[7] == 2e-2 && rates[8] < 2.1e-3 && rates[23] < 2.1e-4);
    config.momentum = 0.0;
    const auto plain = train(pictures, config, outputIn(folder, "plain"));
    QVERIFY2(plain, errorText(plain));
    QVERIFY(readModel(plain->model)->weights != readModel(report->model)->weights);
}

void ScratchSettingsTest::eachSettingChangesWhatIsLearnt_data()
{
    QTest::addColumn<QString>("setting");
    for (const char *setting : {"smoothing", "mixup", "cutmix", "sampling", "average"})
        QTest::newRow(setting) << setting;
}

void ScratchSettingsTest::eachSettingChangesWhatIsLearnt()
{
    QFETCH(QString, setting);
    const TestFolder folder;
    const auto pictures = shared(drawnSnapshot(folder));
    TrainConfig config = scratchConfig(8);
    const auto plain = train(pictures, config, outputIn(folder, "plain"));
    config.labelSmoothing = setting == "smoothing" ? 0.2 : 0.0;
    config.mixup = setting == "mixup" ? 0.2 : 0.0;
    config.cutmix = setting == "cutmix" ? 0.5 : 0.0;
    config.balance = setting == "sampling" ? ClassBalance::Sampling : ClassBalance::None;
    config.averageDecay = setting == "average" ? 0.8 : 0.0;
    const auto set = train(pictures, config, outputIn(folder, "set"));
    QVERIFY2(plain, errorText(plain));
    QVERIFY2(set, errorText(set));
    QVERIFY(readModel(plain->model)->weights != readModel(set->model)->weights);
    QVERIFY2(set->test->correct >= 6, qPrintable(QString::number(set->test->correct)));
    QVERIFY(readRunSummary(set->run)->receipt.config == *completed(config));
}

void ScratchSettingsTest::patienceEndsARunThatStandsStill()
{
    const TestFolder folder;
    const auto pictures = shared(drawnSnapshot(folder));
    TrainConfig config = scratchConfig(40);
    config.learningRate = 1e-12; // so nothing changes but the running statistics
    config.patience = 2;
    const auto report = train(pictures, config, outputIn(folder));
    QVERIFY2(report, errorText(report));
    QCOMPARE(report->outcome, TrainOutcome::Completed);
    QVERIFY(report->epochs < 40);
    QCOMPARE(report->epochs, report->bestEpoch + 2);
    QVERIFY(report->receipt.notes.back().find("did not become better") != std::string::npos);
    TrainOutput again = outputIn(folder);
    again.resume = true;
    const auto resumed = train(pictures, {}, again);
    QVERIFY2(resumed, errorText(resumed));
    QCOMPARE(resumed->epochs, report->epochs);
}

void ScratchSettingsTest::aRareClassCountsAsMuchAsTheOthers_data()
{
    QTest::addColumn<int>("balance");
    QTest::newRow("weights") << static_cast<int>(ClassBalance::Weights);
    QTest::newRow("sampling") << static_cast<int>(ClassBalance::Sampling);
}

/// The bias of the last layer leans towards what comes or counts more.
void ScratchSettingsTest::aRareClassCountsAsMuchAsTheOthers()
{
    QFETCH(int, balance);
    const TestFolder folder;
    Snapshot uneven = drawnSnapshot(folder, {.train = 12, .validation = 2, .test = 2});
    int kept = 0;
    std::erase_if(uneven.entries, [&](const SnapshotEntry &entry) { return entry.label == 1 && entry.split == Split::Train && ++kept > 3; });
    const auto pictures = shared(uneven);
    TrainConfig config = scratchConfig(4);
    const auto plain = train(pictures, config, outputIn(folder, "plain"));
    config.balance = static_cast<ClassBalance>(balance);
    const auto balanced = train(pictures, config, outputIn(folder, "balanced"));
    QVERIFY2(plain, errorText(plain));
    QVERIFY2(balanced, errorText(balanced));
    const auto bias = [](const TrainReport &report) {
        const Weights weights = readSafetensors(report.run / kCheckpointFile)->weights; // the last, not the best
        for (const auto &[name, tensor] : weights) {
            if (name.ends_with("bias") && !name.starts_with("optimizer.") && tensor.shape == std::vector<std::int64_t>{2})
                return tensor.floats()[1] - tensor.floats()[0]; // towards the rare class
        }
        return 0.0f;
    };
    QVERIFY2(bias(*balanced) > bias(*plain), qPrintable(QString("%1 %2").arg(bias(*balanced)).arg(bias(*plain))));
}

} // namespace whisker

QTEST_GUILESS_MAIN(whisker::ScratchSettingsTest)
#include "scratch_settings_test.moc"
