#include "widgets/selection_bar.h"

#include "widgets/buttons.h"
#include "widgets/text_label.h"

#include <QAction>
#include <QHBoxLayout>

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

Button *SelectionBar::addActionButton(QAction *action)
{
    Button *button = addButton(action->iconText());
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
}

} // namespace whisker
