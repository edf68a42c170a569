#include "tests/ui/drawn_pictures.h"

#include <QTest>

using namespace whisker;
using namespace whisker::test;

class ProjectSessionTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void opensANewProjectAndSaysWhereItIs();
    void aProjectThatWasLeftAndIsStillWorkedOnOpensWhenThatHasEnded();
    void aProjectThatIsNoDatabaseGivesASentenceAndLeavesTheOpenOneOpen();
    void labelsAndTakesThemBack();
    void aNameThatIsNewBecomesAClass();
    void aNameInOtherCaseIsTheClassThatIsThere();
    void snapshotHasAllLabelsThatWereGivenBefore();
    void snapshotWithoutAProjectIsAnError();
    void anAnswerForSomethingGoneIsDropped();
    void changesGivenBeforeTheEndAreKept();
    void aSecondWindowIsToldAndOpensForReading();
    void theOpenProjectOpensAgain();
    void goesThroughTheHistoryInOneStep();
    void dividesAnewAndLocksTheTestSet();
    void classesAreMergedOrderedAndGivenKeys();
    void anAccentTypedAloneMakesNoSecondClass();
    void filesThatWentAndCameBackAreSeen();
};

void ProjectSessionTest::opensANewProjectAndSaysWhereItIs()
{
    const TestFolder root;
    ProjectSession session;
    QVERIFY(!session.isOpen());
    QVERIFY(openWith(session, root, {}));
    QVERIFY(session.isOpen());
    QCOMPARE(session.name(), QStringLiteral("project"));
    QVERIFY(session.projectFile() == root / "project" / "project.whisker");
    QVERIFY(session.runsFolder() == root / "project" / "runs");
    QVERIFY(!session.canUndo());
}

void ProjectSessionTest::aProjectThatWasLeftAndIsStillWorkedOnOpensWhenThatHasEnded()
{
    const TestFolder root;
    ProjectSession session;
    QVERIFY(openWith(session, root, {}));
    auto work = session.project(); // as an export has it
    QSignalSpy opened(&session, &ProjectSession::opened), failed(&session, &ProjectSession::openFailed);
    session.create(root / "other");
    QVERIFY(opened.wait());
    session.open(root / "project");
    QVERIFY(!opened.wait(100));
    work.reset();
    QVERIFY(opened.wait());
    QCOMPARE(session.name(), QStringLiteral("project"));
    QVERIFY(failed.isEmpty());
}

void ProjectSessionTest::aProjectThatIsNoDatabaseGivesASentenceAndLeavesTheOpenOneOpen()
{
    const TestFolder root;
    ProjectSession session;
    QVERIFY(openWith(session, root, {drawPictures(root, "cat", 2)}));
    QSignalSpy refused(&session, &ProjectSession::openFailed);
    session.open(root.write("other.whisker", "This is a letter, no database. Dear aunt, thank you for the cake."));
    QVERIFY(refused.wait());
    QVERIFY(refused[0][0].toString().contains(QStringLiteral("other.whisker")));
    QCOMPARE(session.name(), QStringLiteral("project"));
    QCOMPARE(session.state().images.size(), 2u);
}

void ProjectSessionTest::labelsAndTakesThemBack()
{
    const TestFolder root;
    ProjectSession session;
    QVERIFY(openWith(session, root, {drawPictures(root, "cat", 3), drawPictures(root, "dog", 2)}));
    const auto ids = idsOf(session);
    const auto before = session.image(ids[0])->label;
    QSignalSpy changed(&session, &ProjectSession::imagesChanged);
    session.setLabel({ids[0], ids[1]}, session.classOfKey(2)->id);
    QVERIFY(changed.wait());
    QVERIFY(session.image(ids[0])->label == session.classOfKey(2)->id);
    QVERIFY(session.canUndo());
    QSignalSpy said(&session, &ProjectSession::changed);
    session.undo();
    QVERIFY(changed.wait());
    QVERIFY(session.image(ids[0])->label == before);
    QVERIFY(session.canRedo());
    QTRY_COMPARE(said.value(0).value(0).toString(), QStringLiteral("Undone: Labelled 2 pictures dog"));
    session.redo();
    QVERIFY(changed.wait());
    QTRY_COMPARE(said.value(1).value(0).toString(), QStringLiteral("Done again: Labelled 2 pictures dog"));
    QVERIFY(session.image(ids[1])->label == session.classOfKey(2)->id);
}

