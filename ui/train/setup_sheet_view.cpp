#include "ui/train/setup_sheet_view.h"

#include "ui/train/setup_sheet_maker.h"
#include "widgets/theme.h"

#include <QFontMetrics>
#include <QHelpEvent>
#include <QPainter>
#include <QPainterPath>
#include <QToolTip>
#include <algorithm>
#include <utility>

namespace whisker {

namespace {

constexpr int kGap = 6;
constexpr int kWideColumns = 6;
constexpr int kNarrowColumns = 4;
constexpr int kWide = 480; // px from which a row has six
constexpr int kSideMost = 132; // as large as pictures are on the Data page
constexpr int kCaptionHeight = 20;

struct Cells {
    int columns;
    int side;
    int height;

    QRect cell(int i) const { return {i % columns * (side + kGap), i / columns * (side + kGap), side, side}; }
};

Cells cellsIn(int width)
{
    const int columns = width >= kWide ? kWideColumns : kNarrowColumns;
    const int side = std::clamp((width - (columns - 1) * kGap) / columns, 24, kSideMost);
    const int rows = (SheetMaker::kVariants + columns - 1) / columns;
    return {columns, side, rows * side + (rows - 1) * kGap};
}

/// For all: else it would look as though the others had none.
bool isRoomFor(const std::vector<QString> &captions, const QFontMetrics &metrics, int width)
{
    constexpr int kAround = 6;
    return std::ranges::all_of(captions, [&](const QString &caption) { return metrics.horizontalAdvance(caption) + 2 * kAround <= width; });
}

void paintCaption(QPainter &painter, const QRect &cell, const QString &caption)
{
    const QRect strip = cell.adjusted(0, cell.height() - kCaptionHeight, 0, 0);
    painter.fillRect(strip, QColor(14, 17, 21, 205)); // dark in both schemes: it lies on a photograph
    painter.setPen(Qt::white);
    painter.drawText(strip, Qt::AlignCenter, caption);
}

} // namespace

SheetView::SheetView(QWidget *parent) : QWidget(parent)
{
    setAccessibleName(tr("The same picture, changed by chance"));
    setFont(themeFont(11));
    QSizePolicy policy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
}

void SheetView::setPictures(std::vector<QImage> pictures, std::vector<QString> captions)
{
    m_pictures = std::move(pictures);
    m_captions = std::move(captions);
    update();
}

int SheetView::heightForWidth(int width) const
{
    return cellsIn(width).height;
}

QSize SheetView::sizeHint() const
{
    return {320, cellsIn(320).height};
}

void SheetView::paintEvent(QPaintEvent *)
{
    const Cells cells = cellsIn(width());
    const bool captioned = isRoomFor(m_captions, fontMetrics(), cells.side);
    QPainter painter(this);
    painter.setRenderHints(QPainter::Antialiasing | QPainter::SmoothPixmapTransform);
    for (int i = 0; i < SheetMaker::kVariants; ++i) {
        const QRect cell = cells.cell(i);
        QPainterPath corners;
        corners.addRoundedRect(cell, 6, 6);
        painter.setClipPath(corners);
        if (std::size_t(i) < m_pictures.size())
            painter.drawImage(cell, m_pictures[std::size_t(i)]);
        else
            painter.fillRect(cell, Theme::current().colours().hover);
        if (const QString caption = captionOf(std::size_t(i)); captioned && !caption.isEmpty())
            paintCaption(painter, cell, caption);
    }
}

bool SheetView::event(QEvent *event)
{
    if (event->type() != QEvent::ToolTip)
        return QWidget::event(event);
    const auto &help = static_cast<const QHelpEvent &>(*event);
    const Cells cells = cellsIn(width());
    for (int i = 0; i < SheetMaker::kVariants; ++i) {
        if (const QRect cell = cells.cell(i); cell.contains(help.pos()))
            QToolTip::showText(help.globalPos(), captionOf(std::size_t(i)), this, cell); // none: hides it
    }
    return true;
}

} // namespace whisker
