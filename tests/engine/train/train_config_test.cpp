#include "engine/train/train_config.h"
#include "tests/support/test_folder.h"

#include <QTest>

#include <limits>

namespace whisker {

using test::errorText;

class TrainConfigTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void modesAreReadByName();
    void fineTuningWantsPretrainedWeights();
    void emptyFieldsBecomeWhatSuitsTheMode();
    void aRunFromBeforeSharesOfTheRateLearntAlike();
    void quickNeedsPretrainedWeights();
    void valuesOutOfRangeAreRefusedInWords_data();
    void valuesOutOfRangeAreRefusedInWords();
    void quickComputesOnTheCpuWhateverThereIs();
    void aConfigSurvivesJson();
    void unknownFieldsAreIgnoredAndRubbishIsRefused();
};

void TrainConfigTest::modesAreReadByName()
{
    QCOMPARE(*trainModeFromName("quick"), TrainMode::Quick);
    QCOMPARE(*trainModeFromName("finetune"), TrainMode::FineTune);
    QCOMPARE(*trainModeFromName("scratch"), TrainMode::Scratch);
    QCOMPARE(trainModeFromName("slow").error().code, ErrorCode::InvalidArgument);
}

void TrainConfigTest::fineTuningWantsPretrainedWeights()
{
    TrainConfig wish;
    wish.mode = TrainMode::FineTune;
    const auto fineTune = completed(wish);
    QVERIFY2(fineTune, errorText(fineTune));
    QCOMPARE(fineTune->architecture, "lite0");
    QVERIFY(fineTune->learningRate < 1e-3);
    wish.architecture = "resnet18";
    const auto refused = completed(wish);
    QVERIFY(!refused);
    QCOMPARE(refused.error().code, ErrorCode::Unsupported);
    QVERIFY(refused.error().message.contains("fine-tuned"));
}

void TrainConfigTest::emptyFieldsBecomeWhatSuitsTheMode()
{
    const auto quick = completed({});
    QVERIFY2(quick, errorText(quick));
    QCOMPARE(quick->architecture, "lite0");
    QCOMPARE(quick->sizePx, 224);
    QVERIFY(quick->fit == Fit::CentreCrop);
    QVERIFY(quick->threads >= 1);
    TrainConfig wish;
    wish.mode = TrainMode::Scratch;
    const auto scratch = completed(wish);
    QVERIFY2(scratch, errorText(scratch));
    QCOMPARE(scratch->architecture, "resnet18");
    QVERIFY(scratch->epochs > 0);
    QCOMPARE(scratch->learningRate, 1e-3);
    QCOMPARE(*scratch->weightDecay, 1e-2);
    wish.optimizer = OptimizerKind::Sgd;
    QCOMPARE(completed(wish)->learningRate, 2e-2);
    QCOMPARE(*completed(wish)->weightDecay, 5e-4);
    QCOMPARE(*scratch->firstRateShare, 1.0);
    wish.mode = TrainMode::FineTune;
    wish.architecture.clear();
    QCOMPARE(*completed(wish)->firstRateShare, 0.1);
}

void TrainConfigTest::aRunFromBeforeSharesOfTheRateLearntAlike()
{
    const auto older = trainConfigFromJson(R"({"mode":"finetune","learning_rate":5e-5})");
    QVERIFY2(older, errorText(older));
    QCOMPARE(*completed(*older)->firstRateShare, 1.0);
    const auto leftOpen = trainConfigFromJson(R"({"mode":"finetune","learning_rate":0.0})"); // as the window kept what was to be as usual
    QVERIFY2(leftOpen, errorText(leftOpen));
    QCOMPARE(*completed(*leftOpen)->firstRateShare, 0.1);
}

void TrainConfigTest::quickComputesOnTheCpuWhateverThereIs()
{
    TrainConfig config;
    for (const Device &device : availableDevices()) { // a GPU too, where there is one
        config.device = deviceName(device);
        const auto used = computingDevice(config);
        QVERIFY2(used, errorText(used));
        QCOMPARE(used->kind, Device::Kind::Cpu);
    }
    config.device = "auto";
    QCOMPARE(computingDevice(config)->kind, Device::Kind::Cpu);
    config.device = "cuda:99";
    QCOMPARE(computingDevice(config).error().code, ErrorCode::Unsupported);
    config.mode = TrainMode::Scratch;
    config.device = "auto";
    QCOMPARE(*computingDevice(config), *chooseDevice("auto"));
}

