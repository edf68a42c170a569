#include "widgets/selection_bar.h"

#include "widgets/buttons.h"
#include "widgets/text_label.h"

#include <QAction>
#include <QEvent>
#include <QHBoxLayout>
#include <QMenu>
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
    m_row->insertWidget(m_more ? m_row->indexOf(m_more) : m_row->count(), button);
    if (m_more)
        setTabOrder(button, m_more);
    return button;
}

Button *SelectionBar::addSpareButton(const QString &text, const QKeySequence &keys)
{
    Button *button = addButton(text, keys);
    button->setMinimumWidth(1); // the bar may be narrower: it is hidden before it is squeezed
    m_spare.append({button, nullptr});
    return button;
}

bool SelectionBar::event(QEvent *event)
{
    if (event->type() == QEvent::Resize || event->type() == QEvent::LayoutRequest)
        fitSpare();
    return Panel::event(event);
}

void SelectionBar::makeMore()
{
    m_more = new Button({}, Button::Kind::Chosen, this);
    m_more->setThemeIcon(Icon::More);
    m_more->setAccessibleName(tr("More"));
    m_more->setToolTip(tr("More that can be done with it"));
    m_more->hide();
    m_row->addWidget(m_more);
    auto *menu = new QMenu(m_more);
    m_more->setMenu(menu);
    connect(menu, &QMenu::aboutToShow, this, [this, menu] {
        menu->clear();
        for (const Spare &spare : std::as_const(m_spare)) {
            if (spare.action && spare.button->isHidden())
                menu->addAction(spare.action);
        }
    });
}

void SelectionBar::fitSpare()
{
    const auto wide = [this](const QWidget *widget) { return std::min(widget->sizeHint().width(), widget->maximumWidth()) + m_row->spacing(); };
    int room = contentsRect().width() - m_row->contentsMargins().left() - m_row->contentsMargins().right() - wide(m_text);
    for (const Button *button : std::as_const(m_buttons))
        room -= wide(button);
    bool hasMore = false;
    if (room < 0) { // not for all
        hasMore = std::ranges::any_of(m_spare, [](const Spare &spare) { return spare.action != nullptr; });
        room -= hasMore ? wide(m_more) : 0;
    }
    for (auto spare = m_spare.rbegin(); spare != m_spare.rend(); ++spare) {
        spare->button->setVisible(room >= 0);
        if (room < 0)
            room += wide(spare->button);
    }
    if (m_more)
        m_more->setVisible(hasMore);
}

Button *SelectionBar::addActionButton(QAction *action)
{
    Button *button = addButton(action->iconText());
    button->followAction(action);
    return button;
}

Button *SelectionBar::addSpareActionButton(QAction *action)
{
    if (!m_more)
        makeMore();
    Button *button = addSpareButton(action->iconText(), {});
    button->followAction(action);
    m_spare.back().action = action;
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
    if (m_more)
        m_more->hide();
}

} // namespace whisker
