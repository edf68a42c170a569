#include "engine/base/atomic_file.h"

#include "tests/support/test_folder.h"

#include <QTest>

#include <csignal>
#include <functional>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace whisker;
using namespace whisker::test;

namespace {

std::size_t entriesIn(const std::filesystem::path &folder)
{
    const auto entries = std::filesystem::directory_iterator(folder);
    return static_cast<std::size_t>(std::distance(begin(entries), end(entries)));
}

/// Runs `check` in a child process, whose limits and user may be changed; true where it returned true.
bool inChild(const std::function<bool()> &check)
{
    const pid_t child = ::fork();
    if (child == 0)
        ::_exit(check() ? 0 : 1);
    int status = -1;
    return ::waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

bool becomeNobody()
{
    return ::geteuid() != 0 || ::setuid(65534) == 0; // permissions don't bind root
}

} // namespace

class AtomicFileTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void whatWasWrittenIsThereAfterTheCommit();
    void beforeTheCommitTheOldFileStands();
    void withoutACommitNothingIsLeft();
    void aMovedFileIsCommittedOnce();
    void aNewFileHasTheUsualMode();
    void aFullDiskKeepsTheOldFile();
    void aReadOnlyFolderIsSaid();
    void belowAFileThereIsNoFolder();
    void anEmptyFileCanBeWritten();
    void aFileIsReadWhole();
    void whatIsNoFileIsNotRead();
    void aFileOverTheLimitIsNotRead();
    void aFileWithoutPermissionIsNotRead();
};

void AtomicFileTest::whatWasWrittenIsThereAfterTheCommit()
{
    const TestFolder folder;
    auto file = AtomicFile::create(folder / "a.txt");
    QVERIFY2(file, errorText(file));
    QVERIFY(file->write("one "));
    QVERIFY(file->write("two"));
    QVERIFY(file->commit());
    QCOMPARE(fileBytes(folder / "a.txt"), "one two");
    QCOMPARE(entriesIn(folder.path()), 1u);
}

void AtomicFileTest::beforeTheCommitTheOldFileStands()
{
    const TestFolder folder;
    const auto target = folder.write("a.txt", "old");
    auto file = AtomicFile::create(target);
    QVERIFY2(file, errorText(file));
    QVERIFY(file->write("new"));
    QCOMPARE(fileBytes(target), "old");
    QVERIFY(file->commit());
    QCOMPARE(fileBytes(target), "new");
}

void AtomicFileTest::withoutACommitNothingIsLeft()
{
    const TestFolder folder;
    {
        auto file = AtomicFile::create(folder / "a.txt");
        QVERIFY2(file, errorText(file));
        QVERIFY(file->write("lost"));
    }
    QCOMPARE(entriesIn(folder.path()), 0u);
}

void AtomicFileTest::aMovedFileIsCommittedOnce()
{
    const TestFolder folder;
    auto file = AtomicFile::create(folder / "a.txt");
    QVERIFY2(file, errorText(file));
    {
        AtomicFile moved = std::move(*file);
        QVERIFY(moved.write("kept"));
        QVERIFY(moved.commit());
    }
    QCOMPARE(fileBytes(folder / "a.txt"), "kept");
}

void AtomicFileTest::aNewFileHasTheUsualMode()
{
    const TestFolder folder;
    const mode_t before = ::umask(027);
    QVERIFY(writeFileAtomically(folder / "a.txt", "x"));
    QCOMPARE(::umask(before), mode_t(027)); // left as it was
    struct stat status {};
    QCOMPARE(::stat((folder / "a.txt").c_str(), &status), 0);
    QCOMPARE(status.st_mode & 0777, mode_t(0640));
}

