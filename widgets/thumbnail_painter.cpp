#include "widgets/internal/thumbnail_painter.h"

#include "widgets/icons.h"
#include "widgets/image_grid.h"
#include "widgets/internal/paint.h"

#include <QFontMetrics>
#include <QModelIndex>
#include <QPainterPath>

namespace whisker {

namespace {

constexpr int kCacheBytes = 64 * 1024 * 1024;
constexpr qreal kRadius = 6;
constexpr qint64 kScalingNs = 5'000'000; // a frame has 16 ms, and the rest of it is painted too

ThumbnailState stateOf(const QModelIndex &index, const QImage &image)
{
    const QVariant state = index.data(StateRole);
    if (state.isValid())
        return ThumbnailState(state.toInt());
    return image.isNull() ? ThumbnailState::Waiting : ThumbnailState::Ready;
}

void paintPlaceholder(QPainter &painter, const QRect &area, bool broken, qreal ratio)
{
    const ThemeColours &colours = Theme::current().colours();
    paintPanel(painter, area, kRadius, colours.hover, colours.line);
    const int edge = std::min({28, area.width() / 2, area.height() / 2});
    const QColor ink = broken ? colours.badText : mixed(colours.hover, colours.quietText, 0.45);
    painter.drawPixmap(area.center() - QPoint(edge / 2, edge / 2),
                       iconPixmap(broken ? Icon::BrokenPicture : Icon::Picture, edge, ink, ratio));
}

/// Without smoothing and round corners: a tenth of the time.
void paintRoughly(QPainter &painter, const QRect &area, const QImage &image)
{
    QRectF part({}, QSizeF(area.size()).scaled(image.size(), Qt::KeepAspectRatio));
    part.moveCenter(QRectF(image.rect()).center());
    painter.drawImage(QRectF(area), image, part);
}

} // namespace

ThumbnailPainter::ThumbnailPainter() : m_cache(kCacheBytes) {}

void ThumbnailPainter::beginFrame()
{
    m_frame.start();
    m_scaledOne = m_hasRough = false;
}

bool ThumbnailPainter::hasTime() const { return !m_frame.isValid() || !m_scaledOne || m_frame.nsecsElapsed() < kScalingNs; }

/// Null where it is not kept and there is no time for it in this frame.
const QPixmap *ThumbnailPainter::scaled(const QImage &image, QSize size, qreal ratio)
{
    const QSize pixels = size * ratio;
    const quint64 key = quint64(qHashMulti(std::size_t(image.cacheKey()), pixels.width(), pixels.height()));
    if (const QPixmap *kept = m_cache.object(key))
        return kept;
    if (!hasTime())
        return nullptr;
    m_scaledOne = true;
    const QSize filled = image.size().scaled(pixels, Qt::KeepAspectRatioByExpanding);
    const QImage whole = image.scaled(filled, Qt::IgnoreAspectRatio, Qt::SmoothTransformation);
    auto *result = new QPixmap(pixels);
    result->fill(Qt::transparent);
    QPainter painter(result);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    QBrush brush(whole);
    brush.setTransform(QTransform::fromTranslate((pixels.width() - filled.width()) / 2, (pixels.height() - filled.height()) / 2));
    painter.setBrush(brush); // a brush has smooth corners, a clip path hasn't
    painter.drawRoundedRect(QRectF({}, QSizeF(pixels)), kRadius * ratio, kRadius * ratio);
    painter.end();
    result->setDevicePixelRatio(ratio);
    return m_cache.insert(key, result, qsizetype(pixels.width()) * pixels.height() * 4) ? result : nullptr;
}

void ThumbnailPainter::paintPicture(QPainter &painter, const QRect &area, const QModelIndex &index, qreal devicePixelRatio)
{
    const auto image = index.data(ThumbnailRole).value<QImage>();
    const ThumbnailState state = stateOf(index, image);
    if (state == ThumbnailState::Broken || image.isNull())
        paintPlaceholder(painter, area, state == ThumbnailState::Broken, devicePixelRatio);
    else if (const QPixmap *kept = scaled(image, area.size(), devicePixelRatio))
        painter.drawPixmap(area, *kept);
    else {
        m_hasRough = true;
        paintRoughly(painter, area, image);
    }
}

void ThumbnailPainter::paintBadge(QPainter &painter, const QRect &picture, const QString &text, bool dotted) const
{
    if (text.isEmpty())
        return;
    painter.save();
    painter.setFont(themeFont(11));
    const QFontMetrics metrics(painter.font());
    const QString shown = metrics.elidedText(text, Qt::ElideRight, picture.width() - 24);
    const QSize size(metrics.horizontalAdvance(shown) + 10, 18);
    const QRect area(QPoint(picture.right() - size.width() - 4, picture.top() + 5), size);
    paintPanel(painter, area, 4, QColor(14, 17, 21, 205)); // dark in both schemes: it lies on a photograph
    if (dotted) {
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setBrush(Qt::NoBrush);
        QPen dots(Qt::white, 1.4, Qt::CustomDashLine, Qt::RoundCap);
        dots.setDashPattern({0.1, 2.2});
        painter.setPen(dots);
        painter.drawRoundedRect(QRectF(area).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4);
    }
    painter.setPen(Qt::white);
    painter.drawText(area, Qt::AlignCenter, shown);
    painter.restore();
}

void ThumbnailPainter::paintRing(QPainter &painter, const QRect &picture)
{
    const ThemeColours &colours = Theme::current().colours();
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(colours.panel, 2));
    painter.drawRoundedRect(QRectF(picture).adjusted(0.5, 0.5, -0.5, -0.5), kRadius, kRadius);
    painter.setPen(QPen(colours.accent, 3));
    painter.drawRoundedRect(QRectF(picture).adjusted(-2, -2, 2, 2), kRadius + 2, kRadius + 2);
    painter.restore();
}

void ThumbnailPainter::paintCurrent(QPainter &painter, const QRect &picture)
{
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(Theme::current().colours().quietText, 1.5, Qt::DotLine));
    painter.drawRoundedRect(QRectF(picture).adjusted(-2, -2, 2, 2), kRadius + 2, kRadius + 2);
    painter.restore();
}

} // namespace whisker
