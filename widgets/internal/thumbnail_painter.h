#pragma once

#include <QCache>
#include <QElapsedTimer>
#include <QImage>
#include <QPixmap>

class QModelIndex;
class QPainter;

namespace whisker {

/// Paints the picture part of a grid's or strip's cell: cropped to fill, with round corners, its states, its badge. Keeps what it has scaled,
/// so that scrolling back and repainting a selection cost a blit; and scales well only so many new ones in a frame that it is still in time.
class ThumbnailPainter {
public:
    ThumbnailPainter();
    /// From now on thumbnails that aren't kept are scaled well for a few milliseconds, at least one; the others roughly. Without it all are scaled well.
    void beginFrame();
    bool hasRough() const { return m_hasRough; } ///< Since beginFrame(): paint another frame soon.
    void paintPicture(QPainter &painter, const QRect &area, const QModelIndex &index, qreal devicePixelRatio);
    void paintBadge(QPainter &painter, const QRect &picture, const QString &text, bool dotted = false) const;
    /// The ring of what is chosen: 3 px, with a thin gap, around `picture`.
    static void paintRing(QPainter &painter, const QRect &picture);
    static void paintCurrent(QPainter &painter, const QRect &picture);

private:
    const QPixmap *scaled(const QImage &image, QSize size, qreal ratio);
    bool hasTime() const;
    QElapsedTimer m_frame;
    bool m_scaledOne = false;
    bool m_hasRough = false;
    QCache<quint64, QPixmap> m_cache; // cost in bytes; key from the image's own and the size
};

} // namespace whisker
