#pragma once

#include "ui/data/thumbnail_loader.h"
#include "widgets/page_cover.h"

namespace whisker {

class PictureFacts;
class PictureView;
class TextLabel;

/// One picture as large as the page, over the page. Left and Right walk on (PageUp and PageDown also while it is zoomed, where the arrows pan), Esc or Space
/// goes back; the wheel, +, - and Z zoom, Ctrl+0 fits it again, I shows or hides what is known of the file.
class PictureOverlay : public PageCover {
    Q_OBJECT
public:
    static constexpr int kEdgePx = 2048; ///< Longest edge that is decoded: more than a page shows.

    /// `load` is called on one thread, and `loadWhole`, which gives the picture with all its pixels, on another when it is zoomed.
    PictureOverlay(ThumbnailLoader::Load load, ThumbnailLoader::Load loadWhole, QWidget *parent);

    /// Shows the picture, `placeholder` (its thumbnail) until it is decoded.
    void showPicture(const ImageRecord &image, const QImage &placeholder);
    void setCaption(const QString &text); ///< What is known of it, above the picture.
    ImageId shownId() const { return m_id; } ///< 0 while it is closed.
    bool isReady() const { return m_ready; } ///< The picture itself is there, not its placeholder.
    PictureView *view() const { return m_view; }
    PictureFacts *facts() const { return m_facts; }
    void leave();

Q_SIGNALS:
    void stepWanted(int step); ///< -1 or 1.
    void left();

protected:
    void keyPressEvent(QKeyEvent *event) override;

private:
    void toggleFacts();
    void fillFacts();
    bool panByKey(int key);

    TextLabel *m_caption;
    PictureView *m_view;
    PictureFacts *m_facts;
    ImageRecord m_image;
    ImageId m_id = 0;
    QString m_name;
    QSize m_size;
    bool m_ready = false;
    ThumbnailLoader m_loader;
    ThumbnailLoader m_wholeLoader;
};

} // namespace whisker
