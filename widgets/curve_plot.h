#pragma once

#include "widgets/theme.h"

#include <QWidget>
#include <memory>
#include <span>

namespace whisker {

enum class ValueFormat {
    Number,  ///< 0.131; the axis starts at 0.
    Percent, ///< Values 0..1, shown as 0 % to 100 %; the axis ends at 100 %.
};

struct CurveSeries {
    QString id;
    QString name;
    int colour = 0;          ///< 0 accent, 1 orange, then the class colours from the third on.
    double smoothing = 0.0;  ///< 0: one line of the points themselves. Else in (0, 1): weight of the past in the running mean drawn over
                             ///< the pale raw points; 0.95 averages some 20 of them.
};

/// A card with curves that grow while something runs. Every point is kept; the picture follows at most 30 times a second and costs the same
/// whether there are a thousand points or a million. The mouse shows the values at its place. GUI thread only.
class CurvePlot : public QWidget {
    Q_OBJECT
public:
    static constexpr int kRedrawIntervalMs = 34;
    explicit CurvePlot(const QString &title, ValueFormat format = ValueFormat::Number, QWidget *parent = nullptr);
    ~CurvePlot() override;

    void setTitle(const QString &title);
    void setSubtitle(const QString &text);
    void setEmptyText(const QString &text); ///< In the middle while there is no point.
    void setKeyName(const QString &name);   ///< What x counts, for the readout: "epoch".
    /// The x axis shows at least 0..`last`, so that one sees how far it still goes; more where there are points beyond.
    void setExpectedEnd(double last);

    /// Adds a series without points; an id that is there is renamed and recoloured instead.
    void addSeries(const CurveSeries &series);
    void removeAllSeries();
    /// xs.size() == ys.size(), xs ascending and not before what is there. Not finite ys leave a gap. An unknown id is ignored. Time O(points added).
    void appendPoints(const QString &id, std::span<const double> xs, std::span<const double> ys);
    void appendPoint(const QString &id, double x, double y) { appendPoints(id, {&x, 1}, {&y, 1}); }
    void clearPoints(); ///< Keeps the series, drops points and marker.
    int pointCount(const QString &id) const;

    /// A dotted vertical line with a text: "best: epoch 6".
    void setMarker(double x, const QString &text);
    void clearMarker();

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

Q_SIGNALS:
    void redrawn();

protected:
    void paintEvent(QPaintEvent *event) override;
    void showEvent(QShowEvent *event) override;
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    struct Private;
    std::unique_ptr<Private> m_d;
};

} // namespace whisker