void ProjectSessionTest::aNameThatIsNewBecomesAClass()
{
    const TestFolder root;
    ProjectSession session;
    QVERIFY(openWith(session, root, {drawPictures(root, "cat", 2)}));
    QSignalSpy changed(&session, &ProjectSession::imagesChanged);
    session.setLabel({idsOf(session)[0]}, QStringLiteral(" red fox "));
    QVERIFY(changed.wait());
    const auto *label = session.classRecord(*session.image(idsOf(session)[0])->label);
    QVERIFY(label);
    QCOMPARE(fromUtf8(label->name), QStringLiteral("red fox"));
    QCOMPARE(session.colourOf(QStringLiteral("red fox")), label->colour);
    QCOMPARE(session.colourOf(QStringLiteral("wolf")), -1);
}

void ProjectSessionTest::aNameInOtherCaseIsTheClassThatIsThere()
{
    const TestFolder root;
    ProjectSession session;
    QVERIFY(openWith(session, root, {drawPictures(root, "cat", 2), drawPictures(root, "dog", 2)}));
    QSignalSpy changed(&session, &ProjectSession::imagesChanged);
    session.setLabel({idsOf(session)[0]}, QStringLiteral("DOG"));
    QVERIFY(changed.wait());
    QCOMPARE(session.state().classes.size(), 2u);
}

void ProjectSessionTest::snapshotHasAllLabelsThatWereGivenBefore()
{
    const TestFolder root;
    ProjectSession session;
    QVERIFY(openWith(session, root, {drawPictures(root, "cat", 4)}));
    std::shared_ptr<const Snapshot> snapshot;
    session.setLabel({idsOf(session)[0]}, QStringLiteral("fox"));
    session.requestSnapshot(this, [&](const auto &result) { snapshot = *result; });
    QTRY_VERIFY(snapshot);
    QVERIFY(std::ranges::find(snapshot->classes, "fox") != snapshot->classes.end());
}

void ProjectSessionTest::snapshotWithoutAProjectIsAnError()
{
    ProjectSession session;
    bool answered = false;
    session.requestSnapshot(this, [&](const auto &result) { answered = !result && result.error().code == ErrorCode::NotFound; });
    QTRY_VERIFY(answered);
}

void ProjectSessionTest::anAnswerForSomethingGoneIsDropped()
{
    const TestFolder root;
    ProjectSession session;
    QVERIFY(openWith(session, root, {drawPictures(root, "cat", 2)}));
    bool first = false, second = false;
    {
        QObject shortLived;
        session.requestSnapshot(&shortLived, [&](const auto &) { first = true; });
    }
    session.requestSnapshot(this, [&](const auto &) { second = true; });
    QTRY_VERIFY(second);
    QVERIFY(!first);
}

void ProjectSessionTest::changesGivenBeforeTheEndAreKept()
{
    const TestFolder root;
    {
        ProjectSession session;
        QVERIFY(openWith(session, root, {drawPictures(root, "cat", 2)}));
        session.addClass(QStringLiteral("owl"));
    }
    ProjectSession again;
    QSignalSpy opened(&again, &ProjectSession::opened);
    again.open(root / "project");
    QVERIFY(opened.wait());
    QVERIFY(again.classNames().contains(QStringLiteral("owl")));
}

void ProjectSessionTest::aSecondWindowIsToldAndOpensForReading()
{
    const TestFolder root;
    ProjectSession first, second;
    QVERIFY(openWith(first, root, {drawPictures(root, "cat", 2)}));
    QSignalSpy inUse(&second, &ProjectSession::inUse), opened(&second, &ProjectSession::opened), failed(&second, &ProjectSession::failed);
    second.open(root / "project");
    QVERIFY(inUse.wait());
    QVERIFY(inUse[0][1].toString().contains(QStringLiteral("another window")));
    QVERIFY(!second.isOpen());
    second.openForReading(inUse[0][0].value<std::filesystem::path>());
    QVERIFY(opened.wait());
    QVERIFY(second.isReadOnly());
    QCOMPARE(second.state().images.size(), 2u);
    second.addClass(QStringLiteral("owl"));
    QVERIFY(failed.wait());
}

void ProjectSessionTest::theOpenProjectOpensAgain()
{
    const TestFolder root;
    ProjectSession session;
    QVERIFY(openWith(session, root, {drawPictures(root, "cat", 2)}));
    QSignalSpy opened(&session, &ProjectSession::opened);
    session.open(root / "project" / "project.whisker");
    QVERIFY(opened.wait());
    QVERIFY(!session.isReadOnly());
    QCOMPARE(session.state().images.size(), 2u);
}