void TrainConfigTest::quickNeedsPretrainedWeights()
{
    TrainConfig config;
    config.architecture = "resnet18";
    QCOMPARE(completed(config).error().code, ErrorCode::Unsupported);
}

void TrainConfigTest::valuesOutOfRangeAreRefusedInWords_data()
{
    QTest::addColumn<QString>("field");
    for (const char *field : {"epochs", "size", "batch", "seed", "rate", "notANumber", "share", "decay", "momentum", "smoothing", "mixup", "cutmix", "average", "patience", "threads", "architecture", "area"})
        QTest::newRow(field) << field;
}

void TrainConfigTest::valuesOutOfRangeAreRefusedInWords()
{
    QFETCH(QString, field);
    TrainConfig config;
    if (field == "epochs")
        config.epochs = -1;
    else if (field == "size")
        config.sizePx = 8;
    else if (field == "batch")
        config.batch = 0;
    else if (field == "seed")
        config.seed = std::uint64_t(1) << 60;
    else if (field == "rate")
        config.learningRate = -0.1;
    else if (field == "notANumber")
        config.learningRate = std::numeric_limits<double>::quiet_NaN();
    else if (field == "share")
        config.firstRateShare = 0.0;
    else if (field == "decay")
        config.weightDecay = 2.0;
    else if (field == "momentum")
        config.momentum = 1.0;
    else if (field == "smoothing")
        config.labelSmoothing = 1.0;
    else if (field == "mixup")
        config.mixup = 0.001;
    else if (field == "cutmix")
        config.cutmix = std::numeric_limits<double>::quiet_NaN();
    else if (field == "average")
        config.averageDecay = 1.0;
    else if (field == "patience")
        config.patience = -1;
    else if (field == "threads")
        config.threads = -3;
    else if (field == "architecture")
        config.architecture = "resnet1000";
    else
        config.augmentation.minArea = 0.0;
    const auto full = completed(config);
    QVERIFY(!full);
    QCOMPARE(full.error().code, ErrorCode::InvalidArgument);
    QVERIFY(full.error().message.ends_with('.'));
}

void TrainConfigTest::aConfigSurvivesJson()
{
    TrainConfig config;
    config.mode = TrainMode::Scratch;
    config.architecture = "small";
    config.epochs = 7;
    config.fit = Fit::Letterbox;
    config.precision = Precision::BFloat16;
    config.seed = 4503599627370497;
    config.optimizer = OptimizerKind::Sgd;
    config.momentum = 0.8;
    config.schedule = ScheduleKind::Step;
    config.learningRate = 0.1;
    config.firstRateShare = 0.3;
    config.weightDecay = 0.25;
    config.labelSmoothing = 0.1;
    config.mixup = 0.2;
    config.cutmix = 1.0;
    config.balance = ClassBalance::Sampling;
    config.averageDecay = 0.99;
    config.patience = 4;
    config.augmentation.flip = false;
    config.augmentation.interpolation = Interpolation::Area;
    config.loaderThreads = 3;
    const auto read = trainConfigFromJson(toJson(config));
    QVERIFY2(read, errorText(read));
    QVERIFY(*read == config);
}

void TrainConfigTest::unknownFieldsAreIgnoredAndRubbishIsRefused()
{
    QVERIFY(trainConfigFromJson(R"({"mode":"quick","whiskers":0.2})").has_value());
    QVERIFY(!trainConfigFromJson(R"({"optimizer":"of a newer version"})"));
    QVERIFY(!trainConfigFromJson(R"({"balance":"of a newer version"})"));
    QVERIFY(!trainConfigFromJson(R"({"fit":"of a newer version"})"));
    QVERIFY(!trainConfigFromJson(R"({"schedule":"of a newer version"})"));
    QCOMPARE(trainConfigFromJson("{").error().code, ErrorCode::BadFormat);
    QCOMPARE(trainConfigFromJson(R"({"epochs":"many"})").error().code, ErrorCode::BadFormat);
}

} // namespace whisker

QTEST_GUILESS_MAIN(whisker::TrainConfigTest)
#include "train_config_test.moc"
