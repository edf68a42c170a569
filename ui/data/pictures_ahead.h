#pragma once

#include "ui/data/thumbnail_loader.h"

#include <QCache>
#include <span>

namespace whisker {

/// The pictures that somebody goes through one by one, decoded before it is their turn, two at a time; a dozen of them are kept. GUI thread only.
class PicturesAhead : public QObject {
    Q_OBJECT
public:
    /// `load` is called on two threads.
    explicit PicturesAhead(ThumbnailLoader::Load load, QObject *parent = nullptr);

    /// The most urgent first; takes the place of what was asked for before.
    void want(std::span<const ImageRecord *const> images);
    void clear();
    const QImage *find(ImageId id) const { return m_pictures.object(id); } ///< Null while it isn't there. Good until control returns to the event loop.

Q_SIGNALS:
    void ready(whisker::ImageId id);
    void failed(whisker::ImageId id, const whisker::Error &error);

private:
    QCache<ImageId, QImage> m_pictures; // cost in bytes
    ThumbnailLoader m_loader;
};

} // namespace whisker
