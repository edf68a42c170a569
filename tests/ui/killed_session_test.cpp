#include "tests/engine/data/pictures.h"
#include "tests/support/project_file.h"
#include "tests/ui/labeller.h"

#include <QTest>

#include <algorithm>
#include <csignal>
#include <deque>
#include <map>
#include <poll.h>
#include <random>
#include <set>
#include <sstream>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <utility>

using namespace whisker;
using namespace whisker::test;

namespace {

constexpr int kMoments = 200;
constexpr int kMomentsPerProject = 8;
constexpr int kFolders = 4;
constexpr int kPicturesPerClass = 60;

struct Message {
    Told kind;
    std::string text;
};

/// A labeller in a process of its own. Its libraries, half a second's work to load, are those of the program that makes it, which must have no other thread yet.
class Process {
public:
    Process(const std::filesystem::path &root, unsigned seed)
    {
        int ends[2];
        if (::pipe(ends) != 0)
            throw std::runtime_error("no pipe");
        m_child = ::fork();
        if (m_child < 0)
            throw std::runtime_error("no process");
        if (m_child == 0) {
            ::prctl(PR_SET_PDEATHSIG, SIGKILL);
            ::dup2(ends[1], STDOUT_FILENO);
            ::close(ends[0]);
            ::close(ends[1]);
            ::raise(SIGSTOP);
            ::_exit(runLabeller(root, seed));
        }
        ::close(ends[1]);
        m_reader = ends[0];
        ::waitpid(m_child, nullptr, WUNTRACED);
    }
    Process(const Process &) = delete;
    Process &operator=(const Process &) = delete;
    ~Process()
    {
        kill();
        ::close(m_reader);
    }

    void begin() { ::kill(m_child, SIGCONT); }

    void kill()
    {
        if (m_child > 0) {
            ::kill(m_child, SIGKILL);
            ::waitpid(m_child, nullptr, 0);
        }
        m_child = 0;
    }

    /// The next message; nothing at its end (also a torn one), or when it says nothing for long.
    std::optional<Message> next()
    {
        char head[5];
        if (!fill(head, sizeof head))
            return std::nullopt;
        std::uint32_t size = 0;
        std::copy_n(head + 1, sizeof size, reinterpret_cast<char *>(&size));
        Message message{static_cast<Told>(head[0]), std::string(size, ' ')};
        if (!fill(message.text.data(), size))
            return std::nullopt;
        return message;
    }

private:
    bool fill(char *bytes, std::size_t count)
    {
        constexpr int kPatienceMs = 20000;
        for (std::size_t got = 0; got < count;) {
            pollfd ready{m_reader, POLLIN, 0};
            const ssize_t more = ::poll(&ready, 1, kPatienceMs) > 0 ? ::read(m_reader, bytes + got, count - got) : 0;
            if (more <= 0)
                return false;
            got += static_cast<std::size_t>(more);
        }
        return true;
    }

    pid_t m_child = 0;
    int m_reader = -1;
};

/// A state as the labeller tells it.
struct Shown {
    struct Picture {
        std::string file, split, use, label;
        bool operator==(const Picture &) const = default;
    };
    std::set<std::string> classes;
    std::map<long, Picture> pictures;

    explicit Shown(const std::string &text)
    {
        std::istringstream lines(text);
        std::string line;
        while (std::getline(lines, line)) {
            std::istringstream words(line);
            std::string kind;
            long id = 0;
            words >> kind;
            if (kind == "class") {
                classes.insert(line.substr(6));
            } else if (kind == "picture") {
                Picture picture;
                words >> id >> picture.file >> picture.split >> picture.use >> picture.label;
                pictures[id] = picture;
            }
        }
    }
    bool operator==(const Shown &) const = default;

