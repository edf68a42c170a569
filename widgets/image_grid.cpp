#include "widgets/image_grid.h"

#include "widgets/internal/paint.h"
#include "widgets/internal/thumbnail_painter.h"

#include <QApplication>
#include <QDrag>
#include <QEvent>
#include <QFontMetrics>
#include <QLocale>
#include <QMimeData>
#include <QMouseEvent>
#include <QScrollBar>
#include <QStyledItemDelegate>
#include <algorithm>
#include <utility>

namespace whisker {

namespace {

constexpr int kCaptionHeight = 22;
constexpr int kRowGap = 4;
constexpr int kDot = 10;
constexpr int kSmallest = 48;
constexpr int kWrapSlack = 2; // QListView wraps a row that comes this close to the viewport's edge

int pictureHeight(int width) { return width * 3 / 4; }

class GridDelegate : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;
    QSize cell;

    QSize sizeHint(const QStyleOptionViewItem &, const QModelIndex &) const override { return cell; }

    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override
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

private:
    static void paintCaption(QPainter &painter, QRect area, const QModelIndex &index)
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
    mutable ThumbnailPainter m_painter;
};

} // namespace

QString ImageGrid::selectionFormat() { return QStringLiteral("application/x-whisker-selection"); }

ImageGrid::~ImageGrid() = default;

ImageGrid::ImageGrid(QWidget *parent) : QListView(parent)
{
    setAccessibleName(tr("Pictures"));
    setItemDelegate(new GridDelegate(this));
    setFlow(LeftToRight);
    setWrapping(true);
    setResizeMode(Adjust);
    setMovement(Static);
    setUniformItemSizes(true);
    setSelectionMode(ExtendedSelection);
    setSelectionRectVisible(true);
    setVerticalScrollMode(ScrollPerPixel);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setFrameShape(NoFrame);
    setMouseTracking(false);
    viewport()->setAutoFillBackground(false);
    connect(&Theme::current(), &Theme::changed, viewport(), qOverload<>(&QWidget::update));
}

void ImageGrid::setModel(QAbstractItemModel *model)
{
    if (QAbstractItemModel *old = this->model())
        old->disconnect(this);
    QListView::setModel(model);
    if (model) {
        for (const auto change : {&QAbstractItemModel::rowsInserted, &QAbstractItemModel::rowsRemoved})
            connect(model, change, this, &ImageGrid::fitCells);
        connect(model, &QAbstractItemModel::modelReset, this, &ImageGrid::fitCells);
    }
    fitCells();
}

void ImageGrid::setThumbnailWidth(int widthPx)
{
    m_thumbnailWidth = std::max(kSmallest, widthPx);
    fitCells();
}

QSize ImageGrid::pictureSize() const
{
    const int width = static_cast<const GridDelegate *>(itemDelegate())->cell.width() - 2 * kRing;
    return {width, pictureHeight(width)};
}

void ImageGrid::fitCells()
{
    if (m_fitting)
        return;
    m_fitting = true;
    const int rows = model() ? model()->rowCount(rootIndex()) : 0;
    const auto cellOf = [this](int viewportWidth) {
        const int width = viewportWidth - kWrapSlack;
        m_columns = std::max(1, width / (m_thumbnailWidth + 2 * kRing));
        const int cellWidth = std::max(width / m_columns, kSmallest);
        return QSize(cellWidth, pictureHeight(cellWidth - 2 * kRing) + kCaptionHeight + 2 * kRing + kRowGap);
    };
    const auto heightOf = [&](const QSize &cell) { return qint64((rows + m_columns - 1) / m_columns) * cell.height(); };
    // The scroll bar takes width, width changes the rows, rows decide on the scroll bar: decided here once, so that it can't flip to and fro.
    QSize cell = cellOf(width());
    const bool scrolls = heightOf(cell) > height();
    if (scrolls)
        cell = cellOf(width() - verticalScrollBar()->sizeHint().width());
    setVerticalScrollBarPolicy(scrolls ? Qt::ScrollBarAlwaysOn : Qt::ScrollBarAlwaysOff);
    auto *delegate = static_cast<GridDelegate *>(itemDelegate());
    if (cell != delegate->cell) {
        delegate->cell = cell;
        setGridSize(cell);
        verticalScrollBar()->setSingleStep(cell.height() / 3);
    }
    m_fitting = false;
    reportRange();
}

