#pragma once

#include <QWidget>
#include <vector>

namespace whisker {

struct ProbabilityRow {
    QString name;
    int classIndex = -1;
    double probability = 0.0; ///< 0..1
};

/// Classes with a bar and a figure each, the most probable first. What has no row is summed up in a last line ("and 32 more").
class ProbabilityBars : public QWidget {
    Q_OBJECT
public:
    explicit ProbabilityBars(QWidget *parent = nullptr);

    void setRows(std::vector<ProbabilityRow> rows);              ///< In any order; the figures are percentages.
    void setCounts(std::vector<ProbabilityRow> rows, int total); ///< The figures are how many of `total` (0 or more) each probability is.
    void setMaximumRows(int rows);                               ///< At least 1; 5 if never called.
    void clear() { setRows({}); }

    const std::vector<ProbabilityRow> &shownRows() const { return m_shown; } ///< Descending.
    int hiddenCount() const { return m_hiddenCount; }
    double hiddenProbability() const { return m_hiddenProbability; }
    QString figure(double probability) const; ///< What stands beside the bar: "98.6 %", or "12" of counts.
    QString shownName(const ProbabilityRow &row) const; ///< Elided in its middle where it would take the bar's room.

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;
    bool event(QEvent *event) override;

private:
    void take(std::vector<ProbabilityRow> rows, int total);
    void arrange();
    int nameWidth() const;
    std::vector<ProbabilityRow> m_rows;
    std::vector<ProbabilityRow> m_shown;
    int m_maximumRows = 5;
    int m_total = -1; // below 0: percentages
    int m_hiddenCount = 0;
    double m_hiddenProbability = 0.0;
};

} // namespace whisker
