#include "widgets/picture_view.h"

#include "widgets/internal/paint.h"
#include "widgets/pill.h"

#include <QFontMetrics>
#include <QMouseEvent>
#include <QPainter>
#include <QWheelEvent>
#include <algorithm>
#include <cmath>
#include <utility>

namespace whisker {

namespace {
constexpr int kMargin = 12;
constexpr double kWheelStep = 1.25; // a notch of the wheel
}

PictureView::PictureView(QWidget *parent) : QWidget(parent), m_name(new Pill(this)), m_size(new Pill(this))
{
    setAccessibleName(tr("Picture"));
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
    m_name->hide();
    m_size->hide();
}

void PictureView::setPicture(const QImage &image, const QString &name, QSize originalSize, bool keepZoom)
{
    m_image = image;
    m_detail = {};
    m_originalSize = originalSize.isEmpty() ? image.size() : originalSize;
    m_scaled = {};
    m_askedForDetail = false;
    if (!keepZoom || image.isNull())
        m_zoom = 0;
    m_name->setText(name);
    m_name->setVisible(hasPicture() && !name.isEmpty());
    m_size->setVisible(hasPicture());
    setAccessibleDescription(hasPicture() ? name : m_placeholder);
    takeZoom();
}

void PictureView::setDetail(const QImage &image)
{
    m_detail = image;
    update();
}

void PictureView::setZoomable(bool zoomable)
{
    m_zoomable = zoomable;
    if (!zoomable)
        fit();
}

void PictureView::setPlaceholder(const QString &text)
{
    m_placeholder = text;
    if (!hasPicture())
        setAccessibleDescription(text);
    update();
}

QRectF PictureView::fittedRect() const
{
    if (m_image.isNull())
        return {};
    const QSize room = size() - QSize(2, 2);
    // A small picture is enlarged at most four times: beyond that one sees squares, not more.
    const QSize fitted = m_image.size().scaled(room, Qt::KeepAspectRatio).boundedTo((m_image.size() * 4).expandedTo({1, 1})).expandedTo({1, 1});
    return QRect(QPoint((width() - fitted.width()) / 2, (height() - fitted.height()) / 2), fitted);
}

double PictureView::fittedZoom() const
{
    return m_originalSize.isEmpty() ? 1 : fittedRect().width() * devicePixelRatioF() / m_originalSize.width();
}

double PictureView::zoom() const { return isFitted() ? fittedZoom() : m_zoom; }

/// The share m_middle is in the middle, as far as the picture then covers what it can.
QRectF PictureView::zoomedRect() const
{
    const QSizeF size = QSizeF(m_originalSize) * (m_zoom / devicePixelRatioF());
    const auto place = [](double share, double length, double room) {
        return length <= room ? (room - length) / 2 : std::clamp(room / 2 - share * length, room - length, 0.0);
    };
    return {QPointF(place(m_middle.x(), size.width(), width()), place(m_middle.y(), size.height(), height())), size};
}

QRect PictureView::pictureRect() const { return (isFitted() ? fittedRect() : zoomedRect()).toAlignedRect(); }

void PictureView::fit()
{
    m_zoom = 0;
    takeZoom();
}

void PictureView::zoomTo(double zoom, QPointF at)
{
    if (!m_zoomable || m_image.isNull())
        return;
    const QRectF before = isFitted() ? fittedRect() : zoomedRect();
    const double smallest = fittedZoom();
    if (zoom <= smallest)
        return fit();
    const QPointF share((at.x() - before.x()) / before.width(), (at.y() - before.y()) / before.height());
    m_zoom = std::min(zoom, std::max(kLargestZoom, smallest));
    const QSizeF size = QSizeF(m_originalSize) * (m_zoom / devicePixelRatioF());
    m_middle = {share.x() + (width() / 2.0 - at.x()) / size.width(), share.y() + (height() / 2.0 - at.y()) / size.height()};
    takeZoom();
}

void PictureView::zoomBy(double factor) { zoomTo(zoom() * factor, rect().center()); }

void PictureView::toggleZoom(QPointF at)
{
    if (!isFitted())
        return fit();
    zoomTo(fittedZoom() < 1 ? 1 : 2 * fittedZoom(), at);
}

void PictureView::pan(QPointF by)
{
    if (isFitted())
        return;
    const QRectF area = zoomedRect().translated(by);
    m_middle = {(width() / 2.0 - area.x()) / area.width(), (height() / 2.0 - area.y()) / area.height()};
    takeZoom();
}

void PictureView::takeZoom()
{
    if (!isFitted()) { // what can't be in the middle isn't remembered as if it were
        const QRectF area = zoomedRect();
        m_middle = {(width() / 2.0 - area.x()) / area.width(), (height() / 2.0 - area.y()) / area.height()};
    }
    const QString size = tr("%1 × %2").arg(m_originalSize.width()).arg(m_originalSize.height());
    m_size->setText(isFitted() ? size : tr("%1, at %2 %").arg(size).arg(qRound(m_zoom * 100)));
    if (m_zoomable)
        setCursor(isFitted() ? Qt::ArrowCursor : Qt::OpenHandCursor);
    placePills();
    update();
    const bool tooCoarse = !isFitted() && m_detail.isNull() && m_originalSize.width() > m_image.width() &&
                           zoomedRect().width() * devicePixelRatioF() > m_image.width();
    if (tooCoarse && !std::exchange(m_askedForDetail, true))
        Q_EMIT detailWanted();
}

QSize PictureView::sizeHint() const { return {560, 420}; }
QSize PictureView::minimumSizeHint() const { return {240, 180}; }

void PictureView::placePills()
{
    const QSize size = m_size->sizeHint();
    m_size->setGeometry(QRect(QPoint(width() - kMargin - size.width(), height() - kMargin - size.height()), size));
    const int room = width() - 3 * kMargin - size.width();
    const QSize name(std::min(m_name->sizeHint().width(), room), m_name->sizeHint().height());
    m_name->setGeometry(QRect(QPoint(kMargin, height() - kMargin - name.height()), name));
}

void PictureView::paintEvent(QPaintEvent *)
{
    const ThemeColours &colours = Theme::current().colours();
    QPainter painter(this);
    paintPanel(painter, rect(), kCardRadius, colours.hover, colours.line);
    if (m_image.isNull()) {
        painter.setPen(colours.quietText);
        painter.drawText(rect().adjusted(32, 0, -32, 0), Qt::AlignCenter | Qt::TextWordWrap, m_placeholder);
        return;
    }
    if (!isFitted())
        return paintZoomed(painter);
    const QRect area = pictureRect();
    const qreal ratio = devicePixelRatioF();
    if (m_scaled.isNull() || m_scaled.size() != area.size() * ratio) {
        m_scaled = QPixmap::fromImage(m_image.scaled(area.size() * ratio, Qt::IgnoreAspectRatio, Qt::SmoothTransformation));
        m_scaled.setDevicePixelRatio(ratio);
    }
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    QBrush brush(m_scaled);
    brush.setTransform(QTransform::fromTranslate(area.left(), area.top()).scale(1 / ratio, 1 / ratio));
    painter.setBrush(brush);
    // Round only where the picture reaches the panel's corners.
    const bool fills = area.width() >= width() - 2 && area.height() >= height() - 2;
    painter.drawRoundedRect(area, fills ? kCardRadius : 0, fills ? kCardRadius : 0);
}

/// Only what is on show, from the coarsest copy that has the pixels for it.
void PictureView::paintZoomed(QPainter &painter) const
{
    const QRectF area = zoomedRect();
    const bool fine = !m_detail.isNull() && area.width() * devicePixelRatioF() > m_image.width();
    const QImage &image = fine ? m_detail : m_image;
    const QRectF shown = area.intersected(QRectF(rect()).adjusted(1, 1, -1, -1));
    const double scale = image.width() / area.width(), scaleY = image.height() / area.height();
    const QRectF source((shown.x() - area.x()) * scale, (shown.y() - area.y()) * scaleY, shown.width() * scale, shown.height() * scaleY);
    painter.setRenderHint(QPainter::SmoothPixmapTransform, m_zoom < 3); // from there on one wants to see the pixels
    painter.drawImage(shown, image, source);
}

void PictureView::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    takeZoom();
}

