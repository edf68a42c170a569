#include "tests/app/cli_runner.h"

#include <QProcess>
#include <QTest>

#include <csignal>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/types.h>
#include <unistd.h>

using namespace whisker::test;
using nlohmann::json;

/// The real whisker-cli, as a script uses it.
class CliTest : public QObject {
    Q_OBJECT

private:
    Answer run(const QStringList &arguments) { return runCli(m_folder, arguments); }
    static QString path(const std::filesystem::path &file) { return QString::fromStdString(file.string()); }
    QString at(const char *name) const { return path(m_folder / name); }

    TestFolder m_folder;
    Answer m_trained;

private Q_SLOTS:
    void initTestCase()
    {
        linkPictures(m_folder, "pets/train", 0, 12);
        linkPictures(m_folder, "pets/test", 12, 4);
        m_trained = run({"train", "pets", "--out", "model.safetensors", "--run", "run", "--tensorboard", "board", "--json"});
        QVERIFY2(m_trained.code == 0, m_trained.messages);
    }

    void trainSaysWhatWasTrainedAndHowGoodItIs()
    {
        const json answer = m_trained.value();
        for (const char *key : {"images", "classes", "device", "precision", "seconds", "images_per_second", "epochs", "peak_memory_bytes",
                                "validation_accuracy", "test_accuracy", "model", "run"})
            QVERIFY2(answer.contains(key), key);
        QCOMPARE(answer["images"].get<int>(), 32);
        QVERIFY(answer["classes"] == json({"cat", "dog"}));
        QVERIFY(answer["test_accuracy"].get<double>() >= 0.75);
        QCOMPARE(answer["device"].get<std::string>(), "cpu"); // what quick computes on, also beside a GPU
        QVERIFY(std::filesystem::exists(m_folder / "model.safetensors"));
        QVERIFY(std::filesystem::exists(m_folder / "run/receipt.json"));
        QVERIFY(std::filesystem::exists(m_folder / "run/metrics.jsonl"));
        const auto board = fileBytes(std::filesystem::directory_iterator(m_folder / "board")->path());
        for (const char *tag : {"loss/training", "loss/validation", "accuracy/validation"})
            QVERIFY2(board.find(tag) != std::string::npos, tag);
    }

    void trainContinuesAModelInItsOwnWay()
    {
        const QStringList small = {"--epochs", "1", "--threads", "1", "--run"};
        const Answer first = run(QStringList{"train", "pets", "--out", "small.safetensors", "--mode", "scratch", "--model", "small", "--size", "32"} + small + QStringList{"run-small"});
        QVERIFY2(first.code == 0, first.messages);
        const Answer second = run(QStringList{"train", "pets", "--out", "newer.safetensors", "--continue", "run-small/model.safetensors", "--json"} + small + QStringList{"run-newer"});
        QVERIFY2(second.code == 0, second.messages);
        const auto receipt = json::parse(fileBytes(m_folder / "run-newer/receipt.json"));
        const json answer = second.value();
        QVERIFY(answer["loader_steps"].get<int>() > 0);
        QVERIFY(answer["loader_waits"].get<int>() <= answer["loader_steps"].get<int>());
        QCOMPARE(answer["loader_wait_share"].get<double>(), receipt["result"]["loader"]["share"].get<double>());
        QCOMPARE(answer["peak_memory_bytes"].get<std::uint64_t>(), receipt["result"]["peak_memory_bytes"].get<std::uint64_t>());
        QCOMPARE(receipt["config"]["mode"].get<std::string>(), "scratch");
        QCOMPARE(receipt["config"]["size"].get<int>(), 32);
        QVERIFY(receipt["continues"]["model"].get<std::string>().ends_with("run-small/model.safetensors"));
        QCOMPARE(run({"train", "pets", "--out", "x.safetensors", "--continue", "small.safetensors", "--run", "run-newer", "--resume"}).code, 2);
        const Answer other = run({"train", "pets", "--out", "x.safetensors", "--continue", "small.safetensors", "--model", "resnet18"});
        QCOMPARE(other.code, 1);
        QVERIFY2(other.messages.contains("choose small to continue it"), other.messages);
        const Answer missing = run({"train", "pets", "--out", "x.safetensors", "--continue", "no.safetensors"});
        QCOMPARE(missing.code, 1);
        QVERIFY2(missing.messages.contains("no.safetensors"), missing.messages);
    }

