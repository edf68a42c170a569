#include "widgets/panel.h"

#include "widgets/internal/paint.h"

namespace whisker {

void Panel::paintEvent(QPaintEvent *)
{
    const ThemeColours &colours = Theme::current().colours();
    QPainter painter(this);
    if (m_ground == Ground::Chosen)
        paintPanel(painter, rect(), kCardRadius, colours.accentGround);
    else
        paintPanel(painter, rect(), kCardRadius, colours.panel, colours.line);
}

} // namespace whisker
