#include "tests/tour/stage.h"

#include "app/whisker/window.h"
#include "ui/data/data_page.h"
#include "ui/data/image_list_model.h"
#include "ui/predict/predict_page.h"
#include "ui/train/train_page.h"
#include "widgets/image_grid.h"

#include <QApplication>
#include <QDirIterator>
#include <QDragEnterEvent>
#include <QDropEvent>
#include <QMimeData>
#include <QTest>
#include <QUrl>

#include <cstdio>
#include <cstdlib>

namespace whisker::test {

namespace {

constexpr int kPatienceMs = 120'000;
constexpr int kSmallWidth = 960;

} // namespace

Stage::Stage(const QString &folder, QString pictures, const TestFolder &root)
    : home(root), m_pictures(std::move(pictures)), m_made(makeWindow(session)), window(*m_made), m_camera(window, folder, heartbeat)
{
    resize(false);
    window.show();
    waitFor("the window", [&] { return window.page(QStringLiteral("data")) != nullptr; });
    data = qobject_cast<DataPage *>(window.page(QStringLiteral("data")));
    for (const char *id : {"train", "predict"})
        window.showPage(QLatin1String(id));
    train = qobject_cast<TrainPage *>(window.page(QStringLiteral("train")));
    predict = qobject_cast<PredictPage *>(window.page(QStringLiteral("predict")));
    window.showPage(QStringLiteral("data"));
}

Stage::~Stage() = default;

void Stage::giveUp(const char *step)
{
    std::fprintf(stderr, "the tour came to no end at: %s\n", step);
    std::exit(EXIT_FAILURE);
}

void Stage::waitFor(const char *step, const std::function<bool()> &done)
{
    if (!QTest::qWaitFor(done, kPatienceMs))
        giveUp(step);
}

void Stage::drop(QWidget &target, const QStringList &files)
{
    QMimeData carried;
    QList<QUrl> urls;
    for (const QString &file : files)
        urls.append(QUrl::fromLocalFile(file));
    carried.setUrls(urls);
    const QPoint middle = target.rect().center();
    QDragEnterEvent enter(middle, Qt::CopyAction, &carried, Qt::LeftButton, Qt::NoModifier);
    QCoreApplication::sendEvent(&target, &enter);
    QDropEvent dropped(middle, Qt::CopyAction, &carried, Qt::LeftButton, Qt::NoModifier);
    QCoreApplication::sendEvent(&target, &dropped);
}

void Stage::take(const char *name)
{
    if (!m_camera.take((window.width() <= kSmallWidth ? QStringLiteral("small-") : QString()) + QLatin1String(name)))
        giveUp("saving a picture");
}

void Stage::takeMenu(const char *name)
{
    waitFor("a menu", [] { return QApplication::activePopupWidget() != nullptr; });
    take(name);
    if (!QApplication::activePopupWidget())
        giveUp("a menu that stays open");
    while (auto *popup = QApplication::activePopupWidget())
        popup->close();
}

void Stage::resize(bool small)
{
    window.resize(small ? QSize(kSmallWidth, 640) : QSize(1280, 800));
}

void Stage::newProject(const char *name)
{
    const auto folder = home / name;
    session.create(folder);
    waitFor("a new project", [&] { return session.isOpen() && session.projectFolder() == folder; });
}

void Stage::import(const QStringList &paths)
{
    drop(*data, paths);
    waitFor("the import", [&] { return data->model()->rowCount() > 0 && !session.isImporting(); });
    waitForThumbnails();
}

/// Also where a thumbnail can't be made: the picture is broken then.
bool Stage::thumbnailsAreThere() const
{
    const auto [first, last] = data->grid()->visibleRange();
    for (int row = std::max(first, 0); row <= last; ++row) {
        const auto index = data->model()->index(row, 0);
        if (index.data(ThumbnailRole).value<QImage>().isNull() && index.data(StateRole).toInt() != int(ThumbnailState::Broken))
            return false;
    }
    return last >= 0;
}

void Stage::waitForThumbnails()
{
    waitFor("the thumbnails", [this] { return thumbnailsAreThere(); });
}

void Stage::select(int first, int last)
{
    window.activateWindow();
    data->grid()->setFocus();
    waitFor("the keyboard", [this] { return data->grid()->hasFocus(); });
    const auto *model = data->model();
    data->grid()->setCurrentIndex(model->index(first, 0));
    data->grid()->selectionModel()->select(QItemSelection(model->index(first, 0), model->index(last, 0)), QItemSelectionModel::ClearAndSelect);
}

QStringList Stage::picturesBelow(const QString &folder)
{
    QStringList files;
    QDirIterator iterator(folder, {QStringLiteral("*.jpg")}, QDir::Files, QDirIterator::Subdirectories);
    while (iterator.hasNext())
        files.append(iterator.next());
    files.sort();
    return files;
}

} // namespace whisker::test
