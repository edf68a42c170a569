#pragma once

#include "widgets/cell_grid.h"

#include <QAbstractItemView>
#include <QTimer>
#include <memory>

namespace whisker {

/// What a model tells an ImageGrid or a PictureStrip about a row. All are answered from memory, at once.
enum ImageRole {
    ThumbnailRole = Qt::UserRole + 1000, ///< QImage, at most some hundred pixels wide; null while it is not there.
    NameRole,                            ///< QString below the picture; Qt::DisplayRole where it is missing.
    ClassIndexRole,                      ///< int; -1: no label (hollow dot); kNoDot: no dot at all.
    BadgeRole,                           ///< QString at the top right corner; empty: none.
    DottedBadgeRole,                     ///< bool: the badge is a guess and has a dotted edge; missing: false.
    StateRole,                           ///< ThumbnailState as int; missing counts as Ready where there is a thumbnail, else Waiting.
};
enum class ThumbnailState { Waiting, Ready, Broken };
inline constexpr int kNoDot = -2;

/// A grid of pictures that fill the width: at least 132 px wide, 4:3, cropped to fill, with name and class below. Several can be selected
/// by mouse (click, rubber band, Shift, Ctrl) and by keys, and what is selected can be dragged out. Uses any list model with the roles above; 1,000,000 rows are laid out
/// and scroll at once, because a cell's place is computed from its row, and only what is visible is asked for. Thumbnails that are new and more than a frame has time for
/// are painted roughly in it and well in the next ones.
///
/// Each cell has kRing px around its picture for the selection's ring; give the grid that much less margin.
class ImageGrid : public QAbstractItemView {
    Q_OBJECT
public:
    static constexpr int kRing = 4;
    /// What a drag of the selection carries. Without contents: who takes the drop asks for the selection.
    static QString selectionFormat();
    explicit ImageGrid(QWidget *parent = nullptr);
    ~ImageGrid() override;

    void setModel(QAbstractItemModel *model) override;
    /// Smallest width of a picture in px, at least 48; 132 if never called.
    void setThumbnailWidth(int widthPx);
    int columns() const { return m_cells.columns; }
    /// Size in device-independent pixels that a thumbnail is shown at; what the model should decode to (times the pixel ratio).
    QSize pictureSize() const;
    std::pair<int, int> visibleRange() const { return m_range; } ///< First and last row, {-1, -1} where there is none.
    QList<int> selectedRows() const;                              ///< Ascending.

    QRect visualRect(const QModelIndex &index) const override;
    QModelIndex indexAt(const QPoint &point) const override;
    void scrollTo(const QModelIndex &index, ScrollHint hint = EnsureVisible) override;

Q_SIGNALS:
    /// Rows that are at least partly visible; emitted when that changes by scrolling, resizing or by the model.
    void visibleRangeChanged(int first, int last);
    void selectedRowsChanged();

protected:
    void resizeEvent(QResizeEvent *event) override;
    void updateGeometries() override;
    void paintEvent(QPaintEvent *event) override;
    QModelIndex moveCursor(CursorAction action, Qt::KeyboardModifiers modifiers) override;
    int horizontalOffset() const override { return 0; }
    int verticalOffset() const override;
    bool isIndexHidden(const QModelIndex &) const override { return false; }
    void setSelection(const QRect &area, QItemSelectionModel::SelectionFlags command) override;
    QRegion visualRegionForSelection(const QItemSelection &selection) const override;
    void scrollContentsBy(int dx, int dy) override;
    void selectionChanged(const QItemSelection &selected, const QItemSelection &deselected) override;
    void changeEvent(QEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void mouseReleaseEvent(QMouseEvent *event) override;

private:
    void dragSelection();
    QPixmap dragPicture(const QModelIndex &index, qsizetype count) const;
    void fitCells();
    void reportRange();
    void paintBand(QPainter &painter) const;
    QRect onViewport(QRect inContents) const;
    QRect inContents(QRect onViewport) const;

    int m_thumbnailWidth = 132;
    CellGrid m_cells;
    std::pair<int, int> m_range{-1, -1};
    bool m_fitting = false;
    QPoint m_bandFrom;   // in the contents
    QRect m_band;        // on the viewport; null: none is drawn
    QTimer m_paintAgain; // what was painted roughly
    std::unique_ptr<QMouseEvent> m_pressed; // on a selected picture: a drag or, when the button goes up, a click
};

} // namespace whisker
