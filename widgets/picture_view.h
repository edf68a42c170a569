#pragma once

#include <QImage>
#include <QPixmap>
#include <QWidget>

namespace whisker {

class Pill;

/// Shows one picture whole, fitted into the widget, with its size and name. It scales in the GUI thread: give it pictures that were decoded
/// to about the screen's size (up to some 4 megapixels), and the size of the file's picture beside it.
class PictureView : public QWidget {
    Q_OBJECT
public:
    explicit PictureView(QWidget *parent = nullptr);

    /// A null image shows the placeholder. `originalSize` empty: the image's own.
    void setPicture(const QImage &image, const QString &name = {}, QSize originalSize = {});
    void setPlaceholder(const QString &text); ///< "Drop a picture", "This picture can't be read", "Opening..."
    bool hasPicture() const { return !m_image.isNull(); }
    QRect pictureRect() const; ///< Where the picture is, in the widget's coordinates; empty without one.
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;

private:
    void placePills();
    QImage m_image;
    QSize m_originalSize;
    QPixmap m_scaled; // m_image at pictureRect()'s size; made when first painted
    QString m_placeholder;
    Pill *m_name;
    Pill *m_size;
};

} // namespace whisker
