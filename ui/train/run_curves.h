#pragma once

#include "engine/base/result.h"
#include "engine/train/metric_point.h"
#include "engine/train/train_config.h"
#include "ui/job_thread.h"

#include <QString>
#include <QWidget>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace whisker {

class Button;
class CurvePlot;
class CurveTools;
class NoticeBar;

/// The curves of one run: loss, accuracy and, where there is room, learning rate below each other, with one x axis and one crosshair. Past runs can be laid over them,
/// and all of it can be saved. Keeps every point; remembers the latest validation values for the figures beside them. GUI thread; files are written by a thread of its own.
class RunCurves : public QWidget {
    Q_OBJECT
public:
    /// A past run, to compare with: its validation, or its training where it wasn't validated.
    struct Overlay {
        QString name;
        std::vector<MetricPoint> points;
        std::string id{}; ///< In a saved table; empty: its name.
    };

    explicit RunCurves(QWidget *parent = nullptr);
    ~RunCurves() override;

    /// Empties the curves for a run of this kind that is to come. Overlays stay.
    void begin(const TrainConfig &config);
    void setOver(bool over); ///< The x axis ends where the curves do. Where there is none there will be none, and it is said why.
    void setId(const std::string &id) { m_id = id; } ///< Of the run, in a saved table.
    void append(std::span<const MetricPoint> points);
    void setPoints(std::span<const MetricPoint> points); ///< In place of those that were there; what is zoomed to stays.
    void setBestEpoch(int epoch); ///< Marks it in the loss, where that has points; 0 takes the mark away.
    void setMarks(std::span<const RunMark> marks); ///< In place of those that were there.
    void setOverlays(std::vector<Overlay> overlays); ///< In place of those that were there.
    void setTakeOffOffered(bool offered); ///< It is at first.

    std::optional<double> validationAccuracy() const { return m_validationAccuracy; } ///< The latest, 0..1.
    std::optional<double> validationLoss() const { return m_validationLoss; }         ///< The latest, nats.
    /// As it was at the end of that epoch (0: before the first).
    std::optional<double> valueAt(MetricSeries series, int epoch) const;
    const std::vector<Button *> &takeOffButtons() const { return m_takeOff; } ///< One for each overlay, above the curves, where that is offered.
    CurvePlot *loss() const { return m_loss; }
    CurvePlot *accuracy() const { return m_accuracy; }
    CurvePlot *learningRate() const { return m_rate; }
    CurveTools *tools() const { return m_tools; }
    NoticeBar *notice() const { return m_notice; }

    void savePicture(const std::filesystem::path &file); ///< As PNG, in twice as many pixels, also what there is no room for on the screen. saved() or saveFailed() tells the end.
    void saveTable(const std::filesystem::path &file);   ///< Every point, overlays too, as CSV; likewise.

Q_SIGNALS:
    void saved(const QString &file);
    void saveFailed(const QString &sentence);
    void takeOffWished(int overlay); ///< Its index among those that were set.

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    void makePlots();
    void sayWhyEmpty();
    void connectTools();
    void smooth(double weight);
    void showOverlay(std::size_t index);
    void showTakeOff();
    void updateEnd();
    void askWhere(const QString &title, const QString &suffix, const QString &filter, void (RunCurves::*save)(const std::filesystem::path &));
    void write(std::function<Result<void>()> job, const std::filesystem::path &file);
    std::vector<CurvePlot *> plots() const { return {m_loss, m_accuracy, m_rate}; }

    CurveTools *m_tools;
    QWidget *m_laidOver;
    std::vector<Button *> m_takeOff;
    bool m_takeOffOffered = true;
    NoticeBar *m_notice;
    CurvePlot *m_loss;
    CurvePlot *m_accuracy;
    CurvePlot *m_rate;
    bool m_quick = true;
    bool m_over = false;
    double m_planned = 0.0;      // epochs; 0: not known
    double m_last = 0.0;         // epoch that has a point
    double m_lastLaidOver = 0.0; // the same of the overlays
    std::string m_id;
    std::vector<MetricPoint> m_points;
    std::vector<Overlay> m_overlays;
    std::optional<double> m_validationAccuracy;
    std::optional<double> m_validationLoss;
    JobThread m_writer{JobThread::AtEnd::Finish}; // last: joined before what it uses goes away
};

} // namespace whisker
