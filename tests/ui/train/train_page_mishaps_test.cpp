#include "ui/train/train_page.h"

#include "engine/data/load_data.h"
#include "tests/support/test_folder.h"
#include "tests/ui/active_window.h"
#include "ui/train/recipe_panel.h"
#include "ui/train/result_card.h"
#include "widgets/buttons.h"
#include "widgets/notice_bar.h"

#include <QTest>

using namespace whisker;
using namespace whisker::test;

namespace {

TrainConfig tinyNet(int epochs)
{
    TrainConfig config;
    config.mode = TrainMode::Scratch;
    config.architecture = "small";
    config.epochs = epochs;
    config.sizePx = 32;
    config.batch = 8;
    config.threads = 1;
    config.loaderThreads = 1;
    return config;
}

/// A page with photographs to train the real engine on, in cat/ and dog/ of a folder of its own.
class Room {
public:
    Room()
    {
        for (const char *pet : {"cat", "dog"}) {
            int copied = 0;
            std::filesystem::create_directories(folder / "pets" / pet);
            for (const auto &file : std::filesystem::directory_iterator(demonstrationPictures() / pet))
                if (++copied <= 30)
                    std::filesystem::copy_file(file, folder / "pets" / pet / file.path().filename());
        }
        TrainingMaterial material;
        material.runsFolder = folder / "runs";
        material.snapshot = std::make_shared<const Snapshot>(loadData(folder / "pets")->snapshot);
        showActive(page);
        page.setMaterial(material);
    }

    void start(const TrainConfig &config)
    {
        page.recipe()->setConfig(config);
        page.start();
    }
    bool ends() { return QTest::qWaitFor([&] { return !page.controller()->isRunning(); }, 120'000); }
    /// In a bar or on the card of the result.
    bool isSaid(const char *words)
    {
        const auto bars = page.findChildren<NoticeBar *>();
        return std::ranges::any_of(bars, [&](const NoticeBar *bar) { return bar->isVisible() && bar->text().contains(words); }) ||
               page.findChild<ResultCard *>()->certainty().contains(words);
    }
    /// At once, or from the set-up that the button leads to.
    bool canStart()
    {
        const auto buttons = page.findChildren<Button *>();
        return std::ranges::any_of(buttons, [](const Button *button) { return (button->text() == "Start" || button->text() == "New training") && button->isVisible() && button->isEnabled(); });
    }
    std::filesystem::path run() const
    {
        const auto runs = listRuns(folder / "runs");
        return runs.empty() ? std::filesystem::path() : runs.front().folder;
    }

    const TestFolder folder;
    TrainPage page;
};

} // namespace

/// What a person sees on the Train page where a run can't go its usual way.
class TrainPageMishapsTest : public QObject {
    Q_OBJECT

    const TestFolder m_home;

private Q_SLOTS:
    void init() { useAsHome(m_home); }

    void aRateThatMakesNoNumbersIsSaidWithWhatToTry()
    {
        Room room;
        TrainConfig config = tinyNet(30);
        config.schedule = ScheduleKind::Cosine;
        config.learningRate = 1e6;
        config.weightDecay = 3e-6; // weights double each step, and are too large for fp32 after some epochs
        room.start(config);
        QVERIFY(room.ends());
        QTRY_VERIFY(room.isSaid("were kept: try a lower learning rate, such as 0.001."));
        QCOMPARE(listRuns(room.folder / "runs").front().receipt.status, RunStatus::Diverged);
        QTRY_VERIFY(room.page.findChild<ResultCard *>()->tryButton()->isVisible()); // the last good weights
        QVERIFY(room.canStart());
    }

    void aClassThatHasLostItsPicturesIsSaid()
    {
        const TestFolder home; // without pixels that are in the cache: those would do
        useAsHome(home);
        Room room;
        std::filesystem::remove_all(room.folder / "pets/dog");
        room.start(tinyNet(3));
        QVERIFY(room.ends());
        QTRY_VERIFY(room.isSaid("The class \"dog\" has no picture to learn from that can be read: add pictures of it"));
        QVERIFY(room.canStart());
    }

    void aRunFolderDeletedMeanwhileIsSaidAndGivesAModel()
    {
        Room room;
        room.start(tinyNet(100));
        QVERIFY(QTest::qWaitFor([&] { return room.page.controller()->progress().epoch >= 2; }, 60'000));
        const auto run = room.run();
        for (std::error_code again; std::filesystem::exists(run);) // also while something is written into it
            std::filesystem::remove_all(run, again);
        QVERIFY(room.ends());
        QTRY_VERIFY(room.isSaid("was deleted while the run went on"));
        QVERIFY(std::filesystem::exists(run / kModelFile));
    }
};

QTEST_MAIN(TrainPageMishapsTest)
#include "train_page_mishaps_test.moc"
