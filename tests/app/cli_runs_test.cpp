#include "tests/app/cli_runner.h"

#include <QTest>

using namespace whisker::test;
using nlohmann::json;

/// Runs in the real whisker-cli: listed, compared, made once more, noted and deleted.
class CliRunsTest : public QObject {
    Q_OBJECT

private:
    Answer run(const QStringList &arguments) { return runCli(m_folder, arguments); }
    static QStringList train(const QString &run, const QStringList &options = {})
    {
        return QStringList{"train", "pets", "--out", run + ".safetensors", "--run", "runs/" + run, "--mode", "scratch", "--model", "small", "--size", "32",
                           "--batch", "4", "--epochs", "2", "--threads", "1"} +
               options;
    }
    json receiptOf(const std::string &run) const { return json::parse(fileBytes(m_folder / "runs" / run / "receipt.json")); }

    TestFolder m_folder;

private Q_SLOTS:
    void initTestCase()
    {
        linkPictures(m_folder, "pets/train", 0, 8);
        linkPictures(m_folder, "pets/test", 8, 4);
        for (const auto &[name, options] : {std::pair<QString, QStringList>("first", {}), {"plain", {"--augment", "none"}}}) {
            const Answer trained = run(train(name, options));
            QVERIFY2(trained.code == 0, trained.messages);
        }
    }

    void eachKindOfAugmentationCanBeSwitchedOff()
    {
        const json usual = receiptOf("first")["config"]["augmentation"], none = receiptOf("plain")["config"]["augmentation"];
        QVERIFY(usual["flip"].get<bool>() && usual["min_area"].get<double>() < 1.0 && usual["contrast"].get<double>() > 0.0);
        QVERIFY(!none["flip"].get<bool>());
        QCOMPARE(none["min_area"].get<double>(), 1.0);
        QCOMPARE(none["max_aspect"].get<double>(), 1.0);
        for (const char *strength : {"brightness", "contrast", "saturation"})
            QCOMPARE(none[strength].get<double>(), 0.0);
        const Answer some = run(train("some", {"--augment", "flip,saturation"}));
        QVERIFY2(some.code == 0, some.messages);
        const json kinds = receiptOf("some")["config"]["augmentation"];
        QVERIFY(kinds["flip"].get<bool>() && kinds["saturation"] == usual["saturation"] && kinds["min_area"] == 1.0 && kinds["brightness"] == 0.0);
        QCOMPARE(run(train("empty", {"--augment", ""})).code, 2);
        const Answer unknown = run(train("unknown", {"--augment", "flip,blur"}));
        QCOMPARE(unknown.code, 2);
        QVERIFY2(unknown.messages.contains("\"blur\" is none of crop, flip"), unknown.messages);
        QVERIFY(run({"runs", ".", "--delete", "some"}).code == 0);
    }

    void runsAreListedNewestFirstWithTheirReceipts()
    {
        const json runs = run({"runs", ".", "--json"}).value();
        QCOMPARE(runs.size(), 2u);
        QCOMPARE(runs[0]["name"].get<std::string>(), "plain");
        for (const char *key : {"run", "status", "paused", "under_way", "message", "mode", "architecture", "config", "classes", "snapshot", "train_images",
                                "validation_images", "test_images", "continues", "device", "versions", "started", "finished", "epochs", "best_epoch", "seconds",
                                "images_per_second", "validation_accuracy", "test_accuracy", "test_correct", "test_total", "notes", "note", "model", "checkpoint"})
            QVERIFY2(runs[1].contains(key), key);
        QCOMPARE(runs[1]["status"].get<std::string>(), "completed");
        QCOMPARE(runs[1]["test_total"].get<int>(), 8);
        QCOMPARE(run({"runs", "runs"}).output, run({"runs", "."}).output);
        const QList<QByteArray> table = run({"runs", "."}).output.split('\n');
        QCOMPARE(table.size(), 4); // the last line ends, too
        QVERIFY2(table[0].startsWith("run ") && table[1].startsWith("plain ") && table[2].startsWith("first "), table.join('\n'));
        for (const char *column : {"status", "test"}) // right under its title
            QVERIFY2(table[0].contains(column), table[0]);
        QCOMPARE(table[1].indexOf("completed"), table[0].indexOf("status"));
        QCOMPARE(table[2].indexOf("completed"), table[0].indexOf("status"));
    }

