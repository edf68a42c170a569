// Drives the real window through the main job and takes a picture of every page, light and dark. Ends with a line a figure; fails where a step does not
// come to its end. Usage: tour FOLDER [PICTURES], with PICTURES a folder of class folders or of train/ and test/; without it cats-dogs of the
// shared data where that is there, else the demonstration.
// tour --speed EPOCHS PICTURES: prints how fast ResNet-18 trains in the window instead, to be held against whisker-cli.
#include "app/whisker/window.h"
#include "tests/support/altered_pictures.h"
#include "tests/support/test_folder.h"
#include "tests/tour/camera.h"
#include "tests/tour/heartbeat.h"
#include "ui/data/data_page.h"
#include "ui/data/doctor_controller.h"
#include "ui/data/finding_view.h"
#include "ui/data/image_list_model.h"
#include "ui/data/label_bar.h"
#include "ui/data/labelling_view.h"
#include "ui/data/picture_overlay.h"
#include "ui/data/side_column.h"
#include "ui/data/splits_card.h"
#include "ui/main_window.h"
#include "ui/predict/predict_page.h"
#include "ui/project_session.h"
#include "ui/train/recipe_panel.h"
#include "ui/train/train_page.h"
#include "widgets/image_grid.h"
#include "widgets/theme.h"

#include <QApplication>
#include <QDir>
#include <QDirIterator>
#include <QDragEnterEvent>
#include <QDropEvent>
#include <QElapsedTimer>
#include <QFile>
#include <QLineEdit>
#include <QMimeData>
#include <QTest>
#include <QUrl>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <nlohmann/json.hpp>

using namespace whisker;

