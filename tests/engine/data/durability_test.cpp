#include "engine/data/load_data.h"
#include "engine/image/thumbnail.h"
#include "tests/engine/data/pictures.h"

#include <QTest>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <sqlite3.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace whisker;
using namespace whisker::test;

namespace {

constexpr uid_t kNobody = 65534;

/// Both ends of a pipe, closed at the end of the scope.
struct Pipe {
    int ends[2] = {-1, -1};
    Pipe()
    {
        if (::pipe(ends) != 0)
            throw std::runtime_error("no pipe");
    }
    Pipe(const Pipe &) = delete;
    Pipe &operator=(const Pipe &) = delete;
    ~Pipe()
    {
        ::close(ends[0]);
        closeWriter();
    }
    void closeWriter() { ::close(std::exchange(ends[1], -1)); }
};

/// The text that `body` gives in a child process. Root becomes nobody there: root may write everywhere.
std::string asOrdinaryUser(const std::function<std::string()> &body)
{
    Pipe pipe;
    const pid_t child = ::fork();
    if (child == 0) {
        if (::geteuid() == 0 && (::setgid(kNobody) != 0 || ::setuid(kNobody) != 0))
            ::_exit(1);
        const std::string text = body();
        ::_exit(::write(pipe.ends[1], text.data(), text.size()) == static_cast<ssize_t>(text.size()) ? 0 : 1);
    }
    pipe.closeWriter();
    std::string text;
    char buffer[4096];
    for (ssize_t got = 0; (got = ::read(pipe.ends[0], buffer, sizeof buffer)) > 0;)
        text.append(buffer, static_cast<std::size_t>(got));
    ::waitpid(child, nullptr, 0);
    return text;
}

void openToAll(const TestFolder &folder)
{
    ::chmod(folder.path().c_str(), 0755);
}

void makeProject(const TestFolder &folder, int pictures)
{
    writePictures(folder, "cat", pictures, 0);
    writePictures(folder, "dog", pictures, 1000);
    auto project = std::move(Project::create(folder / "project").value());
    importAll(project, {folder / "cat", folder / "dog"}).value();
}

/// From now on, in this process, a project file (not one in the making) gets no -shm, as where the disk fills up just then.
void leaveNoRoomForTheIndexOfLogs()
{
    static sqlite3_vfs *const usual = ::sqlite3_vfs_find(nullptr);
    static sqlite3_vfs full = *usual;
    full.zName = "full";
    full.xOpen = [](sqlite3_vfs *, const char *name, sqlite3_file *file, int flags, int *flagsOut) {
        const int code = usual->xOpen(usual, name, file, flags, flagsOut);
        if (code == SQLITE_OK && (flags & SQLITE_OPEN_MAIN_DB) && std::string_view(name).ends_with("project.whisker")) {
            static sqlite3_io_methods methods = *file->pMethods;
            methods.xShmMap = [](sqlite3_file *, int, int, int, void volatile **) { return SQLITE_IOERR_SHMSIZE; };
            file->pMethods = &methods;
        }
        return code;
    };
    ::sqlite3_vfs_register(&full, 1);
}

template <class T> std::string sentenceOf(const Result<T> &result)
{
    return result ? "it worked" : result.error().message;
}

/// As another program sees it, one that knows SQLite and nothing of Whisker; -1 where it can't be read.
int foxesIn(const std::filesystem::path &file)
{
    sqlite3 *database = nullptr;
    int count = -1;
    const auto take = [](void *result, int, char **values, char **) {
        *static_cast<int *>(result) = std::atoi(values[0]);
        return 0;
    };
    if (::sqlite3_open_v2(file.c_str(), &database, SQLITE_OPEN_READWRITE, nullptr) == SQLITE_OK)
        ::sqlite3_exec(database, "SELECT count(*) FROM image JOIN class ON label = class.id WHERE class.name = 'fox'", take, &count, nullptr);
    ::sqlite3_close(database);
    return count;
}

} // namespace

class DurabilityTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aKilledProgramLosesNoLabelThatItHadAcknowledged()
    {
        const TestFolder folder;
        makeProject(folder, 20);
        for (int round = 0; round < 5; ++round) {
            Pipe pipe;
            const auto dog = Project::open(folder / "project")->state()->classes[1].id;
            const auto cat = Project::open(folder / "project")->state()->classes[0].id;
            const auto label = round % 2 ? cat : dog;
            const pid_t child = ::fork();
            if (child == 0) {
                auto project = std::move(Project::open(folder / "project").value());
                for (const ImageId id : idsOf(*project.state())) {
                    if (project.setLabel(std::array{id}, label) && ::write(pipe.ends[1], &id, sizeof id) != sizeof id)
                        break;
                }
                ::pause();
            }
            ImageId last = 0;
            for (int i = 0; i < 3 + 7 * round; ++i)
                QCOMPARE(::read(pipe.ends[0], &last, sizeof last), static_cast<ssize_t>(sizeof last));
            ::kill(child, SIGKILL);
            ::waitpid(child, nullptr, 0);
            pipe.closeWriter();
            while (::read(pipe.ends[0], &last, sizeof last) == sizeof last) {
            }
            const auto state = Project::open(folder / "project")->state();
            QVERIFY2(state, errorText(state));
            for (const auto &image : state->images)
                QVERIFY(image.id > last || image.label == label);
        }
    }

    void lookingAtAnOpenProjectAgainDoesNotLetAnotherProgramTakeItsLogAway()
    {
        const TestFolder folder;
        makeProject(folder, 3);
        Pipe go, done;
        const pid_t other = ::fork(); // before this process knows the file: what SQLite knows of it must not be inherited
        if (other == 0) {
            go.closeWriter(); // its end is the end of the work
            char byte = 0;
            while (::read(go.ends[0], &byte, 1) == 1) {
                byte = static_cast<char>(foxesIn(folder / "project/project.whisker"));
                if (::write(done.ends[1], &byte, 1) != 1)
                    break;
            }
            ::_exit(0);
        }
        const auto foxesThatAnotherSees = [&] {
            char byte = 0;
            return ::write(go.ends[1], &byte, 1) == 1 && ::read(done.ends[0], &byte, 1) == 1 ? byte : -1;
        };
        auto project = std::move(Project::open(folder / "project").value());
        QVERIFY(project.addClass("fox"));
        const auto state = project.state();
        QVERIFY(Project::open(folder / "project", {.access = ProjectAccess::ReadOnly})->state());
        QVERIFY(loadData(folder / "project"));
        QCOMPARE(foxesThatAnotherSees(), 0);
        QVERIFY(project.setLabel(idsOf(*state), state->classes.back().id));
        QCOMPARE(foxesThatAnotherSees(), 6);
        go.closeWriter();
        ::waitpid(other, nullptr, 0);
    }

    void aKilledImportLeavesWhatItHadShown()
    {
        const TestFolder folder;
        writePictures(folder, "cat", 300, 0);
        writePictures(folder, "dog", 300, 1000);
        QVERIFY(Project::create(folder / "project"));
        const std::vector paths = {folder / "cat", folder / "dog"};
        Pipe pipe;
        const pid_t child = ::fork();
        if (child == 0) {
            auto project = std::move(Project::open(folder / "project").value());
            std::size_t shown = 0;
            const auto sink = [&](const ImportProgress &progress) {
                shown += progress.change.images.size();
                if (shown > 100 && ::write(pipe.ends[1], &shown, sizeof shown) == sizeof shown)
                    ::pause();
            };
            importFolders(project, paths, {}, sink, {}).value();
        }
        std::size_t shown = 0;
        QCOMPARE(::read(pipe.ends[0], &shown, sizeof shown), static_cast<ssize_t>(sizeof shown));
        ::kill(child, SIGKILL);
        ::waitpid(child, nullptr, 0);
        auto project = std::move(Project::open(folder / "project").value());
        QCOMPARE(project.state()->images.size(), shown);
        QCOMPARE(importAll(project, paths)->known, shown);
        QCOMPARE(countOf(*project.state(), "dog", Split::Train), 210);
        for (int i = 0; i < 2; ++i)
            QVERIFY(project.undo());
        QVERIFY(project.state()->images.empty());
    }

    void aFullDiskIsSaidAndLosesNothing()
    {
        const TestFolder folder;
        openToAll(folder);
        makeProject(folder, 100);
        std::filesystem::permissions(folder / "project", std::filesystem::perms::all);
        const auto file = folder / "project/project.whisker";
        std::filesystem::permissions(file, std::filesystem::perms::all);
        const std::string said = asOrdinaryUser([&] {
            auto project = std::move(Project::open(folder / "project").value());
            const auto state = project.state();
            std::signal(SIGXFSZ, SIG_IGN);
            // No file may grow beyond this: the log of the database reaches it after some changes.
            const rlimit limit = {120'000, 120'000};
            ::setrlimit(RLIMIT_FSIZE, &limit);
            const auto ids = idsOf(*state);
            int done = 0;
            for (int round = 0;; ++round) {
                const auto change = project.setLabel(ids, state->classes[static_cast<std::size_t>(round % 2)].id);
                if (!change)
                    return std::to_string(done) + " " + change.error().message + " " +
                           std::to_string(countOf(*project.state(), state->classes[static_cast<std::size_t>((round + 1) % 2)].name, Split::Train));
                ++done;
            }
        });
        QVERIFY2(QString::fromStdString(said).contains("the disk is full"), said.c_str());
        QVERIFY2(said.ends_with(" 140"), said.c_str());
        const auto state = Project::open(folder / "project")->state();
        QVERIFY2(state, errorText(state));
        const int done = std::stoi(said);
        const auto cats = std::ranges::count(state->images, std::optional(state->classes[0].id), &ImageRecord::label);
        QCOMPARE(cats, done == 0 ? 100 : done % 2 ? 200 : 0);
    }

    void anImportOnAFullDiskKeepsWhatItHadShownAndGoesOnWhenThereIsSpace()
    {
        const TestFolder folder;
        writePictures(folder, "cat", 400, 0);
        writePictures(folder, "dog", 400, 1000);
        ::chmod(folder.path().c_str(), 0777);
        const std::string said = asOrdinaryUser([&]() -> std::string {
            auto project = Project::create(folder / "project");
            if (!project)
                return project.error().message;
            std::signal(SIGXFSZ, SIG_IGN);
            rlimit limit = {};
            ::getrlimit(RLIMIT_FSIZE, &limit);
            limit.rlim_cur = 250'000; // reached after some batches
            ::setrlimit(RLIMIT_FSIZE, &limit);
            ProjectState shown = project->state().value();
            bool inOrder = true;
            const auto sink = [&](const ImportProgress &progress) { inOrder = applyChange(shown, progress.change) && inOrder; };
            const std::vector paths = {folder / "cat", folder / "dog"};
            const auto import = importFolders(*project, paths, {}, sink, {});
            const bool kept = project->state() == shown && inOrder;
            const auto picture = thumbnail(folder / "cat/1.ppm", 64, folder / "cache");
            limit.rlim_cur = 50;
            ::setrlimit(RLIMIT_FSIZE, &limit);
            const auto another = thumbnail(folder / "cat/2.ppm", 64, folder / "cache");
            limit.rlim_cur = limit.rlim_max;
            ::setrlimit(RLIMIT_FSIZE, &limit);
            const auto rest = importAll(*project, paths);
            return sentenceOf(import) + (kept ? "|kept " : "|not kept ") + std::to_string(!shown.images.empty() && shown.images.size() < 800) +
                   std::to_string(picture && another) + " " + std::to_string(rest ? rest->added + rest->known : 0);
        });
        QVERIFY2(QString::fromStdString(said).contains("the disk is full"), said.c_str());
        QVERIFY2(said.ends_with("|kept 11 800"), said.c_str());
    }

    void aFullDiskLeavesNoHalfMadeProject()
    {
        const TestFolder folder;
        ::chmod(folder.path().c_str(), 0777);
        const std::string said = asOrdinaryUser([&] {
            std::signal(SIGXFSZ, SIG_IGN);
            const rlimit limit = {20'000, 20'000};
            ::setrlimit(RLIMIT_FSIZE, &limit);
            return sentenceOf(Project::create(folder / "new"));
        });
        QVERIFY2(QString::fromStdString(said).contains("the disk is full"), said.c_str());
        QVERIFY(std::filesystem::is_empty(folder / "new"));
    }

    void aProjectThatCantBeOpenedOnceMadeIsTakenAway()
    {
        const TestFolder folder;
        ::chmod(folder.path().c_str(), 0777);
        const std::string said = asOrdinaryUser([&] {
            leaveNoRoomForTheIndexOfLogs();
            return sentenceOf(Project::create(folder / "new"));
        });
        QVERIFY2(QString::fromStdString(said).contains("the disk is full"), said.c_str());
        QVERIFY(std::filesystem::is_empty(folder / "new"));
    }

    void aReadOnlyFolderOpensForReading()
    {
        const TestFolder folder;
        openToAll(folder);
        makeProject(folder, 3);
        std::filesystem::permissions(folder / "project", std::filesystem::perms(0555));
        const std::string said = asOrdinaryUser([&]() -> std::string {
            auto project = Project::open(folder / "project");
            if (!project)
                return project.error().message;
            const auto state = project->state();
            if (!project->isReadOnly() || !state || state->images.size() != 6)
                return "not open for reading: " + sentenceOf(state);
            const auto import = importAll(*project, {folder / "cat"});
            const auto data = loadData(folder / "project");
            return sentenceOf(project->addClass("fox")) + "|" + sentenceOf(project->undo()) + "|" + sentenceOf(import) + "|" + sentenceOf(data);
        });
        std::filesystem::permissions(folder / "project", std::filesystem::perms(0755));
        QCOMPARE(QString::fromStdString(said).count("read-only"), 3);
        QVERIFY2(said.ends_with("|it worked"), said.c_str());
        QVERIFY(Project::open(folder / "project")->addClass("fox"));
    }

    void aProjectCantBeMadeWhereNobodyMayWrite()
    {
        const TestFolder folder;
        openToAll(folder);
        const std::string said = asOrdinaryUser([&] { return sentenceOf(Project::create(folder / "new")); });
        if (::geteuid() == 0)
            QVERIFY2(QString::fromStdString(said).contains("permission denied"), said.c_str());
        else
            QCOMPARE(said, "it worked"); // the folder is our own
    }

    void aFolderWithoutPermissionIsNamed()
    {
        const TestFolder folder;
        openToAll(folder);
        writePictures(folder, "data/cat", 3, 0);
        writePictures(folder, "data/dog", 3, 10);
        writePictures(folder, "data/locked", 3, 20);
        std::filesystem::permissions(folder / "data/locked", std::filesystem::perms::none);
        const std::string listed = asOrdinaryUser([&] {
            const auto data = loadData(folder / "data");
            return data ? data->skipped[0].file.filename().native() + ": " + data->skipped[0].reason : data.error().message;
        });
        QVERIFY2(listed.starts_with("locked: Permission denied"), listed.c_str());
        const std::string refused = asOrdinaryUser([&] { return sentenceOf(loadData(folder / "data/locked")); });
        QVERIFY2(QString::fromStdString(refused).contains("permission denied"), refused.c_str());
        std::filesystem::permissions(folder / "data/locked", std::filesystem::perms(0755));
    }

    void aFileWithoutPermissionIsListed()
    {
        const TestFolder folder;
        openToAll(folder);
        writePictures(folder, "data/cat", 3, 0);
        writePictures(folder, "data/dog", 3, 10);
        std::filesystem::permissions(folder / "data/dog/11.ppm", std::filesystem::perms::none);
        const std::string listed = asOrdinaryUser([&] {
            const auto data = loadData(folder / "data");
            return data ? data->skipped.at(0).reason : data.error().message;
        });
        QVERIFY2(QString::fromStdString(listed).contains("ermission denied"), listed.c_str());
    }
};

QTEST_GUILESS_MAIN(DurabilityTest)
#include "durability_test.moc"
