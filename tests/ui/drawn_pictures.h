#pragma once

#include "tests/support/test_folder.h"
#include "ui/project_session.h"
#include "ui/texts.h"

#include <QImage>
#include <QSignalSpy>

namespace whisker::test {

/// `count` PNGs <name>0.png, <name>1.png, ... in the folder `folder`, each different.
inline QString drawPictures(const TestFolder &root, const char *folder, int count)
{
    const auto place = root / folder;
    std::filesystem::create_directories(place);
    for (int k = 0; k < count; ++k) {
        QImage image(24, 18, QImage::Format_RGB32);
        image.fill(QColor::fromHsv((k * 37) % 360, 200, 200));
        image.setPixel(k % 24, 0, qRgb(k & 255, k >> 8, folder[0]));
        image.save(displayText(place / (std::string(folder) + std::to_string(k) + ".png")));
    }
    return displayText(place);
}

/// `count` pictures of 2 x 2 that cost next to nothing to make, for imports that must not be over at once.
inline QString manyPictures(const TestFolder &root, const std::string &folder, int count)
{
    for (int k = 0; k < count; ++k)
        root.write(folder + "/" + std::to_string(k) + ".pgm", "P2\n2 2\n65535\n" + std::to_string(k) + " 1 2 3\n");
    return displayText(root / folder);
}

/// Opens a new project in `root` and imports `paths`; false where it took too long.
inline bool openWith(ProjectSession &session, const TestFolder &root, const QStringList &paths)
{
    QSignalSpy opened(&session, &ProjectSession::opened);
    session.create(root / "project");
    if (!opened.wait())
        return false;
    if (paths.isEmpty())
        return true;
    QSignalSpy finished(&session, &ProjectSession::importFinished);
    session.importPaths(paths);
    return finished.wait(20000);
}

inline std::vector<ImageId> idsOf(const ProjectSession &session)
{
    std::vector<ImageId> ids;
    for (const auto &image : session.state().images)
        ids.push_back(image.id);
    return ids;
}

} // namespace whisker::test
