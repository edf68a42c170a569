#pragma once

#include <QAbstractButton>
#include <vector>

class QButtonGroup;

namespace whisker {

/// One chip: a rounded, checkable button with an optional class dot and count.
class Chip : public QAbstractButton {
    Q_OBJECT
public:
    static constexpr int kNoClass = -1;
    explicit Chip(const QString &text, int classIndex = kNoClass, QWidget *parent = nullptr);
    void setCount(int count); ///< Negative: none shown.
    int count() const { return m_count; }
    void setClassIndex(int classIndex);
    int classIndex() const { return m_classIndex; }
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;
    void enterEvent(QEnterEvent *event) override;
    void leaveEvent(QEvent *event) override;

private:
    QString shownText() const;
    int m_classIndex;
    int m_count = -1;
};

/// What a chip of a row stands for.
struct ChipItem {
    QString id;
    QString text;
    int classIndex = -1; ///< Draws the dot of that class where it is not negative.
    int count = -1;      ///< Not shown where negative.
};

/// A row of chips of which exactly one is chosen. What has no room goes into a menu at the end ("12 more"), never the chosen one.
class ChipRow : public QWidget {
    Q_OBJECT
public:
    explicit ChipRow(QWidget *parent = nullptr);
    ~ChipRow() override;

    /// Chips that stay keep their button, so a new count neither flickers nor moves the focus. Keeps the choice where its id is still there,
    /// else chooses the first one (and says so by currentChanged).
    void setChips(const std::vector<ChipItem> &chips);
    QString currentId() const;
    void setCurrentId(const QString &id); ///< An unknown id changes nothing.
    int chipCount() const;
    Chip *chip(const QString &id) const;

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

Q_SIGNALS:
    void currentChanged(const QString &id);

protected:
    void resizeEvent(QResizeEvent *event) override;
    bool event(QEvent *event) override;

private:
    void placeChips();
    void showMore();
    void choose(const QString &id);

    struct Entry {
        QString id;
        Chip *chip;
    };
    std::vector<Entry> m_chips;
    QButtonGroup *m_group;
    Chip *m_more;
    QString m_currentId;
};

} // namespace whisker
