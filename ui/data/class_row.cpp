#include "ui/data/class_row.h"

#include "ui/texts.h"
#include "widgets/buttons.h"
#include "widgets/icons.h"
#include "widgets/image_grid.h"
#include "widgets/tabular_text.h"
#include "widgets/theme.h"

#include <QContextMenuEvent>
#include <QDropEvent>
#include <QLocale>
#include <QMimeData>
#include <QPainter>

namespace whisker {

namespace {
constexpr int kDot = 10;
constexpr int kInset = 8;      // of the marked ground
constexpr int kNameLeft = 22;
constexpr int kCountWidth = 52;
constexpr int kKeyWidth = 28;  // the badge and the gap before it
constexpr int kDotsWidth = 24;
} // namespace

ClassRow::ClassRow(QWidget *parent) : QAbstractButton(parent)
{
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setFixedHeight(kHeight);
    setFocusPolicy(Qt::TabFocus);
    setAttribute(Qt::WA_Hover);
    setCursor(Qt::PointingHandCursor);
    setAcceptDrops(true);
}

QSize ClassRow::sizeHint() const { return {160, kHeight}; }

void ClassRow::setClass(const ClassRecord &record, int count)
{
    if (record.id != m_record.id)
        stopAsking();
    m_record = record;
    m_count = count;
    setText(fromUtf8(record.name));
    setAccessibleName(QStringLiteral("%1, %2").arg(text(), countText(count, tr("1 picture"), tr("%1 pictures"))));
    describe();
    update();
}

void ClassRow::setMarked(bool marked)
{
    m_marked = marked;
    update();
}

void ClassRow::setPlain(bool plain)
{
    m_plain = plain;
    setAcceptDrops(!plain);
    setFocusPolicy(plain ? Qt::NoFocus : Qt::TabFocus);
    describe();
}

void ClassRow::describe()
{
    const QString key = fromUtf8(m_record.key);
    if (m_plain) {
        setToolTip(key.isEmpty() ? text() : tr("%1 (%2)").arg(text(), key.toUpper()));
        return;
    }
    const QString what = key.isEmpty() ? text() : tr("%1: the key %2 gives this label to what is selected").arg(text(), key.toUpper());
    setToolTip(what + QLatin1Char('\n') + tr("F2 renames, the right button shows more. Drop pictures here to label them."));
}

void ClassRow::askForKey()
{
    m_askingForKey = true;
    setFocus();
    update();
}

void ClassRow::stopAsking()
{
    m_askingForKey = false;
    update();
}

/// While it asks, every key is an answer, not a shortcut of the page.
bool ClassRow::event(QEvent *event)
{
    if (event->type() == QEvent::ShortcutOverride && m_askingForKey) {
        event->accept();
        return true;
    }
    return QAbstractButton::event(event);
}

void ClassRow::keyPressEvent(QKeyEvent *event)
{
    if (!m_askingForKey)
        return QAbstractButton::keyPressEvent(event);
    const bool none = event->key() == Qt::Key_Delete || event->key() == Qt::Key_Backspace;
    const QString typed = none ? QString() : event->text();
    if (event->key() == Qt::Key_Escape)
        return stopAsking();
    if (!none && (typed.isEmpty() || !typed[0].isPrint()))
        return; // Shift alone, say
    stopAsking();
    Q_EMIT keyChosen(typed);
}

void ClassRow::focusOutEvent(QFocusEvent *event)
{
    stopAsking();
    QAbstractButton::focusOutEvent(event);
}

bool ClassRow::showsDots() const { return !m_plain && (underMouse() || hasFocus()); }

QRect ClassRow::dotsArea() const { return {width() - kKeyWidth - kCountWidth - kDotsWidth + 8, 0, kDotsWidth, height()}; }

void ClassRow::mouseReleaseEvent(QMouseEvent *event)
{
    if (event->button() == Qt::LeftButton && showsDots() && dotsArea().contains(event->position().toPoint())) {
        setDown(false);
        Q_EMIT menuWanted(mapToGlobal(QPoint(dotsArea().left(), height())));
        return;
    }
    QAbstractButton::mouseReleaseEvent(event);
}

void ClassRow::contextMenuEvent(QContextMenuEvent *event)
{
    if (m_plain)
        return QAbstractButton::contextMenuEvent(event);
    Q_EMIT menuWanted(event->reason() == QContextMenuEvent::Mouse ? event->globalPos() : mapToGlobal(QPoint(kNameLeft, height())));
}

void ClassRow::setDropping(bool dropping)
{
    m_dropping = dropping;
    update();
}

void ClassRow::dragEnterEvent(QDragEnterEvent *event)
{
    if (!event->mimeData()->hasFormat(ImageGrid::selectionFormat()))
        return;
    event->acceptProposedAction();
    setDropping(true);
    Q_EMIT picturesEntered();
}

void ClassRow::dragLeaveEvent(QDragLeaveEvent *) { setDropping(false); }

void ClassRow::dropEvent(QDropEvent *event)
{
    setDropping(false);
    event->acceptProposedAction();
    Q_EMIT picturesDropped();
}

void ClassRow::paintEvent(QPaintEvent *)
{
    const ThemeColours &colours = Theme::current().colours();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    if (m_marked || m_dropping) {
        painter.setPen(m_dropping ? QPen(colours.accent, 1.5) : QPen(Qt::NoPen));
        painter.setBrush(colours.accentGround);
        painter.drawRoundedRect(QRectF(rect()).adjusted(-kInset, 1, kInset, -1).intersected(QRectF(rect()).adjusted(1, 1, -1, -1)), 6, 6);
        painter.setPen(Qt::NoPen);
    }
    const int left = m_marked || m_dropping || m_plain ? kInset : 0;
    painter.setBrush(classColour(m_record.colour));
    painter.drawEllipse(QRectF(left, (height() - kDot) / 2.0, kDot, kDot));
    painter.setFont(themeFont(13));
    const int right = width() - (left > 0 ? 4 : 0);
    const QRect count(right - kKeyWidth - kCountWidth, 0, kCountWidth, height());
    painter.setPen(colours.quietText);
    drawTabularText(painter, count, Qt::AlignRight | Qt::AlignVCenter, QLocale().toString(m_count));
    const int nameEnd = showsDots() ? dotsArea().left() : count.left() + std::max(0, kCountWidth - 40);
    const QRect name(left + kNameLeft, 0, nameEnd - left - kNameLeft, height());
    painter.setPen(underMouse() || hasFocus() || m_marked ? colours.accentText : colours.text);
    painter.drawText(name, Qt::AlignLeft | Qt::AlignVCenter, painter.fontMetrics().elidedText(text(), Qt::ElideRight, name.width() - 8));
    if (showsDots())
        painter.drawPixmap(dotsArea().center() - QPoint(8, 8), iconPixmap(Icon::More, 16, colours.quietText, devicePixelRatioF()));
    const QString key = m_askingForKey ? tr("press a key") : fromUtf8(m_record.key).toUpper();
    if (!key.isEmpty()) {
        const int badge = keyBadgeWidth(key);
        if (m_askingForKey) {
            painter.setPen(Qt::NoPen);
            painter.setBrush(colours.panel);
            painter.drawRect(QRect(right - badge - 6, 0, badge + 6, height()));
        }
        paintKeyBadge(painter, QRectF(right - badge, (height() - 18) / 2.0, badge, 18), key);
    }
}

} // namespace whisker
