#include "engine/data/internal/database.h"
#include "tests/engine/data/pictures.h"

#include <QTest>

using namespace whisker;
using namespace whisker::test;

namespace {

/// A project as version 1 wrote it: three pictures of which two came in train/ and test/, one of these since moved by hand, and an import undone.
void writeVersion1(const std::filesystem::path &file, const std::filesystem::path &pictures)
{
    std::filesystem::create_directories(file.parent_path());
    SQLite::Database database(file.c_str(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
    database.exec("PRAGMA journal_mode = WAL; PRAGMA application_id = " + std::to_string(kApplicationId));
    database.exec(kSchemaSteps[0]);
    SQLite::Statement folder(database, "INSERT INTO folder VALUES(1, ?, '')");
    folder.bind(1, pictures.native());
    folder.exec();
    database.exec("PRAGMA user_version = 1;"
                  "INSERT INTO class VALUES(1, 'cat', 0, '1', 1, 1), (2, 'dog', 1, '2', 2, 1);"
                  "INSERT INTO image(folder, name, hash, bytes, modified, width, height, label, split) VALUES"
                  "(1, 'a.ppm', x'01', 29, 5, 3, 2, 1, 0), (1, 'b.ppm', x'02', 29, 5, 3, 2, 2, 1), (1, 'c.ppm', x'03', 29, 5, 3, 2, 2, 0),"
                  "(1, 'd.ppm', x'04', 29, 5, 3, 2, NULL, NULL);"
                  "INSERT INTO journal VALUES(1, 1000, 'Imported 4 pictures', 0), (2, 2000, 'Moved 1 picture to validation', 0),"
                  "(3, 3000, 'Labelled 1 picture dog', 1);"
                  "INSERT INTO journal_change VALUES(1, 0, 'image.present', 1, 0, 1), (1, 1, 'image.present', 2, 0, 1),"
                  "(1, 2, 'image.present', 3, 0, 1), (1, 3, 'image.split', 3, NULL, 0), (1, 4, 'image.present', 4, 0, 1),"
                  "(2, 0, 'image.split', 2, 2, 1), (3, 0, 'image.label', 4, NULL, 2);"
                  "INSERT INTO setting VALUES('recipe', 'quick')");
}

int versionOf(const std::filesystem::path &file)
{
    return SQLite::Database(file.c_str()).execAndGet("PRAGMA user_version").getInt();
}

} // namespace

class SchemaTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aFileOfVersion1IsBroughtUpAndKeepsEverything()
    {
        const TestFolder folder;
        writeVersion1(folder / "project.whisker", folder.path());
        auto project = Project::open(folder.path());
        QVERIFY2(project, errorText(project));
        QCOMPARE(versionOf(folder / "project.whisker"), kFormatVersion);
        const auto state = project->state().value();
        QCOMPARE(state.images.size(), 4u);
        QCOMPARE(state.images[1].label, ClassId(2));
        QCOMPARE(state.images[1].split, Split::Validation);
        QVERIFY(!state.images[1].unsure && !state.images[1].group);
        QCOMPARE(state.settings.at("recipe"), "quick");
        QCOMPARE(state.history.redo, "Labelled 1 picture dog");

        QCOMPARE(project->redo()->images.at(0).label, ClassId(2));
        QVERIFY(project->undo() && project->undo());
        QCOMPARE(project->state()->images[1].split, Split::Test);
    }

    void splitsThatCameWithTheFoldersAreKnownAfterwards()
    {
        const TestFolder folder;
        writeVersion1(folder / "project.whisker", folder.path());
        const auto state = Project::open(folder.path())->state().value();
        QVERIFY(state.images[0].splitFixed);
        QVERIFY(state.images[1].splitFixed);
        QVERIFY(!state.images[2].splitFixed); // given by an import
        QVERIFY(!state.images[3].splitFixed);
    }

    void aFileOfVersion1IsReadWithoutAChange()
    {
        const TestFolder folder;
        writeVersion1(folder / "project.whisker", folder.path());
        const auto project = Project::open(folder.path(), {.access = ProjectAccess::ReadOnly});
        QVERIFY2(project, errorText(project));
        QVERIFY(project->isReadOnly());
        const auto state = project->state();
        QVERIFY2(state, errorText(state));
        QCOMPARE(state->images.size(), 4u);
        QCOMPARE(state->images[1].split, Split::Validation);
        QVERIFY(!state->images[1].unsure && !state->images[1].splitFixed);
        QCOMPARE(versionOf(folder / "project.whisker"), 1);
    }

    void aFailingStepLeavesVersion1AsItWas()
    {
        const TestFolder folder;
        writeVersion1(folder / "project.whisker", folder.path());
        SQLite::Database(folder / "project.whisker", SQLite::OPEN_READWRITE).exec("CREATE TABLE journal_undone(in_the_way)");
        QVERIFY(!Project::open(folder.path()));
        QCOMPARE(versionOf(folder / "project.whisker"), 1);
        const auto project = Project::open(folder.path(), {.access = ProjectAccess::ReadOnly});
        QVERIFY2(project, errorText(project));
        QCOMPARE(project->state()->images.size(), 4u);
    }

    void aNewFileIsTheSameAsOneThatWasBroughtUp()
    {
        const TestFolder folder;
        writeVersion1(folder / "old/project.whisker", folder.path());
        QVERIFY(Project::open(folder / "old") && Project::create(folder / "new"));
        const auto schema = [&](const char *name) {
            SQLite::Database database((folder / name / "project.whisker").c_str());
            SQLite::Statement query(database, "SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY type, name");
            std::string all;
            while (query.executeStep())
                all += query.getColumn(0).getString() + query.getColumn(1).getString() + query.getColumn(2).getString() + query.getColumn(3).getString();
            return all;
        };
        QCOMPARE(schema("old"), schema("new"));
    }
};

QTEST_GUILESS_MAIN(SchemaTest)
#include "schema_test.moc"