    void aRunThatWasPausedInTheWindowIsCalledSo()
    {
        json receipt = receiptOf("plain");
        receipt["result"]["status"] = "stopped";
        receipt["result"]["paused"] = true;
        m_folder.write("held/run/receipt.json", receipt.dump());
        m_folder.write("held/run/metrics.jsonl", "");
        const Answer table = run({"runs", "held"});
        QVERIFY2(table.output.contains(" paused "), table.output);
        const json runs = run({"runs", "held", "--json"}).value();
        QCOMPARE(runs[0]["status"].get<std::string>(), "stopped");
        QVERIFY(runs[0]["paused"].get<bool>());
    }

    void aProjectHasItsRunsInIt()
    {
        QVERIFY(run({"import", "project", "pets"}).code == 0);
        const Answer none = run({"runs", "project"});
        QCOMPARE(none.code, 0);
        QVERIFY2(none.output.isEmpty() && none.messages.contains("There are no runs in"), none.messages);
        QVERIFY(run({"runs", "project", "--json"}).value() == json::array());
        QVERIFY(run({"train", "project", "--out", "p.safetensors", "--mode", "scratch", "--model", "small", "--size", "32", "--epochs", "1", "--threads", "1"})
                    .code == 0);
        QCOMPARE(run({"runs", "project", "--json"}).value().size(), 1u);
        QCOMPARE(run({"runs", "project/project.whisker", "--json"}).value().size(), 1u);
    }

    void aRunIsShownAsAtItsEnd()
    {
        const Answer trained = run(train("told")), shown = run({"runs", ".", "--show", "told"});
        QVERIFY2(shown.code == 0, shown.messages);
        const QByteArray facts = trained.output.left(trained.output.indexOf("Model "));
        QVERIFY2(facts.contains("\nTest        ") && facts.contains("with new pictures like these\n"), facts);
        QVERIFY2(shown.output.startsWith(facts), facts + shown.output);
        QVERIFY2(shown.output.contains("\nModel       runs/told/model.safetensors\n"), shown.output);
        QVERIFY(run({"runs", "runs", "--show", "told", "--json"}).value() == run({"runs", "runs", "--json"}).value()[0]);
        QVERIFY(run({"runs", ".", "--note", "told", "two\nlines"}).code == 0);
        QVERIFY2(run({"runs", ".", "--show", "told"}).output.contains("\nYour note   two\n            lines\n"), "note");
        QVERIFY(run({"runs", ".", "--delete", "told"}).code == 0);
    }

    void twoRunsAreComparedInWords()
    {
        const Answer told = run({"runs", ".", "--compare", "first", "plain"});
        QVERIFY2(told.code == 0, told.messages);
        for (const char *words : {"Settings that differ: Crop at least", "Mirrored", "test pictures", "Outcome", "Validation"})
            QVERIFY2(told.output.contains(words), told.output);
        const json value = run({"runs", ".", "--compare", "first", "runs/plain", "--json"}).value();
        QVERIFY(value["data"].empty());
        for (const char *key : {"first", "second", "summary", "judgement", "verdict", "probability", "pairs", "settings", "machine", "outcome", "repeat_verdict"})
            QVERIFY2(value.contains(key), key);
        const json pairs = value["pairs"];
        QCOMPARE(pairs["pictures"].get<int>(), 8);
        QCOMPARE(pairs["both_right"].get<int>() + pairs["only_first_right"].get<int>(), receiptOf("first")["result"]["test_correct"].get<int>());
        QCOMPARE(pairs["both_right"].get<int>() + pairs["only_second_right"].get<int>(), receiptOf("plain")["result"]["test_correct"].get<int>());
        QVERIFY(value["repeat_equal"].is_null());
        QCOMPARE(value["settings"].size(), 6u);
        QVERIFY(value["settings"][0]["first"] != value["settings"][0]["second"]);
        const json same = run({"runs", ".", "--compare", "first", "first", "--json"}).value();
        QVERIFY(same["settings"].empty() && same["repeat_equal"].get<bool>());
        QCOMPARE(same["pairs"]["only_first_right"].get<int>() + same["pairs"]["only_second_right"].get<int>(), 0);
    }

