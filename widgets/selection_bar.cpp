#include "widgets/selection_bar.h"

#include "widgets/buttons.h"
#include "widgets/text_label.h"

#include <QAction>
#include <QEvent>
#include <QHBoxLayout>
#include <algorithm>

namespace whisker {

SelectionBar::SelectionBar(QWidget *parent)
    : Panel(parent, Ground::Chosen), m_text(new TextLabel({}, Tone::Accent, this)), m_row(new QHBoxLayout(this))
{
    setFixedHeight(44);
    m_text->setSize(13, QFont::Medium);
    m_row->setContentsMargins(12, 0, 12, 0);
    m_row->setSpacing(12);
    m_row->addWidget(m_text);
    m_row->addStretch(1);
    hide();
}

void SelectionBar::setSelectedCount(int count) { setMessage(count > 0 ? tr("%n selected", nullptr, count) : QString()); }

void SelectionBar::setMessage(const QString &text)
{
    m_text->setText(text);
    setAccessibleName(text);
    setVisible(!text.isEmpty());
}

Button *SelectionBar::addButton(const QString &text, const QKeySequence &keys)
{
    auto *button = new Button(text, Button::Kind::Chosen, this);
    button->setKeyHint(keys);
    m_buttons.append(button);
    m_row->addWidget(button);
    return button;
}

Button *SelectionBar::addSpareButton(const QString &text, const QKeySequence &keys)
{
    Button *button = addButton(text, keys);
    button->setMinimumWidth(1); // the bar may be narrower: it is hidden before it is squeezed
    m_spare.append(button);
    return button;
}

bool SelectionBar::event(QEvent *event)
{
    if (event->type() == QEvent::Resize || event->type() == QEvent::LayoutRequest)
        fitSpare();
    return Panel::event(event);
}

void SelectionBar::fitSpare()
{
    const auto wide = [this](const QWidget *widget) { return std::min(widget->sizeHint().width(), widget->maximumWidth()) + m_row->spacing(); };
    int room = contentsRect().width() - m_row->contentsMargins().left() - m_row->contentsMargins().right() - wide(m_text);
    for (const Button *button : std::as_const(m_buttons))
        room -= m_spare.contains(button) ? 0 : wide(button);
    for (Button *button : std::as_const(m_spare)) {
        room -= wide(button);
        button->setVisible(room >= 0);
    }
}

Button *SelectionBar::addActionButton(QAction *action)
{
    Button *button = addButton(action->iconText());
    button->followAction(action);
    return button;
}

Button *SelectionBar::addSpareActionButton(QAction *action)
{
    Button *button = addSpareButton(action->iconText(), {});
    button->followAction(action);
    return button;
}

void SelectionBar::clearButtons()
{
    for (Button *button : std::as_const(m_buttons)) {
        m_row->removeWidget(button);
        button->hide();
        button->deleteLater(); // it may be its own click that asks for this
    }
    m_buttons.clear();
    m_spare.clear();
}

} // namespace whisker