void AtomicFileTest::aFullDiskKeepsTheOldFile()
{
    const TestFolder folder;
    const auto target = folder.write("a.txt", "old");
    // A limit on the size of files fails in the middle of writing, like a disk that fills up.
    QVERIFY(inChild([&] {
        std::signal(SIGXFSZ, SIG_IGN);
        const rlimit limit{1000, 1000};
        ::setrlimit(RLIMIT_FSIZE, &limit);
        const auto written = writeFileAtomically(target, std::string(5000, 'x'));
        return !written && written.error().code == ErrorCode::NoSpace && written.error().file == target;
    }));
    QCOMPARE(fileBytes(target), "old");
    QCOMPARE(entriesIn(folder.path()), 1u);
}

void AtomicFileTest::aReadOnlyFolderIsSaid()
{
    const TestFolder folder;
    std::filesystem::permissions(folder.path(), std::filesystem::perms(0555));
    QVERIFY(inChild([&] {
        const auto written = becomeNobody() ? writeFileAtomically(folder / "a.txt", "x") : Result<void>();
        return !written && written.error().code == ErrorCode::PermissionDenied && written.error().file == folder / "a.txt";
    }));
    std::filesystem::permissions(folder.path(), std::filesystem::perms(0755));
    QCOMPARE(entriesIn(folder.path()), 0u);
}

void AtomicFileTest::belowAFileThereIsNoFolder()
{
    const TestFolder folder;
    const auto file = folder.write("a.txt", "x");
    QCOMPARE(writeFileAtomically(file / "b.txt", "y").error().code, ErrorCode::NotFound);
    QCOMPARE(writeFileAtomically(folder / "none" / "b.txt", "y").error().code, ErrorCode::NotFound);
    QCOMPARE(readFile(file / "b.txt").error().code, ErrorCode::NotFound);
}

void AtomicFileTest::anEmptyFileCanBeWritten()
{
    const TestFolder folder;
    QVERIFY(writeFileAtomically(folder / "a.txt", ""));
    const auto read = readFile(folder / "a.txt");
    QVERIFY2(read, errorText(read));
    QCOMPARE(read->size(), 0u);
}

void AtomicFileTest::aFileIsReadWhole()
{
    const TestFolder folder;
    std::string bytes(300'000, 'a');
    bytes[1] = '\0';
    const auto read = readFile(folder.write("a.bin", bytes));
    QVERIFY2(read, errorText(read));
    QCOMPARE(std::string(reinterpret_cast<const char *>(read->data()), read->size()), bytes);
}

void AtomicFileTest::whatIsNoFileIsNotRead()
{
    const TestFolder folder;
    QCOMPARE(::mkfifo((folder / "pipe").c_str(), 0600), 0);
    QCOMPARE(readFile(folder.path()).error().code, ErrorCode::Unreadable);
    QCOMPARE(readFile(folder / "pipe").error().code, ErrorCode::Unreadable); // and does not wait for a writer
    QCOMPARE(readFile(folder / "none").error().code, ErrorCode::NotFound);
}

void AtomicFileTest::aFileOverTheLimitIsNotRead()
{
    const TestFolder folder;
    const auto file = folder.write("a.bin", std::string(2 << 20, 'a'));
    QVERIFY(readFile(file, 2 << 20));
    const auto read = readFile(file, 1 << 20);
    QVERIFY(!read);
    QCOMPARE(read.error().code, ErrorCode::Unreadable);
    QVERIFY2(read.error().message.find("larger than 1 MiB") != std::string::npos, errorText(read));
}

void AtomicFileTest::aFileWithoutPermissionIsNotRead()
{
    const TestFolder folder;
    const auto file = folder.write("secret", "x");
    std::filesystem::permissions(file, std::filesystem::perms::none);
    std::filesystem::permissions(folder.path(), std::filesystem::perms(0755));
    QVERIFY(inChild([&] {
        const auto read = becomeNobody() ? readFile(file) : Result<std::vector<std::byte>>();
        return !read && read.error().code == ErrorCode::PermissionDenied;
    }));
}

QTEST_GUILESS_MAIN(AtomicFileTest)
#include "atomic_file_test.moc"
