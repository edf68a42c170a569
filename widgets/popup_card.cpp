#include "widgets/popup_card.h"

#include <QApplication>
#include <QKeyEvent>
#include <QLayout>
#include <algorithm>

namespace whisker {

namespace {
constexpr int kGap = 4;
constexpr int kMargin = 20; // a page's, at its sides: what stands in the page ends there
constexpr int kMarginBelow = 8;
} // namespace

PopupCard::PopupCard(const QString &title, int widthPx, QWidget *button, QWidget *parent) : Card(title, parent), m_button(button)
{
    setFixedWidth(widthPx);
    hide();
}

void PopupCard::toggle()
{
    if (isVisible())
        hide();
    else
        open();
}

void PopupCard::open()
{
    if (!isVisible())
        m_before = window()->focusWidget();
    fill();
    place();
    show();
    raise();
    firstFocus()->setFocus(Qt::PopupFocusReason);
}

QPoint PopupCard::corner() const { return m_button->mapTo(parentWidget(), QPoint(0, m_button->height() + kGap)); }

int PopupCard::roomBelow() const { return std::max(0, parentWidget()->height() - corner().y() - kMarginBelow); }

void PopupCard::place()
{
    layout()->activate();
    resize(width(), layout()->hasHeightForWidth() ? layout()->totalHeightForWidth(width()) : layout()->totalSizeHint().height());
    const QPoint below = corner();
    const int right = parentWidget()->width() - kMargin - width(), bottom = parentWidget()->height() - kMarginBelow - height();
    move(std::max(0, std::min(below.x(), right)), std::max(0, std::min(below.y(), bottom)));
}

void PopupCard::showEvent(QShowEvent *event)
{
    Card::showEvent(event);
    qApp->installEventFilter(this);
}

void PopupCard::hideEvent(QHideEvent *event)
{
    Card::hideEvent(event);
    qApp->removeEventFilter(this);
    if (m_before && m_before->isVisible())
        m_before->setFocus(Qt::PopupFocusReason);
}

void PopupCard::keyPressEvent(QKeyEvent *event)
{
    if (event->key() != Qt::Key_Escape)
        return Card::keyPressEvent(event);
    hide();
}

bool PopupCard::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() == QEvent::MouseButtonPress && watched->isWidgetType()) {
        auto *widget = static_cast<QWidget *>(watched);
        if (widget->window() == window() && widget != this && widget != m_button && !isAncestorOf(widget))
            hide();
    }
    if (watched == parentWidget() && event->type() == QEvent::Resize) // its own layout comes after this
        QMetaObject::invokeMethod(this, &PopupCard::place, Qt::QueuedConnection);
    return Card::eventFilter(watched, event);
}

} // namespace whisker
