#include "widgets/internal/grid_delegate.h"

#include "widgets/image_grid.h"
#include "widgets/internal/paint.h"
#include "widgets/theme.h"

#include <QFontMetrics>
#include <QPainter>

namespace whisker {

namespace {

constexpr int kDot = 10;

void paintCaption(QPainter &painter, QRect area, const QModelIndex &index)
{
    const QVariant classIndex = index.data(ClassIndexRole);
    const int label = classIndex.isValid() ? classIndex.toInt() : kNoDot;
    if (label != kNoDot) {
        paintClassDot(painter, QPointF(area.left() + kDot / 2.0, area.top() + area.height() / 2.0 + 1), kDot, label);
        area.setLeft(area.left() + kDot + 6);
    }
    const QVariant named = index.data(NameRole);
    const QString name = (named.isValid() ? named : index.data(Qt::DisplayRole)).toString();
    painter.setFont(themeFont(11));
    painter.setPen(Theme::current().colours().quietText);
    const QFontMetrics metrics(painter.font());
    painter.drawText(area.adjusted(0, 2, 0, 0), Qt::AlignVCenter | Qt::AlignLeft | Qt::TextSingleLine,
                     metrics.elidedText(name, Qt::ElideRight, area.width()));
}

} // namespace

void GridDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const QRect inner = option.rect.adjusted(ImageGrid::kRing, ImageGrid::kRing, -ImageGrid::kRing, -ImageGrid::kRing);
    const QRect picture(inner.topLeft(), QSize(inner.width(), pictureHeight(inner.width())));
    m_painter.paintPicture(*painter, picture, index, painter->device()->devicePixelRatioF());
    m_painter.paintBadge(*painter, picture, index.data(BadgeRole).toString(), index.data(DottedBadgeRole).toBool());
    if (option.state & QStyle::State_Selected)
        ThumbnailPainter::paintRing(*painter, picture);
    else if (option.state & QStyle::State_HasFocus)
        ThumbnailPainter::paintCurrent(*painter, picture);
    paintCaption(*painter, QRect(inner.left(), picture.bottom() + 1, inner.width(), kCaptionHeight), index);
}

} // namespace whisker
