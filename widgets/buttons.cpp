#include "widgets/buttons.h"

#include "widgets/internal/paint.h"

#include <QAction>
#include <QApplication>
#include <QCursor>
#include <QEvent>
#include <QFontMetrics>
#include <QMenu>
#include <QMouseEvent>
#include <QPainter>
#include <QVariantAnimation>
#include <algorithm>
#include <cmath>

namespace whisker {

namespace {

constexpr int kHeight = 32;
constexpr int kLinkHeight = 20;
constexpr int kPadding = 14;
constexpr int kIconEdge = 18;
constexpr int kGap = 8;
constexpr int kBadgeHeight = 19;
constexpr int kHoverMs = 120;
constexpr int kMenuGap = 4;

/// Really: a button that moves away from below a mouse that rests is not told.
bool isBelowMouse(const QWidget &widget) { return widget.rect().contains(widget.mapFromGlobal(QCursor::pos())); }

/// "Ctrl Z" for Ctrl+Z.
QString badgeText(const QKeySequence &keys)
{
    return keyText(keys).replace(u'+', u' ').replace(QStringLiteral("  "), QStringLiteral(" +"));
}

} // namespace

QString keyText(const QKeySequence &keys) { return keys.toString(QKeySequence::NativeText); }

QString withKeys(const QString &text, const QKeySequence &keys)
{
    return keys.isEmpty() ? text : QStringLiteral("%1 (%2)").arg(text, keyText(keys));
}

QString withKeys(const QString &text, const QAction &action) { return withKeys(text, action.shortcut()); }

void openBelow(QMenu &menu, const QWidget &button)
{
    menu.popup(button.mapToGlobal(QPoint(button.width() - menu.sizeHint().width(), button.height() + kMenuGap)));
}

void openWithin(const QWidget &window, QMenu &menu, QPoint globalPlace)
{
    const int right = window.mapToGlobal(QPoint(window.width(), 0)).x();
    menu.popup({std::min(globalPlace.x(), right - menu.sizeHint().width()), globalPlace.y()});
}

int keyBadgeWidth(const QString &keys)
{
    if (keys.isEmpty())
        return 0;
    return std::max(17, QFontMetrics(themeFont(11)).horizontalAdvance(keys) + 12);
}

void paintKeyBadge(QPainter &painter, const QRectF &badge, const QString &keys)
{
    const ThemeColours &colours = Theme::current().colours();
    const QRectF area(badge.left(), std::floor(badge.center().y() - kBadgeHeight / 2.0), badge.width(), kBadgeHeight);
    paintPanel(painter, area, 4, colours.ground, colours.line);
    painter.save();
    // A key has some depth: its lower edge is a second line.
    painter.setPen(QPen(colours.line, 1));
    painter.drawLine(QPointF(area.left() + 3, area.bottom() - 1.5), QPointF(area.right() - 3, area.bottom() - 1.5));
    painter.setFont(themeFont(11));
    painter.setPen(colours.quietText);
    painter.drawText(area.adjusted(0, 0, 0, -1), Qt::AlignCenter, keys);
    painter.restore();
}

Button::Button(const QString &text, Kind kind, QWidget *parent)
    : QPushButton(text, parent), m_kind(kind), m_hover(new QVariantAnimation(this))
{
    setFont(themeFont(13, QFont::Medium));
    setKind(kind);
    setAttribute(Qt::WA_Hover);
    setCursor(Qt::PointingHandCursor);
    m_hover->setDuration(kHoverMs);
    m_hover->setEasingCurve(QEasingCurve::OutQuad);
    m_hover->setStartValue(0.0);
    m_hover->setEndValue(0.0);
    connect(m_hover, &QVariantAnimation::valueChanged, this, [this] { update(); });
}

void Button::setKind(Kind kind)
{
    m_kind = kind;
    // A quiet one stays as wide as its text; its ground shows only under the mouse.
    setSizePolicy(kind == Kind::Quiet || kind == Kind::Link ? QSizePolicy::Maximum : QSizePolicy::Preferred, QSizePolicy::Fixed);
    updateGeometry();
    update();
}

void Button::setKeyHint(const QKeySequence &keys)
{
    m_keyHint = badgeText(keys);
    setToolTip(withKeys(text(), keys));
    updateGeometry();
    update();
}

void Button::setThemeIcon(Icon icon)
{
    m_icon = int(icon);
    updateGeometry();
    update();
}

void Button::followAction(QAction *action)
{
    m_action = action;
    connect(action, &QAction::changed, this, &Button::takeFromAction);
    connect(this, &QPushButton::clicked, action, &QAction::trigger);
    takeFromAction();
}

void Button::takeFromAction()
{
    if (!m_action)
        return;
    setText(m_action->iconText()); // the text without its mnemonic
    setEnabled(m_action->isEnabled());
    m_keyHint = badgeText(m_action->shortcut());
    // QAction's own tooltip is its text where none was set.
    setToolTip(withKeys(m_action->toolTip(), *m_action));
    updateGeometry();
    update();
}

int Button::padding() const { return m_kind == Kind::Link ? 0 : m_kind == Kind::Quiet ? kQuietPadding : kPadding; }

int Button::ownHeight() const { return m_kind == Kind::Link ? kLinkHeight : kHeight; }

int Button::contentWidth(int textWidth) const
{
    int width = textWidth + 2 * padding();
    if (m_icon >= 0)
        width += kIconEdge + (text().isEmpty() ? 0 : kGap);
    if (!m_keyHint.isEmpty())
        width += kGap + keyBadgeWidth(m_keyHint);
    return width;
}

QSize Button::sizeHint() const
{
    const int width = contentWidth(int(std::ceil(QFontMetricsF(font()).horizontalAdvance(text()))) + 1);
    return {text().isEmpty() ? std::max(kHeight, width) : width, ownHeight()};
}

QSize Button::minimumSizeHint() const
{
    const int letters = std::min(sizeHint().width(), contentWidth(fontMetrics().averageCharWidth() * 4));
    return {letters, ownHeight()};
}

QColor Button::textColour() const
{
    const ThemeColours &colours = Theme::current().colours();
    switch (m_kind) {
    case Kind::Primary: return colours.onAccent;
    case Kind::Danger: return colours.badText;
    case Kind::Link:
    case Kind::Chosen: return colours.accentText;
    case Kind::Quiet: return text().isEmpty() ? colours.quietText : colours.accentText;
    case Kind::Plain: break;
    }
    return colours.text;
}

void Button::paintGround(QPainter &painter) const
{
    const ThemeColours &colours = Theme::current().colours();
    const bool left = m_hover->endValue().toReal() > 0 && !isBelowMouse(*this);
    const qreal hover = isEnabled() && !left ? m_hover->currentValue().toReal() : 0.0;
    const bool pressed = isDown() || isChecked();
    if (m_kind == Kind::Link)
        return;
    if (m_kind == Kind::Primary) {
        const QColor towards = Theme::current().isDark() ? QColor(Qt::white) : QColor(Qt::black);
        paintPanel(painter, rect(), kControlRadius, mixed(colours.accent, towards, pressed ? 0.16 : 0.10 * hover));
    } else if (m_kind == Kind::Quiet) {
        QColor fill = colours.hover;
        fill.setAlphaF(float(pressed ? 1.0 : hover));
        paintPanel(painter, rect(), kControlRadius, fill);
    } else {
        paintPanel(painter, rect(), kControlRadius, mixed(colours.panel, colours.hover, pressed ? 1.0 : hover),
                   pressed ? colours.quietText : colours.line);
    }
}

void Button::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    if (!isEnabled())
        painter.setOpacity(0.5);
    paintGround(painter);
    if (showsFocus(*this) && m_kind == Kind::Link) { // a ring would cross its letters
        painter.fillRect(0, height() - 2, width(), 2, Theme::current().colours().accent);
    } else if (showsFocus(*this)) {
        paintFocusRing(painter, rect(), kControlRadius);
        if (m_kind == Kind::Primary) { // the ring is the button's own colour: a gap makes it a ring
            painter.setPen(QPen(Theme::current().colours().onAccent, 1));
            painter.setBrush(Qt::NoBrush);
            painter.setRenderHint(QPainter::Antialiasing);
            painter.drawRoundedRect(QRectF(rect()).adjusted(2.5, 2.5, -2.5, -2.5), kControlRadius - 2, kControlRadius - 2);
        }
    }
    QRect area = rect().adjusted(padding(), 0, -padding(), 0);
    if (!m_keyHint.isEmpty()) {
        const int badge = keyBadgeWidth(m_keyHint);
        paintKeyBadge(painter, QRectF(area.right() + 1 - badge, 0, badge, height()), m_keyHint);
        area.setRight(area.right() - badge - kGap);
    }
    const int textWidth = std::min(area.width(), fontMetrics().horizontalAdvance(text()) + (m_icon >= 0 ? kIconEdge + kGap : 0));
    if (m_keyHint.isEmpty()) // centred where the button is wider than its contents
        area.setLeft(area.left() + (area.width() - textWidth) / 2);
    if (m_icon >= 0) {
        const int left = text().isEmpty() ? (width() - kIconEdge) / 2 : area.left();
        painter.drawPixmap(left, (height() - kIconEdge) / 2, iconPixmap(Icon(m_icon), kIconEdge, textColour(), devicePixelRatioF()));
        area.setLeft(area.left() + kIconEdge + kGap);
    }
    painter.setPen(textColour());
    if (m_kind == Kind::Link && isEnabled() && ((underMouse() && isBelowMouse(*this)) || isDown())) {
        QFont underlined = font();
        underlined.setUnderline(true);
        painter.setFont(underlined);
    }
    painter.drawText(area, Qt::AlignVCenter | Qt::AlignLeft | Qt::TextSingleLine,
                     fontMetrics().elidedText(text(), Qt::ElideRight, area.width() + 1));
}

