#include "tests/ui/train/trained_room.h"
#include "ui/train/comparison_view.h"
#include "ui/train/note_editor.h"
#include "ui/train/receipt_card.h"
#include "ui/train/run_curves.h"
#include "ui/train/runs_table.h"
#include "ui/train/runs_view.h"
#include "engine/base/atomic_file.h"
#include "engine/train/run_notes.h"
#include "widgets/curve_plot.h"
#include "widgets/fact_sheet.h"
#include "widgets/notice_bar.h"
#include "widgets/page_header.h"
#include "widgets/text_label.h"

#include <QPlainTextEdit>
#include <QSignalSpy>

using namespace whisker;
using namespace whisker::test;

namespace {

/// Trains for so many epochs; gives the folder of the run, empty where it did not end well.
std::filesystem::path trained(Room &room, int epochs)
{
    room.start(epochs);
    const bool ended = room.ends() && QTest::qWaitFor([&] { return !room.page.history()->runs().empty(); }, 60'000);
    return ended ? room.page.controller()->runFolder() : std::filesystem::path();
}

bool tells(const NoticeBar &notice, const QString &words)
{
    return QTest::qWaitFor([&] { return notice.isVisible() && notice.text().contains(words); }, 20'000);
}

bool hasLabel(const QWidget &widget, const QString &words)
{
    const auto labels = widget.findChildren<TextLabel *>();
    return std::ranges::any_of(labels, [&](const TextLabel *label) { return label->text().contains(words); });
}

bool isHeaded(const TrainPage &page, const QString &words)
{
    return page.findChild<PageHeader *>()->detail().contains(words);
}

constexpr int kMidst = 15; // epochs of a run that is caught in one of its first, seconds before its end

bool begins(Room &room)
{
    return QTest::qWaitFor([&] { return room.page.controller()->isRunning(); }, 20'000);
}

/// The page goes while a repeat goes on in it.
bool closesOverARepeat(const TestFolder &folder)
{
    Room room(folder);
    room.page.repeat(trained(room, kMidst));
    return begins(room) && room.learns();
}

} // namespace

class TrainPageTableTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { useAsHome(m_home); }

    void theTableOpensByItsKeyAndEscapeLeadsBack()
    {
        const TestFolder folder;
        Room room(folder);
        QVERIFY(!trained(room, 1).empty());
        QVERIFY(button(room.page, "All runs"));
        QTest::keyClick(&room.page, Qt::Key_R, Qt::ControlModifier);
        RunsView &view = *room.page.allRuns();
        QVERIFY(view.isVisible());
        QTRY_COMPARE(view.table()->order()->rowCount(), 1);
        QTRY_VERIFY(view.table()->hasFocus());
        QVERIFY(!button(room.page, "More epochs"));
        QTest::keyClick(view.table(), Qt::Key_Escape);
        QVERIFY(!view.isVisible());
        QVERIFY(button(room.page, "More epochs")); // what was on show
        button(room.page, "All runs")->click();
        QVERIFY(view.isVisible());
        button(room.page, "New training")->click();
        QVERIFY(!view.isVisible());
        QVERIFY(button(room.page, "Start"));
    }

    void theRunThatGoesOnStandsOnTopAndEscapeDoesNotStopIt()
    {
        const TestFolder folder;
        Room room(folder);
        room.start(300);
        QVERIFY(room.learns());
        room.page.showAllRuns();
        const RunsOrder &runs = *room.page.allRuns()->table()->order();
        QTRY_VERIFY(runs.rowCount() == 1 && runs.at(0).underWay && runs.at(0).receipt.epochs >= 2);
        QTRY_VERIFY(room.page.history()->runs().size() == 1 && runs.rowCount() == 1); // its folder is read as well
        QTest::keyClick(room.page.allRuns()->table(), Qt::Key_Escape);
        QVERIFY(room.page.controller()->isRunning());
        QVERIFY(!room.page.allRuns()->isVisible());
        room.page.showAllRuns();
        room.page.stop();
        QVERIFY(room.ends());
        QTRY_VERIFY(runs.rowCount() == 1 && !runs.at(0).underWay);
        QTRY_COMPARE(runs.index(0, RunsTableModel::Test).data().toString(), "stopped");
    }

    void aRunOfTheTableShowsItsCurves()
    {
        const TestFolder folder;
        Room room(folder);
        QVERIFY(!trained(room, 2).empty());
        room.page.showAllRuns();
        QTest::keyClick(room.page.allRuns()->table(), Qt::Key_Return);
        QTRY_VERIFY(!room.page.allRuns()->isVisible());
        QCOMPARE(room.page.curves()->loss()->pointCount("validation"), 2);
        room.page.showAllRuns();
        QTest::keyClick(room.page.allRuns()->table(), Qt::Key_O);
        QVERIFY(room.page.allRuns()->isVisible());
        QVERIFY(room.page.notice()->text().contains("they are its own"));
        QTest::keyClick(room.page.allRuns()->table(), Qt::Key_Escape);
        QVERIFY(!room.page.notice()->isVisible()); // it was said of the table
    }

    void aRepeatedRunIsSaidToBeEqual()
    {
        const TestFolder folder;
        Room room(folder);
        const auto first = trained(room, 2);
        room.page.repeat(first);
        QVERIFY(begins(room));
        QVERIFY(isHeaded(room.page, "repeats the run of "));
        QVERIFY(room.ends());
        QVERIFY(tells(*room.page.notice(), "Equal bit for bit"));
        QCOMPARE(room.page.notice()->kind(), NoticeBar::Kind::Good);
        const auto second = room.page.controller()->runFolder();
        QVERIFY(second != first);
        QTRY_COMPARE(room.page.history()->runs().size(), 2u);

        room.page.showAllRuns(); // its verdict is not one of others, and the comparison says it too, also later
        room.page.allRuns()->table()->selectAll();
        QTest::keyClick(room.page.allRuns()->table(), Qt::Key_C);
        QTRY_VERIFY(room.page.allRuns()->showsComparison());
        QVERIFY(room.page.allRuns()->comparison()->sentences().startsWith("Equal bit for bit"));
        QVERIFY(!room.page.notice()->isVisible());
        room.page.history()->readCurves(second);
        QVERIFY(tells(*room.page.notice(), "Equal bit for bit"));
        room.page.history()->readCurves(first);
        QTRY_VERIFY(!room.page.notice()->isVisible());
    }

    void aRepeatThatCameOutOtherwiseSaysWhereItFirstDiffers()
    {
        const TestFolder folder;
        Room room(folder);
        const auto first = trained(room, 2);
        std::string metrics = fileBytes(first / kMetricsFile);
        const std::size_t value = metrics.find(R"("value":)", metrics.find(R"("step":2)")) + 8;
        metrics[value] = metrics[value] == '7' ? '8' : '7';
        QVERIFY(writeFileAtomically(first / kMetricsFile, metrics));
        room.page.repeat(first);
        QVERIFY(begins(room));
        QVERIFY(room.ends());
        QVERIFY(tells(*room.page.notice(), "Not equal: the first difference is"));
        QCOMPARE(room.page.notice()->kind(), NoticeBar::Kind::Warning);
    }

    void aRepeatThatIsPausedIsJudgedAsFarAsItWentAndOnceItHasGoneOn()
    {
        const TestFolder folder;
        Room room(folder);
        const auto first = trained(room, kMidst);
        room.page.repeat(first);
        QVERIFY(begins(room));
        QVERIFY(room.learns());
        room.page.pause();
        QVERIFY(room.ends());
        QVERIFY(tells(*room.page.notice(), "as far as it went"));
        QCOMPARE(room.page.notice()->kind(), NoticeBar::Kind::Information);
        room.page.goOn();
        QVERIFY(room.page.controller()->isRunning());
        QVERIFY(isHeaded(room.page, "repeats the run of "));
        QVERIFY(room.ends());
        QVERIFY(tells(*room.page.notice(), "Equal bit for bit"));
    }

    void aRepeatThatWasBrokenOffIsJudgedOnceItHasGoneOnInAnotherWindow()
    {
        const TestFolder folder;
        QVERIFY(closesOverARepeat(folder));
        Room room(folder);
        QTRY_VERIFY(room.offer()->isVisible());
        QTest::mouseClick(room.offer()->actionButton(), Qt::LeftButton);
        QVERIFY(room.page.controller()->isRunning());
        QVERIFY(isHeaded(room.page, "repeats the run of "));
        QVERIFY(room.ends());
        QVERIFY(tells(*room.page.notice(), "Equal bit for bit"));
        QCOMPARE(room.page.notice()->kind(), NoticeBar::Kind::Good);
        room.page.showAllRuns();
        QTRY_COMPARE(room.page.allRuns()->table()->order()->rowCount(), 2);
        QTRY_VERIFY(hasLabel(*room.page.allRuns()->receipt(), "repeats the run of "));
    }

    void aRepeatThatWasMadeLongerIsNoRepeatAnyMore()
    {
        const TestFolder folder;
        Room room(folder);
        const auto first = trained(room, 1);
        room.page.repeat(first);
        QVERIFY(begins(room));
        QVERIFY(room.ends());
        QVERIFY(tells(*room.page.notice(), "Equal bit for bit"));
        room.page.trainMore(1);
        QVERIFY(!isHeaded(room.page, "repeats"));
        QVERIFY(room.ends());
        QVERIFY(!room.page.notice()->isVisible());
    }

    void picturesThatAreMissingAreToldAndNothingBegins()
    {
        const TestFolder folder;
        Room room(folder);
        const auto first = trained(room, 1);
        std::filesystem::remove_all(folder / "pets" / "cat");
        room.page.showAllRuns();
        QTRY_COMPARE(room.page.allRuns()->table()->order()->rowCount(), 1);
        QTest::keyClick(room.page.allRuns()->table(), Qt::Key_R);
        QVERIFY(tells(*room.page.notice(), "not where they were then"));
        QVERIFY(!room.page.controller()->isRunning());
        QVERIFY(room.page.allRuns()->isVisible());
        QCOMPARE(room.page.history()->runs().size(), 1u);
    }

    void aRunThatIsDeletedWhileItIsRepeatedLeavesASentence()
    {
        const TestFolder folder;
        Room room(folder);
        const auto first = trained(room, kMidst);
        room.page.repeat(first);
        QVERIFY(begins(room));
        QVERIFY(room.learns());
        room.page.history()->remove({first});
        QVERIFY(room.ends());
        QVERIFY(tells(*room.page.notice(), "was deleted meanwhile"));
    }

    void severalRunsAreDeletedAfterOneQuestion()
    {
        const TestFolder folder;
        Room room(folder);
        QVERIFY(!trained(room, 1).empty());
        QTRY_COMPARE(room.page.history()->runs().size(), 1u);
        QTest::keyClick(&room.page, Qt::Key_N, Qt::ControlModifier); // "New training"
        QVERIFY(!trained(room, 1).empty());
        QTRY_COMPARE(room.page.history()->runs().size(), 2u);
        room.page.showAllRuns();
        auto *table = room.page.allRuns()->table();
        table->selectAll();
        QTest::keyClick(table, Qt::Key_Delete);
        QVERIFY(room.offer()->text().startsWith("Delete 2 runs"));
        QTest::keyClick(room.offer()->secondButton(), Qt::Key_Escape); // means: keep them
        QVERIFY(!room.offer()->isVisible());
        QVERIFY(room.page.allRuns()->isVisible());
        QTest::keyClick(table, Qt::Key_Delete);
        QTest::mouseClick(room.offer()->actionButton(), Qt::LeftButton);
        QTRY_VERIFY(room.page.history()->runs().empty());
        QTRY_COMPARE(table->order()->rowCount(), 0);
        room.page.leaveAllRuns();
        QVERIFY(button(room.page, "Start")); // the result on show was theirs
    }

    void aNoteThatIsBeingWrittenOutlivesThePage()
    {
        const TestFolder folder;
        std::filesystem::path run;
        {
            Room room(folder);
            run = trained(room, 1);
            room.page.showAllRuns();
            QTRY_COMPARE(room.page.allRuns()->table()->order()->rowCount(), 1);
            room.page.allRuns()->receipt()->note()->field()->insertPlainText("half a sentence");
        }
        QCOMPARE(readRunNote(run), "half a sentence");
    }

    void aNoteThatIsBeingWrittenOutlivesItsProject()
    {
        const TestFolder folder, other;
        Room room(folder);
        const auto run = trained(room, 1);
        room.page.showAllRuns();
        QTRY_COMPARE(room.page.allRuns()->table()->order()->rowCount(), 1);
        room.page.allRuns()->receipt()->note()->field()->insertPlainText("of this project");
        TrainingMaterial material = room.material();
        material.runsFolder = other / "runs";
        room.page.setMaterial(material);
        QVERIFY(!room.page.allRuns()->isVisible());
        QTRY_COMPARE(readRunNote(run), "of this project");
    }

    void canBeDestroyedWhileARepeatIsPlannedOrGoesOn()
    {
        const TestFolder folder;
        QVERIFY(closesOverARepeat(folder));
        Room room(folder);
        QTRY_COMPARE(room.page.history()->runs().size(), 2u);
        room.page.repeat(room.page.history()->runs().back().folder);
    }

private:
    const TestFolder m_home;
};

QTEST_MAIN(TrainPageTableTest)
#include "train_page_table_test.moc"
