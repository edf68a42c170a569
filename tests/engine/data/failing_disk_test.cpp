#include "tests/support/failing_disk.h"
#include "tests/support/project_file.h"
#include "tests/engine/data/pictures.h"

#include <QTest>

#include <algorithm>
#include <cerrno>
#include <functional>
#include <set>
#include <sqlite3.h>

using namespace whisker;
using namespace whisker::test;
using Failure = FailingDisk::Failure;
using Unsynced = FailingDisk::Unsynced;

namespace {

/// The log goes into the file this often, so that it happens within the script too; in the program it is every 1000 pages.
constexpr int kPagesOfLog = 60;

int emptyTheLogOften(sqlite3 *database, char **, const void *)
{
    return ::sqlite3_wal_autocheckpoint(database, kPagesOfLog);
}

/// What a window knows of the project, and what it does to it.
struct Work {
    std::filesystem::path root;
    std::optional<Project> project{};
    ProjectState shown{};
    std::vector<ProjectState> *all = nullptr; // where each state that is shown goes, if anywhere
    std::size_t shownCount = 0;

    void show()
    {
        ++shownCount;
        if (all)
            all->push_back(shown);
    }
    bool take(const ProjectChange &change)
    {
        if (!applyChange(shown, change))
            return false;
        show();
        return true;
    }
    ClassId classNamed(std::string_view name) const
    {
        const auto place = std::ranges::find(shown.classes, name, &ClassRecord::name);
        return place == shown.classes.end() ? 0 : place->id;
    }
    std::vector<ImageId> some(std::size_t first, std::size_t count) const
    {
        std::vector<ImageId> ids;
        for (std::size_t i = 0; i < count && !shown.images.empty(); ++i)
            ids.push_back(shown.images[(first + i) % shown.images.size()].id);
        return ids;
    }
};

using Outcome = Result<void>;
using Step = std::function<Outcome(Work &)>;

ProjectOptions options()
{
    return {.clock = [] { return std::int64_t(1'700'000'000'000); }};
}

Outcome opened(Work &work, Result<Project> project)
{
    if (!project)
        return std::unexpected(project.error());
    auto state = project->state();
    if (!state)
        return std::unexpected(state.error());
    work.project = std::move(*project);
    work.shown = std::move(*state);
    work.show();
    return {};
}

Outcome reopen(Work &work)
{
    work.project.reset();
    return opened(work, Project::open(work.root / "disk/project", options()));
}

Outcome created(Work &work)
{
    const auto place = work.root / "disk/project"; // one that was made, but could not be opened, is opened at the second try
    return opened(work, std::filesystem::exists(place / Project::kFileName) ? Project::open(place, options()) : Project::create(place, options()));
}

Step change(std::function<Result<ProjectChange>(Work &)> make)
{
    return [make = std::move(make)](Work &work) -> Outcome {
        const auto done = make(work);
        if (!done)
            return std::unexpected(done.error());
        if (!work.take(*done))
            return fail(ErrorCode::Internal, "A change came too late.");
        return {};
    };
}

Step label(std::size_t first, std::size_t count, std::string name)
{
    return change([=](Work &work) { return work.project->setLabel(work.some(first, count), work.classNamed(name)); });
}

Step imported(std::vector<std::string> folders)
{
    return [folders = std::move(folders)](Work &work) -> Outcome {
        std::vector<std::filesystem::path> paths;
        for (const auto &folder : folders)
            paths.push_back(work.root / folder);
        bool inOrder = true;
        const auto sink = [&](const ImportProgress &progress) { inOrder = work.take(progress.change) && inOrder; };
        const auto report = importFolders(*work.project, paths, {.threads = 1}, sink, {});
        if (!report)
            return std::unexpected(report.error());
        return inOrder ? Outcome() : fail(ErrorCode::Internal, "A change came too late.");
    };
}

const Step kUndo = change([](Work &work) { return work.project->undo(); });
const Step kRedo = change([](Work &work) { return work.project->redo(); });

/// An hour with a project: made, filled, labelled, undone, opened again.
std::vector<Step> hour()
{
    std::vector<Step> steps = {created, imported({"cat", "dog"}), imported({"new"})};
    for (std::size_t i = 0; i < 20; ++i)
        steps.push_back(label(20 + 2 * i, 1 + i % 3, i % 2 ? "cat" : "dog"));
    steps.push_back(change([](Work &work) { return work.project->addClass("fox"); }));
    for (std::size_t i = 0; i < 8; ++i)
        steps.push_back(label(10 + 5 * i, 2, "fox"));
    steps.insert(steps.end(), {kUndo, kUndo, kUndo, kRedo, kRedo});
    steps.push_back(change([](Work &work) { return work.project->renameClass(work.classNamed("fox"), "red fox"); }));
    steps.push_back(change([](Work &work) { return work.project->setExcluded(work.some(3, 4), true); }));
    steps.push_back(reopen);
    for (std::size_t i = 0; i < 10; ++i)
        steps.push_back(label(7 * i, 1 + i % 2, i % 3 ? "red fox" : "cat"));
    steps.push_back(change([](Work &work) { return work.project->setSplit(work.some(0, 6), Split::Test); }));
    steps.push_back(change([](Work &work) { return work.project->removeClass(work.classNamed("dog")); }));
    steps.insert(steps.end(), {kUndo, kUndo, kUndo, kRedo});
    steps.push_back(change([](Work &work) { return work.project->setState(work.some(5, 1)[0], ImageState::Missing, "it is gone"); }));
    for (std::size_t i = 0; i < 12; ++i)
        steps.push_back(label(3 * i, 1, i % 2 ? "red fox" : "dog"));
    steps.push_back(reopen);
    steps.insert(steps.end(), {kUndo, kUndo, kUndo, kUndo, kRedo, kRedo, label(1, 3, "cat"), reopen});
    return steps;
}

bool sameButForHistory(ProjectState left, ProjectState right)
{
    left.history = right.history = {};
    return left == right;
}

std::set<std::string> filesIn(const std::filesystem::path &folder)
{
    std::set<std::string> names;
    std::error_code ignored; // no folder, no files
    for (const auto &entry : std::filesystem::directory_iterator(folder, ignored))
        names.insert(entry.path().filename());
    return names;
}

} // namespace

class FailingDiskTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        ::sqlite3_auto_extension(reinterpret_cast<void (*)()>(emptyTheLogOften));
        writePictures(m_root, "cat", 12, 0);
        writePictures(m_root, "dog", 12, 1000);
        writePictures(m_root, "new", 40, 2000);
        m_steps = hour();
        const auto disk = newDisk();
        Work work{.root = m_root.path()};
        work.all = &m_states;
        for (const auto &step : m_steps) {
            const auto done = step(work);
            QVERIFY2(done, errorText(done));
            m_ends.push_back(work.shownCount - 1);
        }
        work.project.reset();
        m_operations = disk->operations();
        qInfo("%zu steps, %zu states shown, %zu operations of the disk", m_steps.size(), m_states.size(), m_operations);
        QVERIFY(m_operations > 500);
        QCOMPARE(filesIn(projectFolder()), std::set<std::string>{"project.whisker"});
    }

    void eachOperationThatFailsOnceIsSaidAndLosesNothing() { failEach(Failure::Once); }

    void aDiskThatFailsFromSomeMomentOnLosesNothing() { failEach(Failure::FromThenOn); }

    void aPowerCutAtEachOperationLosesNothingThatWasShown()
    {
        for (std::size_t number = 1; number <= m_operations; ++number) {
            cutPowerAt(number, std::array{Unsynced::Torn, Unsynced::Lost, Unsynced::Torn, Unsynced::Kept}[number % 4]);
            if (QTest::currentTestFailed())
                return;
        }
    }

