#pragma once

#include "ui/data/pictures_ahead.h"
#include "widgets/picture_view.h"

namespace whisker {

/// The picture that is labelled; those that come next are decoded ahead. One that can't be read is told of in its place.
class LabellingPicture : public PictureView {
    Q_OBJECT
public:
    /// `load` is called on two threads.
    explicit LabellingPicture(ThumbnailLoader::Load load, QWidget *parent = nullptr);

    /// Shows `current` (null: leaves what is shown), and asks for it and for `around`, the most urgent first.
    void showPicture(const ImageRecord *current, std::span<const ImageRecord *const> around);
    bool isReady() const { return m_ready; } ///< The picture is on show, decoded.
    void forget();                           ///< What was decoded.

private:
    void showCurrent();

    ImageRecord m_current;
    bool m_ready = false;
    PicturesAhead m_ahead;
};

} // namespace whisker
