#include "ui/data/doctor_controller.h"

#include "tests/support/altered_pictures.h"
#include "tests/ui/drawn_pictures.h"
#include "ui/data/classes_card.h"
#include "ui/data/data_page.h"
#include "ui/data/doctor_actions.h"
#include "ui/data/doctor_card.h"
#include "ui/data/finding_bar.h"
#include "ui/data/finding_view.h"
#include "ui/data/image_list_model.h"
#include "ui/data/side_column.h"
#include "widgets/buttons.h"
#include "widgets/image_grid.h"

#include <QFile>
#include <QStandardPaths>
#include <QTest>

using namespace whisker;
using namespace whisker::test;

class DoctorControllerTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { QStandardPaths::setTestModeEnabled(true); }
    void init();
    void looksByItselfAfterAnImport();
    void labelsAreFollowedWithoutReadingAgain();
    void aBrokenFileIsWrittenDown();
    void aProjectOpenedAgainKnowsItsFindings();
    void excludingWhatIsBlurredMendsTheFindingAndUndoBringsItBack();
    void keepingOneOfEachExcludesTheSmallerCopies();
    void groupsAreSelectedOneAfterTheOther();
    void escapeLeavesTheFinding();
    void aStoppedPassKeepsWhatItReadAndGoesOn();
    void anotherProjectDropsWhatWasUnderWay();
    void goesAwayWhileItReads();

private:
    QStringList messyFolders() const;
    bool looked(const DoctorController &doctor) const { return !m_session->isImporting() && !doctor.isRunning() && doctor.diagnosis() && doctor.diagnosis()->unread == 0; }
    std::size_t count(const DoctorController &doctor, FindingKind kind) const { return doctor.diagnosis() ? doctor.diagnosis()->countOf(kind) : 0; }
    ImageId idOf(const std::string &name) const;

    std::unique_ptr<TestFolder> m_root;
    std::unique_ptr<ProjectSession> m_session;
};

void DoctorControllerTest::init()
{
    m_session.reset();
    m_root = std::make_unique<TestFolder>();
    qputenv("XDG_CACHE_HOME", QByteArray::fromStdString((*m_root / "cache").string()));
    m_session = std::make_unique<ProjectSession>();
}

/// cat: three photographs, one of them also blurred and smaller; dog: two photographs, and a cat.
QStringList DoctorControllerTest::messyFolders() const
{
    for (std::size_t k = 0; k < 3; ++k)
        m_root->write("cat/" + std::to_string(k) + ".jpg", jpegOf(photograph("cat", k)));
    for (std::size_t k = 0; k < 2; ++k)
        m_root->write("dog/" + std::to_string(k) + "d.jpg", jpegOf(photograph("dog", k)));
    m_root->write("cat/soft.jpg", jpegOf(blurred(photograph("cat", 4), 6)));
    m_root->write("cat/copy.jpg", jpegOf(cropped(photograph("cat", 1), 0.01), 60));
    m_root->write("dog/wrong.jpg", jpegOf(photograph("cat", 0), 70));
    return {displayText(*m_root / "cat"), displayText(*m_root / "dog")};
}

ImageId DoctorControllerTest::idOf(const std::string &name) const
{
    for (const auto &image : m_session->state().images) {
        if (image.name == name)
            return image.id;
    }
    return 0;
}

void DoctorControllerTest::looksByItselfAfterAnImport()
{
    DoctorController doctor(*m_session);
    QSignalSpy started(&doctor, &DoctorController::started), ended(&doctor, &DoctorController::ended);
    QVERIFY(openWith(*m_session, *m_root, messyFolders()));
    QTRY_VERIFY_WITH_TIMEOUT(looked(doctor), 20000);
    QCOMPARE(started.size(), ended.size());
    QCOMPARE(count(doctor, FindingKind::Blurred), 1u);
    QCOMPARE(count(doctor, FindingKind::LabelConflict), 2u);
    QVERIFY(count(doctor, FindingKind::NearDuplicate) >= 2u);
}

void DoctorControllerTest::labelsAreFollowedWithoutReadingAgain()
{
    DoctorController doctor(*m_session);
    QVERIFY(openWith(*m_session, *m_root, messyFolders()));
    QTRY_VERIFY_WITH_TIMEOUT(looked(doctor), 20000);
    QSignalSpy started(&doctor, &DoctorController::started);
    m_session->setLabel({idOf("wrong.jpg")}, QStringLiteral("cat"));
    QTRY_COMPARE(count(doctor, FindingKind::LabelConflict), 0u);
    m_session->undo();
    QTRY_COMPARE(count(doctor, FindingKind::LabelConflict), 2u);
    QCOMPARE(started.size(), 0);
}

void DoctorControllerTest::aBrokenFileIsWrittenDown()
{
    DoctorController doctor(*m_session);
    QVERIFY(openWith(*m_session, *m_root, {drawPictures(*m_root, "cat", 3)}));
    QTRY_VERIFY_WITH_TIMEOUT(looked(doctor), 20000);
    // Only its inside is spoilt: the import, which reads the head and the end, takes it for whole.
    drawPictures(*m_root, "dog", 1);
    QFile file(displayText(*m_root / "dog" / "dog0.png"));
    QVERIFY(file.open(QIODevice::ReadWrite));
    auto bytes = file.readAll();
    const auto begin = bytes.indexOf("IDAT") + 4;
    bytes.replace(begin, bytes.indexOf("IEND") - 8 - begin, QByteArray(bytes.indexOf("IEND") - 8 - begin, '\0'));
    QVERIFY(file.seek(0) && file.write(bytes) == bytes.size());
    file.close();
    m_session->importPaths({displayText(*m_root / "dog")});
    QTRY_VERIFY_WITH_TIMEOUT(idOf("dog0.png") != 0 && m_session->image(idOf("dog0.png"))->state != ImageState::Ok, 20000);
    QTRY_COMPARE(count(doctor, FindingKind::Unreadable) + count(doctor, FindingKind::Truncated), 1u);
}

