#include "ui/data/class_icon.h"

#include "widgets/theme.h"

#include <QPainter>

namespace whisker {

QIcon classIcon(int colour)
{
    QPixmap dot(32, 32);
    dot.fill(Qt::transparent);
    QPainter painter(&dot);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(classColour(colour));
    painter.drawEllipse(4, 4, 24, 24);
    return QIcon(dot);
}

} // namespace whisker
