// Drives the real window through a person's work and takes a picture of every state, light and dark. Ends with a line a figure; fails where a step does
// not come to its end. Usage: tour FOLDER [PICTURES], with PICTURES a folder of class folders or of train/ and test/; without it cats-dogs of the
// shared data where that is there, else the demonstration.
// tour --speed EPOCHS PICTURES: prints how fast ResNet-18 trains in the window instead, to be held against whisker-cli.
// tour --stop TIMES PICTURES, tour --close MOMENT PICTURES: for tests/bench/stop.py.
#include "tests/tour/scenes.h"
#include "tests/tour/stage.h"
#include "widgets/theme.h"

#include <QApplication>
#include <QDir>
#include <QFile>

#include <cstdio>
#include <cstdlib>
#include <cstring>

using namespace whisker;
using namespace whisker::test;

namespace {

QString defaultPictures()
{
    const auto shared = sharedData();
    return QString::fromStdString((shared.empty() ? demonstrationPictures() : shared / "cats-dogs").string());
}

nlohmann::json walk(const QString &folder, const QString &pictures, const TestFolder &home)
{
    Stage stage(folder, pictures, home);
    emptyPages(stage);
    importScenes(stage);
    labelScenes(stage);
    findScenes(stage);
    trainSetupScenes(stage);
    trainScenes(stage);
    trainRunsScenes(stage);
    trainTableScenes(stage);
    curveScenes(stage);
    suggestionScenes(stage);
    smallWindow(stage);
    busyScenes(stage);
    classScenes(stage);
    doctorScenes(stage);
    filesScenes(stage);
    readingScenes(stage);
    return stage.figures;
}

} // namespace

int main(int argc, char **argv)
{
    if (argc < 2) {
        std::fprintf(stderr, "usage: tour FOLDER [PICTURES] | tour --speed EPOCHS PICTURES\n");
        return 2;
    }
    const TestFolder home; // nothing of the user's is touched
    useAsHome(home);
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
    const QString folder = QString::fromLocal8Bit(argv[1]);
    QDir().mkpath(folder);
    const auto figures = walk(folder, argc > 2 ? QString::fromLocal8Bit(argv[2]) : defaultPictures(), home);
    const std::string text = figures.dump(2) + "\n";
    std::fputs(text.c_str(), stdout);
    QFile file(folder + "/figures.json");
    if (!file.open(QIODevice::WriteOnly) || file.write(QByteArray::fromStdString(text)) < 0)
        Stage::giveUp("writing the figures");
    return EXIT_SUCCESS;
}
