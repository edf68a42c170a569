#pragma once

#include "widgets/theme.h"

#include <QImage>
#include <QWidget>
#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace whisker {

enum class ValueFormat {
    Number,  ///< 0.131; the axis starts at 0.
    Percent, ///< Values 0..1, shown as 0 % to 100 %; the axis ends at 100 %.
};

/// A part of the x axis, first < last.
struct CurveRange {
    double first = 0.0;
    double last = 1.0;
    bool operator==(const CurveRange &) const = default;
};

/// Something that happened at a place of the x axis: a quiet dotted line there, and its text where the mouse is near.
struct CurveEvent {
    double x = 0.0;
    QString text;
    bool named = false; ///< The text stands beside the line where there is room.
};

struct CurveSeries {
    QString id;
    QString name;
    int colour = 0;          ///< 0 accent, 1 orange, then the class colours from the third on.
    double smoothing = 0.0;  ///< 0: one line of the points themselves. Else in (0, 1): weight of the past in the running mean drawn over
                             ///< the pale raw points; 0.95 averages some 20 of them.
    bool pale = false;       ///< Something to compare with: a paler line below the others. Fixed once it is added.
};

/// A card with curves that grow while something runs. Every point is kept; the picture follows new points at most 30 times a second and in a fiftieth of
/// the time, so that it slows no run, and costs little more for a million points than for a thousand. The mouse shows the values of the point nearest to it;
/// the wheel zooms there, a drag moves, a double click shows all.
/// By keyboard: + and - zoom, 0 or Home shows all, Left and Right move the crosshair from point to point, with Shift what is seen. GUI thread only.
class CurvePlot : public QWidget {
    Q_OBJECT
public:
    static constexpr int kRedrawIntervalMs = 34;
    explicit CurvePlot(const QString &title, ValueFormat format = ValueFormat::Number, QWidget *parent = nullptr);
    ~CurvePlot() override;

    void setTitle(const QString &title);
    void setSubtitle(const QString &text);
    void setEmptyText(const QString &text); ///< In the middle while there is no point.
    QString emptyText() const;              ///< That, where it stands there.
    void setKeyName(const QString &name);   ///< What x counts, for the readout: "epoch".
    /// The x axis shows at least 0..`last`, so that one sees how far it still goes; more where there are points beyond.
    void setExpectedEnd(double last);

    /// Adds a series without points; an id that is there is renamed and recoloured instead.
    void addSeries(const CurveSeries &series);
    void removeSeries(const QString &id);
    void removeAllSeries();
    void setSmoothing(const QString &id, double weight); ///< As CurveSeries::smoothing.
    /// xs.size() == ys.size(), xs ascending and not before what is there. Not finite ys leave a gap. An unknown id is ignored. Time O(points added).
    void appendPoints(const QString &id, std::span<const double> xs, std::span<const double> ys);
    void appendPoint(const QString &id, double x, double y) { appendPoints(id, {&x, 1}, {&y, 1}); }
    void clearPoints(const QString &id); ///< Keeps the series. An unknown id is ignored.
    int pointCount(const QString &id) const;

    /// A dotted vertical line with a text: "best: epoch 6".
    void setMarker(double x, const QString &text);
    void clearMarker();
    void setEvents(std::vector<CurveEvent> events);

    void setLogarithmic(bool on); ///< The y axis; values of 0 and less are not shown on it.
    bool isLogarithmic() const;

    /// The part that was zoomed to; nothing where all is seen.
    std::optional<CurveRange> view() const;
    void setView(std::optional<CurveRange> view); ///< Fitted into what there is.
    std::optional<double> crosshair() const;      ///< In units of x.
    void setCrosshair(std::optional<double> x);
    /// The lines at the point nearest to the crosshair: "epoch 5.25", "training  0.21", and of a curve whose nearest is another "validation  0.3 at epoch 5".
    QStringList readout() const; ///< Empty where no curve has a point in sight.

    /// The card as it looks, without crosshair, in `ratio` times as many pixels.
    QImage picture(qreal ratio);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

Q_SIGNALS:
    void redrawn();
    void viewChanged();      ///< By the person, not by setView().
    void crosshairChanged(); ///< By the person, not by setCrosshair().

protected:
    void paintEvent(QPaintEvent *event) override;
    void showEvent(QShowEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void focusOutEvent(QFocusEvent *event) override;
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    struct Private;
    std::unique_ptr<Private> m_d;
};

/// From now on all of them show the same part and the same crosshair, whichever of them a person moves. They must belong to one another.
void linkPlots(const std::vector<CurvePlot *> &plots);

} // namespace whisker
