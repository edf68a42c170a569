#include "tests/app/cli_runner.h"

#include <QTest>

#include <fstream>

using namespace whisker::test;
using nlohmann::json;

namespace {

/// https://www.w3.org/TR/png/: one red pixel.
std::string onePixelPng()
{
    return QByteArray::fromBase64("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==").toStdString();
}

std::string firstCat(const TestFolder &folder)
{
    return fileBytes(std::filesystem::directory_iterator(folder / "pets/cat")->path());
}

std::size_t entriesIn(const std::filesystem::path &folder)
{
    return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator(folder), {}));
}

} // namespace

/// What a person gets from whisker-cli for what can't be used: one sentence that names it, the right exit code, and nothing half-written.
class BadInputTest : public QObject {
    Q_OBJECT

private:
    Answer run(const QStringList &arguments, const Circumstances &circumstances = {}) { return runCli(m_folder, arguments, circumstances); }
    json rowOf(const json &answers, const std::string &name)
    {
        const auto row = std::ranges::find_if(answers, [&](const json &each) { return each["file"].get<std::string>().ends_with(name); });
        return row == answers.end() ? json() : *row;
    }

    TestFolder m_folder;

private Q_SLOTS:
    void initTestCase()
    {
        linkPictures(m_folder, "pets", 0, 10);
        const Answer trained = run({"train", "pets", "--out", "model.safetensors", "--run", "run"});
        QVERIFY2(trained.code == 0, trained.messages);
        const Answer imported = run({"import", "project", "pets"});
        QVERIFY2(imported.code == 0, imported.messages);

        std::filesystem::create_directory(m_folder / "none");
        m_folder.write("alone/only/a.ppm", "P6 1 1 255\nabc");
        m_folder.write("alone/only/b.ppm", "P6 1 1 255\nabd");
        linkPictures(m_folder, "single", 0, 4);
        m_folder.write("single/fox/a.ppm", "P6 1 1 255\nabc");
        m_folder.write("text.whisker", "no database");
        std::string newer = fileBytes(m_folder / "project/project.whisker");
        newer.replace(60, 4, std::string("\0\0\0\x63", 4)); // user_version, https://www.sqlite.org/fileformat.html, section 1.3
        m_folder.write("newer/project.whisker", newer);
        const std::string model = fileBytes(m_folder / "model.safetensors");
        m_folder.write("half.safetensors", model.substr(0, model.size() / 2));
    }

