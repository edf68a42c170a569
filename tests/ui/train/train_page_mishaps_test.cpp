#include "tests/ui/train/trained_room.h"
#include "ui/train/result_card.h"
#include "widgets/notice_bar.h"

using namespace whisker;
using namespace whisker::test;

namespace {

/// In a bar or on the card of the result.
bool isSaid(const TrainPage &page, const char *words)
{
    const auto bars = page.findChildren<NoticeBar *>();
    return std::ranges::any_of(bars, [&](const NoticeBar *bar) { return bar->isVisible() && bar->text().contains(words); }) ||
           page.findChild<ResultCard *>()->certainty().contains(words);
}

/// From the set-up that the button leads to.
bool canStart(TrainPage &page)
{
    const Button *next = button(page, "New training");
    return next && next->isEnabled();
}

} // namespace

/// What a person sees on the Train page where a run can't go its usual way.
class TrainPageMishapsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aRateThatMakesNoNumbersIsSaidWithWhatToTry()
    {
        const TestFolder folder;
        useAsHome(folder);
        Room room(folder);
        TrainConfig config = tinyNet(30);
        config.schedule = ScheduleKind::Cosine;
        config.learningRate = 1e6;
        config.weightDecay = 3e-6; // weights double each step, and are too large for fp32 after some epochs
        room.start(config);
        QVERIFY(room.ends());
        QTRY_VERIFY(isSaid(room.page, "were kept: try a lower learning rate, such as 0.001."));
        QCOMPARE(listRuns(folder / "runs").front().receipt.status, RunStatus::Diverged);
        QTRY_VERIFY(room.page.findChild<ResultCard *>()->tryButton()->isVisible()); // the last good weights
        QVERIFY(canStart(room.page));
    }

    void aClassThatHasLostItsPicturesIsSaid()
    {
        const TestFolder folder; // a home of its own: with pixels in the cache it would lack nothing
        useAsHome(folder);
        Room room(folder);
        std::filesystem::remove_all(folder / "pets/dog");
        room.start(3);
        QVERIFY(room.ends());
        QTRY_VERIFY(isSaid(room.page, "The class \"dog\" has no picture to learn from that can be read: add pictures of it"));
        QVERIFY(canStart(room.page));
    }

    void aRunFolderDeletedMeanwhileIsSaidAndGivesAModel()
    {
        const TestFolder folder;
        useAsHome(folder);
        Room room(folder);
        room.start(100);
        QVERIFY(room.learns());
        const auto run = listRuns(folder / "runs").front().folder;
        for (std::error_code again; std::filesystem::exists(run);) // also while something is written into it
            std::filesystem::remove_all(run, again);
        QVERIFY(room.ends());
        QTRY_VERIFY(isSaid(room.page, "was deleted while the run went on"));
        QVERIFY(std::filesystem::exists(run / kModelFile));
    }
};

QTEST_MAIN(TrainPageMishapsTest)
#include "train_page_mishaps_test.moc"
