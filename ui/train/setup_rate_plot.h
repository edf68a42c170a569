#pragma once

#include "engine/train/rate_finder.h"

#include <QWidget>

namespace whisker {

/// The loss against the learning rate, on a logarithmic axis from 0.000001 to 10: each step pale, their running mean over it, and the suggestion as a dotted line.
class RatePlot : public QWidget {
    Q_OBJECT
public:
    explicit RatePlot(QWidget *parent = nullptr);
    void showCurve(const RateCurve &curve);
    QSize sizeHint() const override { return {320, 180}; }
    QSize minimumSizeHint() const override { return {200, 140}; }

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    RateCurve m_curve;
};

} // namespace whisker
