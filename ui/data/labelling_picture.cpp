#include "ui/data/labelling_picture.h"

#include "ui/texts.h"

#include <utility>

namespace whisker {

LabellingPicture::LabellingPicture(ThumbnailLoader::Load load, QWidget *parent) : PictureView(parent), m_ahead(std::move(load))
{
    connect(&m_ahead, &PicturesAhead::ready, this, [this](ImageId id) {
        if (id == m_current.id)
            showCurrent();
    });
    connect(&m_ahead, &PicturesAhead::failed, this, [this](ImageId id, const Error &error) {
        if (id != m_current.id)
            return; // tried again when it is its turn
        setPicture({});
        setPlaceholder(tr("%1 Space goes on, X excludes it.").arg(fromUtf8(error.message)));
    });
}

void LabellingPicture::showPicture(const ImageRecord *current, std::span<const ImageRecord *const> around)
{
    m_ahead.want(around);
    m_current = current ? *current : ImageRecord{};
    if (current)
        showCurrent();
}

void LabellingPicture::forget()
{
    m_current = {};
    m_ahead.clear();
}

void LabellingPicture::showCurrent()
{
    const QImage *picture = m_ahead.find(m_current.id);
    m_ready = picture != nullptr;
    setPlaceholder(tr("Opening the picture"));
    setPicture(picture ? *picture : QImage(), fromUtf8(m_current.name), QSize(m_current.width, m_current.height));
}

} // namespace whisker