void ImageGrid::reportRange()
{
    const int rows = model() ? model()->rowCount(rootIndex()) : 0;
    const int cellHeight = std::max(1, gridSize().height());
    std::pair<int, int> range{-1, -1};
    if (rows > 0 && viewport()->height() > 0) {
        const int top = verticalOffset();
        const int first = top / cellHeight * m_columns;
        const int last = ((top + viewport()->height() - 1) / cellHeight + 1) * m_columns - 1;
        range = {std::clamp(first, 0, rows - 1), std::clamp(last, 0, rows - 1)};
    }
    if (range == m_range)
        return;
    m_range = range;
    Q_EMIT visibleRangeChanged(range.first, range.second);
}

QList<int> ImageGrid::selectedRows() const
{
    QList<int> rows;
    if (selectionModel()) {
        for (const QItemSelectionRange &part : selectionModel()->selection()) {
            for (int row = part.top(); row <= part.bottom(); ++row)
                rows.append(row);
        }
    }
    std::ranges::sort(rows);
    return rows;
}

void ImageGrid::resizeEvent(QResizeEvent *event)
{
    fitCells();
    QListView::resizeEvent(event);
    reportRange();
}

void ImageGrid::updateGeometries()
{
    QListView::updateGeometries();
    reportRange();
}

void ImageGrid::scrollContentsBy(int dx, int dy)
{
    QListView::scrollContentsBy(dx, dy);
    reportRange();
}

void ImageGrid::selectionChanged(const QItemSelection &selected, const QItemSelection &deselected)
{
    QListView::selectionChanged(selected, deselected);
    Q_EMIT selectedRowsChanged();
}

void ImageGrid::changeEvent(QEvent *event)
{
    QListView::changeEvent(event);
    if (event->type() == QEvent::StyleChange)
        fitCells();
}

// The cells leave no ground between them, so where the button goes down decides: on a selected picture it drags, elsewhere it draws the rubber band.
void ImageGrid::mousePressEvent(QMouseEvent *event)
{
    const QModelIndex index = indexAt(event->position().toPoint());
    if (event->button() == Qt::LeftButton && event->modifiers() == Qt::NoModifier && index.isValid() && selectionModel()->isSelected(index)) {
        m_pressed.reset(event->clone());
        setFocus(Qt::MouseFocusReason);
        return;
    }
    m_pressed.reset();
    QListView::mousePressEvent(event);
}

void ImageGrid::mouseMoveEvent(QMouseEvent *event)
{
    if (!m_pressed)
        return QListView::mouseMoveEvent(event);
    if ((event->position() - m_pressed->position()).manhattanLength() >= QApplication::startDragDistance())
        dragSelection();
}

void ImageGrid::mouseReleaseEvent(QMouseEvent *event)
{
    if (const auto pressed = std::exchange(m_pressed, nullptr))
        QListView::mousePressEvent(pressed.get());
    QListView::mouseReleaseEvent(event);
}

void ImageGrid::dragSelection()
{
    const QModelIndex index = indexAt(std::exchange(m_pressed, nullptr)->position().toPoint());
    auto *drag = new QDrag(this); // Qt deletes it
    auto *contents = new QMimeData;
    contents->setData(selectionFormat(), {});
    drag->setMimeData(contents);
    drag->setPixmap(dragPicture(index, selectedRows().size()));
    drag->setHotSpot({12, 12});
    drag->exec(Qt::CopyAction);
}

/// The picture under the mouse, small, and how many come with it.
QPixmap ImageGrid::dragPicture(const QModelIndex &index, qsizetype count) const
{
    const QSize size(96, 72);
    QPixmap result(size * devicePixelRatioF());
    result.setDevicePixelRatio(devicePixelRatioF());
    result.fill(Qt::transparent);
    QPainter painter(&result);
    ThumbnailPainter thumbnails;
    thumbnails.paintPicture(painter, QRect({}, size), index, devicePixelRatioF());
    if (count > 1)
        thumbnails.paintBadge(painter, QRect({}, size), QLocale().toString(count));
    return result;
}

} // namespace whisker
