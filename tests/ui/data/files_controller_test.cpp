#include "ui/data/files_controller.h"

#include "tests/ui/drawn_pictures.h"
#include "ui/data/data_page.h"
#include "ui/data/export_sheet.h"
#include "ui/data/image_list_model.h"
#include "ui/data/labelling_view.h"
#include "ui/data/side_column.h"
#include "ui/data/skipped_card.h"
#include "ui/data/watch_panel.h"
#include "ui/data/work_bar.h"
#include "widgets/buttons.h"
#include "widgets/image_grid.h"

#include <QAction>
#include <QDesktopServices>
#include <QListView>
#include <QMenu>
#include <QStandardPaths>
#include <QTest>
#include <QVBoxLayout>
#include <algorithm>

using namespace whisker;
using namespace whisker::test;
using namespace std::chrono_literals;

namespace {

constexpr WatchTimes kQuick = {20ms, 60ms, 100ms};

/// Remembers which folders were to be opened, in place of the system.
class OpenedFolders : public QObject {
    Q_OBJECT
public:
    OpenedFolders() { QDesktopServices::setUrlHandler(QStringLiteral("file"), this, "take"); }
    ~OpenedFolders() override { QDesktopServices::unsetUrlHandler(QStringLiteral("file")); }
    Q_INVOKABLE void take(const QUrl &url) { folders.append(url.toLocalFile()); }
    QStringList folders;
};

} // namespace

class FilesControllerTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { QStandardPaths::setTestModeEnabled(true); }
    void init();
    void cleanup();
    void theMenuHasAKeyForEachAction();
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
    void missingPicturesAreSaidAndFoundAgain();
    void aFolderRenamedBesideItsPlaceIsFoundByItself();
    void theNoticeGoesWhenAllPicturesAreBack();
    void missingPicturesAreShownInTheGrid();
    void aProjectForReadingIsExportedButNotChanged();
    void aPageForReadingLabelsNothing();
    void anotherProjectTakesTheMessageAway();
    void aThousandSkippedFilesStayAListThatOpensFolders();

private:
    void begin(int cats, int dogs);
    void choose(const std::filesystem::path &path)
    {
        m_files->setPathChooser([this, path](QWidget *, const PathQuestion &question, const PathChosen &chosen) {
            m_asked.append(question.title);
            chosen(displayText(path));
        });
    }
    QAction *action(const QString &text) const;
    QString text() const { return m_files->bar()->notice()->isVisible() ? m_files->bar()->notice()->text() : QString(); }
    Button *first() const { return m_files->bar()->notice()->actionButton(); }
    Button *second() const { return m_files->bar()->notice()->secondButton(); }
    void moveCats();

    std::unique_ptr<TestFolder> m_root;
    std::unique_ptr<ProjectSession> m_session;
    std::unique_ptr<QWidget> m_page;
    FilesController *m_files = nullptr;
    QStringList m_asked;
};

void FilesControllerTest::init()
{
    m_root = std::make_unique<TestFolder>();
    m_session = std::make_unique<ProjectSession>();
    m_page = std::make_unique<QWidget>();
    m_page->resize(900, 600);
    m_files = new FilesController(*m_session, m_page.get(), kQuick);
    auto *column = new QVBoxLayout(m_page.get());
    column->addWidget(m_files->button());
    column->addWidget(m_files->bar());
    column->addStretch(1);
    m_page->show();
    m_asked.clear();
}

void FilesControllerTest::cleanup()
{
    m_page.reset();
    m_session.reset();
    m_root.reset();
}

void FilesControllerTest::begin(int cats, int dogs) { QVERIFY(openWith(*m_session, *m_root, {drawPictures(*m_root, "cat", cats), drawPictures(*m_root, "dog", dogs)})); }

QAction *FilesControllerTest::action(const QString &text) const
{
    const auto actions = m_files->menu()->actions();
    const auto found = std::ranges::find_if(actions, [&](const QAction *each) { return each->text().contains(text); });
    return found == actions.end() ? nullptr : *found;
}

