#include "widgets/image_grid.h"

#include "widgets/internal/grid_delegate.h"
#include "widgets/theme.h"

#include <QApplication>
#include <QDrag>
#include <QEvent>
#include <QLocale>
#include <QMimeData>
#include <QMouseEvent>
#include <QPainter>
#include <QPaintEvent>
#include <QRubberBand>
#include <QScrollBar>
#include <QStyleOptionRubberBand>
#include <algorithm>
#include <utility>

namespace whisker {

namespace {

constexpr int kRowGap = 4;
constexpr int kSmallest = 48;

} // namespace

QString ImageGrid::selectionFormat() { return QStringLiteral("application/x-whisker-selection"); }

ImageGrid::~ImageGrid() = default;

ImageGrid::ImageGrid(QWidget *parent) : QAbstractItemView(parent)
{
    setAccessibleName(tr("Pictures"));
    setItemDelegate(new GridDelegate(this));
    setSelectionMode(ExtendedSelection);
    setVerticalScrollMode(ScrollPerPixel);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setFrameShape(NoFrame);
    setMouseTracking(false);
    viewport()->setAutoFillBackground(false);
    m_paintAgain.setSingleShot(true);
    m_paintAgain.setInterval(0);
    connect(&m_paintAgain, &QTimer::timeout, viewport(), qOverload<>(&QWidget::update));
    connect(&Theme::current(), &Theme::changed, viewport(), qOverload<>(&QWidget::update));
}

void ImageGrid::setModel(QAbstractItemModel *model)
{
    if (QAbstractItemModel *old = this->model())
        old->disconnect(this);
    QAbstractItemView::setModel(model);
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
    const int width = m_cells.cell.width() - 2 * kRing;
    return {width, GridDelegate::pictureHeight(width)};
}

void ImageGrid::fitCells()
{
    if (m_fitting)
        return;
    m_fitting = true;
    const auto cellsOf = [this](int viewportWidth) {
        CellGrid cells;
        cells.items = model() ? model()->rowCount(rootIndex()) : 0;
        cells.columns = std::max(1, viewportWidth / (m_thumbnailWidth + 2 * kRing));
        const int width = std::max(viewportWidth / cells.columns, kSmallest);
        cells.cell = QSize(width, GridDelegate::pictureHeight(width - 2 * kRing) + GridDelegate::kCaptionHeight + 2 * kRing + kRowGap);
        return cells;
    };
    // The scroll bar takes width, width changes the rows, rows decide on the scroll bar: decided here once, so that it can't flip to and fro.
    m_cells = cellsOf(width());
    const bool scrolls = m_cells.height() > height();
    if (scrolls)
        m_cells = cellsOf(width() - verticalScrollBar()->sizeHint().width());
    setVerticalScrollBarPolicy(scrolls ? Qt::ScrollBarAlwaysOn : Qt::ScrollBarAlwaysOff);
    static_cast<GridDelegate *>(itemDelegate())->cell = m_cells.cell;
    verticalScrollBar()->setSingleStep(m_cells.cell.height() / 3);
    verticalScrollBar()->setPageStep(viewport()->height());
    verticalScrollBar()->setRange(0, std::max(0, m_cells.height() - viewport()->height()));
    viewport()->update();
    m_fitting = false;
    reportRange();
}

void ImageGrid::reportRange()
{
    const QRect seen(0, verticalOffset(), 1, viewport()->height());
    const auto range = seen.isEmpty() ? std::pair(-1, -1) : m_cells.itemsAcross(seen);
    if (range == m_range)
        return;
    m_range = range;
    Q_EMIT visibleRangeChanged(range.first, range.second);
}

int ImageGrid::verticalOffset() const { return verticalScrollBar()->value(); }

/// Where text runs from the right, the first cell is at the right; the contents stay as they are.
QRect ImageGrid::onViewport(QRect inContents) const
{
    inContents.translate(0, -verticalOffset());
    if (isRightToLeft())
        inContents.moveLeft(viewport()->width() - inContents.left() - inContents.width());
    return inContents;
}

QRect ImageGrid::inContents(QRect onViewport) const
{
    if (isRightToLeft())
        onViewport.moveLeft(viewport()->width() - onViewport.left() - onViewport.width());
    return onViewport.translated(0, verticalOffset());
}

QRect ImageGrid::visualRect(const QModelIndex &index) const
{
    return index.isValid() ? onViewport(m_cells.rectOf(index.row())) : QRect();
}

QModelIndex ImageGrid::indexAt(const QPoint &point) const
{
    const int item = m_cells.itemAt(inContents(QRect(point, QSize(1, 1))).topLeft());
    return item >= 0 && model() ? model()->index(item, 0, rootIndex()) : QModelIndex();
}

void ImageGrid::scrollTo(const QModelIndex &index, ScrollHint hint)
{
    if (!index.isValid())
        return;
    const QRect cell = m_cells.rectOf(index.row());
    const int top = verticalOffset(), room = viewport()->height() - cell.height();
    const bool above = cell.top() < top, below = cell.top() > top + room;
    if (hint == PositionAtTop || (hint == EnsureVisible && (above || room < 0)))
        verticalScrollBar()->setValue(cell.top());
    else if (hint == PositionAtBottom || (hint == EnsureVisible && below))
        verticalScrollBar()->setValue(cell.top() - room);
    else if (hint == PositionAtCenter)
        verticalScrollBar()->setValue(cell.top() - room / 2);
}

QModelIndex ImageGrid::moveCursor(CursorAction action, Qt::KeyboardModifiers)
{
    if (m_cells.items == 0)
        return {};
    const int last = m_cells.items - 1;
    const int page = std::max(1, viewport()->height() / m_cells.cell.height()) * m_cells.columns;
    const int right = isRightToLeft() ? -1 : 1;
    const auto target = [&](int item) {
        const auto step = [&](int by) { return item + by < 0 || item + by > last ? item : item + by; };
        const auto steps = [&](int by) { return item + by < 0 ? item % m_cells.columns : item + by > last ? last : item + by; };
        switch (action) {
        case MoveLeft: return step(-right);
        case MoveRight: return step(right);
        case MovePrevious: return step(-1);
        case MoveNext: return step(1);
        case MoveUp: return step(-m_cells.columns);
        case MoveDown: return item / m_cells.columns == last / m_cells.columns ? item : steps(m_cells.columns);
        case MovePageUp: return steps(-page);
        case MovePageDown: return steps(page);
        case MoveHome: return 0;
        case MoveEnd: return last;
        }
        return item;
    };
    const QModelIndex current = currentIndex();
    return model()->index(current.isValid() ? std::min(target(current.row()), last) : 0, 0, rootIndex());
}

/// By the rubber band what it touches; by keys and clicks all from one end of `area` to the other in reading order.
void ImageGrid::setSelection(const QRect &area, QItemSelectionModel::SelectionFlags command)
{
    QItemSelection chosen;
    const auto add = [&](int first, int last) { chosen.select(model()->index(first, 0, rootIndex()), model()->index(last, 0, rootIndex())); };
    if (state() == DragSelectingState) {
        const QRect band = inContents(area.normalized());
        const auto [first, last] = m_cells.itemsAcross(band);
        const int left = std::clamp(band.left() / m_cells.cell.width(), 0, m_cells.columns - 1);
        const int right = std::clamp(band.right() / m_cells.cell.width(), 0, m_cells.columns - 1);
        const bool outside = band.right() < 0 || band.left() >= m_cells.columns * m_cells.cell.width();
        for (int row = first; first >= 0 && !outside && row <= last; row += m_cells.columns) {
            if (row + left <= last)
                add(row + left, std::min(row + right, last));
        }
    } else {
        const QModelIndex from = indexAt(area.topLeft()), to = indexAt(area.bottomRight());
        if (from.isValid() && to.isValid())
            add(std::min(from.row(), to.row()), std::max(from.row(), to.row()));
    }
    if (selectionModel())
        selectionModel()->select(chosen, command);
}

QRegion ImageGrid::visualRegionForSelection(const QItemSelection &selection) const
{
    QRegion region;
    for (const QItemSelectionRange &part : selection) {
        for (int row = std::max(part.top(), m_range.first); row >= 0 && row <= std::min(part.bottom(), m_range.second); ++row)
            region += onViewport(m_cells.rectOf(row));
    }
    return region;
}

void ImageGrid::paintEvent(QPaintEvent *event)
{
    QPainter painter(viewport());
    auto *delegate = static_cast<GridDelegate *>(itemDelegate());
    delegate->thumbnails().beginFrame();
    QStyleOptionViewItem option;
    initViewItemOption(&option);
    const QStyle::State plain = option.state & ~QStyle::State_HasFocus;
    const auto [first, last] = m_cells.itemsAcross(inContents(event->rect()));
    for (int row = first; row >= 0 && row <= last; ++row) {
        const QModelIndex index = model()->index(row, 0, rootIndex());
        option.rect = visualRect(index);
        if (!event->region().intersects(option.rect))
            continue;
        option.state = plain;
        option.state.setFlag(QStyle::State_Selected, selectionModel()->isSelected(index));
        option.state.setFlag(QStyle::State_HasFocus, index == currentIndex() && hasFocus());
        delegate->paint(&painter, option, index);
    }
    paintBand(painter);
    if (delegate->thumbnails().hasRough())
        m_paintAgain.start();
}

void ImageGrid::paintBand(QPainter &painter) const
{
    if (m_band.isNull())
        return;
    QStyleOptionRubberBand option;
    option.initFrom(this);
    option.shape = QRubberBand::Rectangle;
    option.opaque = false;
    option.rect = m_band.intersected(viewport()->rect().adjusted(-16, -16, 16, 16));
    painter.save();
    style()->drawControl(QStyle::CE_RubberBand, &option, &painter);
    painter.restore();
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
    QAbstractItemView::resizeEvent(event);
    reportRange();
}

void ImageGrid::updateGeometries()
{
    fitCells();
    QAbstractItemView::updateGeometries();
}

void ImageGrid::scrollContentsBy(int dx, int dy)
{
    viewport()->scroll(dx, dy);
    if (!m_band.isNull())
        viewport()->update(); // one of its ends stays where the mouse is
    reportRange();
}

void ImageGrid::selectionChanged(const QItemSelection &selected, const QItemSelection &deselected)
{
    QAbstractItemView::selectionChanged(selected, deselected);
    Q_EMIT selectedRowsChanged();
}

void ImageGrid::changeEvent(QEvent *event)
{
    QAbstractItemView::changeEvent(event);
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
    m_bandFrom = event->position().toPoint() + QPoint(0, verticalOffset());
    QAbstractItemView::mousePressEvent(event);
}

void ImageGrid::mouseMoveEvent(QMouseEvent *event)
{
    if (!m_pressed) {
        QAbstractItemView::mouseMoveEvent(event);
        const QRect before = std::exchange(m_band, {});
        if (state() == DragSelectingState)
            m_band = QRect(m_bandFrom - QPoint(0, verticalOffset()), event->position().toPoint()).normalized();
        if (m_band != before)
            viewport()->update(before.united(m_band).adjusted(-2, -2, 2, 2));
        return;
    }
    if ((event->position() - m_pressed->position()).manhattanLength() >= QApplication::startDragDistance())
        dragSelection();
}

void ImageGrid::mouseReleaseEvent(QMouseEvent *event)
{
    if (const auto pressed = std::exchange(m_pressed, nullptr))
        QAbstractItemView::mousePressEvent(pressed.get());
    QAbstractItemView::mouseReleaseEvent(event);
    if (!std::exchange(m_band, {}).isNull())
        viewport()->update();
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
