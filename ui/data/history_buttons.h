#pragma once

#include <QWidget>

class QAction;

namespace whisker {

class HistoryPanel;
class ProjectSession;

/// Undo, redo and the list of all changes, to stand beside a title: none of them needs a selection or a key. The tooltips say what would be undone or done again.
class HistoryButtons : public QWidget {
    Q_OBJECT
public:
    /// The keys work in `page`, over which the list opens.
    HistoryButtons(ProjectSession &session, QWidget *page);

    QAction *undo() const { return m_undo; }
    QAction *redo() const { return m_redo; }
    HistoryPanel *panel() const { return m_panel; }

private:
    void refresh();

    ProjectSession &m_session;
    QAction *m_undo;
    QAction *m_redo;
    HistoryPanel *m_panel;
};

} // namespace whisker
