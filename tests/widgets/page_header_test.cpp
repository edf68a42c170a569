#include "widgets/page_header.h"

#include "widgets/buttons.h"
#include "widgets/text_label.h"

#include <QLineEdit>
#include <QTest>

using namespace whisker;

class PageHeaderTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void theCountOfAPageIsNeverShortened();
    void theDetailOfAPageGivesWayToItsButtons();
};

void PageHeaderTest::theCountOfAPageIsNeverShortened()
{
    PageHeader header("Pictures");
    auto *search = new QLineEdit;
    search->setSizePolicy(QSizePolicy::Maximum, QSizePolicy::Fixed);
    header.addButton(search);
    header.addButton(new Button("Add pictures"));
    header.resize(330, 32); // the field gives way
    header.show();
    const auto *count = header.findChildren<TextLabel *>()[1];
    header.setCount(600);
    QCOMPARE(header.detail(), "600");
    QTRY_COMPARE(count->width(), count->sizeHint().width());
    header.setCount(48, 600);
    QCOMPARE(header.detail(), "48 of 600");
    QTRY_COMPARE(count->width(), count->sizeHint().width());
    QVERIFY(search->width() < search->sizeHint().width());
    header.setCount(0, 600);
    QCOMPARE(header.detail(), "0 of 600");
    header.setCount(0);
    QVERIFY(!count->isVisible());
}

void PageHeaderTest::theDetailOfAPageGivesWayToItsButtons()
{
    PageHeader header("EfficientNet-Lite0, fine-tuned");
    header.setDetail("run of 30 Nov 2026 06:37:08, CPU, 2 threads, fp32");
    auto *more = new Button("More epochs");
    header.addButton(more);
    header.resize(500, 32);
    header.show();
    QTRY_COMPARE(more->width(), more->sizeHint().width());
    const auto *detail = header.findChildren<TextLabel *>()[1];
    QVERIFY(detail->width() > 80);
    header.resize(1200, 32);
    QTRY_COMPARE(detail->width(), detail->sizeHint().width());
}

QTEST_MAIN(PageHeaderTest)
#include "page_header_test.moc"
