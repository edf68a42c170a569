#include "tests/ui/drawn_pictures.h"

#include <QTest>
#include <QThread>

using namespace whisker;
using namespace whisker::test;

/// Pictures that come into the session's project.
class SessionImportTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void importGivesPicturesClassesAndOneReportInTheGuiThread();
    void aFileThatIsNoPictureIsListedAndStopsNothing();
    void cancelEndsTheImportAndKeepsWhatIsIn();
    void labelsWhileAnImportGoesOn();
    void anImportThatWaitsComesAfterTheOther();
    void aFailedPreparationIsSaidAndEndsTheImport();
    void openingAnotherProjectStopsTheImport();
    void destructionWhileImportingEndsTheImport();
};

void SessionImportTest::importGivesPicturesClassesAndOneReportInTheGuiThread()
{
    const TestFolder root;
    const auto cat = drawPictures(root, "cat", 4), dog = drawPictures(root, "dog", 3);
    ProjectSession session;
    QVERIFY(openWith(session, root, {}));
    QSignalSpy finished(&session, &ProjectSession::importFinished);
    QSignalSpy added(&session, &ProjectSession::imagesAdded);
    bool elsewhere = false;
    connect(&session, &ProjectSession::importProgressed, &session, [&] { elsewhere = elsewhere || QThread::currentThread() != qApp->thread(); },
            Qt::DirectConnection);
    session.importPaths({cat, dog});
    QVERIFY(session.isImporting());
    QVERIFY(finished.wait());
    QVERIFY(!session.isImporting());
    QVERIFY(!elsewhere);
    QVERIFY(!added.isEmpty());
    QCOMPARE(session.state().images.size(), 7u);
    QCOMPARE(session.classNames(), QStringList({QStringLiteral("cat"), QStringLiteral("dog")}));
    QCOMPARE(finished.count(), 1);
}

void SessionImportTest::aFileThatIsNoPictureIsListedAndStopsNothing()
{
    const TestFolder root;
    const auto cat = drawPictures(root, "cat", 2);
    root.write("cat/text.jpg", "Not a picture at all.");
    ProjectSession session;
    QVERIFY(openWith(session, root, {cat, drawPictures(root, "dog", 2)}));
    QCOMPARE(session.state().images.size(), 4u);
    QCOMPARE(session.state().skipped.size(), 1u);
    QVERIFY(!session.state().skipped[0].reason.empty());
}

void SessionImportTest::cancelEndsTheImportAndKeepsWhatIsIn()
{
    const TestFolder root;
    const auto cat = manyPictures(root, "cat", 3000);
    ProjectSession session;
    QVERIFY(openWith(session, root, {}));
    QSignalSpy finished(&session, &ProjectSession::importFinished);
    connect(&session, &ProjectSession::importStarted, &session, &ProjectSession::cancelImport);
    session.importPaths({cat});
    QVERIFY(finished.wait());
    QVERIFY(finished[0][0].value<ImportReport>().cancelled);
    QVERIFY(session.state().images.size() < 3000);
    QVERIFY(!session.isImporting());
}

void SessionImportTest::labelsWhileAnImportGoesOn()
{
    const TestFolder root;
    ProjectSession session;
    QVERIFY(openWith(session, root, {drawPictures(root, "cat", 3)}));
    const auto id = idsOf(session)[0];
    QSignalSpy finished(&session, &ProjectSession::importFinished);
    session.importPaths({manyPictures(root, "dog", 2000)});
    session.setLabel({id}, QStringLiteral("owl"));
    QVERIFY(!session.canUndo());
    QVERIFY(finished.wait());
    QTRY_VERIFY(session.image(id)->label && fromUtf8(session.classRecord(*session.image(id)->label)->name) == QStringLiteral("owl"));
    QTRY_COMPARE(session.state().images.size(), 2003u);
}

void SessionImportTest::anImportThatWaitsComesAfterTheOther()
{
    const TestFolder root;
    const auto cat = drawPictures(root, "cat", 5), dog = drawPictures(root, "dog", 5);
    ProjectSession session;
    QVERIFY(openWith(session, root, {}));
    QSignalSpy finished(&session, &ProjectSession::importFinished);
    session.importPaths({cat});
    session.importPaths({dog});
    QTRY_COMPARE(finished.count(), 2);
    QCOMPARE(session.state().images.size(), 10u);
}

void SessionImportTest::aFailedPreparationIsSaidAndEndsTheImport()
{
    const TestFolder root;
    ProjectSession session;
    QVERIFY(openWith(session, root, {}));
    QSignalSpy finished(&session, &ProjectSession::importFinished);
    QSignalSpy failures(&session, &ProjectSession::failed);
    session.importPaths({drawPictures(root, "cat", 2)},
                        [](std::stop_token) -> Result<void> { return fail(ErrorCode::NoSpace, "The disk is full."); });
    QVERIFY(finished.wait());
    QCOMPARE(failures.count(), 1);
    QCOMPARE(failures[0][0].toString(), QStringLiteral("The disk is full."));
    QVERIFY(session.state().images.empty());
}

void SessionImportTest::openingAnotherProjectStopsTheImport()
{
    const TestFolder root;
    ProjectSession session;
    QVERIFY(openWith(session, root, {}));
    QSignalSpy opened(&session, &ProjectSession::opened);
    session.importPaths({manyPictures(root, "cat", 3000)});
    session.create(root / "second");
    QVERIFY(opened.wait());
    QVERIFY(!session.isImporting());
    QCOMPARE(session.name(), QStringLiteral("second"));
    bool answered = false;
    session.requestSnapshot(this, [&](const auto &) { answered = true; });
    QTRY_VERIFY(answered);
    QVERIFY(session.state().images.empty());
}

void SessionImportTest::destructionWhileImportingEndsTheImport()
{
    const TestFolder root;
    const auto cat = manyPictures(root, "cat", 3000);
    {
        ProjectSession session;
        QVERIFY(openWith(session, root, {}));
        session.importPaths({cat});
    }
    ProjectSession again;
    QSignalSpy opened(&again, &ProjectSession::opened);
    again.open(root / "project");
    QVERIFY(opened.wait());
    QVERIFY2(again.state().images.size() < 3000, qPrintable(QString::number(again.state().images.size())));
}

QTEST_MAIN(SessionImportTest)
#include "session_import_test.moc"
