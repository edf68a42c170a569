#pragma once

#include "widgets/curve_plot.h"
#include "widgets/internal/custom_plot.h"

#include <QSignalSpy>
#include <QTest>

namespace whisker::test {

/// A plot of 11 points from 0 to 10 on show, its y twice its x.
struct ShownPlot {
    ShownPlot() : plot("Loss")
    {
        plot.resize(600, 300);
        plot.setKeyName("epoch");
        plot.addSeries({"training", "training"});
        for (int i = 0; i <= 10; ++i)
            plot.appendPoint("training", i, 2.0 * i);
        plot.show();
        draw();
    }
    void draw()
    {
        QSignalSpy redrawn(&plot, &CurvePlot::redrawn);
        plot.setKeyName("epoch");
        plot.setExpectedEnd(10);
        QVERIFY(redrawn.wait());
    }
    CurvePlot plot;
};

inline QCustomPlot *canvasOf(CurvePlot &plot) { return plot.findChild<QCustomPlot *>(); }

/// What stands beside the places of the x axis, and where.
inline QMap<QString, QRectF> namesIn(CurvePlot &plot)
{
    QMap<QString, QRectF> names;
    for (int i = 0; i < canvasOf(plot)->itemCount(); ++i) {
        auto *text = qobject_cast<QCPItemText *>(canvasOf(plot)->item(i));
        if (text && text->visible() && text->layer()->name() == QStringLiteral("names"))
            names[text->text()] = QRectF(text->topLeft->pixelPosition(), text->bottomRight->pixelPosition());
    }
    return names;
}

} // namespace whisker::test