    void eachOptionOfTrainingReachesItsOwnFieldOfTheReceipt()
    {
        const Answer trained = run({"train", "pets", "--out", "told.safetensors", "--run", "told", "--mode", "scratch", "--model", "small", "--epochs", "1",
                                    "--size", "48", "--fit", "letterbox", "--batch", "5", "--precision", "fp32", "--device", "cpu", "--threads", "2",
                                    "--loader-threads", "3", "--seed", "11", "--optimizer", "sgd", "--momentum", "0.85", "--schedule", "step",
                                    "--learning-rate", "0.003", "--first-rate-share", "0.5", "--weight-decay", "0.002", "--augment", "flip,contrast",
                                    "--label-smoothing", "0.15",
                                    "--mixup", "0.7", "--cutmix", "0.3", "--balance", "sampling", "--ema", "0.95", "--patience", "7"});
        QVERIFY2(trained.code == 0, trained.messages);
        const json asked = {{"mode", "scratch"}, {"architecture", "small"}, {"epochs", 1}, {"size", 48}, {"fit", "letterbox"}, {"batch", 5},
                            {"precision", "fp32"}, {"device", "cpu"}, {"threads", 2}, {"loader_threads", 3}, {"seed", 11}, {"optimizer", "sgd"},
                            {"momentum", 0.85}, {"schedule", "step"}, {"learning_rate", 0.003}, {"first_rate_share", 0.5}, {"weight_decay", 0.002}, {"label_smoothing", 0.15},
                            {"mixup", 0.7}, {"cutmix", 0.3}, {"balance", "sampling"}, {"average_decay", 0.95}, {"patience", 7}};
        json written = json::parse(fileBytes(m_folder / "told/receipt.json"))["config"];
        const json changes = written["augmentation"];
        QVERIFY(changes["flip"] == true && changes["contrast"] > 0.0);
        QVERIFY(changes["min_area"] == 1.0 && changes["max_aspect"] == 1.0 && changes["brightness"] == 0.0 && changes["saturation"] == 0.0);
        written.erase("augmentation");
        for (const auto &[field, value] : asked.items())
            QVERIFY2(written[field] == value, (field + ": " + written[field].dump()).c_str());
        QCOMPARE(written.size(), asked.size());
    }

    void evaluateCountsEveryTestPictureOnce()
    {
        const Answer answer = run({"evaluate", "model.safetensors", "pets", "--split", "test", "--json"});
        QVERIFY2(answer.code == 0, answer.messages);
        const json value = answer.value();
        QCOMPARE(value["images"].get<int>(), 8);
        int total = 0;
        for (const auto &row : value["confusion"])
            for (const auto &cell : row)
                total += cell.get<int>();
        QCOMPARE(total, 8);
        for (const char *key : {"accuracy", "seconds", "per_class", "ece"})
            QVERIFY2(value.contains(key), key);
        QCOMPARE(value["accuracy"].get<double>(), m_trained.value()["test_accuracy"].get<double>());
    }

    void predictAnswersForEachFileAndSkipsABrokenOne()
    {
        m_folder.write("no.jpg", "text");
        const auto cat = std::filesystem::directory_iterator(m_folder / "pets/test/cat")->path();
        const Answer answer = run({"predict", "model.safetensors", path(cat), "no.jpg", "--json", "--csv", "answers.csv"});
        QCOMPARE(answer.code, 0);
        const json value = answer.value();
        QCOMPARE(value.size(), 2u);
        QVERIFY(value[0].contains("class"));
        double sum = 0;
        for (const auto &probability : value[0]["probabilities"])
            sum += probability.get<double>();
        QVERIFY(std::abs(sum - 1) < 1e-4);
        QVERIFY(value[1].contains("error"));
        const std::string csv = fileBytes(m_folder / "answers.csv");
        QVERIFY(csv.find("no.jpg") != std::string::npos);
    }

    void predictFailsWhereNoPictureCanBeRead()
    {
        m_folder.write("no.jpg", "text");
        const Answer answer = run({"predict", "model.safetensors", "no.jpg", "--json"});
        QCOMPARE(answer.code, 1);
        QVERIFY(answer.value().is_array());
    }

    void whatIsSkippedIsNamedInOneSentence()
    {
        m_folder.write("mixed/cat/notes.jpg", "these are notes");
        m_folder.write("mixed/dog/empty.jpg", "");
        linkPictures(m_folder, "mixed", 20, 2);
        const Answer answer = run({"import", "mixed-project", "mixed"});
        QCOMPARE(answer.code, 0);
        QVERIFY2(answer.messages.contains("notes.jpg: it is no picture"), answer.messages);
        QVERIFY2(answer.messages.contains("empty.jpg: the file is empty. Copy it here again"), answer.messages);
    }

