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
Result<PlanarImage> toAugment(const SheetWish &wish)
{
    const auto bytes = readPictureFile(wish.file);
    if (!bytes)
        return std::unexpected(bytes.error());
    return decodedToAugment(*bytes, wish.file, shortEdgeToAugmentPx(wish.augmentation, wish.preprocessing.sizePx, wish.preprocessing.fit));
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
    const auto picture = toAugment(wish);
    if (!picture) {
        tell([this, number, sentence = fromUtf8(picture.error().message)] {
            if (number == m_number)
                Q_EMIT failed(sentence);
        });
        return;
    }
    std::vector<QImage> variants;
    for (int i = 0; i < kVariants && number == m_number; ++i)
        variants.push_back(qImageOf(augment(*picture, wish.augmentation, wish.preprocessing, CounterRandom(0, static_cast<std::uint64_t>(i)))));
    tell([this, number, variants] {
        if (number == m_number)
            Q_EMIT made(variants);
    });
}

} // namespace whisker
