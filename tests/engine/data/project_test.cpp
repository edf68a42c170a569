#include "engine/data/project.h"

#include "engine/data/snapshot.h"
#include "tests/engine/data/pictures.h"

#include <QTest>
#include <sqlite3.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

using namespace whisker;
using namespace whisker::test;

namespace {

/// Runs SQL on a file that no Project has open.
void runSql(const std::filesystem::path &file, const char *sql)
{
    sqlite3 *database = nullptr;
    QCOMPARE(sqlite3_open(file.c_str(), &database), SQLITE_OK);
    QCOMPARE(sqlite3_exec(database, sql, nullptr, nullptr, nullptr), SQLITE_OK);
    sqlite3_close(database);
}

Project withPictures(const TestFolder &folder)
{
    writePictures(folder, "cat", 4, 0);
    writePictures(folder, "dog", 4, 10);
    auto project = std::move(Project::create(folder / "project").value());
    importAll(project, {folder / "cat", folder / "dog"}).value();
    return project;
}

} // namespace

class ProjectTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aNewProjectIsEmptyAndWhereItWasAskedFor()
    {
        const TestFolder folder;
        const auto project = Project::create(folder / "a b/\u732b");
        QVERIFY2(project, errorText(project));
        QCOMPARE(project->file(), folder / "a b/\u732b/project.whisker");
        QCOMPARE(project->runs(), folder / "a b/\u732b/runs");
        QVERIFY(std::filesystem::exists(project->file()));
        QVERIFY(!project->isReadOnly());
        const auto state = project->state();
        QVERIFY(state->images.empty() && state->classes.empty() && !state->history.undo && !state->history.redo);
    }

    void aProjectFileMayHaveItsOwnName()
    {
        const TestFolder folder;
        QVERIFY(Project::create(folder / "foxes.whisker"));
        QVERIFY(Project::open(folder / "foxes.whisker"));
        QVERIFY(!Project::open(folder.path()));
    }

    void creatingNeverOverwritesAProject()
    {
        const TestFolder folder;
        QVERIFY(std::move(*Project::create(folder.path())).addClass("cat"));
        const auto second = Project::create(folder.path());
        QVERIFY(!second);
        QCOMPARE(second.error().code, ErrorCode::InvalidArgument);
        QCOMPARE(Project::openOrCreate(folder.path())->state()->classes.size(), 1u);
        QVERIFY(Project::openOrCreate(folder / "other"));
    }

    void whatWasChangedIsThereAfterReopening()
    {
        const TestFolder folder;
        std::optional<ProjectState> before;
        {
            auto project = withPictures(folder);
            QVERIFY(project.setSetting("recipe", "quick"));
            QVERIFY(project.setSetting("recipe", "scratch"));
            QVERIFY(project.setState(project.state()->images[2].id, ImageState::Missing, "the file is gone"));
            before = *project.state();
        }
        const auto after = Project::open(folder / "project")->state();
        QVERIFY(*after == *before);
        QCOMPARE(after->settings.at("recipe"), "scratch");
        QCOMPARE(*after->images[2].reason, "the file is gone");
    }

    void aProjectMovedWithItsPicturesFindsThem()
    {
        const TestFolder folder;
        for (const char *where : {"first/inside", "first/beside"})
            writePictures(folder, std::string(where) + "/cat", 2, where[6]);
        {
            auto project = std::move(Project::create(folder / "first").value());
            QVERIFY(importAll(project, {folder / "first/inside", folder / "first/beside"}));
        }
        std::filesystem::rename(folder / "first", folder / "second");
        auto project = Project::open(folder / "second");
        const auto state = project->state();
        for (const auto &image : state->images)
            QVERIFY(std::filesystem::exists(image.file()));
        QCOMPARE(importAll(*project, {folder / "second/inside", folder / "second/beside"})->known, 4u);
    }

    void aProjectMovedAloneStillFindsItsPictures()
    {
        const TestFolder folder;
        {
            auto project = withPictures(folder);
        }
        std::filesystem::create_directories(folder / "far/away");
        std::filesystem::rename(folder / "project", folder / "far/away/project");
        const auto project = Project::open(folder / "far/away/project");
        const auto state = project->state();
        for (const auto &image : state->images)
            QVERIFY(std::filesystem::exists(image.file()));
    }

    void whatIsNoProjectIsExplained_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::newRow("empty") << QByteArray();
        QTest::newRow("text") << QByteArray("this is a text of some length that is no database at all, whatever its name may be; nothing else");
        QTest::newRow("short") << QByteArray("SQLite format 3\0", 16);
        QTest::newRow("header only") << QByteArray("SQLite format 3\0", 16).append(QByteArray(200, '\x07'));
    }

    void whatIsNoProjectIsExplained()
    {
        QFETCH(QByteArray, bytes);
        const TestFolder folder;
        const auto file = folder.write("project.whisker", bytes.toStdString());
        const auto project = Project::open(folder.path());
        QVERIFY(!project);
        QCOMPARE(project.error().code, ErrorCode::BadFormat);
        QVERIFY(QString::fromStdString(project.error().message).contains("project.whisker"));
        QCOMPARE(fileBytes(file), bytes.toStdString());
    }

    void aProjectThatIsNotThereIsExplained()
    {
        const TestFolder folder;
        const auto project = Project::open(folder / "none");
        QVERIFY(!project);
        QCOMPARE(project.error().code, ErrorCode::NotFound);
        QVERIFY(!std::filesystem::exists(folder / "none"));
    }

    void aDatabaseOfAnotherProgramIsLeftAlone()
    {
        const TestFolder folder;
        runSql(folder / "project.whisker", "CREATE TABLE other(x)");
        const auto project = Project::open(folder.path());
        QVERIFY(!project);
        QVERIFY2(QString::fromStdString(project.error().message).contains("another program"), errorText(project));
    }

    void aNewerVersionIsNamedAndLeftAlone()
    {
        const TestFolder folder;
        {
            auto project = withPictures(folder);
        }
        runSql(folder / "project/project.whisker", "PRAGMA user_version = 99");
        const auto bytes = fileBytes(folder / "project/project.whisker");
        const auto project = Project::open(folder / "project");
        QVERIFY(!project);
        QCOMPARE(project.error().code, ErrorCode::NewerVersion);
        QVERIFY2(QString::fromStdString(project.error().message).contains("newer Whisker"), errorText(project));
        QCOMPARE(fileBytes(folder / "project/project.whisker"), bytes);
    }

    void aFileCutInHalfIsExplained()
    {
        const TestFolder folder;
        {
            auto project = withPictures(folder);
        }
        const auto file = folder / "project/project.whisker";
        std::filesystem::resize_file(file, std::filesystem::file_size(file) / 2);
        const auto project = Project::open(file);
        QVERIFY(!project);
        QCOMPARE(project.error().code, ErrorCode::BadFormat);
        QVERIFY2(QString::fromStdString(project.error().message).contains("cut short"), errorText(project));
    }

    void aDamagedFileIsAnErrorNotACrash()
    {
        const TestFolder folder;
        {
            auto project = withPictures(folder);
        }
        const auto file = folder / "project/project.whisker";
        std::string bytes = fileBytes(file);
        for (std::size_t i = 5000; i < bytes.size(); ++i)
            bytes[i] = static_cast<char>(i * 31);
        std::ofstream(file, std::ios::binary) << bytes;
        const auto project = Project::open(file);
        const auto state = project ? project->state() : Result<ProjectState>(std::unexpected(project.error()));
        QVERIFY(!state);
        QCOMPARE(state.error().code, ErrorCode::BadFormat);
        QVERIFY2(QString::fromStdString(state.error().message).contains("damaged"), errorText(state));
    }

    void namesOfClassesMustDifferByMoreThanCase()
    {
        const TestFolder folder;
        auto project = std::move(Project::create(folder.path()).value());
        QVERIFY(project.addClass("  \u00c9pagneul/\"long\" '\u72ac'  "));
        QCOMPARE(project.state()->classes[0].name, "\u00c9pagneul/\"long\" '\u72ac'");
        for (const char *name : {"", " \t", "\u00e9PAGNEUL/\"LONG\" '\u72ac'", "two\nlines"}) {
            const auto refused = project.addClass(name);
            QVERIFY2(!refused, name);
            QCOMPARE(refused.error().code, ErrorCode::InvalidArgument);
        }
        QVERIFY(project.addClass(std::string(kLongestClassName, 'x')));
        const auto tooLong = project.addClass(std::string(300, 'y'));
        QVERIFY2(!tooLong && QString::fromStdString(tooLong.error().message).contains("255 letters at most, not 300"), errorText(tooLong));
        QVERIFY(!project.renameClass(project.state()->classes[1].id, "\u00e9pagneul/\"long\" '\u72ac'"));
        QVERIFY(project.renameClass(project.state()->classes[0].id, "\u00e9pagneul"));
        QCOMPARE(project.state()->classes.size(), 2u);
    }

    void classesGetTheFirstFreeKeyAndColour()
    {
        const TestFolder folder;
        auto project = std::move(Project::create(folder.path()).value());
        for (int i = 0; i < 11; ++i)
            QVERIFY(project.addClass("class " + std::to_string(i)));
        QCOMPARE(project.state()->classes[8].key, "9");
        QCOMPARE(project.state()->classes[10].key.size(), 1u);
        QVERIFY(project.removeClass(project.state()->classes[3].id));
        const auto change = project.addClass("new");
        QCOMPARE(change->classes->back().key, "4");
        QCOMPARE(change->classes->back().colour, 3);
    }

    void aFirstLabelBringsASplitThatKeepsTheShares()
    {
        const TestFolder folder;
        writePictures(folder, "photos", 100, 0);
        auto project = std::move(Project::create(folder / "project").value());
        QVERIFY(importAll(project, {folder / "photos"}));
        const auto cat = project.addClass("cat")->classes->front().id;
        const auto ids = idsOf(*project.state());
        for (std::size_t i = 0; i < 10; ++i)
            QVERIFY(project.setLabel(std::array{ids[i]}, cat));
        QVERIFY(project.setLabel(std::span(ids).subspan(10), cat));
        const auto state = project.state();
        QCOMPARE(countOf(*state, "cat", Split::Train), 70);
        QCOMPARE(countOf(*state, "cat", Split::Validation), 15);
        QCOMPARE(countOf(*state, "cat", Split::Test), 15);
    }

    void aCopyOfALabelledPictureGetsItsSplit()
    {
        const TestFolder folder;
        auto project = withPictures(folder);
        const auto state = project.state();
        const auto tested = std::ranges::find(state->images, std::optional(Split::Test), &ImageRecord::split);
        folder.write("copy.ppm", fileBytes(tested->file()));
        QVERIFY(importAll(project, {folder / "copy.ppm"}));
        const auto copy = project.state()->images.back().id;
        const auto change = project.setLabel(std::array{copy}, tested->label);
        QCOMPARE(change->images[0].split, std::optional(Split::Test));
    }

    void unknownPicturesAndClassesAreRefusedWhole()
    {
        const TestFolder folder;
        auto project = withPictures(folder);
        const auto before = project.state();
        const auto dog = before->classes[1].id;
        const auto refused = project.setLabel(std::array{before->images[0].id, ImageId(9999)}, dog);
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, ErrorCode::InvalidArgument);
        QVERIFY(!project.setLabel(std::array{before->images[0].id}, ClassId(77)));
        QVERIFY(!project.renameClass(77, "x"));
        QVERIFY(*project.state() == *before);
    }

    void twoObjectsOnOneFileSeeEachOthersChanges()
    {
        const TestFolder folder;
        auto one = withPictures(folder);
        auto other = std::move(Project::open(folder / "project", {.access = ProjectAccess::ReadOnly}).value());
        writePictures(folder, "fox", 2, 50);
        writePictures(folder, "owl", 2, 60);
        QVERIFY(importAll(one, {folder / "fox", folder / "owl"}));
        QCOMPARE(other.state()->images.size(), 12u);
        QCOMPARE(other.state()->images.back().file().parent_path(), folder / "owl");
        QVERIFY(one.undo());
        QCOMPARE(other.state()->images.size(), 8u);
        QCOMPARE(other.addClass("fox").error().code, ErrorCode::PermissionDenied);
    }

    void aSnapshotHasTheUsedPicturesAndClasses()
    {
        const TestFolder folder;
        auto project = withPictures(folder);
        QVERIFY(project.addClass("empty"));
        const auto snapshot = snapshotOf(project);
        QVERIFY2(snapshot, errorText(snapshot));
        QCOMPARE(snapshot->classes, (std::vector<std::string>{"cat", "dog"}));
        QCOMPARE(snapshot->entries.size(), 8u);
        QVERIFY(std::ranges::is_sorted(snapshot->entries, {}, &SnapshotEntry::hash));
        for (const auto &entry : snapshot->entries)
            QCOMPARE(entry.file.parent_path().filename().native(), snapshot->classes[static_cast<std::size_t>(entry.label)]);
        QVERIFY(checkTrainable(*snapshot, project.file()));
    }

    void aChangeThatComesTooLateIsNotApplied()
    {
        const TestFolder folder;
        auto project = withPictures(folder);
        ProjectState shown = *project.state();
        const auto first = project.addClass("fox");
        const auto second = project.addClass("owl");
        QVERIFY(applyChange(shown, *second));
        QVERIFY(!applyChange(shown, *first));
        QCOMPARE(shown.classes.size(), 4u);
    }
};

QTEST_GUILESS_MAIN(ProjectTest)
#include "project_test.moc"