    void aRunOfAnOlderWhiskerIsComparedMoreCautiously()
    {
        const TestFolder older;
        json receipt = receiptOf("first");
        json &right = receipt["result"]["test_correct"];
        right = right.get<int>() > 4 ? right.get<int>() - 1 : right.get<int>() + 1;
        older.write("receipt.json", receipt.dump());
        const json value = run({"runs", ".", "--compare", "first", QString::fromStdString(older.path().string()), "--json"}).value();
        QVERIFY(value["pairs"].is_null());
        QVERIFY2(value["judgement"].get<std::string>().find("Fisher's exact test") != std::string::npos, value["judgement"].get<std::string>().c_str());
    }

    void aRunIsMadeOnceMoreAndSaidToBeEqual()
    {
        const Answer repeat = run({"train", "--repeat", "runs/first", "--out", "again.safetensors", "--run", "runs/again", "--json"});
        QVERIFY2(repeat.code == 0, repeat.messages);
        QVERIFY2(repeat.value()["repeat_equal"].get<bool>(), repeat.output);
        QVERIFY(repeat.value()["repeat_verdict"].get<std::string>().starts_with("Equal bit for bit"));
        QCOMPARE(fileBytes(m_folder / "runs/again/snapshot.json"), fileBytes(m_folder / "runs/first/snapshot.json"));
        QVERIFY(receiptOf("again")["config"] == receiptOf("first")["config"]);
        QVERIFY2(run({"runs", ".", "--compare", "first", "again"}).output.contains("Equal bit for bit"), "compare");
        const TestFolder elsewhere;
        const QString first = QString::fromStdString((m_folder / "runs/first").string());
        const Answer there = runCli(elsewhere, {"train", "--repeat", first, "--out", "there.safetensors", "--run", "there", "--json"});
        QVERIFY2(there.code == 0 && there.value()["repeat_equal"].get<bool>(), there.messages);
        QVERIFY(run({"runs", ".", "--delete", "again"}).code == 0);
    }

    void aRepeatThatWasBrokenOffIsJudgedWhenItHasGoneOn()
    {
        const QStringList into{"--out", "again.safetensors", "--run", "runs/again", "--json"};
        const Answer broken = runCli(m_folder, QStringList{"train", "--repeat", "runs/first"} + into, {.interrupted = true});
        QVERIFY2(broken.code == 130, broken.messages);
        const Answer whole = run(QStringList{"train", "--resume"} + into);
        QVERIFY2(whole.code == 0, whole.messages);
        QVERIFY2(whole.value()["repeat_equal"].get<bool>(), whole.output);
        QVERIFY(run({"runs", ".", "--delete", "again"}).code == 0);
    }

    /// Whatever the verdict is: it is what was asked for.
    void aRepeatThatComesOutOtherwiseIsNoFailure()
    {
        const std::string metrics = fileBytes(m_folder / "runs/plain/metrics.jsonl");
        m_folder.write("other/metrics.jsonl", metrics.substr(metrics.find('\n') + 1)); // one point less
        for (const char *file : {"receipt.json", "snapshot.json", "model.safetensors"})
            std::filesystem::copy_file(m_folder / "runs/plain" / file, m_folder / "other" / file);
        const Answer repeat = run({"train", "--repeat", "other", "--out", "again.safetensors", "--run", "runs/otherwise"});
        QVERIFY2(repeat.code == 0, repeat.messages);
        QVERIFY2(repeat.output.contains("Not equal: "), repeat.output);
        QVERIFY(run({"runs", ".", "--delete", "otherwise"}).code == 0);
    }

    void picturesThatWereMovedAreFoundForARepeat()
    {
        const TestFolder folder;
        linkPictures(folder, "pets", 0, 6);
        const QStringList small = {"--mode", "scratch", "--model", "small", "--size", "32", "--epochs", "1", "--threads", "1"};
        QVERIFY(runCli(folder, QStringList{"train", "pets", "--out", "a.safetensors", "--run", "runs/a"} + small).code == 0);
        std::filesystem::rename(folder / "pets", folder / "elsewhere");
        const Answer missing = runCli(folder, {"train", "--repeat", "runs/a", "--out", "b.safetensors"});
        QCOMPARE(missing.code, 1);
        QVERIFY2(missing.messages.contains("12 of the 12 pictures") && missing.messages.contains("put them back"), missing.messages);
        const Answer found = runCli(folder, {"train", "elsewhere", "--repeat", "runs/a", "--out", "b.safetensors", "--json"});
        QVERIFY2(found.code == 0, found.messages);
        QVERIFY2(found.value()["repeat_equal"].get<bool>(), found.output);
        QCOMPARE(std::filesystem::path(found.value()["run"].get<std::string>()).parent_path(), folder / "runs"); // beside the first
    }

