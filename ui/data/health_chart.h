#pragma once

#include "ui/data/health_figures.h"

#include <QWidget>

namespace whisker {

/// Rows of a label, a bar and a count; a click, or Enter on the row that the arrow keys chose, asks for the pictures behind it: of the part that was hit, else
/// of the whole bar.
class HealthChart : public QWidget {
    Q_OBJECT
public:
    explicit HealthChart(QWidget *parent = nullptr);
    void setFigures(HealthFigures figures);
    const HealthFigures &figures() const { return m_figures; }
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;
    void choose(int row); ///< As Enter on it does.

Q_SIGNALS:
    void picturesWanted(const QString &name, const std::vector<whisker::ImageId> &ids);
    void findingWanted(whisker::FindingKind kind); ///< In its place for a bar that stands for one.

protected:
    void paintEvent(QPaintEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void mouseReleaseEvent(QMouseEvent *event) override;
    void leaveEvent(QEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;

private:
    QRectF barArea(int row) const;
    int rowAt(const QPointF &place) const; ///< -1: none.
    int most() const;
    HealthFigures m_figures;
    int m_numberWidth = 0; // px
    int m_current = -1;    // under the mouse, or chosen by keys
};

} // namespace whisker
