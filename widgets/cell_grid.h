#pragma once

#include <QRect>
#include <algorithm>
#include <limits>
#include <utility>

namespace whisker {

/// Cells of one size in rows from the left, as places in a canvas that begins at 0, 0. A picture's number is called `item`, to tell it from the grid's rows.
struct CellGrid {
    int items = 0;
    int columns = 1; ///< >= 1
    QSize cell{1, 1};

    int rows() const { return (items + columns - 1) / columns; }
    int height() const { return static_cast<int>(std::min<qint64>(qint64(rows()) * cell.height(), std::numeric_limits<int>::max())); }
    QRect rectOf(int item) const { return {QPoint(item % columns * cell.width(), item / columns * cell.height()), cell}; }
    /// -1: none is there.
    int itemAt(QPoint point) const
    {
        const int column = point.x() / cell.width();
        const qint64 item = qint64(point.y() / cell.height()) * columns + column;
        return point.x() < 0 || point.y() < 0 || column >= columns || item >= items ? -1 : static_cast<int>(item);
    }
    /// First and last of the rows that `area` touches, whole: {-1, -1} for none.
    std::pair<int, int> itemsAcross(const QRect &area) const
    {
        const int first = std::max(0, area.top()) / cell.height() * columns;
        const int last = std::min((area.bottom() / cell.height() + 1) * columns, items) - 1;
        return area.bottom() < 0 || first > last ? std::pair(-1, -1) : std::pair(first, last);
    }
};

} // namespace whisker