    void aNoteIsKeptAndTakenAway()
    {
        QVERIFY(run({"runs", ".", "--note", "first", "the one to beat"}).code == 0);
        QVERIFY2(run({"runs", "."}).output.contains("the one to beat"), "table");
        QCOMPARE(run({"runs", ".", "--json"}).value()[1]["note"].get<std::string>(), "the one to beat");
        const Answer gone = run({"runs", ".", "--note", "first", "", "--json"});
        QVERIFY2(gone.code == 0, gone.messages);
        QCOMPARE(gone.value()["note"].get<std::string>(), "");
        QVERIFY(!std::filesystem::exists(m_folder / "runs/first/note.txt"));
    }

    void aRunThatCannotBeReadIsNamedAndHidesNoOther()
    {
        m_folder.write("runs/newer/receipt.json", R"({"format": 99})");
        const Answer listed = run({"runs", ".", "--json"});
        QCOMPARE(listed.code, 0);
        QCOMPARE(listed.value().size(), 2u);
        QVERIFY2(listed.messages.contains("newer") && listed.messages.contains("update Whisker"), listed.messages);
        std::filesystem::remove_all(m_folder / "runs/newer");
    }

    void wrongWishesGetASentence_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<int>("code");
        QTest::addColumn<QString>("says");
        const auto row = [](const char *name, const QStringList &arguments, int code, const char *says) { QTest::newRow(name) << arguments << code << says; };
        row("nowhere", {"runs", "nowhere"}, 1, "nowhere is no project and no folder: name");
        row("no such run", {"runs", ".", "--delete", "nowhere"}, 1, "There is no run nowhere in ./runs: whisker-cli runs ./runs lists");
        row("a folder that is no run", {"runs", ".", "--delete", "pets"}, 1, "There is no run pets");
        row("all runs at once", {"runs", ".", "--delete", "."}, 1, "There is no run .");
        row("one run to compare", {"runs", ".", "--compare", "first"}, 2, "--compare");
        row("no run to show", {"runs", ".", "--show", "nowhere"}, 1, "There is no run nowhere");
        row("two wishes", {"runs", ".", "--compare", "first", "plain", "--delete", "first"}, 2, "excludes");
        row("repeat of nothing", {"train", "--repeat", "nowhere", "--out", "x.safetensors"}, 1, "nowhere");
        row("repeat with other epochs", {"train", "--repeat", "runs/first", "--out", "x.safetensors", "--epochs", "3"}, 2, "--repeat excludes --epochs");
        const QStringList repeat = {"train", "--repeat", "runs/first", "--out"};
        row("repeat and resume", repeat + QStringList{"x.safetensors", "--run", "runs/first", "--resume"}, 2, "--repeat excludes --resume");
        row("repeat in place", repeat + QStringList{"x.safetensors", "--run", "runs/../runs/first"}, 1, "can't be repeated into its own folder");
        row("repeat over its model", repeat + QStringList{"runs/first/model.safetensors"}, 1, "lies in the folder of the run to repeat");
        row("nothing to train on", {"train", "--out", "x.safetensors"}, 2, "DATA");
    }
    void wrongWishesGetASentence()
    {
        QFETCH(QStringList, arguments);
        QFETCH(int, code);
        QFETCH(QString, says);
        const Answer answer = run(arguments);
        QCOMPARE(answer.code, code);
        QVERIFY2(answer.messages.contains(says.toUtf8()), answer.messages);
        QVERIFY(std::filesystem::exists(m_folder / "runs/first/receipt.json"));
        QVERIFY(!std::filesystem::exists(m_folder / "x.safetensors"));
    }

    void aDeletedRunIsGone()
    {
        const Answer deleted = run({"runs", ".", "--delete", "runs/plain", "--json"});
        QVERIFY2(deleted.code == 0, deleted.messages);
        QVERIFY(deleted.value()["deleted"].get<bool>());
        QVERIFY(!std::filesystem::exists(m_folder / "runs/plain"));
        QCOMPARE(run({"runs", ".", "--json"}).value().size(), 1u);
        QVERIFY(std::filesystem::exists(m_folder / "plain.safetensors")); // what was asked for with --out is a person's own
    }
};

QTEST_GUILESS_MAIN(CliRunsTest)
#include "cli_runs_test.moc"
