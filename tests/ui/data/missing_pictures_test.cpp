#include "tests/ui/data/files_on_show.h"
#include "ui/data/data_page.h"
#include "ui/data/image_list_model.h"

#include <QStandardPaths>
#include <QTest>
#include <algorithm>

using namespace whisker;
using namespace whisker::test;

/// Pictures whose files went away: how that is said, and how they are found again.
class MissingPicturesTest : public QObject, private FilesOnShow {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { QStandardPaths::setTestModeEnabled(true); }
    void init() { open(); }
    void cleanup() { close(); }
    void missingPicturesAreSaidAndFoundAgain();
    void aFolderRenamedBesideItsPlaceIsFoundByItself();
    void theNoticeGoesWhenAllPicturesAreBack();
    void missingPicturesAreShownInTheGrid();
    void anotherProjectTakesTheMessageAway();

private:
    void moveCats();
};

void MissingPicturesTest::moveCats()
{
    std::filesystem::create_directories(*m_root / "far/away");
    std::filesystem::rename(*m_root / "cat", *m_root / "far/away/cat");
    m_session->refreshFiles();
}

void MissingPicturesTest::missingPicturesAreSaidAndFoundAgain()
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

void MissingPicturesTest::aFolderRenamedBesideItsPlaceIsFoundByItself()
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

void MissingPicturesTest::theNoticeGoesWhenAllPicturesAreBack()
{
    begin(3, 2);
    moveCats();
    QTRY_VERIFY(text().contains(QStringLiteral("missing")));
    std::filesystem::rename(*m_root / "far/away/cat", *m_root / "cat");
    m_session->refreshMissing(); // as the window does when it comes to the front
    QTRY_VERIFY(text().isEmpty());
    QVERIFY(!m_files->bar()->isVisible());
    choose(*m_root / "dog");
    m_files->findMissing();
    QTRY_COMPARE(text(), QStringLiteral("No picture is missing."));
}

void MissingPicturesTest::missingPicturesAreShownInTheGrid()
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

void MissingPicturesTest::anotherProjectTakesTheMessageAway()
{
    begin(3, 2);
    moveCats();
    QTRY_VERIFY(text().contains(QStringLiteral("missing")));
    QSignalSpy opened(m_session.get(), &ProjectSession::opened);
    m_session->create(*m_root / "other");
    QVERIFY(opened.wait());
    QVERIFY(!m_files->bar()->isVisible());
}

QTEST_MAIN(MissingPicturesTest)
#include "missing_pictures_test.moc"