void ProjectSessionTest::goesThroughTheHistoryInOneStep()
{
    const TestFolder root;
    ProjectSession session;
    QVERIFY(openWith(session, root, {drawPictures(root, "cat", 3), drawPictures(root, "dog", 2)}));
    const auto before = session.state().images;
    session.setUnsure(idsOf(session), true);
    session.setGroup({idsOf(session)[0]}, QStringLiteral("Rex"));
    std::vector<HistoryEntry> history;
    session.requestHistory(&session, 10, [&](const auto &entries) { history = entries.value(); });
    QTRY_COMPARE(history.size(), 3u);
    QCOMPARE(fromUtf8(history[0].words), QStringLiteral("Put 1 picture into group Rex"));
    QVERIFY(session.image(idsOf(session)[0])->group);
    session.undoTo(history[2].id);
    QTRY_VERIFY(session.state().images == before);
    session.redoTo(history[0].id);
    QTRY_VERIFY(session.image(idsOf(session)[0])->group && session.image(idsOf(session)[4])->unsure);
}

void ProjectSessionTest::dividesAnewAndLocksTheTestSet()
{
    const TestFolder root;
    ProjectSession session;
    QVERIFY(openWith(session, root, {drawPictures(root, "cat", 8), drawPictures(root, "dog", 8)}));
    QSignalSpy settings(&session, &ProjectSession::settingsChanged), words(&session, &ProjectSession::changed), failed(&session, &ProjectSession::failed);
    session.assignSplits({0.5, 0.25, 0.25}, 3);
    QVERIFY(words.wait());
    QCOMPARE(words[0][0].toString(), QStringLiteral("Divided 16 pictures: 8 train, 4 validation, 4 test"));
    QVERIFY(session.rules().seed == 3u);
    session.setTestLocked(true);
    QTRY_VERIFY(session.rules().testLocked);
    QCOMPARE(settings.size(), 2);
    session.setSplit(idsOf(session), Split::Train);
    QVERIFY(failed.wait());
    QVERIFY(failed[0][0].toString().contains(QStringLiteral("locked")));
}

void ProjectSessionTest::classesAreMergedOrderedAndGivenKeys()
{
    const TestFolder root;
    ProjectSession session;
    QVERIFY(openWith(session, root, {drawPictures(root, "cat", 2), drawPictures(root, "dog", 2), drawPictures(root, "fox", 2)}));
    session.setClassKey(session.classOfKey(3)->id, QStringLiteral("F"));
    QTRY_VERIFY(session.classOfKey(QStringLiteral("f")));
    QVERIFY(!session.classOfKey(3) && !session.classOfKey(QString()));
    session.moveClass(session.classOfKey(QStringLiteral("F"))->id, 0);
    session.recolourClass(session.classOfKey(1)->id, 9);
    QTRY_COMPARE(session.colourOf(QStringLiteral("cat")), 9);
    QCOMPARE(session.classNames(), (QStringList{QStringLiteral("fox"), QStringLiteral("cat"), QStringLiteral("dog")}));
    session.mergeClasses(session.classOfKey(2)->id, session.classOfKey(1)->id);
    session.removeImages({idsOf(session)[0]});
    QTRY_COMPARE(session.state().images.size(), 5u);
    QCOMPARE(session.classNames(), (QStringList{QStringLiteral("fox"), QStringLiteral("cat")}));
}

void ProjectSessionTest::anAccentTypedAloneMakesNoSecondClass()
{
    const TestFolder root;
    ProjectSession session;
    QVERIFY(openWith(session, root, {}));
    QSignalSpy failed(&session, &ProjectSession::failed);
    session.addClass(QStringLiteral("\u00e9pagneul"));
    session.addClass(QStringLiteral("e\u0301pagneul"));
    QVERIFY(failed.wait());
    QCOMPARE(session.classNames().size(), 1);
}

void ProjectSessionTest::filesThatWentAndCameBackAreSeen()
{
    const TestFolder root;
    ProjectSession session;
    QVERIFY(openWith(session, root, {drawPictures(root, "cat", 2)}));
    QTRY_VERIFY(!session.isRefreshing());
    std::filesystem::rename(root / "cat", root / "away");
    QSignalSpy refreshed(&session, &ProjectSession::filesRefreshed);
    session.refreshFiles();
    QVERIFY(refreshed.wait());
    QCOMPARE(refreshed[0][0].value<RefreshReport>().missing, 2u);
    QVERIFY(session.state().images[0].state == ImageState::Missing);
    std::filesystem::rename(root / "away", root / "cat");
    session.open(root / "project"); // looks by itself
    QTRY_VERIFY(session.state().images[0].state == ImageState::Ok);
}

QTEST_MAIN(ProjectSessionTest)
#include "project_session_test.moc"
