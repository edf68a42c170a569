#pragma once

#include <QImage>
#include <QPixmap>
#include <QWidget>

namespace whisker {

class Pill;

/// Shows one picture whole, fitted into the widget, with its size and name; where it may be zoomed, also larger. It scales in the GUI thread: give it pictures
/// that were decoded to about the screen's size (up to some 4 megapixels), and the size of the file's picture beside it. What is zoomed beyond that comes by
/// setDetail(): only the part on show is scaled then.
class PictureView : public QWidget {
    Q_OBJECT
public:
    static constexpr double kLargestZoom = 8;

    explicit PictureView(QWidget *parent = nullptr);

    /// A null image shows the placeholder. `originalSize` empty: the image's own. Fits the picture into the widget again, unless `keepZoom`.
    void setPicture(const QImage &image, const QString &name = {}, QSize originalSize = {}, bool keepZoom = false);
    /// The picture at its full size, for zooming; zoom and place stay.
    void setDetail(const QImage &image);
    void setPlaceholder(const QString &text); ///< "Drop a picture", "This picture can't be read", "Opening..."
    bool hasPicture() const { return !m_image.isNull(); }
    bool hasDetail() const { return !m_detail.isNull(); }
    QRect pictureRect() const; ///< Where the picture is, in the widget's coordinates, beyond them where it is zoomed; empty without one.

    /// The mouse wheel zooms at the cursor, dragging pans, a double click goes to 100 % and back.
    void setZoomable(bool zoomable);
    bool isFitted() const { return m_zoom == 0; }
    double zoom() const; ///< Pixels of the screen for one of the file's picture: 1 is 100 %.
    /// What is at `at` stays there; no smaller than fitted, no larger than kLargestZoom.
    void zoomTo(double zoom, QPointF at);
    void zoomBy(double factor); ///< At the middle.
    void fit();
    void toggleZoom(QPointF at); ///< Fitted: 100 %; zoomed: fitted.
    void pan(QPointF by);   ///< Moves the picture by so much, as far as it goes.
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

Q_SIGNALS:
    void detailWanted(); ///< It is shown larger than the picture given: once for each picture.

protected:
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void wheelEvent(QWheelEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void mouseReleaseEvent(QMouseEvent *event) override;
    void mouseDoubleClickEvent(QMouseEvent *event) override;

private:
    QRectF fittedRect() const;
    double fittedZoom() const;
    QRectF zoomedRect() const;
    void takeZoom();
    void placePills();
    void paintZoomed(QPainter &painter) const;

    QImage m_image;
    QImage m_detail;
    QSize m_originalSize;
    QPixmap m_scaled; // m_image at pictureRect()'s size; made when first painted
    QString m_placeholder;
    Pill *m_name;
    Pill *m_size;
    bool m_zoomable = false;
    bool m_askedForDetail = false;
    double m_zoom = 0;      // 0: fitted
    QPointF m_middle{0.5, 0.5}; // the share of the picture that is in the middle of the widget
    QPointF m_dragged;      // where the mouse was
};

} // namespace whisker
