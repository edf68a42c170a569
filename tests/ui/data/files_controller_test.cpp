#include "ui/data/files_controller.h"

#include "tests/ui/data/files_on_show.h"
#include "tests/ui/data/opened_folders.h"
#include "ui/data/export_sheet.h"
#include "ui/data/watch_panel.h"
#include "ui/data/work_bar.h"
#include "widgets/buttons.h"

#include <QAction>
#include <QMenu>
#include <QStandardPaths>
#include <QTest>
#include <algorithm>

using namespace whisker;
using namespace whisker::test;

class FilesControllerTest : public QObject, private FilesOnShow {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { QStandardPaths::setTestModeEnabled(true); }
    void init() { open(); }
    void cleanup() { close(); }
    void theMenuHasAKeyForEachAction();
    void anEmptyProjectHasNothingToExport();
    void popoversLieWithinThePage_data();
    void popoversLieWithinThePage();
    void aListIsImportedWithItsLabels();
    void labelsAreExportedAndTheirFolderOpened();
    void picturesAreExportedAsTheSheetSays();
    void theSheetSaysWhatIsLeftOut();
    void whatFailsIsSaidAndCanBeChosenAgain_data();
    void whatFailsIsSaidAndCanBeChosenAgain();
    void nothingHappensWithoutAChoice();
    void cancelStopsAnExportAndSaysWhatIsThere();
    void goesAwayWhileExporting();
    void aWatchedFolderIsListedBringsPicturesInAndCanBeStopped();
    void aWatchedFolderThatIsGoneIsSaid();
    void aFolderThatCanNotBeWatchedIsSaid();
    void aProjectForReadingIsExportedButNotChanged();

private:
    QAction *action(const QString &text) const;
};

QAction *FilesControllerTest::action(const QString &text) const
{
    const auto actions = m_files->menu()->actions();
    const auto found = std::ranges::find_if(actions, [&](const QAction *each) { return each->text().contains(text); });
    return found == actions.end() ? nullptr : *found;
}

void FilesControllerTest::theMenuHasAKeyForEachAction()
{
    begin(2, 2);
    QSet<QKeySequence> keys;
    for (const QAction *each : m_files->menu()->actions()) {
        if (each->isSeparator())
            continue;
        QVERIFY2(!each->shortcut().isEmpty() && !keys.contains(each->shortcut()), qPrintable(each->text()));
        QVERIFY2(each->isEnabled(), qPrintable(each->text()));
        keys.insert(each->shortcut());
    }
    QCOMPARE(keys.size(), 5);
    QVERIFY(QTest::qWaitForWindowActive(m_page.get()));
    QTest::keyClick(m_page.get(), Qt::Key_F, Qt::AltModifier);
    QVERIFY(m_files->menu()->isVisible());
    m_files->menu()->close();
    QTest::keyClick(m_page.get(), Qt::Key_E, Qt::ControlModifier | Qt::ShiftModifier);
    QVERIFY(m_files->exportSheet()->isVisible());
    QTest::keyClick(m_files->exportSheet(), Qt::Key_Escape);
    QVERIFY(!m_files->exportSheet()->isVisible());
}

void FilesControllerTest::anEmptyProjectHasNothingToExport()
{
    QVERIFY(openWith(*m_session, *m_root, {}));
    QVERIFY(!action(QStringLiteral("labels as CSV"))->isEnabled());
    QVERIFY(action(QStringLiteral("Import a list"))->isEnabled());
}

void FilesControllerTest::popoversLieWithinThePage_data()
{
    QTest::addColumn<QSize>("window");
    QTest::newRow("the smallest") << QSize(960, 640);
    QTest::newRow("as it opens") << QSize(1280, 800);
    QTest::newRow("a laptop's") << QSize(1366, 768);
    QTest::newRow("a large screen's") << QSize(1920, 1080);
}

