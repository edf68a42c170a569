#include "ui/train/setup_sheet_maker.h"

#include "engine/base/thread_priority.h"
#include "engine/image/decode.h"
#include "engine/image/decode_to_augment.h"
#include "ui/texts.h"

#include <cstring>

namespace whisker {

namespace {

QImage qImageOf(const RgbImage &picture)
{
    QImage image(picture.width, picture.height, QImage::Format_RGB888);
    for (int y = 0; y < picture.height; ++y)
        std::memcpy(image.scanLine(y), picture.row(y), picture.rowBytes());
    return image.convertToFormat(QImage::Format_RGB32);
}

/// As the trainer's loader reads it.
Result<PlanarImage> toAugment(const std::filesystem::path &file, const SheetWish &wish)
{
    const auto bytes = readPictureFile(file);
    if (!bytes)
        return std::unexpected(bytes.error());
    return decodedToAugment(*bytes, file, shortEdgeToAugmentPx(wish.augmentation, wish.preprocessing.sizePx, wish.preprocessing.fit));
}

struct Partner {
    std::size_t place; // in SheetWish::partners
    PlanarImage picture;
};

std::vector<Partner> readPartners(const SheetWish &wish)
{
    std::vector<Partner> partners;
    for (std::size_t place = 0; wish.mixing.any() && place < wish.partners.size(); ++place) {
        if (auto picture = toAugment(wish.partners[place], wish))
            partners.push_back({place, *std::move(picture)});
    }
    return partners;
}

/// Number `i` of a sheet.
SheetPicture variant(const SheetWish &wish, const PlanarImage &picture, const std::vector<Partner> &partners, std::size_t i)
{
    const auto changed = [&](const PlanarImage &one, std::uint64_t sheet) { return augment(one, wish.augmentation, wish.preprocessing, CounterRandom(sheet, i)); };
    RgbImage seen = changed(picture, 0);
    if (partners.empty())
        return {qImageOf(seen)};
    const Partner &partner = partners[i % partners.size()];
    const RgbImage other = changed(partner.picture, 1);
    const double share = mixPicture(seen.pixels, other, wish.mixing, CounterRandom(2, i));
    return {qImageOf(seen), partner.place, share};
}

} // namespace

SheetMaker::SheetMaker(QObject *parent) : QObject(parent), m_thread(JobThread::AtEnd::Drop) {}

void SheetMaker::want(const SheetWish &wish)
{
    const int number = ++m_number;
    m_thread.add([this, wish, number] { make(wish, number); });
}

/// On the thread.
void SheetMaker::make(const SheetWish &wish, int number)
{
    if (number != m_number)
        return; // somebody wants another by now
    stepBehindWindow();
    const auto tell = [&](auto &&what) { QMetaObject::invokeMethod(this, std::forward<decltype(what)>(what), Qt::QueuedConnection); };
    const auto picture = toAugment(wish.file, wish);
    if (!picture) {
        tell([this, number, sentence = fromUtf8(picture.error().message)] {
            if (number == m_number)
                Q_EMIT failed(sentence);
        });
        return;
    }
    const auto partners = readPartners(wish);
    std::vector<SheetPicture> variants;
    for (std::size_t i = 0; i < std::size_t(kVariants) && number == m_number; ++i)
        variants.push_back(variant(wish, *picture, partners, i));
    tell([this, number, variants] {
        if (number == m_number)
            Q_EMIT made(variants);
    });
}

} // namespace whisker
