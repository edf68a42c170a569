#include "ui/data/history_buttons.h"

#include "ui/data/history_panel.h"
#include "ui/project_session.h"
#include "ui/texts.h"
#include "widgets/buttons.h"

#include <QAction>
#include <QHBoxLayout>
#include <utility>

namespace whisker {

HistoryButtons::HistoryButtons(ProjectSession &session, QWidget *page)
    : QWidget(page), m_session(session), m_undo(new QAction(tr("Undo"), page)), m_redo(new QAction(tr("Redo"), page))
{
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(12);
    m_undo->setShortcut(QKeySequence::Undo);
    m_redo->setShortcut(Qt::CTRL | Qt::SHIFT | Qt::Key_Z);
    for (const auto &[action, icon] : {std::pair(m_undo, Icon::Undo), std::pair(m_redo, Icon::Redo)}) {
        auto *button = new Button({}, Button::Kind::Quiet, this);
        button->setThemeIcon(icon);
        button->setAccessibleName(action->text());
        row->addWidget(button);
        connect(button, &Button::clicked, action, &QAction::trigger);
        connect(action, &QAction::changed, button, [button, action = action] {
            button->setEnabled(action->isEnabled());
            button->setToolTip(action->toolTip());
        });
    }
    auto *button = new Button(tr("History"), Button::Kind::Quiet, this);
    button->setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    row->addWidget(button);
    m_panel = new HistoryPanel(session, button, page);
    auto *list = new QAction(tr("History"), page);
    list->setShortcut(Qt::CTRL | Qt::SHIFT | Qt::Key_H);
    button->setToolTip(withKeys(tr("All changes, to go back to any of them"), *list));
    page->addActions({m_undo, m_redo, list});
    connect(button, &Button::clicked, list, &QAction::trigger);
    connect(list, &QAction::triggered, m_panel, &HistoryPanel::toggle);
    connect(m_undo, &QAction::triggered, &session, &ProjectSession::undo);
    connect(m_redo, &QAction::triggered, &session, &ProjectSession::redo);
    connect(&session, &ProjectSession::opened, this, &HistoryButtons::refresh);
    connect(&session, &ProjectSession::undoChanged, this, &HistoryButtons::refresh);
    refresh();
}

void HistoryButtons::refresh()
{
    const auto &history = m_session.state().history;
    m_undo->setEnabled(m_session.canUndo() && !m_session.isReadOnly());
    m_redo->setEnabled(m_session.canRedo() && !m_session.isReadOnly());
    m_undo->setToolTip(withKeys(history.undo ? tr("Undo: %1").arg(fromUtf8(*history.undo)) : tr("Undo"), *m_undo));
    m_redo->setToolTip(withKeys(history.redo ? tr("Redo: %1").arg(fromUtf8(*history.redo)) : tr("Redo"), *m_redo));
}

} // namespace whisker