/// The button stands where the page has it: near the right end of its title's row.
void FilesControllerTest::popoversLieWithinThePage()
{
    QFETCH(QSize, window);
    begin(2, 2);
    for (const char *folder : {"a", "b", "c", "d", "e"}) {
        std::filesystem::create_directories(*m_root / folder);
        m_files->watcher()->watch(displayText(*m_root / folder), FolderMeaning::Unlabelled);
    }
    QTRY_COMPARE(m_files->watcher()->folders().size(), 5u);
    delete m_page->layout();
    m_page->resize(window - QSize(88, 28)); // what the rail and the status line leave
    m_files->button()->setGeometry(m_page->width() - 20 - 109 - 12 - 58, 16, 58, 32);
    const QRect inner = m_page->rect().adjusted(20, 16, -20, -8);
    for (PopupCard *card : {static_cast<PopupCard *>(m_files->watchPanel()), static_cast<PopupCard *>(m_files->exportSheet())}) {
        card->open();
        QTRY_VERIFY2(inner.contains(card->geometry()), qPrintable(QStringLiteral("%1 at %2, %3").arg(card->title()).arg(card->x()).arg(card->y())));
        QVERIFY(card->y() >= m_files->button()->geometry().bottom());
        m_page->resize(m_page->width() - 40, m_page->height() - 40); // while it is open
        QTRY_VERIFY(m_page->rect().adjusted(20, 16, -20, -8).contains(card->geometry()));
        m_page->resize(window - QSize(88, 28));
        card->hide();
    }
}

void FilesControllerTest::aListIsImportedWithItsLabels()
{
    begin(2, 2);
    drawPictures(*m_root, "other", 2);
    choose(m_root->write("list.csv", "file,label\nother/other0.png,fox\nother/other1.png,dog\n"));
    QSignalSpy finished(m_session.get(), &ProjectSession::importFinished);
    m_files->importList();
    QVERIFY(finished.wait());
    QCOMPARE(finished[0][0].value<ImportReport>().added, 2u);
    QVERIFY(m_session->classNamed(QStringLiteral("fox")));
}

void FilesControllerTest::labelsAreExportedAndTheirFolderOpened()
{
    begin(2, 3);
    OpenedFolders opened;
    std::filesystem::create_directories(*m_root / "out");
    choose(*m_root / "out/labels.csv");
    m_files->exportLabels();
    QTRY_COMPARE(text(), QStringLiteral("5 pictures are listed in labels.csv."));
    QVERIFY(!m_files->bar()->work()->isVisible());
    QVERIFY(fileBytes(*m_root / "out/labels.csv").starts_with("file,label"));
    QVERIFY(QTest::qWaitForWindowActive(m_page.get()));
    QTest::keyClick(m_page.get(), Qt::Key_Return, Qt::AltModifier);
    QCOMPARE(opened.folders, QStringList({displayText(*m_root / "out")}));
}

void FilesControllerTest::picturesAreExportedAsTheSheetSays()
{
    begin(10, 10);
    OpenedFolders opened;
    choose(*m_root / "out");
    m_files->exportPictures();
    auto *sheet = m_files->exportSheet();
    QVERIFY(sheet->isVisible());
    sheet->setOptions({ExportAs::SymbolicLinks, true});
    QTest::mouseClick(sheet->chooseButton(), Qt::LeftButton);
    QVERIFY(!sheet->isVisible());
    QVERIFY(m_files->bar()->work()->isVisible());
    QVERIFY(m_files->activity());
    QVERIFY(!action(QStringLiteral("CSV..."))->isEnabled());
    QTRY_COMPARE(text(), QStringLiteral("20 pictures exported."));
    QVERIFY(!m_files->activity());
    QVERIFY(action(QStringLiteral("CSV..."))->isEnabled());
    const auto dogs = *m_root / "out/train/dog";
    QVERIFY(std::filesystem::directory_iterator(dogs)->is_symlink());
    QTest::mouseClick(first(), Qt::LeftButton);
    QCOMPARE(opened.folders, QStringList({displayText(*m_root / "out")}));
}

