#include "engine/base/locations.h"

#include <QTest>

using namespace whisker;

class LocationsTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init();
    void theVariablesOfTheSpecificationCount();
    void withoutThemItIsBelowHome();
    void aRelativeVariableIsIgnored();
    void resourcesStandBesideTheProgramUnlessTold();
};

void LocationsTest::init()
{
    for (const char *name : {"XDG_DATA_HOME", "XDG_CACHE_HOME", "WHISKER_RESOURCES"})
        qunsetenv(name);
    qputenv("HOME", "/home/mia");
}

void LocationsTest::theVariablesOfTheSpecificationCount()
{
    qputenv("XDG_DATA_HOME", "/data");
    qputenv("XDG_CACHE_HOME", "/cache");
    QCOMPARE(userDataFolder(), std::filesystem::path("/data/whisker"));
    QCOMPARE(userCacheFolder(), std::filesystem::path("/cache/whisker"));
}

void LocationsTest::withoutThemItIsBelowHome()
{
    QCOMPARE(userDataFolder(), std::filesystem::path("/home/mia/.local/share/whisker"));
    QCOMPARE(userCacheFolder(), std::filesystem::path("/home/mia/.cache/whisker"));
    qunsetenv("HOME");
    QVERIFY(userCacheFolder().is_absolute());
}

void LocationsTest::aRelativeVariableIsIgnored()
{
    qputenv("XDG_CACHE_HOME", "cache");
    QCOMPARE(userCacheFolder(), std::filesystem::path("/home/mia/.cache/whisker"));
}

void LocationsTest::resourcesStandBesideTheProgramUnlessTold()
{
    const auto program = std::filesystem::path(QCoreApplication::applicationDirPath().toStdString());
    QCOMPARE(resourceFolder(), program.parent_path() / "share" / "whisker");
    qputenv("WHISKER_RESOURCES", "/elsewhere");
    QCOMPARE(resourceFolder(), std::filesystem::path("/elsewhere"));
}

QTEST_GUILESS_MAIN(LocationsTest)
#include "locations_test.moc"