    /// What `wish` makes of it; the splits that it gives are not known here and become "?". Undo and redo are not for this function.
    void grant(const std::string &wish)
    {
        std::istringstream words(wish);
        std::string kind, name;
        words >> kind;
        if (kind == "label" || kind == "remove")
            words >> name;
        if (kind == "remove") {
            classes.erase(name);
            for (auto &[id, picture] : pictures)
                picture.label = picture.label == name ? "-" : picture.label;
        }
        if (kind == "label")
            classes.insert(name);
        for (long id = 0; words >> id;) {
            auto &picture = pictures.at(id);
            if (kind == "label") {
                picture.label = name;
                picture.split = picture.split == "-" ? "?" : picture.split;
            } else {
                picture.use = kind == "exclude" ? "out" : "in";
            }
        }
    }
};

bool isOf(const Shown::Picture &picture, const std::string &import)
{
    return !import.empty() && std::string_view(picture.file).substr(1).starts_with(import.substr(2) + "/");
}

/// Is `found` what `expected` is, plus what an import of the folder `import` (empty: none) may have brought in so far?
bool agrees(const Shown &expected, const Shown &found, const std::string &import)
{
    for (const auto &[id, before] : expected.pictures) {
        const auto place = found.pictures.find(id);
        if (place == found.pictures.end())
            return false;
        auto after = place->second;
        if (before.split == "?" || (before.split == "-" && !import.empty()))
            after.split = before.split; // given with the label, or at the end of the import
        if (before.label == "-" && isOf(before, import))
            after.label = before.label; // as the folder says
        if (after != before)
            return false;
    }
    const bool nothingElse = std::ranges::all_of(
        found.pictures, [&](const auto &each) { return expected.pictures.contains(each.first) || isOf(each.second, import); });
    const bool hasClasses = std::ranges::includes(found.classes, expected.classes);
    return nothingElse && hasClasses && (found.classes == expected.classes || !import.empty());
}

/// What was under way when the labeller was killed, and what it had shown.
struct Witness {
    bool opened = false;
    std::string shown{};
    std::string wish{};
    std::string import{};
    std::string failure{};
    int changes = 0;

    void hear(const Message &message)
    {
        switch (message.kind) {
        case Told::Begins: break;
        case Told::Wants: wish = message.text; break;
        case Told::WantsImport: import = message.text; break;
        case Told::Shown: shown = message.text; break;
        case Told::Done:
            opened = true;
            ++changes;
            wish.clear();
            shown = message.text;
            break;
        case Told::ImportDone:
            import.clear();
            shown = message.text;
            break;
        case Told::Failed: failure = message.text; break;
        }
    }
};

} // namespace

class KilledSessionTest : public QObject {
    Q_OBJECT

public:
    KilledSessionTest(const TestFolder &root, std::deque<Process> &labellers) : m_root(root), m_labellers(labellers) {}

private Q_SLOTS:
    void noLabelIsLostThatTheWindowHadShownAsDone();

private:
    Witness watchAndKill(Process &labeller);
    void checkProject(const Witness &witness);
    void checkState(Project &project, const Witness &witness);
    void checkUndo(Project &project);
    std::string stateOf(Project &project);
    void check(bool holds, const std::string &what);

    const TestFolder &m_root;
    std::deque<Process> &m_labellers; // one for each moment
    std::mt19937 m_random{20};
    std::string m_moment;
    std::string m_last; // what the file held after the last moment
    std::map<std::string, int> m_underWay;
};

void KilledSessionTest::noLabelIsLostThatTheWindowHadShownAsDone()
{
    for (int i = 0; i < kFolders; ++i) {
        const std::string number = std::to_string(i);
        writePictures(m_root, "in" + number + "/a" + number, kPicturesPerClass, 2000 * i);
        writePictures(m_root, "in" + number + "/b" + number, kPicturesPerClass, 2000 * i + 1000);
    }
    int changes = 0;
    for (int moment = 0; moment < kMoments; ++moment) {
        if (moment % kMomentsPerProject == 0) {
            std::filesystem::remove_all(m_root / "project");
            m_last.clear();
        }
        auto witness = watchAndKill(m_labellers[static_cast<std::size_t>(moment)]);
        changes += witness.changes;
        ++m_underWay[!witness.opened ? "opening" : !witness.import.empty() ? "importing" : witness.wish.empty() ? "nothing" : witness.wish.substr(0, witness.wish.find(' '))];
        m_moment = "moment " + std::to_string(moment) + ", wish \"" + witness.wish + "\", import \"" + witness.import + "\"";
        check(witness.failure.empty(), witness.failure);
        checkProject(witness);
        if (QTest::currentTestFailed())
            return;
    }
    for (const auto &[what, count] : m_underWay)
        qInfo("killed %d times while %s was under way", count, what.c_str());
    qInfo("%d changes shown before", changes);
    QVERIFY(m_underWay["opening"] > 5 && m_underWay["importing"] > 5 && m_underWay["label"] > 5);
}