void FilesControllerTest::theSheetSaysWhatIsLeftOut()
{
    begin(4, 4);
    const auto ids = idsOf(*m_session);
    m_session->setExcluded({ids[0]}, true);
    m_session->setLabel({ids[1], ids[2]}, std::optional<ClassId>());
    QTRY_VERIFY(m_session->image(ids[0])->excluded && !m_session->image(ids[2])->label);
    m_files->exportPictures();
    const QString preview = m_files->exportSheet()->preview();
    QVERIFY2(preview.startsWith(QStringLiteral("5 pictures, ")), qPrintable(preview));
    QVERIFY2(preview.endsWith(QStringLiteral("Left out: 2 without a label, 1 excluded.")), qPrintable(preview));
    m_session->setLabel(ids, std::optional<ClassId>());
    QTRY_VERIFY(!m_session->image(ids[7])->label);
    m_files->exportPictures(); // closes it
    m_files->exportPictures();
    QVERIFY(!m_files->exportSheet()->chooseButton()->isEnabled());
}

void FilesControllerTest::whatFailsIsSaidAndCanBeChosenAgain_data()
{
    QTest::addColumn<QString>("what");
    QTest::addColumn<QString>("place");
    QTest::newRow("labels into a folder that is gone") << "labels" << "nowhere/labels.csv";
    QTest::newRow("labels where a file stands for the folder") << "labels" << "list.txt/labels.csv";
    QTest::newRow("pictures into a folder with files") << "pictures" << "cat";
    QTest::newRow("pictures where a file stands for the folder") << "pictures" << "list.txt/out";
    QTest::newRow("a search in a folder that is gone") << "search" << "nowhere";
}

void FilesControllerTest::whatFailsIsSaidAndCanBeChosenAgain()
{
    QFETCH(QString, what);
    QFETCH(QString, place);
    begin(2, 2);
    m_root->write("list.txt", "a file");
    choose(*m_root / toPath(place));
    if (what == QStringLiteral("labels")) {
        m_files->exportLabels();
    } else if (what == QStringLiteral("search")) {
        m_files->findMissing();
    } else {
        m_files->exportPictures();
        m_files->exportSheet()->chooseButton()->click();
    }
    QTRY_VERIFY(m_files->bar()->notice()->isVisible());
    QVERIFY(m_files->bar()->notice()->kind() == NoticeBar::Kind::Error);
    QVERIFY2(text().contains(displayText(m_root->path().filename())), qPrintable(text()));
    const auto asked = m_asked.size();
    QTest::mouseClick(first(), Qt::LeftButton);
    QVERIFY(m_asked.size() == asked + 1 || m_files->exportSheet()->isVisible());
}

void FilesControllerTest::nothingHappensWithoutAChoice()
{
    begin(2, 2);
    m_files->setPathChooser([](QWidget *, const PathQuestion &, const PathChosen &) {});
    m_files->importList();
    m_files->exportLabels();
    m_files->findMissing();
    QVERIFY(!m_files->transfer()->isBusy() && !m_session->isImporting());
    QVERIFY(!m_files->bar()->isVisible());
}

void FilesControllerTest::cancelStopsAnExportAndSaysWhatIsThere()
{
    QVERIFY(openWith(*m_session, *m_root, {manyPictures(*m_root, "cat", 300), drawPictures(*m_root, "dog", 2)}));
    choose(*m_root / "out");
    m_files->exportPictures();
    auto *cancel = m_files->bar()->work()->cancelButton();
    connect(m_files->transfer(), &TransferController::started, cancel, &QAbstractButton::click); // before its thread can be done
    m_files->exportSheet()->chooseButton()->click();
    QTRY_VERIFY2(text().startsWith(QStringLiteral("Exporting was stopped")), qPrintable(text()));
    QVERIFY(!m_files->bar()->work()->isVisible());
}

