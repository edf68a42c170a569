#include "tests/ui/active_window.h"
#include "tests/ui/train/written_runs.h"
#include "ui/train/run_list.h"
#include "widgets/theme.h"

#include <QApplication>
#include <QImage>
#include <QLineEdit>
#include <QLocale>
#include <QTest>
#include <QVBoxLayout>
#include <algorithm>
#include <set>

using namespace whisker;
using namespace whisker::test;

namespace {

constexpr int kNarrow = 232; // px: what a window of 960 x 640 leaves the list

/// Of the day before yesterday: long names.
RunSummary runAt(const QTime &clock, TrainMode mode, RunStatus status)
{
    RunSummary run;
    run.receipt = receiptOfDay(1, 54);
    run.receipt.started = QDateTime(QDate::currentDate().addDays(-2), clock).toUTC().toString(Qt::ISODate).toStdString();
    run.receipt.config.mode = mode;
    run.receipt.status = status;
    if (status == RunStatus::Failed || status == RunStatus::Unfinished) {
        run.receipt.testTotal = run.receipt.testCorrect = std::nullopt;
        run.receipt.validationAccuracy.reset();
    }
    run.folder = std::filesystem::path("runs") / clock.toString("HHmmss").toStdString();
    return run;
}

std::vector<RunSummary> someRuns()
{
    return {runAt({17, 40, 9}, TrainMode::FineTune, RunStatus::Completed), runAt({16, 2, 0}, TrainMode::FineTune, RunStatus::Stopped),
            runAt({15, 58, 41}, TrainMode::Quick, RunStatus::Completed), runAt({15, 58, 7}, TrainMode::Quick, RunStatus::Completed),
            runAt({13, 5, 0}, TrainMode::Scratch, RunStatus::Failed), runAt({12, 44, 0}, TrainMode::Scratch, RunStatus::Unfinished)};
}

class Shown {
public:
    explicit Shown(int width)
    {
        list.resize(width, 300);
        list.setRuns(someRuns());
        showActive(list);
    }
    QString name(int row) const { return list.shownName(list.lineAt(row)); }
    QString state(int row) const { return list.shownState(list.lineAt(row)); }
    QString told(int row, int role) const { return list.model()->index(row, 0).data(role).toString(); }
    QImage row(int row) { return list.viewport()->grab(list.visualRect(list.model()->index(row, 0))).toImage(); }

    RunList list;
};

/// So many pixels are of that colour.
int count(const QImage &picture, const QColor &colour)
{
    int pixels = 0;
    for (int y = 0; y < picture.height(); ++y)
        for (int x = 0; x < picture.width(); ++x)
            pixels += picture.pixelColor(x, y) == colour;
    return pixels;
}

} // namespace

class RunListTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { applyTheme(*qApp, Scheme::Light); }

    void runsOfOneDayAreToldApartByTheirTime()
    {
        const Shown shown(600);
        const QString day = QLocale().dayName(QDate::currentDate().addDays(-2).dayOfWeek(), QLocale::ShortFormat);
        QCOMPARE(shown.name(0), day + " 17:40 fine-tune");
        QCOMPARE(shown.name(2), day + " 15:58:41 quick"); // of one minute
        QCOMPARE(shown.name(3), day + " 15:58:07 quick");
        RunList one;
        one.setRuns({someRuns().front()});
        QCOMPARE(one.lineAt(0).name, day + " fine-tune"); // there is no other
    }

    void runsThatNoClockTellsApartAreCalledByTheirFolders()
    {
        RunSummary one = someRuns().front(), other = one, third = one;
        for (RunSummary *run : {&one, &other})
            run->receipt.started.clear();
        one.folder = "runs/one";
        other.folder = "runs/other";
        const RunNames names = runNames({one, other, third}, QDateTime::currentDateTime());
        QCOMPARE(names.at(one.folder), "one");
        QCOMPARE(names.at(other.folder), "other");
        QVERIFY(names.at(third.folder).endsWith(" fine-tune")); // it is the only one of its day
    }

    void namesStayWhereThereIsNoRoomForAll()
    {
        const Shown wide(600);
        const Shown narrow(kNarrow);
        QCOMPARE(wide.state(0), "42 s");
        QCOMPARE(wide.state(1), "stopped");
        QCOMPARE(narrow.state(0), "");
        QCOMPARE(narrow.state(1), "");
        QCOMPARE(narrow.state(4), "failed"); // it has no figure: there is room
        std::set<QString> names;
        for (int row = 0; row < narrow.list.lineCount(); ++row) {
            const QString &name = narrow.list.lineAt(row).name;
            QCOMPARE(wide.name(row), name);
            names.insert(narrow.name(row));
            QVERIFY2(narrow.name(row).left(9) == name.left(9), qPrintable(narrow.name(row))); // day and time
        }
        QCOMPARE(int(names.size()), narrow.list.lineCount());
        QCOMPARE(narrow.name(0), narrow.list.lineAt(0).name);
    }

    void howLongTheyTookIsLeftOutBeforeWhatBecameOfThem()
    {
        Shown shown(600);
        shown.list.setRuns({runAt({17, 40, 9}, TrainMode::FineTune, RunStatus::Completed), runAt({16, 2, 0}, TrainMode::FineTune, RunStatus::Completed),
                            runAt({15, 0, 0}, TrainMode::Quick, RunStatus::Stopped)});
        int width = 600;
        while (shown.state(0) == "42 s")
            shown.list.resize(--width, 300);
        QVERIFY(width > kNarrow);
        QCOMPARE(shown.state(0), "");
        QCOMPARE(shown.state(2), "stopped");
        for (int row = 0; row < shown.list.lineCount(); ++row)
            QCOMPARE(shown.name(row), shown.list.lineAt(row).name);
    }

    void whatANarrowRowLeavesOutIsToldOtherwise()
    {
        Shown narrow(kNarrow);
        const QString stopped = narrow.told(1, Qt::ToolTipRole);
        QVERIFY2(stopped.contains("stopped") && stopped.contains("42 s") && stopped.contains("54 of 55"), qPrintable(stopped));
        QCOMPARE(narrow.told(1, Qt::AccessibleDescriptionRole), stopped);
        QVERIFY(narrow.told(1, Qt::AccessibleTextRole).contains("stopped"));
        QVERIFY(narrow.told(0, Qt::ToolTipRole).contains("42 s"));
    }

    void aStateIsADotBesideAFigure()
    {
        RunSummary going = runAt({18, 0, 0}, TrainMode::FineTune, RunStatus::Unfinished);
        going.underWay = true;
        going.receipt.validationAccuracy = 0.9;
        std::vector<RunSummary> runs = someRuns();
        runs.push_back(going);
        Shown narrow(kNarrow);
        narrow.list.setRuns(runs);
        QCOMPARE(narrow.state(6), "");
        const QColor good = Theme::current().colours().mark(Tone::Good);
        QVERIFY(count(narrow.row(6), good) > 20);
        QCOMPARE(count(narrow.row(0), good), 0);
        Shown wide(600);
        wide.list.setRuns(runs);
        QCOMPARE(count(wide.row(6), good), 0); // in words
    }

    void theKeyboardsRowHasARingAndTheMousesHasNone()
    {
        QWidget window;
        auto *column = new QVBoxLayout(&window);
        auto *field = new QLineEdit;
        auto *list = new RunList;
        column->addWidget(field);
        column->addWidget(list);
        window.resize(400, 400);
        list->setRuns(someRuns());
        showActive(window);
        const QColor ring = Theme::current().colours().accent;
        const auto ringOf = [&](int row) { return count(list->viewport()->grab(list->visualRect(list->model()->index(row, 0))).toImage(), ring); };
        QTest::mouseClick(list->viewport(), Qt::LeftButton, {}, list->visualRect(list->model()->index(1, 0)).center());
        QVERIFY(list->hasFocus());
        QCOMPARE(ringOf(1), 0);
        field->setFocus();
        QTest::keyClick(field, Qt::Key_Tab);
        QVERIFY(list->hasFocus());
        QVERIFY(ringOf(1) > 100);
        QTest::keyClick(list, Qt::Key_Down);
        QCOMPARE(ringOf(1), 0);
        QVERIFY(ringOf(2) > 100);
        field->setFocus();
        QCOMPARE(ringOf(2), 0);
    }
};

QTEST_MAIN(RunListTest)
#include "run_list_test.moc"