    void aProjectThatIsOpenElsewhereIsExportedButNotChanged()
    {
        const TestFolder folder;
        linkPictures(folder, "photos", 0, 2);
        QCOMPARE(runCli(folder, {"import", "project", "photos"}).code, 0);
        const int lock = ::open((folder / "project/project.whisker-lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
        QVERIFY(lock >= 0 && ::flock(lock, LOCK_EX) == 0);
        const Answer exported = runCli(folder, {"export-data", "project", "out"}), relinked = runCli(folder, {"relink", "project", "photos"});
        ::close(lock);
        QVERIFY2(exported.code == 0, exported.messages);
        QVERIFY(exported.output.contains("4 pictures exported"));
        QVERIFY(!std::filesystem::is_empty(folder / "out/cat") && !std::filesystem::is_empty(folder / "out/dog"));
        QCOMPARE(relinked.code, 1);
        QVERIFY2(relinked.messages.contains("is open in another window"), relinked.messages);
    }

    void labelsGoThroughAListAndMovedPicturesAreFoundAgain()
    {
        const TestFolder folder;
        linkPictures(folder, "photos", 0, 2);
        QCOMPARE(runCli(folder, {"import", "first", "photos"}).code, 0);
        QCOMPARE(runCli(folder, {"list", "first", "--csv", "labels.csv"}).code, 0);
        const Answer again = runCli(folder, {"import", "second", "labels.csv", "--json"});
        QVERIFY2(again.code == 0, again.messages);
        QCOMPARE(again.value()["added"].get<int>(), 4);
        QCOMPARE(runCli(folder, {"list", "second"}).output, runCli(folder, {"list", "first"}).output);

        std::filesystem::rename(folder / "photos", folder / "pictures");
        const Answer found = runCli(folder, {"relink", "first", "--json"});
        QVERIFY2(found.code == 0, found.messages);
        QCOMPARE(found.value()["found"].get<int>(), 4);
        QVERIFY(found.value()["missing"].empty());
        QVERIFY(runCli(folder, {"list", "first"}).output.contains("/pictures/cat/"));
    }

    void importThenListThenTrainOnTheProject()
    {
        const Answer imported = run({"import", "project", "pets", "--json"});
        QVERIFY2(imported.code == 0, imported.messages);
        const Answer listed = run({"list", "project", "--json"});
        QVERIFY2(listed.code == 0, listed.messages);
        const json pictures = listed.value();
        QCOMPARE(pictures.size(), 32u);
        for (const char *key : {"file", "label", "split", "hash"})
            QVERIFY2(pictures[0].contains(key), key);
        const Answer trained = run({"train", "project/project.whisker", "--out", "from-project.safetensors", "--json"});
        QVERIFY2(trained.code == 0, trained.messages);
        QCOMPARE(trained.value()["images"].get<int>(), 32);
        QVERIFY(std::filesystem::is_directory(m_folder / "project/runs"));
    }

    void doctorNamesWhatIsWrongWithAFolder()
    {
        const Answer healthy = run({"doctor", "pets", "--json"});
        QVERIFY2(healthy.code == 0, healthy.messages);
        QCOMPARE(healthy.value()["images"].get<int>(), 32);
        QVERIFY(healthy.value()["seconds"].get<double>() > 0);
        for (const auto &finding : healthy.value()["findings"])
            QVERIFY(finding["kind"] == "imbalance"); // four pictures a class in test, twelve in train: none, or that alone

        const auto cat = std::filesystem::directory_iterator(m_folder / "pets/test/cat")->path();
        m_folder.write("ill/cat/a.jpg", fileBytes(cat));
        m_folder.write("ill/dog/b.jpg", fileBytes(cat));
        m_folder.write("ill/dog/broken.jpg", "text");
        const Answer ill = run({"doctor", "ill", "--json"});
        QVERIFY2(ill.code == 0, ill.messages);
        std::vector<std::string> kinds;
        const json answer = ill.value();
        for (const auto &finding : answer["findings"]) {
            QCOMPARE(finding.size(), 3u);
            QVERIFY(finding["files"].is_array() && finding["detail"].is_string());
            kinds.push_back(finding["kind"]);
        }
        QCOMPARE(kinds, (std::vector<std::string>{"unreadable", "label_conflict", "duplicate", "imbalance", "imbalance"}));
        const Answer read = run({"doctor", "ill"});
        QVERIFY2(read.output.contains("Same picture, two labels: 2 pictures"), read.output);
    }

    void networksAreListedWithWhatTheyCostHere()
    {
        const Answer measured = run({"networks", "small", "--json"});
        QVERIFY2(measured.code == 0, measured.messages);
        const json networks = measured.value();
        QCOMPARE(networks.size(), 1u);
        for (const char *key : {"model", "title", "pretrained", "size", "weights", "training_memory_bytes"})
            QVERIFY2(networks[0].contains(key), key);
        QCOMPARE(networks[0]["size"].get<int>(), 96);
        QVERIFY(networks[0]["training_images_per_second"].get<double>() > 0 && networks[0]["images_per_second"].get<double>() > 0);
        const Answer again = run({"networks", "small", "--size", "64", "--batch", "8"});
        QVERIFY2(again.code == 0 && !again.messages.contains("Measuring"), again.messages); // that is kept
        const QList<QByteArray> lines = again.output.split('\n');
        QVERIFY2(lines[0].startsWith("name ") && lines[1].startsWith("small ") && lines[1].contains(" 64 px ") && lines[1].endsWith(" scratch"), again.output);
        QVERIFY2(again.output.contains("for a training step of 8 pictures"), again.output);
        for (const QByteArray &line : lines)
            QVERIFY2(line.size() <= 100, line);
        const Answer stopped = runCli(m_folder, {"networks"}, {.interrupted = true});
        QCOMPARE(stopped.code, 130);
        QVERIFY2(stopped.output.isEmpty() && stopped.messages.contains("What was measured is kept."), stopped.messages);
    }

    void benchMeasuresEachBatchAndPrecision()
    {
        const Answer answer = run({"bench", "small", "--batch", "1,2", "--precision", "fp32", "--json"});
        QVERIFY2(answer.code == 0, answer.messages);
        const json rows = answer.value();
        QCOMPARE(rows.size(), 2u);
        for (const char *key : {"model", "batch", "precision", "milliseconds", "images_per_second"})
            QVERIFY2(rows[0].contains(key), key);
        QVERIFY(rows[0]["milliseconds"].get<double>() > 0);
    }

    void wrongWishesGetASentence_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<int>("code");
        QTest::addColumn<QString>("names");
        QTest::newRow("no command") << QStringList{} << 2 << "";
        QTest::newRow("unknown option") << QStringList{"train", "pets", "--out", "m", "--frobnicate"} << 2 << "frobnicate";
        QTest::newRow("no such folder") << QStringList{"train", "nowhere", "--out", "m"} << 1 << "nowhere";
        QTest::newRow("no such model") << QStringList{"predict", "nowhere.safetensors", "a.jpg"} << 1 << "nowhere.safetensors";
        QTest::newRow("no GPU") << QStringList{"train", "pets", "--out", "m", "--device", "cuda:7"} << 1 << "cuda:7";
        QTest::newRow("output in no folder") << QStringList{"train", "pets", "--out", "no/such/m"} << 1 << "no/such";
        QTest::newRow("no pictures to examine") << QStringList{"doctor", "nowhere"} << 1 << "nowhere";
        QTest::newRow("unknown architecture") << QStringList{"bench", "lenet"} << 1 << "lenet";
        QTest::newRow("unknown network") << QStringList{"networks", "lenet"} << 1 << "lenet";
        QTest::newRow("nowhere to put the model") << QStringList{"train", "pets"} << 2 << "--out";
        QTest::newRow("unknown optimizer") << QStringList{"train", "pets", "--out", "m", "--optimizer", "lion"} << 2 << "lion";
        QTest::newRow("too much momentum") << QStringList{"train", "pets", "--out", "m", "--momentum", "1"} << 2 << "momentum";
        QTest::newRow("curves into a file") << QStringList{"train", "pets", "--out", "m", "--tensorboard", "model.safetensors/board"} << 1 << "model.safetensors/board";
        QTest::newRow("no rate for quick") << QStringList{"train", "pets", "--find-rate"} << 1 << "no learning rate";
        QTest::newRow("batch of none") << QStringList{"train", "pets", "--out", "m", "--batch", "0"} << 2 << "batch";
    }
    void wrongWishesGetASentence()
    {
        QFETCH(QStringList, arguments);
        QFETCH(int, code);
        QFETCH(QString, names);
        const Answer answer = run(arguments);
        QCOMPARE(answer.code, code);
        QVERIFY2(answer.messages.contains(names.toUtf8()), answer.messages);
        QVERIFY(answer.output.isEmpty() || code == 2);
    }

    void helpFitsOnATerminalAndNamesEachOption()
    {
        for (const char *command : {"train", "networks", "runs", "evaluate", "predict", "bench", "doctor", "import", "list", "export-data", "relink"}) {
            const Answer help = run({command, "--help"});
            QCOMPARE(help.code, 0);
            for (const QByteArray &line : help.output.split('\n'))
                QVERIFY2(line.size() <= 100, line);
            QVERIFY2(help.output.contains("--json") && !help.output.contains("Excludes"), help.output);
        }
        const QByteArray train = run({"train", "--help"}).output;
        for (const char *words : {"--mode quick|finetune|scratch", "--batch 1..4096", "Pictures a step; default 32", "How it learns (not for quick):"})
            QVERIFY2(train.contains(words), words);
    }

    void aLearningRateIsLookedForWithoutAModel()
    {
        const Answer answer = run({"train", "pets", "--mode", "scratch", "--model", "small", "--size", "32", "--batch", "4",
                                   "--threads", "1", "--find-rate", "--json"}); // beside other tests threads would wait for each other
        QVERIFY2(answer.code == 0, answer.messages);
        QVERIFY(answer.value().contains("suggestion"));
        QVERIFY(answer.value()["points"].size() >= 10);
        QVERIFY(answer.value()["points"][0].contains("smoothed_loss"));
    }

    void interruptedPredictionLeavesTheOldTableAndSays130()
    {
        QVERIFY(run({"train", "pets", "--out", "quick.safetensors", "--run", "quick-run"}).code == 0);
        m_folder.write("answers.csv", "of an earlier time");
        QStringList arguments{"predict", "quick.safetensors", "--batch", "1", "--csv", "answers.csv"};
        for (int round = 0; round < 200; ++round) // seconds of work
            arguments << "pets";
        QProcess process;
        process.setWorkingDirectory(QString::fromStdString(m_folder.path().string()));
        process.start(WHISKER_CLI, arguments);
        QByteArray messages;
        const auto hasBegun = [&] { return (messages += process.readAllStandardError()).contains("Predicting"); };
        QTRY_VERIFY_WITH_TIMEOUT(hasBegun(), 60'000);
        ::kill(static_cast<pid_t>(process.processId()), SIGINT);
        QVERIFY(process.waitForFinished(20'000));
        QCOMPARE(process.exitStatus(), QProcess::NormalExit);
        QCOMPARE(process.exitCode(), 130);
        QCOMPARE(fileBytes(m_folder / "answers.csv"), "of an earlier time");
    }

    void interruptedTrainingLeavesACheckpointAndSays130()
    {
        QProcess process;
        process.setWorkingDirectory(path(m_folder.path()));
        process.start(WHISKER_CLI, {"train", "pets", "--out", "scratch.safetensors", "--mode", "scratch", "--model", "small", "--size", "64",
                                    "--epochs", "500", "--batch", "8", "--run", "interrupted"});
        QTRY_VERIFY_WITH_TIMEOUT(std::filesystem::exists(m_folder / "interrupted/checkpoint.safetensors"), 60'000);
        ::kill(static_cast<pid_t>(process.processId()), SIGINT);
        QVERIFY(process.waitForFinished(30'000));
        QCOMPARE(process.exitCode(), 130);

        const auto points = fileBytes(m_folder / "interrupted/metrics.jsonl");
        process.start(WHISKER_CLI, {"train", "--out", "scratch.safetensors", "--run", "interrupted", "--resume"}); // the run knows its pictures and options
        const auto wentOn = [&] { return fileBytes(m_folder / "interrupted/metrics.jsonl").size() > points.size(); };
        QTRY_VERIFY_WITH_TIMEOUT(wentOn(), 60'000);
        ::kill(static_cast<pid_t>(process.processId()), SIGINT);
        QVERIFY(process.waitForFinished(30'000));
        QCOMPARE(process.exitCode(), 130);
        QVERIFY(fileBytes(m_folder / "interrupted/metrics.jsonl").starts_with(points)); // not begun anew
    }
};

QTEST_GUILESS_MAIN(CliTest)
#include "cli_test.moc"