void FilesControllerTest::moveCats()
{
    std::filesystem::create_directories(*m_root / "far/away");
    std::filesystem::rename(*m_root / "cat", *m_root / "far/away/cat");
    m_session->refreshFiles();
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

void FilesControllerTest::missingPicturesAreSaidAndFoundAgain()
{
    begin(3, 2);
    moveCats();
    QTRY_COMPARE(text(), QStringLiteral("3 pictures are missing. Their labels are kept."));
    QVERIFY(second()->isVisible());
    choose(*m_root / "dog"); // nothing there
    QTest::mouseClick(first(), Qt::LeftButton);
    QTRY_COMPARE(text(), QStringLiteral("None of them is in this folder. 3 pictures are missing. Their labels are kept."));
    std::filesystem::remove(*m_root / "far/away/cat/cat1.png");
    choose(*m_root / "far");
    QTest::mouseClick(first(), Qt::LeftButton);
    QTRY_COMPARE(text(), QStringLiteral("2 pictures were found again. 1 picture is missing. Its label is kept."));
    QCOMPARE(m_asked.size(), 2);
    QVERIFY(std::ranges::all_of(m_session->state().images, [](const auto &image) { return image.label.has_value(); }));
}

void FilesControllerTest::aFolderRenamedBesideItsPlaceIsFoundByItself()
{
    begin(3, 2);
    const auto file = m_session->projectFile();
    m_session->create(*m_root / "another");
    QTRY_VERIFY(m_session->projectFile() != file);
    std::filesystem::rename(*m_root / "cat", *m_root / "katzen");
    m_session->open(file);
    QTRY_COMPARE(text(), QStringLiteral("3 pictures were found again."));
    QVERIFY(std::ranges::all_of(m_session->state().images, [](const auto &image) { return image.state == ImageState::Ok; }));
}

void FilesControllerTest::theNoticeGoesWhenAllPicturesAreBack()
{
    begin(3, 2);
    moveCats();
    QTRY_VERIFY(text().contains(QStringLiteral("missing")));
    std::filesystem::rename(*m_root / "far/away/cat", *m_root / "cat");
    m_session->refreshFiles();
    QTRY_VERIFY(text().isEmpty());
    QVERIFY(!m_files->bar()->isVisible());
    choose(*m_root / "dog");
    m_files->findMissing();
    QTRY_COMPARE(text(), QStringLiteral("No picture is missing."));
}

void FilesControllerTest::missingPicturesAreShownInTheGrid()
{
    qputenv("XDG_CACHE_HOME", QByteArray::fromStdString((*m_root / "cache").string()));
    DataPage page(*m_session);
    page.resize(1100, 700);
    page.show();
    begin(3, 2);
    QTRY_COMPARE(page.model()->rowCount(), 5);
    moveCats();
    auto *notice = page.files()->bar()->notice();
    QTRY_VERIFY(notice->isVisible());
    QTest::mouseClick(notice->secondButton(), Qt::LeftButton);
    QTRY_COMPARE(page.model()->rowCount(), 3);
    QVERIFY(page.extraFilter().state == ImageState::Missing);
    page.files()->setPathChooser([this](QWidget *, const PathQuestion &, const PathChosen &chosen) { chosen(displayText(*m_root / "far")); });
    page.files()->findMissing();
    QTRY_COMPARE(page.model()->rowCount(), 5); // nothing is filtered any more
    QVERIFY(!page.extraFilter().state);
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

void FilesControllerTest::aPageForReadingLabelsNothing()
{
    qputenv("XDG_CACHE_HOME", QByteArray::fromStdString((*m_root / "cache").string()));
    DataPage page(*m_session);
    page.resize(1100, 700);
    page.show();
    begin(2, 2);
    QSignalSpy opened(m_session.get(), &ProjectSession::opened), failed(m_session.get(), &ProjectSession::failed);
    m_session->openForReading(*m_root / "project");
    QVERIFY(opened.wait());
    QTRY_COMPARE(page.model()->rowCount(), 4);
    page.grid()->setFocus();
    page.grid()->selectAll();
    for (const auto &[key, modifiers] : {std::pair(Qt::Key_2, Qt::NoModifier), std::pair(Qt::Key_X, Qt::NoModifier), std::pair(Qt::Key_Delete, Qt::NoModifier),
                                         std::pair(Qt::Key_L, Qt::NoModifier), std::pair(Qt::Key_Z, Qt::ControlModifier), std::pair(Qt::Key_Return, Qt::NoModifier)})
        QTest::keyClick(page.grid(), key, modifiers);
    QVERIFY(!failed.wait(100));
    QVERIFY(!page.labelling()->isActive());
    QCOMPARE(m_session->state().images.size(), 4u);
}

void FilesControllerTest::anotherProjectTakesTheMessageAway()
{
    begin(3, 2);
    moveCats();
    QTRY_VERIFY(text().contains(QStringLiteral("missing")));
    QSignalSpy opened(m_session.get(), &ProjectSession::opened);
    m_session->create(*m_root / "other");
    QVERIFY(opened.wait());
    QVERIFY(!m_files->bar()->isVisible());
    QVERIFY(!action(QStringLiteral("labels as CSV"))->isEnabled()); // nothing is in it
}

void FilesControllerTest::aThousandSkippedFilesStayAListThatOpensFolders()
{
    qputenv("XDG_CACHE_HOME", QByteArray::fromStdString((*m_root / "cache").string()));
    DataPage page(*m_session);
    page.resize(960, 600);
    page.show();
    begin(3, 2);
    for (int k = 0; k < 1000; ++k)
        m_root->write("bad/notes-" + std::to_string(k) + ".jpg", "these are notes");
    m_session->importPaths({displayText(*m_root / "bad"), displayText(*m_root / "cat")});
    const SkippedCard &skipped = *page.side()->skipped();
    auto *notice = page.findChild<NoticeBar *>(QString(), Qt::FindDirectChildrenOnly);
    QTRY_VERIFY(notice->isVisible());
    QCOMPARE(skipped.count(), 1000);
    QCOMPARE(page.size(), QSize(960, 600));
    QVERIFY(skipped.list()->height() < 400);
    QTest::mouseClick(notice->actionButton(), Qt::LeftButton);
    QVERIFY(skipped.visibleRegion().boundingRect().height() > 100);
    const OpenedFolders opened;
    QTest::keyClick(skipped.list(), Qt::Key_End);
    QCOMPARE(skipped.list()->currentIndex().row(), 999);
    QTest::keyClick(skipped.list(), Qt::Key_Return);
    QCOMPARE(opened.folders, QStringList({displayText(*m_root / "bad")}));
}

QTEST_MAIN(FilesControllerTest)
#include "files_controller_test.moc"
