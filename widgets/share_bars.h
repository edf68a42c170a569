#pragma once

#include <QWidget>
#include <vector>

namespace whisker {

struct ShareRow {
    QString label;
    std::vector<int> counts; ///< One per class index.
    int total() const;
};

/// Rows of a label, a bar stacked in the colours of the classes, and a number; all bars to one scale, the sum of all rows. Used for splits.
class ShareBars : public QWidget {
    Q_OBJECT
public:
    explicit ShareBars(QWidget *parent = nullptr);
    void setRows(std::vector<ShareRow> rows, const QStringList &classNames = {}); ///< The names are for the tooltip and for screen readers.
    const std::vector<ShareRow> &rows() const { return m_rows; }
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;
    bool event(QEvent *event) override;

private:
    QString description(const ShareRow &row) const;
    std::vector<ShareRow> m_rows;
    QStringList m_classNames;
};

} // namespace whisker