void PictureView::wheelEvent(QWheelEvent *event)
{
    if (!m_zoomable)
        return QWidget::wheelEvent(event);
    zoomTo(zoom() * std::pow(kWheelStep, event->angleDelta().y() / 120.0), event->position());
    event->accept();
}

void PictureView::mousePressEvent(QMouseEvent *event)
{
    if (isFitted() || event->button() != Qt::LeftButton)
        return QWidget::mousePressEvent(event);
    m_dragged = event->position();
    setCursor(Qt::ClosedHandCursor);
}

void PictureView::mouseMoveEvent(QMouseEvent *event)
{
    if (isFitted() || !(event->buttons() & Qt::LeftButton))
        return QWidget::mouseMoveEvent(event);
    pan(event->position() - std::exchange(m_dragged, event->position()));
    setCursor(Qt::ClosedHandCursor);
}

void PictureView::mouseReleaseEvent(QMouseEvent *event)
{
    QWidget::mouseReleaseEvent(event);
    if (m_zoomable)
        setCursor(isFitted() ? Qt::ArrowCursor : Qt::OpenHandCursor);
}

void PictureView::mouseDoubleClickEvent(QMouseEvent *event)
{
    if (!m_zoomable)
        return QWidget::mouseDoubleClickEvent(event);
    toggleZoom(event->position());
}

} // namespace whisker
