#include "tests/engine/data/pictures.h"

#include <QTest>

#include <csignal>
#include <sys/wait.h>
#include <unistd.h>

using namespace whisker;
using namespace whisker::test;

class ProjectLockTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void theSecondWindowIsToldAndCanRead()
    {
        const TestFolder folder;
        writePictures(folder, "cat", 2, 0);
        auto first = Project::create(folder / "project");
        QVERIFY(importAll(*first, {folder / "cat"}));
        const auto second = Project::open(folder / "project");
        QVERIFY(!second);
        QCOMPARE(second.error().code, ErrorCode::InUse);
        QVERIFY2(QString::fromStdString(second.error().message).contains("project.whisker is open in another window"), errorText(second));
        const auto reader = Project::open(folder / "project", {.access = ProjectAccess::ReadOnly});
        QVERIFY2(reader, errorText(reader));
        QVERIFY(reader->isReadOnly());
        QCOMPARE(reader->state()->images.size(), 2u);
        QVERIFY(first->addClass("dog"));
        QCOMPARE(reader->state()->classes.size(), 1u);
    }

    void aClosedProjectIsFreeAndLeavesNoFile()
    {
        const TestFolder folder;
        {
            const auto first = Project::create(folder.path());
            QVERIFY(std::filesystem::exists(folder / "project.whisker-lock"));
        }
        QVERIFY(!std::filesystem::exists(folder / "project.whisker-lock"));
        QVERIFY(Project::open(folder.path()));
    }

    void aLinkLeadsToTheSameLock()
    {
        const TestFolder folder;
        const auto first = Project::create(folder / "project");
        std::filesystem::create_symlink(folder / "project", folder / "link");
        std::filesystem::create_symlink(folder / "project/project.whisker", folder / "other.whisker");
        QCOMPARE(Project::open(folder / "link").error().code, ErrorCode::InUse);
        QCOMPARE(Project::open(folder / "other.whisker").error().code, ErrorCode::InUse);
    }

    void aKilledProgramLocksNothing()
    {
        const TestFolder folder;
        QVERIFY(Project::create(folder.path()));
        int ready[2];
        QCOMPARE(::pipe(ready), 0);
        const pid_t child = ::fork();
        if (child == 0) {
            const auto project = Project::open(folder.path());
            const char byte = project ? 'y' : 'n';
            if (::write(ready[1], &byte, 1) == 1)
                ::pause();
            ::_exit(0);
        }
        char byte = 0;
        QCOMPARE(::read(ready[0], &byte, 1), 1);
        QCOMPARE(byte, 'y');
        QCOMPARE(Project::open(folder.path()).error().code, ErrorCode::InUse);
        QCOMPARE(::kill(child, SIGKILL), 0);
        QCOMPARE(::waitpid(child, nullptr, 0), child);
        ::close(ready[0]);
        ::close(ready[1]);
        QVERIFY(std::filesystem::exists(folder / "project.whisker-lock"));
        const auto project = Project::open(folder.path());
        QVERIFY2(project, errorText(project));
        QVERIFY(!project->isReadOnly());
    }

    void whereNoLockFileCanBeTheProjectOpensAllTheSame()
    {
        const TestFolder folder;
        QVERIFY(Project::create(folder.path()));
        std::filesystem::create_directory(folder / "project.whisker-lock"); // as good as a disk without locks
        auto project = Project::open(folder.path());
        QVERIFY2(project, errorText(project));
        QVERIFY(project->addClass("cat"));
    }

    void aFileThatIsNoProjectGetsNoLock()
    {
        const TestFolder folder;
        folder.write("project.whisker", "a letter");
        QVERIFY(!Project::open(folder.path()));
        QVERIFY(!std::filesystem::exists(folder / "project.whisker-lock"));
    }
};

QTEST_GUILESS_MAIN(ProjectLockTest)
#include "project_lock_test.moc"
