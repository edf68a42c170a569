#include "widgets/internal/curve_legend.h"

#include "widgets/internal/paint.h"

#include <algorithm>

namespace whisker {

namespace {
constexpr int kDash = 14;
constexpr int kGap = 16;
constexpr int kLongestName = 150;
} // namespace

CurveLegend::CurveLegend(QWidget *parent) : QWidget(parent)
{
    setFont(themeFont(12));
    setSizePolicy(QSizePolicy::Maximum, QSizePolicy::Fixed);
}

void CurveLegend::setEntries(std::vector<Entry> entries)
{
    m_entries = std::move(entries);
    QStringList names;
    for (const Entry &entry : m_entries)
        names.append(entry.name);
    setToolTip(names.join(QStringLiteral(", ")));
    setAccessibleName(toolTip());
    updateGeometry();
    update();
}

int CurveLegend::nameWidth(const Entry &entry) const { return std::min(kLongestName, fontMetrics().horizontalAdvance(entry.name) + 1); }

QSize CurveLegend::sizeHint() const
{
    int width = 0;
    for (const Entry &entry : m_entries)
        width += kDash + 6 + nameWidth(entry) + kGap;
    return {std::max(0, width - kGap), 18};
}

/// So much of a name has room where all of them have `room`: the longest ones give way, the others stay whole.
int CurveLegend::longestIn(int room) const
{
    std::vector<int> widths;
    for (const Entry &entry : m_entries)
        widths.push_back(nameWidth(entry));
    std::ranges::sort(widths);
    for (std::size_t i = 0; i < widths.size(); ++i) {
        const int share = std::max(0, room) / int(widths.size() - i);
        if (widths[i] > share)
            return share;
        room -= widths[i];
    }
    return kLongestName;
}

void CurveLegend::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    const int marks = int(m_entries.size()) * (kDash + 6 + kGap) - kGap;
    const int longest = longestIn(width() - marks);
    int x = 0;
    for (const Entry &entry : m_entries) {
        paintPanel(painter, QRectF(x, height() / 2.0 - 1.5, kDash, 3), 1.5, entry.colour);
        x += kDash + 6;
        const int room = std::min(longest, nameWidth(entry));
        painter.setPen(Theme::current().colours().quietText);
        painter.drawText(QRect(x, 0, room + 1, height()), Qt::AlignVCenter, fontMetrics().elidedText(entry.name, Qt::ElideRight, room + 1));
        x += room + kGap;
    }
}

} // namespace whisker
