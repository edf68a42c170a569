#pragma once

#include "ui/data/history_model.h"
#include "widgets/card.h"

#include <QTimer>

class QLabel;
class QListView;

namespace whisker {

class ProjectSession;

/// What was changed, over its page: a click or Return on an entry goes back or forward to it. Escape, a click elsewhere or toggle() closes it. GUI thread.
class HistoryPanel : public Card {
    Q_OBJECT
public:
    static constexpr std::size_t kMost = 10'000; ///< Entries listed.

    /// Lies in `parent`; `button` opens it and is where it lies below.
    HistoryPanel(ProjectSession &session, QWidget *button, QWidget *parent);

    void toggle();
    QListView *list() const { return m_list; }
    HistoryModel *model() const { return m_model; }
    QString sentence() const; ///< What stands in place of the list; empty where it is there.

protected:
    void showEvent(QShowEvent *event) override;
    void hideEvent(QHideEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void ask();
    void show(std::vector<HistoryEntry> entries);
    void place();
    void goTo(const QModelIndex &index);

    ProjectSession &m_session;
    QWidget *m_button;
    HistoryModel *m_model;
    QListView *m_list;
    QLabel *m_sentence;
    QTimer m_soon; // many changes in one turn of the event loop ask once
};

} // namespace whisker
