#pragma once

#include "widgets/curve_plot.h"

#include <optional>

namespace whisker {

/// Which part of its x axis a plot shows: all, or what was zoomed to. Plain numbers, no drawing.
class CurveViewport {
public:
    void setEnd(double end);                     ///< All is 0..end, end > 0. A part stays where it is.
    CurveRange shown() const { return m_part.value_or(all()); }
    const std::optional<CurveRange> &part() const { return m_part; } ///< Nothing where all is shown.
    /// Fitted into what there is; nothing, or what is no narrower than all: sees all.
    void setPart(std::optional<CurveRange> part);
    void zoom(double at, double factor);         ///< What is at `at` stays where it is; factor > 1 comes nearer.
    void pan(double by);                         ///< In units of x; not beyond the ends.

private:
    CurveRange all() const { return {0.0, m_end}; }
    double m_end = 1.0;
    std::optional<CurveRange> m_part;
};

} // namespace whisker
