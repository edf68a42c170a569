#pragma once

#include "widgets/internal/thumbnail_painter.h"

#include <QStyledItemDelegate>

namespace whisker {

/// Paints a cell of an ImageGrid: the picture with its badge and ring, below it the dot of its class and its name.
class GridDelegate : public QStyledItemDelegate {
public:
    static constexpr int kCaptionHeight = 22; ///< Px below a picture.
    static int pictureHeight(int width) { return width * 3 / 4; }

    using QStyledItemDelegate::QStyledItemDelegate;
    QSize cell; ///< Of every picture.

    QSize sizeHint(const QStyleOptionViewItem &, const QModelIndex &) const override { return cell; }
    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override;
    ThumbnailPainter &thumbnails() { return m_painter; }

private:
    mutable ThumbnailPainter m_painter;
};

} // namespace whisker
