#include "app/whisker/window.h"

#include "engine/train/run_folder.h"
#include "tests/ui/drawn_pictures.h"
#include "tests/ui/own_settings.h"
#include "ui/train/recipe_panel.h"
#include "ui/train/train_page.h"
#include "widgets/notice_bar.h"

#include <QElapsedTimer>
#include <QTest>

#include <algorithm>

using namespace whisker;
using namespace whisker::test;

namespace {

TrainPage *trainPage(const MainWindow &window)
{
    return qobject_cast<TrainPage *>(window.page(QStringLiteral("train")));
}

} // namespace

/// The window with its real pages and the real training.
class WindowTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { useOwnSettings(m_home); }

    void closingWhileARunGoesOnEndsItWithACheckpointAndLosesNothing()
    {
        const TestFolder root;
        const QStringList folders{drawPictures(root, "cat", 40), drawPictures(root, "dog", 40)};
        std::filesystem::path runs;
        QElapsedTimer closing;
        {
            ProjectSession session;
            const auto window = makeWindow(session);
            window->show();
            QVERIFY(openWith(session, root, folders));
            runs = session.runsFolder();
            window->showPage(QStringLiteral("train"));
            TrainPage *page = trainPage(*window);
            QVERIFY(page);
            TrainConfig config;
            config.mode = TrainMode::Scratch;
            config.architecture = "small";
            config.epochs = 500;
            config.sizePx = 64;
            page->recipe()->setConfig(config);
            page->start(); // as soon as it knows its pictures
            QTRY_VERIFY_WITH_TIMEOUT(page->controller()->progress().epoch >= 2, 60'000);
            closing.start();
            QVERIFY(window->close());
        }
        QVERIFY2(closing.elapsed() < 10'000, qPrintable(QString::number(closing.elapsed())));
        const auto left = listRuns(runs);
        QCOMPARE(left.size(), 1u);
        QCOMPARE(left[0].receipt.status, RunStatus::Unfinished); // nobody has stopped it
        QVERIFY(left[0].hasCheckpoint);
        QVERIFY(left[0].receipt.epochs >= 1);

        ProjectSession again;
        const auto window = makeWindow(again);
        window->show();
        again.open(root / "project");
        QTRY_COMPARE(again.state().images.size(), 80u);
        window->showPage(QStringLiteral("train"));
        QTRY_COMPARE(trainPage(*window)->history()->runs().size(), 1u);
        QCOMPARE(trainPage(*window)->recipe()->config().epochs, 500);
        QVERIFY(again.modelInUse().empty()); // an unfinished run's model is not taken by itself
        QTRY_VERIFY(std::ranges::any_of(trainPage(*window)->findChildren<NoticeBar *>(), [](const NoticeBar *notice) { // it is offered to go on
            return notice->isVisible() && notice->text().contains("was broken off");
        }));
    }

private:
    TestFolder m_home;
};

QTEST_MAIN(WindowTest)
#include "window_test.moc"