void FilesControllerTest::goesAwayWhileExporting()
{
    QVERIFY(openWith(*m_session, *m_root, {manyPictures(*m_root, "cat", 300), drawPictures(*m_root, "dog", 2)}));
    choose(*m_root / "out");
    m_files->exportPictures();
    m_files->exportSheet()->chooseButton()->click();
    QVERIFY(m_files->transfer()->isBusy());
    m_page.reset();
}

void FilesControllerTest::aWatchedFolderIsListedBringsPicturesInAndCanBeStopped()
{
    begin(2, 2);
    std::filesystem::create_directories(*m_root / "in");
    choose(*m_root / "in");
    m_files->watchFolder();
    auto *panel = m_files->watchPanel();
    QVERIFY(panel->isVisible() && panel->stopButtons().isEmpty());
    panel->setMeaning(FolderMeaning::Unlabelled);
    QTest::mouseClick(panel->chooseButton(), Qt::LeftButton);
    QTRY_COMPARE(panel->stopButtons().size(), 1);
    QCOMPARE(panel->notes(), QStringList({QStringLiteral("Without labels")}));
    manyPictures(*m_root, "in/below", 3);
    QTRY_COMPARE(m_session->state().images.size(), 7u);
    QTest::mouseClick(panel->stopButtons().first(), Qt::LeftButton);
    QTRY_VERIFY(panel->stopButtons().isEmpty());
    QVERIFY(m_files->watcher()->folders().empty());
    QVERIFY(panel->isVisible());
    QTest::keyClick(panel, Qt::Key_Escape);
    QVERIFY(!panel->isVisible());
}

void FilesControllerTest::aWatchedFolderThatIsGoneIsSaid()
{
    begin(2, 2);
    std::filesystem::create_directories(*m_root / "in");
    QSignalSpy noticed(m_files->watcher(), &FolderWatcher::noticed);
    m_files->watcher()->watch(displayText(*m_root / "in"), FolderMeaning::ClassFolders);
    QTRY_COMPARE(m_files->watcher()->folders().size(), 1u);
    std::filesystem::rename(*m_root / "in", *m_root / "away");
    QVERIFY(noticed.wait());
    QVERIFY(m_files->bar()->notice()->kind() == NoticeBar::Kind::Warning);
    QTest::mouseClick(first(), Qt::LeftButton);
    auto *panel = m_files->watchPanel();
    QVERIFY(panel->isVisible());
    QVERIFY(panel->notes().first().startsWith(QStringLiteral("It isn't there now")));
    std::filesystem::rename(*m_root / "away", *m_root / "in");
    QVERIFY(noticed.wait());
    QTRY_COMPARE(panel->notes(), QStringList({QStringLiteral("Sub-folders are classes")}));
    QVERIFY(m_files->bar()->notice()->kind() == NoticeBar::Kind::Information);
}

void FilesControllerTest::aFolderThatCanNotBeWatchedIsSaid()
{
    begin(2, 2);
    choose(*m_root / "nowhere");
    m_files->watchFolder();
    m_files->watchPanel()->chooseButton()->click();
    QTRY_VERIFY2(text().contains(QStringLiteral("can be watched")), qPrintable(text()));
    QVERIFY(m_files->watchPanel()->stopButtons().isEmpty());
}

void FilesControllerTest::aProjectForReadingIsExportedButNotChanged()
{
    begin(2, 2);
    QSignalSpy opened(m_session.get(), &ProjectSession::opened);
    m_session->openForReading(*m_root / "project");
    QVERIFY(opened.wait());
    QVERIFY(m_session->isReadOnly());
    for (const char *changing : {"Import a list", "Watch a folder", "Find missing"})
        QVERIFY2(!action(QLatin1String(changing))->isEnabled(), changing);
    QVERIFY(action(QStringLiteral("class folders"))->isEnabled());
    choose(*m_root / "labels.csv");
    action(QStringLiteral("labels as CSV"))->trigger();
    QTRY_COMPARE(text(), QStringLiteral("4 pictures are listed in labels.csv."));
}

QTEST_MAIN(FilesControllerTest)
#include "files_controller_test.moc"