namespace {

constexpr int kPatienceMs = 120'000;
constexpr int kPredictions = 50;

[[noreturn]] void giveUp(const char *step)
{
    std::fprintf(stderr, "the tour came to no end at: %s\n", step);
    std::exit(EXIT_FAILURE);
}

void waitFor(const char *step, const std::function<bool()> &done)
{
    if (!QTest::qWaitFor(done, kPatienceMs))
        giveUp(step);
}

void drop(QWidget &target, const QStringList &files)
{
    QMimeData data;
    QList<QUrl> urls;
    for (const QString &file : files)
        urls.append(QUrl::fromLocalFile(file));
    data.setUrls(urls);
    const QPoint middle = target.rect().center();
    QDragEnterEvent enter(middle, Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    QCoreApplication::sendEvent(&target, &enter);
    QDropEvent dropped(middle, Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    QCoreApplication::sendEvent(&target, &dropped);
}

QStringList picturesBelow(const QString &folder)
{
    QStringList files;
    QDirIterator iterator(folder, {"*.jpg"}, QDir::Files, QDirIterator::Subdirectories);
    while (iterator.hasNext())
        files.append(iterator.next());
    files.sort();
    return files;
}

class Tour {
public:
    Tour(const QString &folder, QString pictures, const test::TestFolder &home)
        : m_pictures(std::move(pictures)), m_home(home), m_made(makeWindow(m_session)), m_window(*m_made), m_camera(m_window, folder, m_heartbeat)
    {
        m_window.resize(1280, 800);
        m_window.show();
        waitFor("the window", [&] { return m_window.page("data") != nullptr; });
        m_data = qobject_cast<DataPage *>(m_window.page("data"));
        for (const char *id : {"train", "predict"})
            m_window.showPage(id);
        m_train = qobject_cast<TrainPage *>(m_window.page("train"));
        m_predict = qobject_cast<PredictPage *>(m_window.page("predict"));
        m_window.showPage("data");
    }

    nlohmann::json run()
    {
        emptyPages();
        import();
        label();
        labelByKeyboard("");
        trainQuick();
        predict();
        trainFromScratch();
        smallWindow();
        doctor();
        return m_figures;
    }

    /// ResNet-18 from scratch at 224, as `whisker-cli train --mode scratch` does it, in the window with its curves on show: images a second.
    double scratchSpeed(int epochs)
    {
        m_session.create((m_home / "Speed").c_str());
        waitFor("a new project", [&] { return m_session.isOpen(); });
        drop(*m_data, {m_pictures});
        waitFor("the import", [&] { return m_data->model()->rowCount() > 0 && !m_session.isImporting(); });
        m_window.showPage("train");
        m_train->recipe()->setChoice({RecipeChoice::Recipe::Scratch, "resnet18", epochs, 224});
        m_train->start();
        waitFor("the start", [&] { return m_train->controller()->isRunning(); });
        QObject::connect(m_train->controller(), &TrainingController::finished, &m_window,
                         [this](const TrainingEnd &end) { m_imagesPerSecond = end.result ? end.result->imagesPerSecond : 0; });
        while (m_train->controller()->isRunning())
            QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents);
        return m_imagesPerSecond;
    }

private:
    void take(const char *name)
    {
        if (!m_camera.take(name))
            giveUp("saving a picture");
    }

    void emptyPages()
    {
        m_session.create((m_home / "Tour").c_str());
        waitFor("a new project", [&] { return m_session.isOpen(); });
        take("data-empty");
        m_window.showPage("train");
        take("train-empty");
        m_window.showPage("predict");
        take("predict-no-model");
        m_window.showPage("data");
    }

    /// Rows of the grid that have their thumbnail or are known to be broken.
    bool thumbnailsAreThere() const
    {
        const int rows = std::min(m_data->model()->rowCount(), 12);
        for (int row = 0; row < rows; ++row)
            if (m_data->model()->index(row, 0).data(ThumbnailRole).value<QImage>().isNull())
                return false;
        return rows > 0;
    }

    void import()
    {
        m_heartbeat.start();
        QElapsedTimer clock;
        clock.start();
        drop(*m_data, {m_pictures});
        waitFor("the first pictures", [&] { return m_data->model()->rowCount() > 0; });
        waitFor("the first thumbnails", [&] { return thumbnailsAreThere(); });
        m_figures["first_thumbnails_ms"] = clock.elapsed();
        waitFor("the import", [&] { return !m_session.isImporting(); });
        m_figures["imported_ms"] = clock.elapsed();
        m_figures["imported"] = m_session.state().images.size();
        m_figures["longest_silence_import_ms"] = m_heartbeat.stop();
        waitFor("thumbnails", [&] { return thumbnailsAreThere(); });
        take("data");
    }

    void label()
    {
        for (const int row : {1, 2, 4})
            m_data->grid()->selectionModel()->select(m_data->model()->index(row, 0), QItemSelectionModel::Select);
        take("data-selection");
        const auto before = m_session.state().images;
        QTest::keyClick(m_data->grid(), Qt::Key_2);
        waitFor("labelling", [&] { return m_session.state().history.undo && !(m_session.state().images == before); });
        take("data-labelled");
        m_session.undo();
        waitFor("undo", [&] { return m_session.state().images == before; });
        m_data->grid()->clearSelection();
        const auto broken = m_home.write("broken/holiday plans.jpg", "not a picture");
        drop(*m_data, {QString::fromStdString(broken.string()), picturesBelow(m_pictures).first()});
        waitFor("the broken file", [&] { return !m_session.isImporting() && !m_session.state().skipped.empty(); });
        take("data-skipped");
        m_window.activateWindow();
        m_data->grid()->setFocus();
        waitFor("the keyboard", [&] { return m_data->grid()->hasFocus(); });
        m_data->grid()->setCurrentIndex(m_data->model()->index(3, 0));
        QTest::keyClick(m_data->grid(), Qt::Key_Space);
        auto *overlay = m_data->findChild<PictureOverlay *>();
        waitFor("the big picture", [&] { return overlay->isReady(); });
        take("data-big");
        QTest::keyClick(overlay, Qt::Key_Escape);
    }

    /// Three pictures: at the first, and behind the last.
    void labelByKeyboard(const char *prefix)
    {
        m_data->grid()->setFocus();
        m_data->grid()->selectionModel()->select(QItemSelection(m_data->model()->index(0, 0), m_data->model()->index(2, 0)),
                                                 QItemSelectionModel::ClearAndSelect);
        auto *view = m_data->labelling();
        QTest::keyClick(m_data->grid(), Qt::Key_L);
        waitFor("the first picture to label", [&] { return view->isReady(); });
        take(qPrintable(QStringLiteral("%1data-labelling").arg(prefix)));
        QTest::keyClick(view, Qt::Key_Return);
        take(qPrintable(QStringLiteral("%1data-labelling-name").arg(prefix)));
        QTest::keyClick(view->nameBar()->edit(), Qt::Key_Escape);
        for (int k = 0; k < 3; ++k)
            QTest::keyClick(view, Qt::Key_Space);
        take(qPrintable(QStringLiteral("%1data-labelling-end").arg(prefix)));
        QTest::keyClick(view, Qt::Key_Escape);
    }

    void trainQuick()
    {
        m_window.showPage("train");
        waitFor("what to train on", [&] { return m_session.isOpen() && !m_session.isImporting(); });
        take("train");
        m_heartbeat.start();
        m_train->start();
        waitFor("the start", [&] { return m_train->controller()->isRunning(); });
        waitFor("quick's features", [&] { return m_train->controller()->progress().step > 100 || !m_train->controller()->isRunning(); });
        take("train-quick-running");
        waitFor("the quick run", [&] { return !m_train->controller()->isRunning(); });
        if (m_train->controller()->state() != TrainingController::State::Finished)
            giveUp("the quick run failed");
        m_figures["longest_silence_quick_ms"] = m_heartbeat.stop();
        take("train-quick-finished");
    }

    void predict()
    {
        m_window.showPage("predict");
        waitFor("the model", [&] { return !m_session.latestModel().empty(); });
        take("predict-empty");
        const QStringList files = picturesBelow(m_pictures);
        QStringList chosen;
        for (int i = 0; i < kPredictions; ++i)
            chosen.append(files[i * files.size() / kPredictions]);
        const auto answered = [&] { return m_predict->pictures()->answeredCount() == m_predict->pictures()->rowCount(); };
        drop(*m_predict, chosen.mid(0, 1));
        waitFor("one answer", [&] { return m_predict->pictures()->rowCount() == 1 && answered(); });
        take("predict-one");
        m_heartbeat.start();
        drop(*m_predict, chosen);
        waitFor("50 answers", [&] { return m_predict->pictures()->rowCount() == kPredictions + 1 && answered(); });
        m_figures["longest_silence_predict_ms"] = m_heartbeat.stop();
        take("predict-many");
        drop(*m_predict, {QString::fromStdString(m_home.write("text.jpg", "words").string())});
        waitFor("the broken picture", [&] { return m_predict->pictures()->rowCount() == kPredictions + 2 && answered(); });
        m_predict->setCurrentRow(kPredictions + 1);
        take("predict-broken");
    }

    void trainFromScratch()
    {
        m_window.showPage("train");
        QTest::keyClick(&m_window, Qt::Key_Return, Qt::ControlModifier); // "New training"
        m_train->recipe()->setChoice({RecipeChoice::Recipe::Scratch, "small", 3, 96});
        take("train-scratch-setup");
        m_heartbeat.start();
        m_train->start();
        waitFor("the scratch run", [&] { return m_train->controller()->progress().epoch >= 2 || !m_train->controller()->isRunning(); });
        take("train-scratch-running");
        m_predict->addPaths(picturesBelow(m_pictures).mid(0, 5)); // while the run goes on
        QElapsedTimer clock;
        clock.start();
        m_train->stop();
        if (m_train->controller()->state() != TrainingController::State::Stopping)
            giveUp("Stop was not answered");
        m_figures["stopping_ms"] = static_cast<double>(clock.nsecsElapsed()) / 1e6;
        take("train-stopping");
        waitFor("the stop", [&] { return !m_train->controller()->isRunning(); });
        m_figures["stopped_ms"] = clock.elapsed();
        m_figures["longest_silence_scratch_ms"] = m_heartbeat.stop();
        take("train-stopped");
    }

    void smallWindow()
    {
        m_window.resize(960, 640);
        for (const char *id : {"data", "train", "predict"}) {
            m_window.showPage(id);
            take(qPrintable(QStringLiteral("small-%1").arg(id)));
        }
        m_window.showPage("data");
        labelByKeyboard("small-");
    }

    /// A project in which much is wrong: blurred, dark, doubled and mislabelled pictures among good ones.
    void makeMess()
    {
        for (const std::size_t k : {0, 1, 2, 3}) {
            const std::string number = std::to_string(k);
            m_home.write("Mess/cat/cat " + number + ".jpg", test::jpegOf(test::photograph("cat", k)));
            m_home.write("Mess/dog/dog " + number + ".jpg", test::jpegOf(test::photograph("dog", k)));
            m_home.write("Mess/cat/blurred " + number + ".jpg", test::jpegOf(test::blurred(test::photograph("cat", k + 5), 6)));
            m_home.write("Mess/dog/copy " + number + ".jpg", test::jpegOf(test::cropped(test::photograph("dog", k), 0.01), 60));
        }
        m_home.write("Mess/dog/dark.jpg", test::jpegOf(test::relit(test::photograph("dog", 5), 0.1)));
        m_home.write("Mess/dog/a cat.jpg", test::jpegOf(test::photograph("cat", 0), 70));
    }

    void doctor()
    {
        m_window.showPage("data");
        makeMess();
        m_session.create((m_home / "Messy").c_str());
        waitFor("another project", [&] { return m_session.isOpen() && m_session.state().images.empty(); });
        drop(*m_data, {QString::fromStdString((m_home / "Mess").string())});
        const auto *controller = m_data->doctor();
        waitFor("the doctor", [&] { return !m_session.isImporting() && !controller->isRunning() && controller->diagnosis() && controller->diagnosis()->unread == 0; });
        for (const bool small : {false, true}) {
            m_window.resize(small ? QSize(960, 640) : QSize(1280, 800));
            const auto picture = [&](const char *name) { take(qPrintable(QString::fromLatin1(small ? "small-%1" : "%1").arg(QString::fromLatin1(name)))); };
            waitFor("thumbnails", [&] { return thumbnailsAreThere(); });
            picture("data-doctor");
            m_data->findings()->showFinding(FindingKind::NearDuplicate);
            m_data->findings()->selectGroup(1);
            waitFor("thumbnails of copies", [&] { return !m_data->model()->index(0, 0).data(ThumbnailRole).value<QImage>().isNull(); });
            picture("data-finding");
            m_data->findings()->leave();
            m_data->grid()->clearSelection();
            m_data->side()->splitsCard()->toggleDivide();
            picture("data-divide");
            m_data->side()->splitsCard()->toggleDivide();
            m_data->showHealth(true);
            picture("data-health");
            m_data->showHealth(false);
        }
    }

    const QString m_pictures;
    const test::TestFolder &m_home;
    ProjectSession m_session;
    std::unique_ptr<MainWindow> m_made;
    MainWindow &m_window;
    test::Heartbeat m_heartbeat;
    test::Camera m_camera;
    DataPage *m_data = nullptr;
    TrainPage *m_train = nullptr;
    PredictPage *m_predict = nullptr;
    nlohmann::json m_figures;
    double m_imagesPerSecond = 0;
};

QString defaultPictures()
{
    const auto shared = test::sharedData();
    return QString::fromStdString((shared.empty() ? test::demonstrationPictures() : shared / "cats-dogs").string());
}

} // namespace

int main(int argc, char **argv)
{
    if (argc < 2) {
        std::fprintf(stderr, "usage: tour FOLDER [PICTURES] | tour --speed EPOCHS PICTURES\n");
        return 2;
    }
    const test::TestFolder home; // nothing of the user's is touched
    for (const char *variable : {"XDG_CACHE_HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME"})
        qputenv(variable, QByteArray::fromStdString((home / variable).string()));
    QApplication application(argc, argv);
    applyTheme(application, Scheme::Light);
    if (argc == 4 && std::strcmp(argv[1], "--speed") == 0) {
        std::printf("in the window: %.1f img/s\n", Tour({}, QString::fromLocal8Bit(argv[3]), home).scratchSpeed(std::atoi(argv[2])));
        return EXIT_SUCCESS;
    }
    const QString folder = QString::fromLocal8Bit(argv[1]);
    QDir().mkpath(folder);
    nlohmann::json figures;
    {
        Tour tour(folder, argc > 2 ? QString::fromLocal8Bit(argv[2]) : defaultPictures(), home);
        figures = tour.run();
    }
    const std::string text = figures.dump(2) + "\n";
    std::fputs(text.c_str(), stdout);
    QFile file(folder + "/figures.json");
    if (!file.open(QIODevice::WriteOnly) || file.write(QByteArray::fromStdString(text)) < 0)
        giveUp("writing the figures");
    return EXIT_SUCCESS;
}
