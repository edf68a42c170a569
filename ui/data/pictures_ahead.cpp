#include "ui/data/pictures_ahead.h"

#include <utility>

namespace whisker {

namespace {
constexpr int kThreads = 2;
constexpr int kBytes = 160 << 20; // a dozen of 2048 px
} // namespace

PicturesAhead::PicturesAhead(ThumbnailLoader::Load load, QObject *parent) : QObject(parent), m_pictures(kBytes), m_loader(std::move(load), kThreads)
{
    connect(&m_loader, &ThumbnailLoader::loaded, this, [this](ImageId id, const QImage &image) {
        m_pictures.insert(id, new QImage(image), static_cast<int>(image.sizeInBytes()));
        Q_EMIT ready(id);
    });
    connect(&m_loader, &ThumbnailLoader::failed, this, &PicturesAhead::failed);
}

void PicturesAhead::want(std::span<const ImageRecord *const> images)
{
    std::vector<ThumbnailLoader::Request> wanted;
    for (const ImageRecord *image : images) {
        if (!m_pictures.contains(image->id))
            wanted.push_back({image->id, image->file()});
    }
    m_loader.setWanted(std::move(wanted));
}

void PicturesAhead::clear()
{
    m_loader.setWanted({});
    m_pictures.clear();
}

} // namespace whisker
