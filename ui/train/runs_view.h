#pragma once

#include "engine/train/run_folder.h"

#include <QWidget>
#include <filesystem>
#include <optional>
#include <vector>

class QAction;
class QMenu;
class QSplitter;
class QStackedWidget;

namespace whisker {

class Button;
class ComparisonView;
class DropZone;
class ReceiptCard;
class RunHistory;
class RunsTable;
class SelectionBar;
struct ComparedRuns;

/// All runs of a project in a table, with the receipt and the note of the one that is chosen, what can be done with it, and two of them beside each other. GUI thread;
/// RunHistory reads and writes.
class RunsView : public QWidget {
    Q_OBJECT
public:
    /// `history` outlives it.
    explicit RunsView(RunHistory &history, QWidget *parent = nullptr);

    /// Reads the list anew, and chooses the run in `folder`, or the first.
    void enter(const std::filesystem::path &folder);
    /// The run that goes on in this window, with what is known of it; nothing: none does.
    void setRunning(const std::optional<RunSummary> &run);
    void setReadOnly(bool readOnly); ///< Runs can then be looked at and compared, but not changed.
    void back();      ///< A step: from the note or the comparison to the table, from there out of the view, left().
    void keepNotes(); ///< All is closed: what is typed is given to the history.

    QString title() const;  ///< For the head of the page.
    QString detail() const;
    bool showsComparison() const;
    QWidget *focusTarget() const;
    RunsTable *table() const { return m_table; }
    ReceiptCard *receipt() const { return m_receipt; }
    ComparisonView *comparison() const { return m_comparison; }
    SelectionBar *bar() const { return m_bar; }
    QMenu *compareMenu() const { return m_others; } ///< The other runs, when one is to be compared.

Q_SIGNALS:
    void left();
    void headChanged(); ///< Title or detail.
    void showWanted(const std::filesystem::path &folder); ///< Its curves; empty: of the one that goes on.
    void overlayWanted(const std::filesystem::path &folder);
    void repeatWanted(const std::filesystem::path &folder);
    void removalWanted(const std::vector<std::filesystem::path> &folders);
    void folderWanted(const std::filesystem::path &folder);
    void tryWanted(const std::filesystem::path &modelFile);
    void setupWanted(); ///< From the empty state.
    void filesDropped(const QStringList &paths); ///< On that: to be imported.

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    QWidget *makeList();
    void divide();
    void makeActions();
    QAction *makeAction(const QString &text, const QList<QKeySequence> &keys, const QString &tip);
    void connectHistory();
    void takeRuns();
    void showChosen();
    void updateActions();
    void fillBar();
    void compare();
    void askForOther();
    void compareWith(const std::filesystem::path &one, const std::filesystem::path &other);
    void showCompared(const ComparedRuns &runs);
    void showTable();
    RunSummary chosen() const; ///< The only one that is selected; without folder where there is none, or several.

    RunHistory &m_history;
    QStackedWidget *m_stack;
    DropZone *m_empty;
    RunsTable *m_table = nullptr;
    ReceiptCard *m_receipt = nullptr;
    SelectionBar *m_bar = nullptr;
    QSplitter *m_split = nullptr; // the card of the table above the receipt
    ComparisonView *m_comparison;
    Button *m_sort = nullptr;
    QMenu *m_others;
    QAction *m_show = nullptr;
    QAction *m_overlay = nullptr;
    QAction *m_repeat = nullptr;
    QAction *m_compare = nullptr;
    QAction *m_try = nullptr;
    bool m_readOnly = false;
    QAction *m_write = nullptr;
    QAction *m_open = nullptr;
    QAction *m_remove = nullptr;
    std::optional<std::filesystem::path> m_running; // the folder of the run that goes on in this window
    bool m_divided = false;   // by the person
    bool m_comparing = false; // two are being read
    int m_barFor = -1;        // so many selected, up to three, has the bar its buttons for
};

} // namespace whisker
