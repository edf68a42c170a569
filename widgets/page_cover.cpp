#include "widgets/page_cover.h"

#include "widgets/theme.h"

#include <QEvent>
#include <QPainter>

namespace whisker {

PageCover::PageCover(QWidget *parent) : QWidget(parent)
{
    setFocusPolicy(Qt::StrongFocus);
    parent->installEventFilter(this);
    hide();
}

void PageCover::cover()
{
    setGeometry(parentWidget()->rect());
    raise();
    show();
    setFocus();
}

void PageCover::paintEvent(QPaintEvent *) { QPainter(this).fillRect(rect(), Theme::current().colours().ground); }

bool PageCover::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == parentWidget() && event->type() == QEvent::Resize && isVisible())
        setGeometry(parentWidget()->rect());
    return QWidget::eventFilter(watched, event);
}

} // namespace whisker
