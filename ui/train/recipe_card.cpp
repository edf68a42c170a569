#include "ui/train/recipe_card.h"

#include "widgets/sentence_label.h"
#include "widgets/text_label.h"
#include "widgets/theme.h"

#include <QPainter>
#include <QVBoxLayout>

namespace whisker {

namespace {

constexpr int kMark = 16; // the ring of the radio button
constexpr int kFocusInset = 6;

QLabel *wrapped(const QString &text, QPalette::ColorRole role, int pixelSize, QWidget *parent)
{
    auto *label = new SentenceLabel(text, parent);
    label->setForegroundRole(role);
    label->setFont(themeFont(pixelSize));
    label->setTextFormat(Qt::PlainText);
    label->setAttribute(Qt::WA_TransparentForMouseEvents); // a click anywhere is a click on the card
    return label;
}

} // namespace

RecipeCard::RecipeCard(const QString &title, const QString &sentence, const QString &when, QWidget *parent)
    : QAbstractButton(parent)
{
    setText(title);
    setCheckable(true);
    setCursor(Qt::PointingHandCursor);
    setFocusPolicy(Qt::StrongFocus);
    setAccessibleName(title);
    setAccessibleDescription(sentence + QLatin1Char(' ') + when);
    QSizePolicy policy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);

    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(16 + kMark + 12, 14, 16, 14);
    column->setSpacing(4);
    auto *name = new TextLabel(title, Tone::Text, this);
    name->setSize(14, QFont::DemiBold);
    name->setAttribute(Qt::WA_TransparentForMouseEvents);
    column->addWidget(name);
    column->addWidget(wrapped(sentence, QPalette::WindowText, 13, this));
    column->addWidget(wrapped(when, QPalette::PlaceholderText, 12, this));
    column->addStretch(1);
}

void RecipeCard::enterEvent(QEnterEvent *event)
{
    QAbstractButton::enterEvent(event);
    update();
}

void RecipeCard::leaveEvent(QEvent *event)
{
    QAbstractButton::leaveEvent(event);
    update();
}

void RecipeCard::paintEvent(QPaintEvent *)
{
    const ThemeColours &colours = Theme::current().colours();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const bool chosen = isChecked();
    const qreal pen = chosen ? 2.0 : 1.0;
    painter.setPen(QPen(chosen ? colours.accent : colours.line, pen));
    painter.setBrush(chosen ? colours.accentGround : underMouse() && isEnabled() ? colours.hover : colours.panel);
    painter.drawRoundedRect(QRectF(rect()).adjusted(pen / 2, pen / 2, -pen / 2, -pen / 2), 8, 8);

    if (hasFocus() && window()->testAttribute(Qt::WA_KeyboardFocusChange)) { // within the border, which tells what is chosen
        painter.setBrush(Qt::NoBrush);
        painter.setPen(QPen(colours.accent, 2.0));
        painter.drawRoundedRect(QRectF(rect()).adjusted(kFocusInset, kFocusInset, -kFocusInset, -kFocusInset), 5, 5);
    }
    const QRectF ring(16.5, 16.5, kMark - 1, kMark - 1);
    painter.setPen(QPen(chosen ? colours.accent : colours.quietText, 1.5));
    painter.setBrush(colours.panel);
    painter.drawEllipse(ring);
    if (!chosen)
        return;
    painter.setPen(Qt::NoPen);
    painter.setBrush(colours.accent);
    painter.drawEllipse(ring.adjusted(3.5, 3.5, -3.5, -3.5));
}

} // namespace whisker
