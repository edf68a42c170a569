#include "ui/recent_projects.h"

#include "tests/support/test_folder.h"
#include "ui/texts.h"

#include <QSettings>
#include <QStandardPaths>
#include <QTest>
#include <fstream>

using namespace whisker;
using whisker::test::TestFolder;

class RecentProjectsTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase()
    {
        QStandardPaths::setTestModeEnabled(true);
        QCoreApplication::setOrganizationName(QStringLiteral("whisker-test"));
        QCoreApplication::setApplicationName(QStringLiteral("recent-projects"));
    }
    void init() { QSettings().clear(); }
    void cleanup() { QSettings().clear(); }

    void beforeAnyProjectWasOpenedThereIsNone()
    {
        QVERIFY(recentProjects().isEmpty());
        QVERIFY(lastProject().empty());
    }

    void theOneThatWasOpenLastComesFirstAndOnce()
    {
        rememberProject(QStringLiteral("/a"));
        rememberProject(QStringLiteral("/b"));
        rememberProject(QStringLiteral("/a"));
        QCOMPARE(recentProjects(), (QStringList{QStringLiteral("/a"), QStringLiteral("/b")}));
    }

    void manyAreForgottenFromTheOldestOn()
    {
        for (int i = 0; i < 20; ++i)
            rememberProject(QString::number(i));
        QCOMPARE(recentProjects().size(), 5);
        QCOMPARE(recentProjects().constFirst(), QStringLiteral("19"));
    }

    void aProjectThatIsGoneIsPassedOver()
    {
        const TestFolder folder;
        const auto there = folder / "there.whisker";
        std::ofstream(there) << "x";
        rememberProject(displayText(there));
        rememberProject(displayText(folder / "gone.whisker"));
        QCOMPARE(lastProject(), there);
    }
};

QTEST_GUILESS_MAIN(RecentProjectsTest)
#include "recent_projects_test.moc"