/// Lets a labeller work until a random moment: after some of its messages, and a little later. While it opens its project, which takes less than a millisecond here
/// and twenty there, any scale of time is as likely as another.
Witness KilledSessionTest::watchAndKill(Process &labeller)
{
    const int messages = m_random() % 6 == 0 ? 1 : static_cast<int>(m_random() % 40);
    const unsigned longest = messages == 1 ? 20000U >> m_random() % 8 : 4000U;
    const auto wait = std::chrono::microseconds(m_random() % longest);
    Witness witness;
    witness.shown = m_last;
    labeller.begin();
    for (int i = 0; i < messages; ++i) {
        if (const auto message = labeller.next())
            witness.hear(*message);
        else
            check(false, "the labeller says nothing any more");
    }
    const auto end = std::chrono::steady_clock::now() + wait;
    while (std::chrono::steady_clock::now() < end)
        std::this_thread::yield();
    labeller.kill();
    while (const auto message = labeller.next())
        witness.hear(*message);
    return witness;
}

void KilledSessionTest::checkProject(const Witness &witness)
{
    const auto folder = m_root / "project";
    {
        auto project = m_last.empty() && !witness.opened ? Project::openOrCreate(folder) : Project::open(folder);
        check(project.has_value(), errorText(project));
        if (!project)
            return;
        checkState(*project, witness);
        checkUndo(*project);
    }
    const std::string integrity = integrityOf(folder / "project.whisker");
    check(integrity == "ok", integrity);
    for (const auto &entry : std::filesystem::directory_iterator(folder))
        check(entry.path().filename() == "project.whisker", entry.path().native() + " lies about");
}

void KilledSessionTest::checkState(Project &project, const Witness &witness)
{
    const std::string found = stateOf(project);
    m_last = found;
    if (found == witness.shown || witness.shown.empty())
        return;
    check(!witness.wish.empty() || !witness.import.empty(), "the project holds more than was asked for, or less:\n" + found + "SHOWN\n" + witness.shown);
    const Shown shown(witness.shown);
    if (agrees(shown, Shown(found), witness.import))
        return;
    if (witness.wish == "undo" || witness.wish == "redo") {
        const auto there = witness.wish == "undo" ? project.redo() : project.undo();
        check(there && stateOf(project) == witness.shown, "half of an undo");
        const auto back = witness.wish == "undo" ? project.undo() : project.redo();
        check(back && stateOf(project) == found, "undo and redo don't meet");
        return;
    }
    Shown granted = shown;
    granted.grant(witness.wish);
    Shown halfway = shown; // a new class is made before its first label is given
    halfway.classes = granted.classes;
    const bool holds = agrees(granted, Shown(found), witness.import) || (witness.wish.starts_with("label") && agrees(halfway, Shown(found), witness.import));
    check(holds, "what the project holds is not what was shown:\n" + found + "SHOWN\n" + witness.shown);
}

/// Undo and redo lead back to where they began.
void KilledSessionTest::checkUndo(Project &project)
{
    const std::string before = stateOf(project);
    int undone = 0;
    for (; undone < 3; ++undone) {
        const auto change = project.undo();
        check(change.has_value(), errorText(change));
        if (!change || change->words.empty())
            break;
    }
    for (int i = 0; i < undone; ++i) {
        const auto change = project.redo();
        check(change.has_value(), errorText(change));
    }
    check(stateOf(project) == before, "undo and redo don't lead back");
}

std::string KilledSessionTest::stateOf(Project &project)
{
    const auto state = project.state();
    check(state.has_value(), errorText(state));
    return state ? textOf(*state) : std::string();
}

void KilledSessionTest::check(bool holds, const std::string &what)
{
    if (!holds)
        QFAIL((m_moment + ": " + what).c_str());
}

int main(int count, char **arguments)
{
    useTemporaryFoldersInMemory(); // what a killed program has written stays with the system, on whatever disk
    const TestFolder root;
    std::deque<Process> labellers;
    for (unsigned seed = 0; seed < kMoments; ++seed)
        labellers.emplace_back(root.path(), seed);
    QCoreApplication application(count, arguments);
    KilledSessionTest test(root, labellers);
    return QTest::qExec(&test, count, arguments);
}

#include "killed_session_test.moc"
