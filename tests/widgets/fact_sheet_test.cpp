#include "widgets/fact_sheet.h"

#include <QHelpEvent>
#include <QScrollArea>
#include <QScrollBar>
#include <QTest>
#include <QToolTip>
#include <QVBoxLayout>

using namespace whisker;

namespace {

FactSection settings(int lines)
{
    FactSection section{"Settings", {}, {}};
    for (int i = 0; i < lines; ++i)
        section.lines.push_back({QStringLiteral("Setting %1").arg(i), {QString::number(i)}});
    return section;
}

} // namespace

class FactSheetTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void givesItsValuesByName()
    {
        FactSheet sheet;
        sheet.setSections({{"Result", {"first", "second"}, {{"Test", {"95.0 %", "96.0 %"}, true}}}});
        QCOMPARE(sheet.value("Test"), "95.0 %");
        QCOMPARE(sheet.value("Test", 1), "96.0 %");
        QCOMPARE(sheet.value("Test", 2), "");
        QCOMPARE(sheet.value("Nothing"), "");
        QCOMPARE(sheet.text(), "Result\tfirst\tsecond\nTest\t95.0 %\t96.0 %");
        QCOMPARE(sheet.accessibleDescription(), sheet.text());
    }

    void aSectionWithoutLinesTakesNoRoom()
    {
        FactSheet sheet;
        sheet.setSections({{"Data", {}, {}}});
        QCOMPARE(sheet.heightForWidth(400), 0);
        QVERIFY(sheet.sections().empty());
    }

    void whatIsWideIsLower()
    {
        FactSheet sheet(200);
        sheet.setSections({settings(30)});
        QCOMPARE(sheet.columnsAt(200), 1);
        QCOMPARE(sheet.columnsAt(700), 3);
        QVERIFY(sheet.heightForWidth(700) < sheet.heightForWidth(300) / 2);
        FactSheet one;
        one.setSections({settings(30)});
        QCOMPARE(one.heightForWidth(2000), one.heightForWidth(300));
    }

    void sectionsStandWholeBesideEachOther()
    {
        FactSheet sheet(200);
        sheet.setSections({settings(5), settings(6), settings(5)});
        QCOMPARE(sheet.heightForWidth(700), FactSheet::kTitleHeight + 6 * 22);
    }

    void aSectionMuchLongerThanTheOthersGoesOnUnderItsTitleOnceMore()
    {
        FactSheet sheet(200);
        sheet.setSections({settings(30)});
        QCOMPARE(sheet.heightForWidth(700), FactSheet::kTitleHeight + 10 * 22);
        sheet.setSections({settings(4), settings(16)});
        QVERIFY(sheet.heightForWidth(440) < FactSheet::kTitleHeight + 16 * 22);
    }

    void theWayToScrollIsAsLongAsTheSheet()
    {
        QScrollArea area;
        auto *sheet = new FactSheet(200);
        sheet->setSections({settings(20), settings(20)});
        auto *words = new QWidget;
        auto *column = new QVBoxLayout(words);
        column->setContentsMargins({});
        column->addWidget(sheet);
        column->addStretch(1);
        area.setWidget(words);
        area.setWidgetResizable(true);
        area.resize(700, 120);
        area.show();
        QTRY_COMPARE(words->height(), sheet->heightForWidth(sheet->width()));
        QCOMPARE(area.verticalScrollBar()->maximum(), words->height() - area.viewport()->height());
    }

    void aTextThatDoesNotFitIsItsTooltip()
    {
        FactSheet sheet;
        const QString path = QString("a/very/long/path").repeated(20);
        sheet.setSections({{"Origin", {}, {{"Continues", {path}}, {"Snapshot", {"01"}}}}});
        sheet.resize(300, sheet.heightForWidth(300));
        sheet.show();
        QVERIFY(QTest::qWaitForWindowExposed(&sheet));
        const auto askAt = [&](QPoint place) {
            QHelpEvent help(QEvent::ToolTip, place, sheet.mapToGlobal(place));
            QCoreApplication::sendEvent(&sheet, &help);
        };
        askAt({200, 30});
        QCOMPARE(QToolTip::text(), path);
        askAt({200, 52}); // the one below it fits
        QTRY_VERIFY(!QToolTip::isVisible());
    }

    void paintsNothingAndMuchInLittleRoom()
    {
        FactSheet sheet(240);
        sheet.resize(20, 10);
        sheet.grab();
        sheet.setSections({settings(100)});
        sheet.grab();
    }
};

QTEST_MAIN(FactSheetTest)
#include "fact_sheet_test.moc"
