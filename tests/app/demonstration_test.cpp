#include "app/whisker/demonstration.h"

#include "tests/support/test_folder.h"
#include "ui/project_session.h"

#include <QSignalSpy>
#include <QTest>
#include <algorithm>

using namespace whisker;
using whisker::test::TestFolder;

namespace {

std::size_t filesBelow(const std::filesystem::path &folder)
{
    std::error_code missing;
    return std::size_t(std::ranges::count_if(std::filesystem::recursive_directory_iterator(folder, missing),
                                             [](const auto &entry) { return entry.is_regular_file(); }));
}

std::size_t shippedPictures()
{
    std::size_t count = 0;
    for (const char *pet : {"cat", "dog"})
        count += filesBelow(whisker::test::demonstrationPictures() / pet);
    return count;
}

/// Opens the demonstration and waits until it has all its pictures.
bool opensWhole(ProjectSession &session)
{
    QSignalSpy finished(&session, &ProjectSession::importFinished);
    openDemonstration(session);
    return finished.wait(20'000) && session.state().images.size() == shippedPictures();
}

} // namespace

class DemonstrationTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init()
    {
        m_home = std::make_unique<TestFolder>();
        useAsHome(*m_home);
    }

    void theFirstStartCopiesAndImportsThePets()
    {
        ProjectSession session;
        QVERIFY(opensWhole(session));
        QCOMPARE(session.state().classes.size(), 2u);
    }

    void theSecondStartImportsNothing()
    {
        {
            ProjectSession session;
            QVERIFY(opensWhole(session));
        }
        ProjectSession session;
        QSignalSpy started(&session, &ProjectSession::importStarted);
        QSignalSpy opened(&session, &ProjectSession::opened);
        openDemonstration(session);
        QVERIFY(opened.wait());
        QVERIFY(started.isEmpty());
    }

    void anImportBrokenOffByClosingIsFilledUpAtTheNextStart()
    {
        {
            ProjectSession session;
            QSignalSpy added(&session, &ProjectSession::imagesAdded);
            openDemonstration(session);
            QVERIFY(added.wait(20'000));
        } // closed in the middle
        ProjectSession session;
        QVERIFY(opensWhole(session));
        QCOMPARE(session.state().classes.size(), 2u);
    }

    void aCopyBrokenOffIsFilledUpAtTheNextStart()
    {
        {
            ProjectSession session;
            QSignalSpy started(&session, &ProjectSession::importStarted);
            openDemonstration(session);
            QVERIFY(started.wait());
        } // closed while the first pictures were copied
        QVERIFY(filesBelow(*m_home / "XDG_DATA_HOME" / "whisker" / "Pets" / "pictures") <= shippedPictures());
        ProjectSession session;
        QVERIFY(opensWhole(session));
    }

    void whatAPersonCancelledIsLeftAsItIs()
    {
        std::size_t count = 0;
        {
            ProjectSession session;
            QSignalSpy added(&session, &ProjectSession::imagesAdded);
            QSignalSpy finished(&session, &ProjectSession::importFinished);
            openDemonstration(session);
            QVERIFY(added.wait(20'000));
            session.cancelImport();
            QVERIFY(finished.count() == 1 || finished.wait());
            count = session.state().images.size();
        }
        ProjectSession session;
        QSignalSpy started(&session, &ProjectSession::importStarted);
        QSignalSpy opened(&session, &ProjectSession::opened);
        openDemonstration(session);
        QVERIFY(opened.wait());
        QVERIFY(started.isEmpty());
        QCOMPARE(session.state().images.size(), count);
    }

private:
    std::unique_ptr<TestFolder> m_home;
};

QTEST_GUILESS_MAIN(DemonstrationTest)
#include "demonstration_test.moc"
