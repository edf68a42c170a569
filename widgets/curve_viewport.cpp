#include "widgets/internal/curve_viewport.h"

#include <algorithm>

namespace whisker {

namespace {
constexpr double kNarrowest = 1e-6; // of all: 100,000 steps can be told from each other
}

void CurveViewport::setEnd(double end)
{
    m_end = end > 0 ? end : 1.0;
}

void CurveViewport::setPart(std::optional<CurveRange> part)
{
    m_part.reset();
    if (!part || !(part->last > part->first) || part->last - part->first >= m_end)
        return;
    const double width = std::max(part->last - part->first, m_end * kNarrowest);
    const double first = std::clamp(part->first, 0.0, m_end - width);
    m_part = CurveRange{first, first + width};
}

void CurveViewport::zoom(double at, double factor)
{
    const CurveRange now = shown();
    setPart(CurveRange{at - (at - now.first) / factor, at + (now.last - at) / factor});
}

void CurveViewport::pan(double by)
{
    if (m_part)
        setPart(CurveRange{m_part->first + by, m_part->last + by});
}

} // namespace whisker
