#pragma once

#include "tests/support/test_folder.h"
#include "tests/tour/camera.h"
#include "tests/tour/heartbeat.h"
#include "ui/project_session.h"

#include <QString>
#include <QStringList>
#include <functional>
#include <memory>
#include <nlohmann/json.hpp>

namespace whisker {
class DataPage;
class MainWindow;
class PredictPage;
class TrainPage;
} // namespace whisker

namespace whisker::test {

/// The real window with a project of its own, what is done in it, and the camera before it. A step that does not come to its end ends the program.
class Stage {
public:
    /// `pictures`: a folder of class folders or of train/ and test/. Camera's pictures go to `folder`.
    Stage(const QString &folder, QString pictures, const TestFolder &root);
    ~Stage();

    [[noreturn]] static void giveUp(const char *step);
    static void waitFor(const char *step, const std::function<bool()> &done);
    static void drop(QWidget &target, const QStringList &files);

    void take(const char *name); ///< "small-" before the name where the window is small.
    void takeMenu(const char *name); ///< Waits for a menu, takes it and closes it.
    void resize(bool small);     ///< 960 x 640 or 1280 x 800.
    /// Opens an empty project of that name.
    void newProject(const char *name);
    /// Drops files and folders on the Data page and waits until they are in and their thumbnails are there.
    void import(const QStringList &paths);
    void waitForThumbnails();
    void select(int first, int last); ///< Rows of the grid; the keyboard is on it.
    static QStringList picturesBelow(const QString &folder); ///< Its JPEGs, sorted.
    QStringList pictureFiles() const { return picturesBelow(m_pictures); }
    const QString &pictures() const { return m_pictures; }

    const TestFolder &home;
    ProjectSession session;

private:
    const QString m_pictures;
    std::unique_ptr<MainWindow> m_made;

public:
    MainWindow &window;
    Heartbeat heartbeat;
    DataPage *data = nullptr;
    TrainPage *train = nullptr;
    PredictPage *predict = nullptr;
    nlohmann::json figures;

private:
    bool thumbnailsAreThere() const;
    Camera m_camera;
};

} // namespace whisker::test
