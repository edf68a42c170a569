#include "engine/base/counter_random.h"
#include "tests/engine/data/pictures.h"

#include <QTest>

#include <tuple>
#include <sqlite3.h>

#include <algorithm>

using namespace whisker;
using namespace whisker::test;

namespace {

/// One random change; nothing where it came to nothing.
std::optional<ProjectChange> randomChange(Project &project, const ProjectState &state, CounterRandom &random, int number)
{
    std::vector<ImageId> some;
    for (const auto &image : state.images) {
        if (random.uniform() < 0.3)
            some.push_back(image.id);
    }
    const auto anyClass = [&] { return state.classes[random.below(state.classes.size())].id; };
    Result<ProjectChange> change;
    switch (random.below(6)) {
    case 0:
        change = project.addClass("class " + std::to_string(number));
        break;
    case 1:
        change = project.renameClass(anyClass(), "renamed " + std::to_string(number));
        break;
    case 2:
        if (state.classes.size() < 3)
            return std::nullopt;
        change = project.removeClass(anyClass());
        break;
    case 3:
        change = project.setSplit(some, static_cast<Split>(random.below(3)));
        break;
    case 4:
        change = project.setExcluded(some, random.below(2) == 0);
        break;
    default:
        change = project.setLabel(some, random.below(4) ? std::optional(anyClass()) : std::nullopt);
    }
    if (!change)
        throw std::runtime_error(change.error().message);
    return change->words.empty() ? std::nullopt : std::optional(std::move(*change));
}

/// A state but for what undo and redo would do: that differs on the way back.
ProjectState contentOf(ProjectState state)
{
    state.history = {};
    return state;
}

} // namespace

class JournalTest : public QObject {
    Q_OBJECT

    TestFolder m_folder;

private Q_SLOTS:
    void init()
    {
        std::filesystem::remove_all(m_folder / "project");
        writePictures(m_folder, "cat", 8, 0);
        writePictures(m_folder, "dog", 8, 100);
        auto project = Project::create(m_folder / "project");
        importAll(*project, {m_folder / "cat", m_folder / "dog"}).value();
    }

    void twoHundredRandomChangesAreUndoneAndRedoneAcrossRestarts()
    {
        auto project = std::move(Project::open(m_folder / "project").value());
        ProjectState shown = *project.state();
        std::vector states = {contentOf(shown)};
        CounterRandom random(1);
        for (int number = 0; states.size() <= 200; ++number) {
            const auto change = randomChange(project, shown, random, number);
            if (!change)
                continue;
            QVERIFY(applyChange(shown, *change));
            states.push_back(contentOf(shown));
        }
        QVERIFY(shown == *project.state());

        const auto reopen = [&] {
            std::ignore = Project(std::move(project)); // closed before it is opened again
            project = std::move(Project::open(m_folder / "project").value());
        };
        for (std::size_t i = 200; i-- > 0;) {
            if (i % 60 == 0)
                reopen(), shown = *project.state();
            QVERIFY(applyChange(shown, project.undo().value()));
            QVERIFY2(contentOf(shown) == states[i], qPrintable(QString::number(i)));
        }
        QVERIFY(shown == *project.state());
        for (std::size_t i = 1; i <= 200; ++i) {
            if (i % 60 == 0)
                reopen(), shown = *project.state();
            QVERIFY(applyChange(shown, project.redo().value()));
            QVERIFY2(contentOf(shown) == states[i], qPrintable(QString::number(i)));
        }
        QVERIFY(shown == *project.state());
    }

    void wordsSayWhatUndoAndRedoWouldDo()
    {
        auto project = std::move(Project::open(m_folder / "project").value());
        const auto state = project.state();
        const auto change = project.setLabel(std::array{state->images[0].id, state->images[1].id}, state->classes[1].id);
        QCOMPARE(change->words, "Labelled 2 pictures dog");
        QCOMPARE(change->history.undo, std::optional(change->words));
        const auto train = std::ranges::find(state->images, std::optional(Split::Train), &ImageRecord::split)->id;
        QCOMPARE(project.setSplit(std::array{train}, Split::Test)->words, "Moved 1 picture to test");
        const auto undone = project.undo();
        QCOMPARE(undone->words, "Moved 1 picture to test");
        QCOMPARE(undone->images.size(), 1u);
        QCOMPARE(undone->history.redo, std::optional<std::string>("Moved 1 picture to test"));
        QCOMPARE(undone->history.undo, std::optional<std::string>("Labelled 2 pictures dog"));
    }

    void aNewChangeForgetsWhatWasUndone()
    {
        auto project = std::move(Project::open(m_folder / "project").value());
        QVERIFY(project.addClass("fox"));
        QVERIFY(project.addClass("owl"));
        QVERIFY(project.undo());
        QVERIFY(project.undo());
        QVERIFY(project.addClass("owl"));
        QVERIFY(!project.state()->history.redo);
        QVERIFY(project.redo()->words.empty());
        QCOMPARE(project.state()->classes.back().name, "owl");
    }

    void aChangeToWhatIsAlreadySoIsNone()
    {
        auto project = std::move(Project::open(m_folder / "project").value());
        const auto state = project.state();
        const auto change = project.setLabel(std::array{state->images[0].id}, state->images[0].label);
        QVERIFY2(change, errorText(change));
        QVERIFY(change->words.empty() && change->images.empty());
        QCOMPARE(change->history, state->history);
        QVERIFY(project.setLabel({}, state->classes[0].id)->words.empty());
    }

    void nothingToUndoIsNoError()
    {
        auto project = std::move(Project::open(m_folder / "project").value());
        QVERIFY(!project.undo()->words.empty());
        QVERIFY(project.undo()->words.empty());
        QVERIFY(!project.redo()->words.empty());
        QVERIFY(project.redo()->words.empty());
    }

    void aRemovedClassComesBackWithItsPictures()
    {
        auto project = std::move(Project::open(m_folder / "project").value());
        const auto before = contentOf(*project.state());
        const auto removed = project.removeClass(before.classes[0].id);
        QCOMPARE(removed->words, "Removed class cat from 8 pictures");
        QCOMPARE(removed->images.size(), 8u);
        QVERIFY(!removed->images[0].label);
        QVERIFY(project.undo());
        QVERIFY(contentOf(*project.state()) == before);
    }

    void aPictureNamedTwiceIsChangedOnce()
    {
        auto project = std::move(Project::open(m_folder / "project").value());
        const auto before = contentOf(*project.state());
        const auto id = before.images[0].id;
        QCOMPARE(project.setExcluded(std::array{id, id, id}, true)->words, "Excluded 1 picture");
        QVERIFY(project.undo());
        QVERIFY(contentOf(*project.state()) == before);
    }

    void timesComeFromTheGivenClock()
    {
        {
            auto project = std::move(Project::open(m_folder / "project", {.clock = [] { return 1234567; }}).value());
            QVERIFY(project.addClass("fox"));
        }
        sqlite3 *database = nullptr;
        QCOMPARE(sqlite3_open((m_folder / "project/project.whisker").c_str(), &database), SQLITE_OK);
        std::string time;
        const auto take = [](void *text, int, char **values, char **) {
            *static_cast<std::string *>(text) = values[0];
            return 0;
        };
        sqlite3_exec(database, "SELECT time FROM journal ORDER BY id DESC LIMIT 1", take, &time, nullptr);
        sqlite3_close(database);
        QCOMPARE(time, "1234567");
    }
};

QTEST_GUILESS_MAIN(JournalTest)
#include "journal_test.moc"
