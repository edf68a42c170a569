#pragma once

#include <QWidget>
#include <vector>

namespace whisker {

struct ProbabilityRow {
    QString name;
    int classIndex = -1;
    double probability = 0.0; ///< 0..1
};

/// Classes with a bar and a percentage each, the most probable first. What has no row is summed up in a last line ("and 32 more").
class ProbabilityBars : public QWidget {
    Q_OBJECT
public:
    explicit ProbabilityBars(QWidget *parent = nullptr);

    void setRows(std::vector<ProbabilityRow> rows); ///< In any order.
    void setMaximumRows(int rows);                  ///< At least 1; 5 if never called.
    void clear() { setRows({}); }

    const std::vector<ProbabilityRow> &shownRows() const { return m_shown; } ///< Descending.
    int hiddenCount() const { return m_hiddenCount; }
    double hiddenProbability() const { return m_hiddenProbability; }

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;
    bool event(QEvent *event) override;

private:
    void arrange();
    int nameWidth() const;
    std::vector<ProbabilityRow> m_rows;
    std::vector<ProbabilityRow> m_shown;
    int m_maximumRows = 5;
    int m_hiddenCount = 0;
    double m_hiddenProbability = 0.0;
};

} // namespace whisker
