#pragma once

#include "engine/base/result.h"
#include "engine/image/rgb_image.h"
#include "engine/train/pin_board.h"
#include "ui/job_thread.h"
#include "widgets/card.h"

#include <QStringList>
#include <functional>
#include <span>
#include <vector>

class QScrollArea;

namespace whisker {

class PinnedRow;
class SentenceLabel;

/// Pictures that are watched while a network learns: dropped here or chosen, before a run or while it goes on; at most PinBoard::kMost. What can't be read is taken
/// off again, and the sentence below says why. GUI thread; thumbnails are decoded by a thread of its own.
class PinnedCard : public Card {
    Q_OBJECT
public:
    /// Gives a thumbnail of a file; called on another thread.
    using Load = std::function<Result<RgbImage>(const std::filesystem::path &)>;

    /// `board` outlives the card's use; what is on it is shown.
    explicit PinnedCard(PinBoard &board, QWidget *parent = nullptr);
    PinnedCard(PinBoard &board, Load load, QWidget *parent = nullptr);
    ~PinnedCard() override;

    void add(const QStringList &paths);
    /// What is dropped anywhere on `page`, which the card is a part of, is pinned, as if it had been dropped on the card; refused while the card can't be seen or is full.
    void takeDropsOn(QWidget &page);
    void removeAll();
    /// As they were pinned in an earlier window. Those that aren't there now, as on a drive that is away, get no row and no word, but stay among paths().
    void restore(const QStringList &paths);
    QStringList paths() const; ///< To be restored: of the rows, and of those that aren't there now; at most PinBoard::kMost.
    /// A new run begins: what an earlier one answered is forgotten. One that goes on needs no word, its answers go on. `colours`: index into the palette for each class; empty or -1: in order.
    void begin(const QStringList &classes, const std::vector<int> &colours);
    void addAnswers(std::span<const PinnedAnswer> answers);
    void setMostRowsSeen(int rows); ///< More are scrolled.

    const std::vector<PinnedRow *> &rows() const { return m_rows; }
    QString sentence() const;

Q_SIGNALS:
    void changed(); ///< By the person, or because one can't be read; not by restore() and removeAll().

private:
    void chooseFiles();
    bool isFull() const { return m_rows.size() >= PinBoard::kMost; }
    void addRow(const std::filesystem::path &file);
    void remove(PinnedRow *row);
    void setAside(const std::filesystem::path &file);
    void takeOffUnreadable(const std::filesystem::path &file, const std::string &reason);
    PinnedRow *rowOf(const std::filesystem::path &file) const;
    void showThumbnail(const std::filesystem::path &file, const Result<RgbImage> &thumbnail);
    void updateHeight();
    void updateHint();

    /// What came of the pictures that were added last.
    struct Added {
        std::vector<std::filesystem::path> taken{};
        qsizetype wished = 0;
        bool isFull = false;
        QStringList unreadable{}; // a sentence for each
    };

    PinBoard &m_board;
    const Load m_load;
    QStringList m_classes;
    std::vector<int> m_colours;
    std::vector<PinnedRow *> m_rows; // as on the board
    QStringList m_away;              // were not there when they were to be restored
    QScrollArea *m_scroll;
    QWidget *m_list;
    SentenceLabel *m_hint;
    Added m_added;
    int m_mostRows = 4;
    JobThread m_decoder{JobThread::AtEnd::Drop}; // last: joined before what it uses goes away
};

} // namespace whisker
