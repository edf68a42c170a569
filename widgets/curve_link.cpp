#include "widgets/curve_plot.h"

namespace whisker {

void linkPlots(const std::vector<CurvePlot *> &plots)
{
    for (CurvePlot *moved : plots) {
        for (CurvePlot *other : plots) {
            if (other == moved)
                continue;
            QObject::connect(moved, &CurvePlot::viewChanged, other, [moved, other] { other->setView(moved->view()); });
            QObject::connect(moved, &CurvePlot::crosshairChanged, other, [moved, other] { other->setCrosshair(moved->crosshair()); });
        }
    }
}

} // namespace whisker
