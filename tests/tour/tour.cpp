// Drives the real window through a person's work and takes a picture of every state, light and dark. Ends with a line a figure; fails where a step does
// not come to its end. Usage: tour FOLDER [PICTURES] [--only PART,PART | --without PART,PART], with PICTURES a folder of class folders or of train/ and test/;
// without it cats-dogs of the shared data where that is there, else the demonstration. --only takes the parts of that name, --without all others; with them come
// those that leave what they need. "tour" alone lists them.
// tour --speed EPOCHS PICTURES: prints how fast ResNet-18 trains in the window instead, to be held against whisker-cli.
// tour --stop TIMES PICTURES, tour --close MOMENT PICTURES: for tests/bench/stop.py.
#include "tests/tour/scenes.h"
#include "tests/tour/stage.h"
#include "widgets/theme.h"

#include <QApplication>
#include <QDir>
#include <QFile>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <iterator>
#include <set>
#include <string>
#include <string_view>
#include <vector>

using namespace whisker;
using namespace whisker::test;

namespace {

QString defaultPictures()
{
    const auto shared = sharedData();
    return QString::fromStdString((shared.empty() ? demonstrationPictures() : shared / "cats-dogs").string());
}

struct Part {
    const char *name;
    void (*play)(Stage &stage);
    const char *after; // leaves what this one needs; empty: it needs nothing
};

/// In the order in which they are played.
constexpr Part kParts[] = {
    {"empty", emptyPages, ""},
    {"import", importScenes, "empty"},
    {"label", labelScenes, "import"},
    {"find", findScenes, "import"},
    {"setup", trainSetupScenes, "import"},
    {"train", trainScenes, "import"},
    {"runs", trainRunsScenes, "train"},
    {"table", trainTableScenes, "runs"},
    {"curves", curveScenes, "runs"},
    {"suggestions", suggestionScenes, "train"},
    {"small", smallWindow, "train"},
    {"busy", busyScenes, ""},
    {"classes", classScenes, ""},
    {"doctor", doctorScenes, ""},
    {"files", filesScenes, ""},
    {"states", trainStatesScenes, ""},
    {"reading", readingScenes, ""},
};

/// Ends the program where there is none.
const Part &partNamed(const std::string &name)
{
    const auto *const part = std::ranges::find(kParts, name, &Part::name);
    if (part == std::end(kParts))
        Stage::giveUp(("choosing " + name + ": there is no such part").c_str());
    return *part;
}

/// The parts of `only` (none: all but those of `without`), with those before them that they need.
std::vector<Part> chosenParts(const QStringList &only, const QStringList &without)
{
    std::set<std::string_view> unwanted, wanted;
    for (const QString &name : without)
        unwanted.insert(partNamed(name.toStdString()).name);
    const auto want = [&wanted](std::string next) {
        while (!next.empty()) {
            const Part &part = partNamed(next);
            wanted.insert(part.name);
            next = part.after;
        }
    };
    for (const QString &name : only)
        want(name.toStdString());
    for (const Part &part : kParts) {
        if (only.isEmpty() && !unwanted.contains(part.name))
            want(part.name);
    }
    std::vector<Part> parts;
    std::ranges::copy_if(kParts, std::back_inserter(parts), [&](const Part &part) { return wanted.contains(part.name); });
    return parts;
}

nlohmann::json walk(const QString &folder, const QString &pictures, const TestFolder &home, const std::vector<Part> &parts)
{
    Stage stage(folder, pictures, home);
    for (const Part &part : parts)
        part.play(stage);
    return stage.figures;
}

/// What follows `option` among `words`, from which both are taken; empty where it isn't among them.
QStringList takeList(QStringList &words, const QString &option)
{
    const auto at = words.indexOf(option);
    if (at < 1 || at + 1 >= words.size())
        return {};
    const QStringList list = words.takeAt(at + 1).split(QLatin1Char(','));
    words.removeAt(at);
    return list;
}

/// Qt's offscreen screen is 800 x 800 px unless it is told otherwise: menus of a larger window would be moved into it, away from their buttons.
void makeScreenLargeEnough(const TestFolder &home)
{
    if (qgetenv("QT_QPA_PLATFORM") != "offscreen")
        return;
    const auto screen = home.write("screen.json", R"({"screens": [{"name": "large", "x": 0, "y": 0, "width": 1920, "height": 1200}]})");
    qputenv("QT_QPA_PLATFORM", QByteArray::fromStdString("offscreen:configfile=" + screen.string()));
}

} // namespace

int main(int argc, char **argv)
{
    if (argc < 2) {
        std::fprintf(stderr, "usage: tour FOLDER [PICTURES] [--only PART,PART | --without PART,PART] | tour --speed EPOCHS PICTURES\nparts:");
        for (const Part &part : kParts)
            std::fprintf(stderr, " %s", part.name);
        std::fprintf(stderr, "\n");
        return 2;
    }
    const TestFolder home; // nothing of the user's is touched
    useAsHome(home);
    makeScreenLargeEnough(home);
    QApplication application(argc, argv);
    applyTheme(application, Scheme::Light);
    if (argc == 4 && std::strcmp(argv[1], "--speed") == 0) {
        Stage stage({}, QString::fromLocal8Bit(argv[3]), home);
        std::printf("in the window: %.1f img/s\n", scratchSpeed(stage, std::atoi(argv[2])));
        return EXIT_SUCCESS;
    }
    if (argc == 4 && std::strcmp(argv[1], "--stop") == 0) {
        Stage stage({}, QString::fromLocal8Bit(argv[3]), home);
        measureStops(stage, std::atoi(argv[2]));
        return EXIT_SUCCESS;
    }
    if (argc == 4 && std::strcmp(argv[1], "--close") == 0) {
        Stage stage({}, QString::fromLocal8Bit(argv[3]), home);
        closeWhileTraining(stage, argv[2]);
        return EXIT_SUCCESS;
    }
    QStringList words = QApplication::arguments().mid(1);
    const QStringList only = takeList(words, QStringLiteral("--only")), without = takeList(words, QStringLiteral("--without"));
    const QString folder = words.first();
    QDir().mkpath(folder);
    const auto figures = walk(folder, words.value(1, defaultPictures()), home, chosenParts(only, without));
    if (figures.empty())
        return EXIT_SUCCESS; // no part of it measures anything
    const std::string text = figures.dump(2) + "\n";
    std::fputs(text.c_str(), stdout);
    QFile file(folder + "/figures.json");
    if (!file.open(QIODevice::WriteOnly) || file.write(QByteArray::fromStdString(text)) < 0)
        Stage::giveUp("writing the figures");
    return EXIT_SUCCESS;
}