private:
    void failEach(Failure failure)
    {
        std::set<std::string> sentences;
        std::size_t said = 0;
        for (std::size_t number = 1; number <= m_operations; ++number) {
            const auto error = failAt(number, failure);
            if (QTest::currentTestFailed())
                return;
            if (error)
                sentences.insert(error->message);
            said += error.has_value();
        }
        qInfo("%zu operations failed, %zu times a sentence said so:", m_operations, said);
        for (const auto &sentence : sentences)
            qInfo("  %s", sentence.c_str());
        QVERIFY(said > m_operations / 2);
    }

    /// One operation fails; what was shown stands then, the step is done again on a mended disk, and some more after it. What was said.
    std::optional<Error> failAt(std::size_t number, Failure failure)
    {
        const auto disk = newDisk();
        disk->failAt(number, failure, number % 2 ? ENOSPC : EIO);
        Work work{.root = m_root.path()};
        std::optional<Error> said;
        std::size_t more = 3;
        for (std::size_t k = 0; k < m_steps.size() && more > 0; ++k) {
            auto done = m_steps[k](work);
            if (!done && !said) {
                said = done.error();
                checkFailure(work, *disk, *said);
                if (failure == Failure::FromThenOn)
                    checkFailure(work, *disk, errorOf(m_steps[k](work)));
                disk->repair();
                done = m_steps[k](work);
            }
            m_place = "operation " + std::to_string(number) + ", " + disk->failedCall() + ", step " + std::to_string(k);
            checkDone(done);
            check(sameButForHistory(work.shown, m_states[m_ends[k]]), "what came of it is not what should have come");
            if (QTest::currentTestFailed())
                return {};
            more -= disk->hasFailed() ? 1 : 0;
        }
        disk->repair();
        work.project.reset();
        checkAfterwards(work.shown, {});
        return said;
    }

    void checkFailure(Work &work, const FailingDisk &disk, const Error &error)
    {
        m_place = disk.failedCall() + ": " + error.message;
        check(disk.hasFailed(), "failed on a good disk");
        check(!error.message.contains("read-only") && !error.message.contains("isn't there"), "not what happened");
        check(error.message.contains("project") && error.message.ends_with('.') && !error.message.contains('\n'), "no sentence");
        if (!work.project)
            return;
        const auto now = work.project->state();
        checkDone(now);
        check(now && *now == work.shown, "what is shown is not what is there");
    }

    void cutPowerAt(std::size_t number, Unsynced unsynced)
    {
        const auto disk = newDisk();
        disk->failAt(number, Failure::PowerCut, EIO);
        Work work{.root = m_root.path()};
        for (const auto &step : m_steps) {
            if (!step(work))
                break;
        }
        work.project.reset();
        disk->leaveWhatAPowerCutLeaves(unsynced, number);
        m_place = "power cut at operation " + std::to_string(number) + ", " + disk->failedCall();
        const auto next = work.shownCount < m_states.size() ? m_states[work.shownCount] : ProjectState();
        if (work.shownCount > 0) {
            checkAfterwards(m_states[work.shownCount - 1], next);
        } else {
            const auto made = Project::openOrCreate(projectFolder(), options());
            checkDone(made);
        }
    }

    /// The project opens with what was shown, or what was under way then; it is sound, can be worked with, and nothing lies about.
    void checkAfterwards(const ProjectState &shown, const std::optional<ProjectState> &underWay)
    {
        auto project = Project::open(projectFolder(), options());
        checkDone(project);
        if (!project)
            return;
        const auto state = project->state();
        checkDone(state);
        check(state && (*state == shown || (underWay && *state == *underWay)), "opened again, it is not what was shown");
        const auto added = project->addClass("afterwards");
        checkDone(added);
        const auto undone = project->undo();
        checkDone(undone);
        const auto last = project->state();
        check(last && state && sameButForHistory(*last, *state), "undo does not give back what was there");
        project = fail(ErrorCode::Cancelled, "closed");
        const auto integrity = integrityOf(projectFolder() / "project.whisker");
        check(integrity == "ok", integrity.c_str());
        check(filesIn(projectFolder()) == std::set<std::string>{"project.whisker"}, "files lie about");
    }

    template <class T> void checkDone(const Result<T> &result) { check(result.has_value(), errorText(result)); }

    static Error errorOf(const Outcome &outcome) { return outcome ? Error() : outcome.error(); }

    void check(bool holds, const char *what)
    {
        if (!holds)
            QFAIL((m_place + ": " + what).c_str());
    }

    std::unique_ptr<FailingDisk> newDisk()
    {
        std::filesystem::remove_all(m_root / "disk");
        std::filesystem::create_directory(m_root / "disk");
        return std::make_unique<FailingDisk>(m_root / "disk");
    }

    std::filesystem::path projectFolder() const { return m_root / "disk/project"; }

    const TestFolder m_root{};
    std::vector<Step> m_steps;
    std::vector<ProjectState> m_states; // each that an undisturbed hour shows
    std::vector<std::size_t> m_ends;    // the index of the state after each step
    std::size_t m_operations = 0;
    std::string m_place; // for what fails
};

int main(int count, char **arguments)
{
    useTemporaryFoldersInMemory(); // no sync is waited for: FailingDisk remembers what it would have kept
    QCoreApplication application(count, arguments);
    FailingDiskTest test;
    return QTest::qExec(&test, count, arguments);
}

#include "failing_disk_test.moc"
