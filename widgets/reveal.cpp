#include "widgets/reveal.h"

#include <QScrollArea>
#include <QTimer>

namespace whisker {

namespace {
constexpr int kMargin = 16;
} // namespace

void reveal(QWidget *widget, int marginPx)
{
    for (QWidget *above = widget->parentWidget(); above; above = above->parentWidget()) {
        if (auto *area = qobject_cast<QScrollArea *>(above))
            return area->ensureWidgetVisible(widget, 0, marginPx);
    }
}

void revealSoon(QWidget *widget)
{
    QTimer::singleShot(0, widget, [widget] { reveal(widget, kMargin); });
}

} // namespace whisker
