#pragma once

#include <QWidget>
#include <optional>
#include <span>
#include <vector>

namespace whisker {

struct ProbabilityRow {
    QString name;
    int classIndex = -1;
    double share = 0.0;         ///< 0..1: a probability, or what part of all that were counted `count` is.
    std::optional<int> count{}; ///< Where there is one, it is the figure; a percentage otherwise.
};

/// Classes with a bar and a figure each, the longest bar first. What has no row is summed up in a last line ("and 32 more").
class ProbabilityBars : public QWidget {
    Q_OBJECT
public:
    explicit ProbabilityBars(QWidget *parent = nullptr);

    void setRows(std::vector<ProbabilityRow> rows); ///< In any order; all of them with a count, or none.
    void setMaximumRows(int rows);                  ///< At least 1; 5 if never called.
    void clear() { setRows({}); }

    std::span<const ProbabilityRow> shownRows() const; ///< Descending; good until rows are set again.
    std::optional<ProbabilityRow> rest() const;        ///< What has no row, summed up under the name of the last line; none where all have one.
    static QString figure(const ProbabilityRow &row);  ///< What stands beside the bar: "98.6 %", or "12" of a count.
    QString shownName(const ProbabilityRow &row) const; ///< Elided in its middle where it would take the bar's room.

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;
    bool event(QEvent *event) override;

private:
    void arrange();
    int nameWidth() const;
    std::vector<ProbabilityRow> m_rows; // descending
    int m_maximumRows = 5;
};

} // namespace whisker
