#include "engine/base/result.h"

#include <QTest>

#include <cerrno>

using namespace whisker;

class ResultTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aSystemErrorHasACodeAndASentenceWithTheFile_data();
    void aSystemErrorHasACodeAndASentenceWithTheFile();
    void failKeepsItsParts();
    void aFileNameThatIsNoUtf8IsStillNamed();
};

void ResultTest::aSystemErrorHasACodeAndASentenceWithTheFile_data()
{
    QTest::addColumn<int>("errnoValue");
    QTest::addColumn<ErrorCode>("code");
    QTest::addColumn<std::string>("part");
    const auto row = [](const char *name, int value, ErrorCode code, const std::string &part) { QTest::newRow(name) << value << code << part; };
    row("ENOENT", ENOENT, ErrorCode::NotFound, "it isn't there");
    row("ENOTDIR", ENOTDIR, ErrorCode::NotFound, "a file is where a folder should be");
    row("ENOSPC", ENOSPC, ErrorCode::NoSpace, "the disk is full. Free some space");
    row("EDQUOT", EDQUOT, ErrorCode::NoSpace, "the disk is full. Free some space");
    row("EFBIG", EFBIG, ErrorCode::NoSpace, "larger than");
    row("EROFS", EROFS, ErrorCode::PermissionDenied, "read-only");
    row("EACCES", EACCES, ErrorCode::PermissionDenied, "permission denied");
    row("EPERM", EPERM, ErrorCode::PermissionDenied, "permission denied");
    row("EIO", EIO, ErrorCode::Unreadable, "the disk reports an error");
    row("EMFILE", EMFILE, ErrorCode::Unreadable, "too many open files");
}

void ResultTest::aSystemErrorHasACodeAndASentenceWithTheFile()
{
    QFETCH(int, errnoValue);
    QFETCH(ErrorCode, code);
    QFETCH(std::string, part);
    const Error error = systemError(errnoValue, "can't be written", "folder/cat.jpg");
    QCOMPARE(error.code, code);
    QCOMPARE(error.file, std::filesystem::path("folder/cat.jpg"));
    QVERIFY2(error.message.starts_with("folder/cat.jpg can't be written: "), error.message.c_str());
    QVERIFY2(error.message.find(part) != std::string::npos, error.message.c_str());
    QVERIFY(error.message.ends_with("."));
}

void ResultTest::failKeepsItsParts()
{
    const Result<int> result = fail(ErrorCode::Cancelled, "It was stopped.", "run");
    QVERIFY(!result);
    QCOMPARE(result.error().code, ErrorCode::Cancelled);
    QCOMPARE(result.error().message, "It was stopped.");
    QCOMPARE(result.error().file, std::filesystem::path("run"));
}

void ResultTest::aFileNameThatIsNoUtf8IsStillNamed()
{
    const Error error = systemError(ENOENT, "can't be read", "caf\xE9.jpg");
    QVERIFY2(error.message.starts_with("caf\xEF\xBF\xBD.jpg can't be read"), error.message.c_str());
    QCOMPARE(error.file, std::filesystem::path("caf\xE9.jpg"));
}

QTEST_GUILESS_MAIN(ResultTest)
#include "result_test.moc"
