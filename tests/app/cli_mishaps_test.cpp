#include "tests/app/cli_runner.h"

#include <QProcess>
#include <QTest>

using namespace whisker::test;
using nlohmann::json;

namespace {

QString path(const std::filesystem::path &file)
{
    return QString::fromStdString(file.string());
}

/// A safetensors file without a tensor: the length of its header, and the header.
std::string emptySafetensors(const json &metadata)
{
    const std::string header = json{{"__metadata__", metadata}}.dump();
    std::string length(8, '\0');
    for (std::size_t i = 0; i < length.size(); ++i)
        length[i] = static_cast<char>(header.size() >> (8 * i) & 0xff);
    return length + header;
}

} // namespace

/// What whisker-cli says and gives where a training can't go its usual way: one sentence, the right exit code, the model where there is one.
class CliMishapsTest : public QObject {
    Q_OBJECT

private:
    Answer run(const QStringList &arguments, const Circumstances &circumstances = {}) { return runCli(m_folder, arguments, circumstances); }
    static QStringList scratch(const QString &run, const QStringList &options = {})
    {
        return QStringList{"train", "pets", "--out", run + ".safetensors", "--run", run, "--mode", "scratch", "--model", "small", "--size", "32", "--batch", "4",
                           "--threads", "1"} +
               options;
    }
    /// Starts a training, and `mishap` happens as soon as it has trained for an epoch.
    Answer runWith(const QString &name, const QStringList &options, const std::function<void()> &mishap)
    {
        QProcess process;
        auto environment = QProcessEnvironment::systemEnvironment();
        environment.insert("XDG_CACHE_HOME", path(m_folder / "cache"));
        process.setProcessEnvironment(environment);
        process.setWorkingDirectory(path(m_folder.path()));
        process.start(WHISKER_CLI, scratch(name, options));
        QByteArray messages;
        const auto hasBegun = [&] { return (messages += process.readAllStandardError()).contains("epoch 1: validation"); };
        while (!hasBegun() && process.state() != QProcess::NotRunning)
            process.waitForReadyRead(1000);
        mishap();
        if (!process.waitForFinished(200'000) || process.exitStatus() != QProcess::NormalExit)
            return {-1, {}, messages + process.readAllStandardError()};
        return {process.exitCode(), process.readAllStandardOutput(), messages + process.readAllStandardError()};
    }
    void copyRun(const char *from, const char *to)
    {
        std::filesystem::remove_all(m_folder / to);
        std::filesystem::copy(m_folder / from, m_folder / to, std::filesystem::copy_options::recursive);
    }

    TestFolder m_folder;

private Q_SLOTS:
    void initTestCase()
    {
        linkPictures(m_folder, "pets/train", 0, 8);
        linkPictures(m_folder, "pets/val", 8, 4);
        const Answer trained = run(scratch("run", {"--epochs", "2", "--precision", "fp32", "--device", "cpu"}));
        QVERIFY2(trained.code == 0, trained.messages);
    }

    void aRateThatMakesNoNumbersIsStoppedWithAdviceAndTheLastGoodModel()
    {
        const Answer answer = run(scratch("exploded", {"--epochs", "30", "--schedule", "cosine", "--learning-rate", "1e6", "--weight-decay", "3e-6", "--precision", "fp32",
                                                       "--json"}));
        QCOMPARE(answer.code, 1);
        QVERIFY2(answer.messages.contains("were kept: try a lower learning rate, such as 0.001."), answer.messages);
        QVERIFY(answer.value()["best_epoch"].get<int>() > 0);
        QVERIFY(std::filesystem::exists(m_folder / "exploded.safetensors"));
        QCOMPARE(run({"evaluate", "exploded.safetensors", "pets"}).code, 0);
    }

    void aBatchLargerThanTheDataIsMadeSmaller()
    {
        for (const char *mode : {"scratch", "quick", "finetune"}) {
            QStringList arguments = {"train", "pets", "--out", "large.safetensors", "--run", "large", "--mode", mode, "--batch", "4096", "--threads", "1",
                                     "--size", "64"};
            if (QByteArray(mode) != "quick")
                arguments += {"--epochs", "1"};
            if (QByteArray(mode) == "scratch")
                arguments += {"--model", "small"};
            const Answer answer = run(arguments);
            QVERIFY2(answer.code == 0, answer.messages);
            QCOMPARE(answer.messages.contains("--batch changes nothing for quick training"), QByteArray(mode) == "quick");
        }
    }

    void threePicturesAreRefusedInOneSentence()
    {
        linkPictures(m_folder, "three", 0, 1);
        std::filesystem::create_symlink(firstOf("pets/train/cat", 3), m_folder / "three/cat/another.jpg");
        for (const char *mode : {"scratch", "quick", "finetune"}) {
            const Answer answer = run({"train", "three", "--out", "three.safetensors", "--mode", mode});
            QCOMPARE(answer.code, 1);
            QCOMPARE(answer.messages.count("whisker-cli: "), 1);
            QVERIFY2(answer.messages.contains("too few pictures of dog"), answer.messages);
            QVERIFY(!std::filesystem::exists(m_folder / "three.safetensors"));
        }
    }

    void aThousandClassesAreTrainedAndEvaluated()
    {
        for (int label = 0; label < 1000; ++label) {
            for (int i = 0; i < 2; ++i) {
                const std::string pixel = {static_cast<char>(label % 256), static_cast<char>(label / 4), static_cast<char>(i)};
                m_folder.write("many/" + std::to_string(10000 + label) + "/" + std::to_string(i) + ".ppm", "P6 1 1 255\n" + pixel);
            }
        }
        const Answer trained = run({"train", "many", "--out", "many.safetensors", "--run", "many-run", "--mode", "scratch", "--model", "small", "--size", "32",
                                    "--batch", "250", "--epochs", "1", "--threads", "1", "--json"});
        QVERIFY2(trained.code == 0, trained.messages);
        QCOMPARE(trained.value()["classes"].size(), 1000u);
        const Answer measured = run({"evaluate", "many.safetensors", "many", "--split", "all", "--json"});
        QVERIFY2(measured.code == 0, measured.messages);
        QCOMPARE(measured.value()["confusion"].size(), 1000u);
    }

    void checkpointsThatDoNotFitAreRefusedInOneSentence_data()
    {
        QTest::addColumn<QString>("what");
        QTest::addColumn<QString>("says");
        QTest::newRow("other data") << "data" << "was begun with other pictures or labels: start a new run, or let it go on with its own list of pictures.";
        QTest::newRow("another architecture") << "architecture" << "is of the architecture resnet18: start the run anew.";
        QTest::newRow("a newer checkpoint") << "checkpoint" << "was saved by a newer Whisker: update Whisker to go on with this run.";
        QTest::newRow("a newer receipt") << "receipt" << "was written by a newer Whisker: update Whisker to read it.";
        QTest::newRow("no checkpoint") << "none" << "has no checkpoint to go on from: start a new run.";
    }
    void checkpointsThatDoNotFitAreRefusedInOneSentence()
    {
        QFETCH(QString, what);
        QFETCH(QString, says);
        copyRun("run", "unfit");
        QString data = "pets";
        if (what == "data") {
            linkPictures(m_folder, "other/train", 5, 8);
            data = "other";
        } else if (what == "architecture") {
            const Answer other = run({"train", "pets", "--out", "r.safetensors", "--run", "r", "--mode", "scratch", "--model", "resnet18", "--size", "32", "--epochs", "1",
                                      "--threads", "1"});
            QVERIFY2(other.code == 0, other.messages);
            std::filesystem::remove(m_folder / "unfit/checkpoint.safetensors");
            std::filesystem::copy_file(m_folder / "r/checkpoint.safetensors", m_folder / "unfit/checkpoint.safetensors");
        } else if (what == "checkpoint") {
            m_folder.write("unfit/checkpoint.safetensors", emptySafetensors({{"whisker_checkpoint", R"({"format":99})"}}));
        } else if (what == "receipt") {
            json receipt = json::parse(fileBytes(m_folder / "unfit/receipt.json"));
            receipt["format"] = 99;
            m_folder.write("unfit/receipt.json", receipt.dump());
        } else {
            std::filesystem::remove(m_folder / "unfit/checkpoint.safetensors");
            std::filesystem::remove(m_folder / "unfit/checkpoint-previous.safetensors");
        }
        const Answer answer = run({"train", data, "--out", "unfit.safetensors", "--run", "unfit", "--resume", "--more-epochs", "1"});
        QCOMPARE(answer.code, 1);
        QVERIFY2(answer.messages.contains(says.toUtf8()), answer.messages);
        QCOMPARE(answer.messages.count("whisker-cli: "), 1);
        QVERIFY(!std::filesystem::exists(m_folder / "unfit.safetensors"));
    }

    void whatARunHasNotIsRefusedWhereItGoesOn_data()
    {
        QTest::addColumn<QStringList>("options");
        QTest::addColumn<QString>("says");
        const auto row = [](const QStringList &options, const QString &has) {
            const QString rest = has.contains(" and ") ? "leave those options out" : "leave that option out";
            QTest::addRow("%s", qPrintable(options.join(' ')))
                << options << "The run unlike goes on with its own settings, " + has + ": " + rest + ", or start a new run for others.";
        };
        row({"--mode", "finetune"}, "--mode scratch");
        row({"--model", "lenet"}, "--model small");
        row({"--epochs", "50"}, "--epochs 2");
        row({"--device", "cuda:77"}, "--device cpu");
        row({"--augment", "none"}, "its own --augment");
        row({"--seed", "9", "--epochs", "50", "--batch", "4", "--ema", "0.9"}, "--epochs 2, --seed 0 and --ema 0.0");
        row({"--size", "64", "--fit", "letterbox", "--batch", "8", "--precision", "bf16", "--threads", "2", "--seed", "9", "--optimizer", "sgd", "--momentum", "0.5",
             "--schedule", "step", "--learning-rate", "0.5", "--mixup", "0.2", "--cutmix", "1", "--balance", "weights", "--weight-decay", "0.5",
             "--label-smoothing", "0.1", "--ema", "0.99", "--patience", "3"},
            "--size 32, --fit crop, --batch 4, --precision fp32, --threads 1, --seed 0, --optimizer adamw, --momentum 0.9, --schedule one-cycle, "
            "--learning-rate 0.001, --weight-decay 0.01, --label-smoothing 0.0, --mixup 0.0, --cutmix 0.0, --balance none, --ema 0.0 and --patience 0");
    }
    void whatARunHasNotIsRefusedWhereItGoesOn()
    {
        QFETCH(QStringList, options);
        QFETCH(QString, says);
        copyRun("run", "unlike");
        const Answer answer = run(QStringList{"train", "--out", "unlike.safetensors", "--run", "unlike", "--resume", "--more-epochs", "1"} + options);
        QCOMPARE(answer.code, 1);
        QVERIFY2(answer.messages.contains(says.toUtf8()), answer.messages);
        QCOMPARE(answer.messages.count('\n'), 1);
        QCOMPARE(answer.messages.contains("--more-epochs makes this one longer."), options.contains("--epochs"));
        QCOMPARE(fileBytes(m_folder / "unlike/receipt.json"), fileBytes(m_folder / "run/receipt.json"));
    }

    void whatARunHasMayBeSaidAgainWhereItGoesOn()
    {
        copyRun("run", "alike");
        const Answer answer = run(scratch("alike", {"--resume", "--epochs", "2", "--learning-rate", "1e-3", "--weight-decay", "0.01", "--fit", "crop",
                                                    "--device", "auto", "--precision", "auto", "--augment", "crop,flip,brightness,contrast,saturation",
                                                    "--more-epochs", "1", "--loader-threads", "2", "--tensorboard", "board", "--json"}));
        QVERIFY2(answer.code == 0, answer.messages);
        QCOMPARE(answer.value()["epochs"].get<int>(), 3);
    }

    void whatQuickHasNoUseForIsRefused_data()
    {
        QTest::addColumn<QStringList>("options");
        QTest::addColumn<QString>("says");
        QTest::newRow("one") << QStringList{"--learning-rate", "0.1"}
                             << "--learning-rate is not for quick training, which solves for its classifier alone: leave it out, or choose --mode";
        QTest::newRow("all") << QStringList{"--optimizer", "sgd", "--momentum", "0.5", "--schedule", "step", "--learning-rate", "0.1", "--weight-decay", "0.1",
                                            "--augment", "none", "--label-smoothing", "0.1", "--mixup", "0.2", "--cutmix", "1", "--balance", "weights",
                                            "--ema", "0.99", "--patience", "3"}
                             << "--optimizer, --momentum, --schedule, --learning-rate, --weight-decay, --augment, --label-smoothing, --mixup, --cutmix, "
                                "--balance, --ema and --patience are not for quick training";
        QTest::newRow("two") << QStringList{"--mode", "quick", "--ema", "0.9", "--mixup", "1"} << "--mixup and --ema are not for quick training";
    }
    void whatQuickHasNoUseForIsRefused()
    {
        QFETCH(QStringList, options);
        QFETCH(QString, says);
        const Answer answer = run(QStringList{"train", "pets", "--out", "idle.safetensors", "--run", "idle"} + options);
        QCOMPARE(answer.code, 1);
        QVERIFY2(answer.messages.contains(says.toUtf8()), answer.messages);
        QCOMPARE(answer.messages.count('\n'), 1);
        QVERIFY(!std::filesystem::exists(m_folder / "idle"));
    }

    void momentumIsRefusedWhereTheOptimizerHasNoUseForIt()
    {
        for (const QStringList &options : {QStringList{"--momentum", "0.5"}, {"--momentum", "0.9", "--optimizer", "adamw"}, {"--momentum", "0.9", "--find-rate"}}) {
            const Answer answer = run(scratch("idle", options));
            QCOMPARE(answer.code, 1);
            QVERIFY2(answer.messages.contains("--momentum is not for adamw, which has a running mean of its own: leave it out, or choose --optimizer sgd."), answer.messages);
            QVERIFY(!std::filesystem::exists(m_folder / "idle"));
        }
    }

    void whatChangesNothingWhereRatesAreTriedIsSaid()
    {
        const Answer answer = run(scratch("tried", {"--epochs", "2", "--patience", "1", "--find-rate"}));
        QVERIFY2(answer.code == 0, answer.messages);
        QVERIFY2(answer.messages.contains("--out, --run, --epochs and --patience change nothing where learning rates are tried."), answer.messages);
        QVERIFY(!std::filesystem::exists(m_folder / "tried"));
    }

    void aDiskWithoutRoomForTheModelIsSaidBeforeAnythingIsLearnt()
    {
        const auto model = static_cast<long long>(std::filesystem::file_size(m_folder / "run/model.safetensors"));
        const Answer answer = run(scratch("crowded", {"--epochs", "2"}), {.largestFile = model - 10'000});
        QCOMPARE(answer.code, 1);
        QVERIFY2(answer.messages.contains("There is no room for the model in "), answer.messages);
        QVERIFY2(!answer.messages.contains("epoch 1"), answer.messages);
    }

    void aCheckpointThatFindsTheDiskFullIsSaidAndTrainingGoesOn()
    {
        const auto model = static_cast<long long>(std::filesystem::file_size(m_folder / "run/model.safetensors"));
        const auto checkpoint = static_cast<long long>(std::filesystem::file_size(m_folder / "run/checkpoint.safetensors"));
        QVERIFY(checkpoint > model + 20'000);
        const Answer answer = run(scratch("full", {"--epochs", "2"}), {.largestFile = model + 10'000});
        QVERIFY2(answer.code == 0, answer.messages);
        QVERIFY2(answer.messages.contains("Training goes on"), answer.messages);
        QVERIFY(!std::filesystem::exists(m_folder / "full/checkpoint.safetensors"));
        QCOMPARE(run({"evaluate", "full.safetensors", "pets"}).code, 0);
    }

    void aRunFolderDeletedMeanwhileStillGivesAModel()
    {
        const Answer answer = runWith("deleted", {"--epochs", "200"}, [&] {
            for (std::error_code again; std::filesystem::exists(m_folder / "deleted");) // also while something is written into it
                std::filesystem::remove_all(m_folder / "deleted", again);
        });
        QVERIFY2(answer.code == 0, answer.messages);
        QVERIFY2(answer.messages.contains("deleted while the run went on"), answer.messages);
        QVERIFY2(!answer.messages.contains("Check the name"), answer.messages); // it is no name that is wrong
        QVERIFY(std::filesystem::exists(m_folder / "deleted.safetensors"));
    }

    void picturesThatVanishMeanwhileAreServedFromTheCache()
    {
        const Answer answer = runWith("vanished", {"--epochs", "50"}, [&] { std::filesystem::rename(m_folder / "pets/train", m_folder / "away"); });
        std::filesystem::rename(m_folder / "away", m_folder / "pets/train");
        QVERIFY2(answer.code == 0, answer.messages);
        QVERIFY2(!answer.messages.contains("skipped"), answer.messages);
    }

private:
    std::filesystem::path firstOf(const char *folder, std::size_t number)
    {
        std::vector<std::filesystem::path> files;
        for (const auto &entry : std::filesystem::directory_iterator(m_folder / folder))
            files.push_back(std::filesystem::canonical(entry.path()));
        std::ranges::sort(files);
        return files.at(number);
    }
};

QTEST_GUILESS_MAIN(CliMishapsTest)
#include "cli_mishaps_test.moc"
