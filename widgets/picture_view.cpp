#include "widgets/picture_view.h"

#include "widgets/internal/paint.h"
#include "widgets/pill.h"

#include <QFontMetrics>

namespace whisker {

namespace {
constexpr int kMargin = 12;
}

PictureView::PictureView(QWidget *parent) : QWidget(parent), m_name(new Pill(this)), m_size(new Pill(this))
{
    setAccessibleName(tr("Picture"));
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
    m_name->hide();
    m_size->hide();
}

void PictureView::setPicture(const QImage &image, const QString &name, QSize originalSize)
{
    m_image = image;
    m_originalSize = originalSize.isEmpty() ? image.size() : originalSize;
    m_scaled = {};
    m_name->setText(name);
    m_size->setText(tr("%1 × %2").arg(m_originalSize.width()).arg(m_originalSize.height()));
    m_name->setVisible(hasPicture() && !name.isEmpty());
    m_size->setVisible(hasPicture());
    setAccessibleDescription(hasPicture() ? name : m_placeholder);
    placePills();
    update();
}

void PictureView::setPlaceholder(const QString &text)
{
    m_placeholder = text;
    if (!hasPicture())
        setAccessibleDescription(text);
    update();
}

QRect PictureView::pictureRect() const
{
    if (m_image.isNull())
        return {};
    const QSize room = size() - QSize(2, 2);
    // A small picture is enlarged at most four times: beyond that one sees squares, not more.
    const QSize fitted = m_image.size().scaled(room, Qt::KeepAspectRatio).boundedTo((m_image.size() * 4).expandedTo({1, 1}));
    return {QPoint((width() - fitted.width()) / 2, (height() - fitted.height()) / 2), fitted.expandedTo({1, 1})};
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

void PictureView::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    placePills();
}

} // namespace whisker