void Button::animateHover(qreal target)
{
    m_hover->stop();
    m_hover->setStartValue(m_hover->currentValue().toReal());
    m_hover->setEndValue(target);
    m_hover->start();
}

void Button::enterEvent(QEnterEvent *event)
{
    animateHover(1.0);
    QPushButton::enterEvent(event);
}

void Button::leaveEvent(QEvent *event)
{
    animateHover(0.0);
    QPushButton::leaveEvent(event);
}

void Button::focusInEvent(QFocusEvent *event)
{
    if (event->reason() == Qt::OtherFocusReason)
        m_ledHere.start();
    else
        m_ledHere.invalidate();
    QPushButton::focusInEvent(event);
}

/// A key that was pressed twice on the button before presses that, not also what it has led to.
void Button::keyPressEvent(QKeyEvent *event)
{
    const bool presses = event->key() == Qt::Key_Space || event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter;
    if (!presses || !m_ledHere.isValid() || m_ledHere.elapsed() >= QApplication::doubleClickInterval())
        QPushButton::keyPressEvent(event);
}

void Button::mousePressEvent(QMouseEvent *event)
{
    m_pressedText = text();
    m_pressedAt = event->timestamp();
    QPushButton::mousePressEvent(event);
}

void Button::mouseDoubleClickEvent(QMouseEvent *event)
{
    const bool wasHere = event->timestamp() - m_pressedAt <= quint64(QApplication::doubleClickInterval());
    if (wasHere && m_pressedText == text())
        QPushButton::mouseDoubleClickEvent(event);
}

} // namespace whisker
