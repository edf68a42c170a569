#pragma once

#include "engine/train/metric_point.h"
#include "engine/train/train_config.h"

#include <QWidget>
#include <optional>
#include <span>

namespace whisker {

class CurvePlot;

/// The curves of one run: loss above, accuracy below. Remembers the latest validation values for the figures beside them.
class RunCurves : public QWidget {
    Q_OBJECT
public:
    explicit RunCurves(QWidget *parent = nullptr);

    /// Empties the curves for a run of this kind.
    void begin(const TrainConfig &config);
    void append(std::span<const MetricPoint> points);
    void setBestEpoch(int epoch); ///< Marks it in the loss; 0 takes the mark away.

    std::optional<double> validationAccuracy() const { return m_validationAccuracy; } ///< The latest, 0..1.
    std::optional<double> validationLoss() const { return m_validationLoss; }         ///< The latest, nats.
    CurvePlot *loss() const { return m_loss; }
    CurvePlot *accuracy() const { return m_accuracy; }

private:
    CurvePlot *m_loss;
    CurvePlot *m_accuracy;
    std::optional<double> m_validationAccuracy;
    std::optional<double> m_validationLoss;
};

} // namespace whisker
