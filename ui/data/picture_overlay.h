#pragma once

#include "ui/data/thumbnail_loader.h"

#include <QWidget>

namespace whisker {

class PictureView;
class TextLabel;

/// One picture as large as the page, over the page. Left and Right walk on, Esc or Space goes back. It follows its parent's size.
class PictureOverlay : public QWidget {
    Q_OBJECT
public:
    static constexpr int kEdgePx = 2048; ///< Longest edge that is decoded: more than a page shows.

    /// `load` is called on one thread.
    explicit PictureOverlay(ThumbnailLoader::Load load, QWidget *parent);

    /// Shows the picture, `placeholder` (its thumbnail) until it is decoded.
    void showPicture(const ImageRecord &image, const QImage &placeholder);
    void setCaption(const QString &text); ///< What is known of it, above the picture.
    ImageId shownId() const { return m_id; } ///< 0 while it is closed.
    bool isReady() const { return m_ready; } ///< The picture itself is there, not its placeholder.
    void leave();

Q_SIGNALS:
    void stepWanted(int step); ///< -1 or 1.
    void left();

protected:
    void paintEvent(QPaintEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void mouseDoubleClickEvent(QMouseEvent *event) override;
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    TextLabel *m_caption;
    PictureView *m_view;
    ImageId m_id = 0;
    QString m_name;
    QSize m_size;
    bool m_ready = false;
    ThumbnailLoader m_loader;
};

} // namespace whisker