void DoctorControllerTest::aProjectOpenedAgainKnowsItsFindings()
{
    {
        DoctorController doctor(*m_session);
        QVERIFY(openWith(*m_session, *m_root, messyFolders()));
        QTRY_VERIFY_WITH_TIMEOUT(looked(doctor), 20000);
    }
    m_session = std::make_unique<ProjectSession>();
    DoctorController doctor(*m_session);
    QSignalSpy started(&doctor, &DoctorController::started);
    m_session->open(*m_root / "project");
    QTRY_COMPARE_WITH_TIMEOUT(count(doctor, FindingKind::Blurred), 1u, 10000);
    QCOMPARE(started.size(), 0);
}

void DoctorControllerTest::excludingWhatIsBlurredMendsTheFindingAndUndoBringsItBack()
{
    DataPage page(*m_session);
    page.resize(1100, 700);
    page.show();
    QVERIFY(openWith(*m_session, *m_root, messyFolders()));
    auto *card = page.side()->doctor();
    QTRY_COMPARE_WITH_TIMEOUT(card->countShown(FindingKind::Blurred), QStringLiteral("1"), 20000);
    QTRY_VERIFY(looked(*page.doctor()));
    Q_EMIT card->findingClicked(FindingKind::Blurred);
    QCOMPARE(page.model()->rowCount(), 1);
    auto *bar = page.findChild<FindingBar *>();
    QVERIFY(bar->isVisible());
    bar->remedyButton()->click();
    QTRY_COMPARE(card->countShown(FindingKind::Blurred), QStringLiteral("0"));
    QVERIFY(!bar->isVisible());
    QVERIFY(m_session->image(idOf("soft.jpg"))->excluded);
    m_session->undo();
    QTRY_COMPARE(card->countShown(FindingKind::Blurred), QStringLiteral("1"));
}

void DoctorControllerTest::keepingOneOfEachExcludesTheSmallerCopies()
{
    DataPage page(*m_session);
    QVERIFY(openWith(*m_session, *m_root, messyFolders()));
    QTRY_VERIFY_WITH_TIMEOUT(looked(*page.doctor()), 20000);
    page.findings()->showFinding(FindingKind::NearDuplicate);
    page.findings()->remedy();
    QTRY_VERIFY(m_session->image(idOf("copy.jpg"))->excluded);
    QVERIFY(!m_session->image(idOf("1.jpg"))->excluded);
    QTRY_COMPARE(count(*page.doctor(), FindingKind::NearDuplicate), 2u); // under two labels: for a person to mend
}

void DoctorControllerTest::groupsAreSelectedOneAfterTheOther()
{
    DataPage page(*m_session);
    page.show();
    QVERIFY(openWith(*m_session, *m_root, messyFolders()));
    QTRY_VERIFY_WITH_TIMEOUT(looked(*page.doctor()), 20000);
    page.findings()->showFinding(FindingKind::LabelConflict);
    page.findings()->selectGroup(1);
    auto selected = page.selectedImages();
    std::ranges::sort(selected);
    std::vector<ImageId> wanted{idOf("0.jpg"), idOf("wrong.jpg")};
    std::ranges::sort(wanted);
    QCOMPARE(selected, wanted);
    QTest::keyClick(page.grid(), Qt::Key_1); // both are cats
    QTRY_COMPARE(count(*page.doctor(), FindingKind::LabelConflict), 0u);
    QTRY_VERIFY(!page.findings()->isOn());
}

void DoctorControllerTest::escapeLeavesTheFinding()
{
    DataPage page(*m_session);
    page.show();
    QVERIFY(openWith(*m_session, *m_root, messyFolders()));
    QTRY_VERIFY_WITH_TIMEOUT(looked(*page.doctor()), 20000);
    page.findings()->showFinding(FindingKind::Blurred);
    page.grid()->setFocus();
    QCOMPARE(page.model()->rowCount(), 1);
    QTest::keyClick(page.grid(), Qt::Key_Escape);
    QCOMPARE(page.model()->rowCount(), 8);
}

void DoctorControllerTest::aStoppedPassKeepsWhatItReadAndGoesOn()
{
    DoctorController doctor(*m_session);
    QVERIFY(openWith(*m_session, *m_root, {manyPictures(*m_root, "cat", 2000)}));
    QVERIFY(doctor.isRunning());
    doctor.cancel();
    QTRY_VERIFY_WITH_TIMEOUT(!doctor.isRunning(), 20000);
    doctor.start();
    QVERIFY(doctor.isRunning());
    QTRY_VERIFY_WITH_TIMEOUT(looked(doctor), 20000);
}

void DoctorControllerTest::anotherProjectDropsWhatWasUnderWay()
{
    DoctorController doctor(*m_session);
    QVERIFY(openWith(*m_session, *m_root, {manyPictures(*m_root, "cat", 2000)}));
    QSignalSpy opened(m_session.get(), &ProjectSession::opened);
    m_session->create(*m_root / "other");
    QVERIFY(opened.wait());
    QVERIFY(!doctor.isRunning());
    QVERIFY(!doctor.diagnosis());
}

void DoctorControllerTest::goesAwayWhileItReads()
{
    auto doctor = std::make_unique<DoctorController>(*m_session);
    QVERIFY(openWith(*m_session, *m_root, {manyPictures(*m_root, "cat", 2000)}));
    QVERIFY(doctor->isRunning());
    doctor.reset();
}

QTEST_MAIN(DoctorControllerTest)
#include "doctor_controller_test.moc"