    void whatCantBeUsedIsRefusedInOneSentence_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QString>("says");
        const auto row = [](const char *name, const QStringList &arguments, const char *says) { QTest::newRow(name) << arguments << says; };
        const QString out = "new.safetensors";
        row("train without pictures", {"train", "none", "--out", out}, "none holds no pictures: choose");
        row("import without pictures", {"import", "new-project", "none"}, "none holds no pictures: choose");
        row("evaluate without pictures", {"evaluate", "model.safetensors", "none"}, "none holds no pictures: choose");
        row("predict without files", {"predict", "model.safetensors", "none"}, "none holds no files: name pictures");
        row("one class", {"train", "alone", "--out", out}, "one class only (only): add a second class");
        row("a class with one picture", {"train", "single", "--out", out}, "too few pictures of fox");
        row("list no database", {"list", "text.whisker"}, "text.whisker is not a Whisker project: choose another file.");
        row("import into no database", {"import", "text.whisker", "pets"}, "text.whisker is not a Whisker project: choose another file.");
        row("train on no database", {"train", "text.whisker", "--out", out}, "text.whisker is not a Whisker project: choose another file.");
        row("list a newer project", {"list", "newer"}, "made by a newer Whisker: update this one");
        row("import into a newer project", {"import", "newer", "pets"}, "made by a newer Whisker: update this one");
        row("train on a newer project", {"train", "newer", "--out", out}, "made by a newer Whisker: update this one");
        row("predict with half a model", {"predict", "half.safetensors", "pets"}, "half.safetensors is not a whole safetensors file");
        row("evaluate half a model", {"evaluate", "half.safetensors", "pets"}, "half.safetensors is not a whole safetensors file");
        row("bench half a model", {"bench", "half.safetensors"}, "half.safetensors is not a whole safetensors file");
        row("no GPU", {"train", "pets", "--out", out, "--device", "cuda:0", "--mode", "scratch"}, "cuda:0 can't be used");
        row("output is a folder", {"train", "pets", "--out", "pets"}, "pets is a folder: name a file");
        row("run folder is a file", {"train", "pets", "--out", out, "--run", "text.whisker"}, "text.whisker can't be made: a file is where a folder should be");
        row("import of nothing", {"import", "new-project", "nowhere"}, "nowhere can't be imported: it isn't there");
        row("resume of nothing", {"train", "pets", "--out", out, "--mode", "scratch", "--run", "no-run", "--resume"}, "no-run");
    }
    void whatCantBeUsedIsRefusedInOneSentence()
    {
        QFETCH(QStringList, arguments);
        QFETCH(QString, says);
        const Answer answer = run(arguments + QStringList{"--json"});
        QVERIFY2(answer.code == 1, answer.messages);
        QVERIFY2(answer.messages.contains(says.toUtf8()), answer.messages);
        QCOMPARE(answer.messages.count("whisker-cli: "), 1);
        QVERIFY2(answer.output.isEmpty(), answer.output);
        QVERIFY(!std::filesystem::exists(m_folder / "new.safetensors"));
        QCOMPARE(fileBytes(m_folder / "text.whisker"), "no database");
        QVERIFY(!std::filesystem::exists(m_folder / "new-project"));
    }

    void badPicturesAreNamedAndStopNothing()
    {
        std::filesystem::copy(m_folder / "pets", m_folder / "mixed", std::filesystem::copy_options::recursive | std::filesystem::copy_options::copy_symlinks);
        m_folder.write("mixed/cat/empty.jpg", "");
        m_folder.write("mixed/cat/text.jpg", "these are notes");
        m_folder.write("mixed/cat/list.jpg", "<?xml version=\"1.0\"?><VRTDataset><SRC>/vsicurl/http://127.0.0.1:9/a</SRC></VRTDataset>");
        m_folder.write("mixed/cat/list.xml", "<?xml version=\"1.0\"?><a href=\"http://127.0.0.1:9/a\"/>");
        m_folder.write("mixed/cat/drawing.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"><image href=\"http://127.0.0.1:9/a\"/></svg>");
        m_folder.write("mixed/cat/cut.jpg", firstCat(m_folder).substr(0, 3000));
        std::filesystem::create_symlink(m_folder / "gone.jpg", m_folder / "mixed/cat/link.jpg");
        const QStringList bad = {"empty.jpg", "text.jpg", "list.jpg", "list.xml", "drawing.svg", "cut.jpg", "link.jpg"};

        const Answer imported = run({"import", "mixed-project", "mixed", "--json"});
        QVERIFY2(imported.code == 0, imported.messages);
        QCOMPARE(imported.value()["added"].get<int>(), 20);
        const Answer trained = run({"train", "mixed", "--out", "mixed.safetensors", "--json"});
        QVERIFY2(trained.code == 0, trained.messages);
        QCOMPARE(trained.value()["images"].get<int>(), 20);
        const Answer measured = run({"evaluate", "model.safetensors", "mixed", "--split", "all", "--json"});
        QCOMPARE(measured.value()["images"].get<int>(), 20);
        const Answer predicted = run({"predict", "model.safetensors", "mixed", "--json"});
        QCOMPARE(predicted.code, 0);
        for (const QString &name : bad) {
            const std::string file = name.toStdString();
            for (const Answer *answer : {&imported, &trained, &measured}) {
                const auto lines = answer->messages.split('\n');
                const auto about = [&](const QByteArray &line) { return line.startsWith("skipped") && line.contains(("/" + file).c_str()); };
                QVERIFY2(std::ranges::count_if(lines, about) == 1, answer->messages);
                QVERIFY2(lines.size() < 20, answer->messages); // no chatter of decoders
            }
            QVERIFY2(!rowOf(imported.value()["skipped"], file)["reason"].get<std::string>().empty(), file.c_str());
            const json row = rowOf(predicted.value(), file);
            QVERIFY2(row.contains("error") && row["error"].get<std::string>().find(file) != std::string::npos, row.dump().c_str());
        }
        QVERIFY2(rowOf(predicted.value(), "cut.jpg")["error"].get<std::string>().find("remature end") != std::string::npos, predicted.output);
    }

    void oddButReadablePicturesAreAnswered()
    {
        const std::string cat = firstCat(m_folder);
        const std::vector<std::string> names = {"with  spaces.jpg", "Ünï çödé.jpg", "猫の写真.jpg", "🐈😀.jpg", "cut late.jpg", "png.jpg", "one.ppm", "wide.ppm", "tall.ppm"};
        for (std::size_t i = 0; i < 4; ++i)
            m_folder.write("odd/猫 é😀/" + names[i], cat + std::string(i, '\0')); // so that each is a picture of its own
        m_folder.write("odd/猫 é😀/cut late.jpg", cat.substr(0, cat.size() * 4 / 5));
        m_folder.write("odd/猫 é😀/png.jpg", onePixelPng());
        m_folder.write("odd/b/one.ppm", "P6 1 1 255\nabc");
        m_folder.write("odd/b/wide.ppm", std::string("P5 30000 20 255\n").append(600'000, 'a'));
        m_folder.write("odd/b/tall.ppm", std::string("P5 20 30000 255\n").append(600'000, 'b'));
        const Answer predicted = run({"predict", "model.safetensors", "odd", "--json"});
        QVERIFY2(predicted.code == 0, predicted.messages);
        for (const auto &name : names)
            QVERIFY2(rowOf(predicted.value(), name).contains("class"), name.c_str());
        QVERIFY2(predicted.messages.contains("cut late.jpg is damaged: "), predicted.messages);
        QCOMPARE(predicted.messages.count("is damaged"), 1);
        QVERIFY2(run({"import", "odd-project", "odd"}).code == 0, "import");
        const json listed = run({"list", "odd-project", "--json"}).value();
        QCOMPARE(listed.size(), names.size());
        QCOMPARE(rowOf(listed, "猫の写真.jpg")["label"].get<std::string>(), "猫 é😀");
        const Answer trained = run({"train", "odd", "--out", "odd.safetensors", "--json"});
        QVERIFY2(trained.code == 0, trained.messages);
    }

    void permissionsThatLackAreSaid()
    {
        const Circumstances ordinary = {.permissionsCount = true};
        std::filesystem::copy(m_folder / "single", m_folder / "locked", std::filesystem::copy_options::recursive | std::filesystem::copy_options::copy_symlinks);
        m_folder.write("locked/cat/secret.ppm", "P6 1 1 255\nabc");
        std::filesystem::permissions(m_folder / "locked/cat/secret.ppm", std::filesystem::perms::none);
        std::filesystem::permissions(m_folder / "locked/fox", std::filesystem::perms::none);
        const Answer predicted = run({"predict", "model.safetensors", "locked", "--json"}, ordinary);
        const Answer alone = run({"predict", "model.safetensors", "locked/fox", "--json"}, ordinary);
        const Answer trained = run({"train", "locked", "--out", "l.safetensors"}, ordinary);
        const Answer imported = run({"import", "locked-project", "locked/fox"}, ordinary);
        std::filesystem::permissions(m_folder / "locked/fox", std::filesystem::perms::owner_all);
        QCOMPARE(predicted.code, 0);
        for (const char *name : {"locked/fox", "secret.ppm"}) {
            const json row = rowOf(predicted.value(), name);
            QVERIFY2(row.contains("error") && row["error"].get<std::string>().find("permission denied") != std::string::npos, predicted.output);
        }
        QCOMPARE(alone.code, 1);
        QVERIFY2(alone.output.contains("permission denied"), alone.output);
        QCOMPARE(trained.code, 0);
        QCOMPARE(trained.messages.count("ermission denied"), 2);
        QCOMPARE(imported.code, 1);
        QVERIFY2(imported.messages.contains("locked/fox can't be imported"), imported.messages);
    }

    void aReadOnlyProjectIsReadAndNotChanged()
    {
        const Circumstances ordinary = {.permissionsCount = true};
        std::filesystem::create_directory(m_folder / "read-only");
        std::filesystem::copy(m_folder / "project/project.whisker", m_folder / "read-only/project.whisker");
        std::filesystem::permissions(m_folder / "read-only", std::filesystem::perms(0555));
        const Answer listed = run({"list", "read-only", "--json"}, ordinary);
        const Answer imported = run({"import", "read-only", "alone"}, ordinary);
        const Answer trained = run({"train", "read-only", "--out", "r.safetensors"}, ordinary);
        const Answer elsewhere = run({"train", "read-only", "--out", "r.safetensors", "--run", "r-run"}, ordinary);
        const Answer output = run({"train", "pets", "--out", "read-only/m.safetensors"}, ordinary);
        const Answer table = run({"predict", "model.safetensors", "pets", "--csv", "read-only/a.csv"}, ordinary);
        std::filesystem::permissions(m_folder / "read-only", std::filesystem::perms(0755));
        QCOMPARE(listed.code, 0);
        QCOMPARE(listed.value().size(), 20u);
        QVERIFY2(imported.code == 1 && imported.messages.contains("read-only"), imported.messages);
        QVERIFY2(trained.code == 1 && trained.messages.contains("permission denied"), trained.messages);
        QVERIFY2(elsewhere.code == 0, elsewhere.messages);
        QVERIFY2(output.code == 1 && output.messages.contains("read-only can't be written to: permission denied"), output.messages);
        QVERIFY2(!output.messages.contains("Reading"), output.messages); // before any work
        QVERIFY2(table.code == 1 && table.messages.contains("a.csv can't be written: permission denied"), table.messages);
        QCOMPARE(entriesIn(m_folder / "read-only"), 1u);
    }

    void aFullDiskIsSaidAndLeavesNoHalfFile()
    {
        const Circumstances full = {.largestFile = 30'000};
        std::filesystem::create_directory(m_folder / "full");
        m_folder.write("full/m.safetensors", "an older model");
        const Answer trained = run({"train", "pets", "--out", "full/m.safetensors", "--run", "full-run"}, full);
        QVERIFY2(trained.code == 1 && trained.messages.contains("can't be written"), trained.messages);
        QCOMPARE(trained.messages.count("whisker-cli: "), 1);
        QCOMPARE(fileBytes(m_folder / "full/m.safetensors"), "an older model");
        QCOMPARE(entriesIn(m_folder / "full"), 1u);
        QVERIFY(!std::filesystem::exists(m_folder / "full-run/model.safetensors"));
        const Answer imported = run({"import", "full/project", "pets"}, full);
        QVERIFY2(imported.code == 1 && imported.messages.contains("the disk is full"), imported.messages);
        QCOMPARE(entriesIn(m_folder / "full/project"), 0u);
    }

    void anOutputThatDoesNotArriveIsNoSuccess_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::newRow("list") << QStringList{"list", "project"};
        QTest::newRow("list as JSON") << QStringList{"list", "project", "--json"};
        QTest::newRow("predict") << QStringList{"predict", "model.safetensors", "pets"};
        QTest::newRow("evaluate") << QStringList{"evaluate", "model.safetensors", "pets"};
    }
    void anOutputThatDoesNotArriveIsNoSuccess()
    {
        QFETCH(QStringList, arguments);
        const Answer answer = run(arguments, {.outputFile = "/dev/full"});
        QCOMPARE(answer.code, 1);
        QVERIFY2(answer.messages.contains("The output can't be written"), answer.messages);
        QCOMPARE(answer.messages.count("whisker-cli: "), 1);
    }

    void missingWeightsAreNamedWithWhatToRun()
    {
        const Answer answer = run({"train", "pets", "--out", "new.safetensors", "--json"}, {.resources = m_folder / "none"});
        QCOMPARE(answer.code, 1);
        QVERIFY2(answer.messages.contains("lite0.safetensors are missing: run packaging/setup.sh"), answer.messages);
        QVERIFY(answer.output.isEmpty());
        QVERIFY(!std::filesystem::exists(m_folder / "new.safetensors"));
        QCOMPARE(run({"predict", "model.safetensors", "pets"}, {.resources = m_folder / "none"}).code, 0); // a model has its own
    }
};

QTEST_GUILESS_MAIN(BadInputTest)
#include "bad_input_test.moc"
