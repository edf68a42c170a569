// Drives the real window through a person's work and takes a picture of every state, light and dark. Ends with a line a figure; fails where a step does
// not come to its end. Usage: tour FOLDER [PICTURES] [--only PART,PART], with PICTURES a folder of class folders or of train/ and test/; without it cats-dogs of the
// shared data where that is there, else the demonstration. --only takes the parts of that name, and those that leave what they need; "tour" alone lists them.
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

/// The parts of `names` (none: all), with those before them that they need. Ends the program at a name that there isn't.
std::vector<Part> chosenParts(const QStringList &names)
{
    if (names.isEmpty())
        return {std::begin(kParts), std::end(kParts)};
    std::set<std::string_view> wanted;
    for (const QString &name : names) {
        std::string next = name.toStdString();
        while (!next.empty()) {
            const auto *const part = std::ranges::find(kParts, next, &Part::name);
            if (part == std::end(kParts))
                Stage::giveUp(("choosing " + next + ": there is no such part").c_str());
            wanted.insert(part->name);
            next = part->after;
        }
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
        std::fprintf(stderr, "usage: tour FOLDER [PICTURES] [--only PART,PART] | tour --speed EPOCHS PICTURES\nparts:");
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
    QStringList only;
    if (const auto at = words.indexOf(QStringLiteral("--only")); at > 0 && at + 1 < words.size()) {
        only = words.takeAt(at + 1).split(QLatin1Char(','));
        words.removeAt(at);
    }
    const QString folder = words.first();
    QDir().mkpath(folder);
    const auto figures = walk(folder, words.value(1, defaultPictures()), home, chosenParts(only));
    const std::string text = figures.dump(2) + "\n";
    std::fputs(text.c_str(), stdout);
    QFile file(folder + "/figures.json");
    if (!file.open(QIODevice::WriteOnly) || file.write(QByteArray::fromStdString(text)) < 0)
        Stage::giveUp("writing the figures");
    return EXIT_SUCCESS;
}
