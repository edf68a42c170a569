#pragma once

#include <QCache>
#include <QImage>
#include <QPixmap>

class QModelIndex;
class QPainter;

namespace whisker {

/// Paints the picture part of a grid's or strip's cell: cropped to fill, with round corners, its states, its badge. Keeps what it has scaled,
/// so that scrolling back and repainting a selection cost a blit.
class ThumbnailPainter {
public:
    ThumbnailPainter();
    void paintPicture(QPainter &painter, const QRect &area, const QModelIndex &index, qreal devicePixelRatio);
    void paintBadge(QPainter &painter, const QRect &picture, const QString &text, bool dotted = false) const;
    /// The ring of what is chosen: 3 px, with a thin gap, around `picture`.
    static void paintRing(QPainter &painter, const QRect &picture);
    static void paintCurrent(QPainter &painter, const QRect &picture);

private:
    const QPixmap &scaled(const QImage &image, QSize size, qreal ratio);
    QCache<quint64, QPixmap> m_cache; // cost in bytes; key from the image's own and the size
};

} // namespace whisker
