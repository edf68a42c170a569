#pragma once

#include "ui/train/run_overlays.h"
#include "ui/train/run_texts.h"

#include <QAbstractListModel>
#include <QListView>
#include <functional>
#include <optional>
#include <vector>

namespace whisker {

class RunListModel : public QAbstractListModel {
    Q_OBJECT
public:
    using QAbstractListModel::QAbstractListModel;
    int rowCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    const RunLine &at(int row) const { return m_lines[std::size_t(row)]; }
    void setLines(std::vector<RunLine> lines);

    /// What the widest texts of lines with a figure take, in px; 0 where there is none.
    struct Columns {
        int name = 0;          ///< Alone where the run ended as planned, else with its state.
        int nameWithState = 0; ///< How long it took is a state here.
        int accuracy = 0;
        int measured = 0;
        int figures() const; ///< The last two beside each other.
    };
    const Columns &columns() const { return m_columns; }

private:
    void makeRoomFor(const RunLine &line);
    std::vector<RunLine> m_lines;
    Columns m_columns;
};

/// Past runs with when, how, how long and how good, and on top the one that goes on. Where there is no room for all of that, the names stay: how long they took is left
/// to the tooltip first, then a state becomes a dot beside a figure, and stays a word only where there is no figure.
class RunList : public QListView {
    Q_OBJECT
public:
    explicit RunList(QWidget *parent = nullptr);
    void setRuns(const std::vector<RunSummary> &runs);
    /// The first line while a run goes on; nothing takes it away. `folder`: of the past run that goes on in it, which has no other line then; may be empty.
    void setRunning(const std::optional<RunLine> &line, const std::filesystem::path &folder = {});
    /// What the action that lays a run over the curves is to say; it is asked when the run is current.
    void setOverlayOffer(std::function<RunOverlays::Offer(const std::filesystem::path &folder)> offer);
    void updateOverlayAction(); ///< The offer may be another.
    QAction *overlayAction() const { return m_overlay; }
    int lineCount() const { return m_model->rowCount(); }
    const RunLine &lineAt(int row) const { return m_model->at(row); }
    const RunListModel::Columns &columns() const { return m_model->columns(); }
    QString shownState(const RunLine &line) const; ///< As it stands in its row: empty for a dot, and where it is left out.
    QString shownName(const RunLine &line) const;  ///< Likewise: elided where there is no room.
    int roomForName(const RunLine &line) const;    ///< px.
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override; ///< A scroll area would ask for three rows, and leave a gap below one run.

Q_SIGNALS:
    void runChosen(const std::filesystem::path &folder); ///< Empty: the one that goes on.
    void overlayWanted(const std::filesystem::path &folder); ///< To be laid over the curves on show, or taken off them.
    void removalWanted(const std::filesystem::path &folder);
    void folderWanted(const std::filesystem::path &folder);

protected:
    void currentChanged(const QModelIndex &current, const QModelIndex &previous) override;

private:
    void makeActions();
    QAction *addAction(const QString &text, const QKeySequence &key, void (RunList::*tell)(const std::filesystem::path &));
    void fill();
    RunListModel *m_model;
    QAction *m_overlay = nullptr;
    std::function<RunOverlays::Offer(const std::filesystem::path &)> m_overlayOffer;
    std::vector<RunLine> m_past;
    std::optional<RunLine> m_running;
    std::filesystem::path m_runningFolder;
};

} // namespace whisker
