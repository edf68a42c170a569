#pragma once

#include "ui/data/history_model.h"
#include "widgets/popup_card.h"

#include <QTimer>

class QLabel;
class QListView;

namespace whisker {

class ProjectSession;

/// What was changed, over its page: a click or Return on an entry goes back or forward to it. GUI thread.
class HistoryPanel : public PopupCard {
    Q_OBJECT
public:
    static constexpr std::size_t kMost = 10'000; ///< Entries listed.

    HistoryPanel(ProjectSession &session, QWidget *button, QWidget *parent);

    QListView *list() const { return m_list; }
    HistoryModel *model() const { return m_model; }
    QString sentence() const; ///< What stands in place of the list; empty where it is there.

protected:
    void fill() override;
    QWidget *firstFocus() override;
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void ask();
    void take(std::vector<HistoryEntry> entries);
    void goTo(const QModelIndex &index);

    ProjectSession &m_session;
    HistoryModel *m_model;
    QListView *m_list;
    QLabel *m_sentence;
    QTimer m_soon; // many changes in one turn of the event loop ask once
};

} // namespace whisker
