#include "widgets/picture_strip.h"

#include "widgets/image_grid.h"
#include "widgets/internal/paint.h"
#include "widgets/internal/thumbnail_painter.h"

#include <QFontMetrics>
#include <QResizeEvent>
#include <QScrollBar>
#include <QStyledItemDelegate>
#include <QWheelEvent>

namespace whisker {

namespace {

constexpr int kEdge = 72;
constexpr int kCell = kEdge + 10;
constexpr int kMargin = 6;
constexpr int kHintWidth = 300;

class StripDelegate : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;
    QSize sizeHint(const QStyleOptionViewItem &, const QModelIndex &) const override { return {kCell, kCell}; }
    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        const QRect picture(option.rect.topLeft() + QPoint(5, 5), QSize(kEdge, kEdge));
        m_painter.paintPicture(*painter, picture, index, painter->device()->devicePixelRatioF());
        if (option.state & QStyle::State_Selected)
            ThumbnailPainter::paintRing(*painter, picture);
    }

private:
    mutable ThumbnailPainter m_painter;
};

} // namespace

PictureStrip::PictureStrip(QWidget *parent) : QListView(parent)
{
    setAccessibleName(tr("Pictures asked about"));
    setItemDelegate(new StripDelegate(this));
    setFlow(LeftToRight);
    setWrapping(false);
    setMovement(Static);
    setUniformItemSizes(true);
    setSelectionMode(SingleSelection);
    setHorizontalScrollMode(ScrollPerPixel);
    setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff); // keys and the wheel move it; a bar would cover the pictures
    setFrameShape(NoFrame);
    setViewportMargins(kMargin, kMargin, kMargin, kMargin);
    setFixedHeight(kCell + 2 * kMargin);
    viewport()->setAutoFillBackground(false);
    connect(&Theme::current(), &Theme::changed, viewport(), qOverload<>(&QWidget::update));
}

void PictureStrip::setModel(QAbstractItemModel *model)
{
    QListView::setModel(model);
    viewport()->update();
}

void PictureStrip::setHint(const QString &text)
{
    m_hint = text;
    setAccessibleDescription(text);
    viewport()->update();
}

int PictureStrip::currentRow() const { return currentIndex().isValid() ? currentIndex().row() : -1; }

void PictureStrip::setCurrentRow(int row)
{
    if (model())
        setCurrentIndex(model()->index(row, 0));
}

QSize PictureStrip::sizeHint() const { return {480, kCell + 2 * kMargin}; }

void PictureStrip::currentChanged(const QModelIndex &current, const QModelIndex &previous)
{
    QListView::currentChanged(current, previous);
    Q_EMIT currentRowChanged(current.isValid() ? current.row() : -1);
}

bool PictureStrip::event(QEvent *event)
{
    const bool done = QListView::event(event);
    if (event->type() == QEvent::Paint) { // of the frame around the viewport
        const ThemeColours &colours = Theme::current().colours();
        QPainter painter(this);
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(QPen(mixed(colours.line, colours.quietText, 0.2), 1, Qt::DashLine));
        painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), kCardRadius, kCardRadius);
    }
    return done;
}

void PictureStrip::paintEvent(QPaintEvent *event)
{
    const int taken = model() ? model()->rowCount() * kCell : 0;
    const int room = viewport()->width() - taken - 16;
    if (!m_hint.isEmpty() && room >= kHintWidth / 2) {
        QPainter painter(viewport());
        painter.setPen(Theme::current().colours().quietText);
        const int width = std::min(room, kHintWidth);
        painter.drawText(QRect(viewport()->width() - width - 4, 0, width, viewport()->height()),
                         Qt::AlignVCenter | (taken > 0 ? Qt::AlignLeft : Qt::AlignRight) | Qt::TextWordWrap, m_hint);
    }
    QListView::paintEvent(event);
}

/// What is chosen and in sight stays in sight.
void PictureStrip::resizeEvent(QResizeEvent *event)
{
    const bool wasInSight = QRect({}, event->oldSize()).intersects(visualRect(currentIndex()));
    QListView::resizeEvent(event);
    if (wasInSight)
        scrollTo(currentIndex());
}

void PictureStrip::wheelEvent(QWheelEvent *event)
{
    const QPoint turn = event->angleDelta();
    horizontalScrollBar()->setValue(horizontalScrollBar()->value() - (turn.y() != 0 ? turn.y() : turn.x()));
    event->accept();
}

} // namespace whisker
