#include "engine/data/project.h"
#include "tests/app/cli_runner.h"

#include <QTest>

using namespace whisker;
using namespace whisker::test;

/// The commands that bring a project's files in and out.
class CliDataTest : public QObject {
    Q_OBJECT
    TestFolder m_folder;

    Answer run(const QStringList &arguments) { return runCli(m_folder, arguments); }

private Q_SLOTS:
    void initTestCase()
    {
        linkPictures(m_folder, "pets", 0, 4);
        const Answer imported = run({"import", "project", "pets"});
        QVERIFY2(imported.code == 0, imported.messages);
    }

    void anImportThatIsInterruptedBeforeItsFirstPictureLeavesNoProjectBehind()
    {
        std::filesystem::create_directory(m_folder / "mine");
        const Answer answer = runCli(m_folder, {"import", "mine/deep/project", "pets"}, {.interrupted = true});
        QCOMPARE(answer.code, 130);
        QVERIFY2(answer.messages.contains("no project was made"), answer.messages);
        QVERIFY(answer.output.isEmpty());
        QVERIFY(std::filesystem::is_empty(m_folder / "mine"));

        const Answer again = runCli(m_folder, {"import", "project", "pets"}, {.interrupted = true}); // one that was there stays
        QCOMPARE(again.code, 130);
        QCOMPARE(run({"list", "project", "--json"}).value().size(), 8u);
    }

    void listSaysWhereNoCsvCanBeWritten()
    {
        const Answer answer = run({"list", "project", "--csv", "nowhere/labels.csv"});
        QCOMPARE(answer.code, 1);
        QVERIFY2(answer.messages.contains("labels.csv"), answer.messages);
    }

    void exportDataLaysClassFoldersOut()
    {
        const Answer answer = run({"export-data", "project", "out"});
        QVERIFY2(answer.code == 0, answer.messages);
        for (const char *name : {"out/cat", "out/dog"})
            QCOMPARE(std::distance(std::filesystem::directory_iterator(m_folder / name), {}), 4);
        const Answer linked = run({"export-data", "project", "links", "--links", "--splits"});
        QVERIFY2(linked.code == 0, linked.messages);
        QVERIFY(std::filesystem::exists(m_folder / "links/train/cat"));
    }

    void exportDataOverwritesNothing()
    {
        m_folder.write("taken/mine.txt", "keep");
        const Answer answer = run({"export-data", "project", "taken"});
        QCOMPARE(answer.code, 1);
        QVERIFY2(answer.messages.contains("taken"), answer.messages);
        QCOMPARE(fileBytes(m_folder / "taken/mine.txt"), std::string("keep"));
    }

    void relinkFindsMovedAndRenamedFoldersAgain()
    {
        linkPictures(m_folder, "moving", 8, 3);
        QCOMPARE(run({"import", "movable", "moving"}).code, 0);
        std::filesystem::rename(m_folder / "moving", m_folder / "renamed");
        const Answer renamed = run({"relink", "movable", "--json"});
        QVERIFY2(renamed.code == 0, renamed.messages);
        QCOMPARE(renamed.value()["found"].get<int>(), 6);
        std::filesystem::create_directories(m_folder / "far/away");
        std::filesystem::rename(m_folder / "renamed/cat", m_folder / "far/away/felines");
        const Answer wrong = run({"relink", "movable", "pets", "--json"});
        QVERIFY2(wrong.code == 0, wrong.messages);
        QCOMPARE(wrong.value()["missing"].size(), 3u);
        const Answer moved = run({"relink", "movable", "far", "--json"});
        QCOMPARE(moved.value()["found"].get<int>(), 3);
        QVERIFY(moved.value()["missing"].empty());
    }

    void importIntoAProjectThatIsOpenElsewhereIsASentence()
    {
        const auto open = Project::open(m_folder / "project");
        QVERIFY(open);
        const Answer answer = run({"import", "project", "pets"});
        QCOMPARE(answer.code, 1);
        QVERIFY2(answer.messages.contains("open"), answer.messages);
        QCOMPARE(answer.messages.trimmed().count('\n'), 0);
        const Answer listed = run({"list", "project", "--json"}); // reading goes on
        QCOMPARE(listed.value().size(), 8u);
    }
};

QTEST_GUILESS_MAIN(CliDataTest)
#include "cli_data_test.moc"
