#include "ui/train/curve_tools.h"
#include "widgets/buttons.h"
#include "widgets/text_label.h"
#include "widgets/theme.h"

#include <QApplication>
#include <QCheckBox>
#include <QSlider>
#include <QTest>

using namespace whisker;

class CurveToolsTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { applyTheme(*qApp, Scheme::Light); }

    void whatIsToBeReadIsWholeOrLeftOut()
    {
        CurveTools tools;
        tools.show();
        bool had[3] = {};
        for (int width = 700; width >= tools.minimumSizeHint().width(); width -= 3) {
            tools.resize(width, tools.sizeHint().height());
            QCoreApplication::sendPostedEvents();
            int words = 0;
            for (const TextLabel *label : tools.findChildren<TextLabel *>()) {
                words += label->isVisible();
                QVERIFY2(!label->isVisible() || label->width() >= label->sizeHint().width(), qPrintable(QString("%1 at %2").arg(label->text()).arg(width)));
            }
            for (const Button *button : tools.findChildren<Button *>())
                QVERIFY2(button->width() >= button->sizeHint().width(), qPrintable(button->text()));
            QVERIFY(tools.logarithmic()->isVisible() && tools.slider()->isVisible());
            had[words] = true;
        }
        QVERIFY(had[2] && had[1] && had[0]);
    }
};

QTEST_MAIN(CurveToolsTest)
#include "curve_tools_test.moc"
