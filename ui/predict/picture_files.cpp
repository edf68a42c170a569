#include "ui/predict/picture_files.h"

#include "engine/image/resample.h"

#include <QCollator>
#include <QCoreApplication>
#include <QDirIterator>
#include <QFileInfo>
#include <QLocale>
#include <algorithm>

namespace whisker {

namespace {

const QStringList &pictureNames()
{
    static const QStringList names = {
        QStringLiteral("*.jpg"),  QStringLiteral("*.jpeg"), QStringLiteral("*.jpe"), QStringLiteral("*.png"), QStringLiteral("*.bmp"),
        QStringLiteral("*.webp"), QStringLiteral("*.tif"),  QStringLiteral("*.tiff"), QStringLiteral("*.gif"), QStringLiteral("*.pbm"),
        QStringLiteral("*.pgm"),  QStringLiteral("*.ppm"),  QStringLiteral("*.pnm")};
    return names;
}

QStringList picturesBelow(const QString &folder, std::size_t limit, std::stop_token stop)
{
    QStringList files;
    QDirIterator found(folder, pictureNames(), QDir::Files | QDir::Readable, QDirIterator::Subdirectories);
    // One more than allowed is looked for, to know that there are more.
    while (found.hasNext() && std::size_t(files.size()) <= limit && !stop.stop_requested())
        files.append(found.next());
    // The locale "C" compares bytes and knows no numbers.
    QCollator order(QLocale().language() == QLocale::C ? QLocale(QLocale::English) : QLocale());
    order.setNumericMode(true);
    std::ranges::sort(files, order);
    return files;
}

} // namespace

FilesFound listPictureFiles(const QStringList &paths, std::size_t limit, std::stop_token stop)
{
    FilesFound found;
    for (const QString &path : paths) {
        if (QFileInfo(path).isDir())
            found.files += picturesBelow(path, limit, stop);
        else
            found.files += path;
    }
    found.truncated = std::size_t(found.files.size()) > limit;
    if (found.truncated)
        found.files.resize(qsizetype(limit));
    return found;
}

QImage toQImage(const RgbImage &image)
{
    if (image.empty())
        return {};
    // The view on the engine's rows is copied, because they go away.
    return QImage(image.pixels.data(), image.width, image.height, qsizetype(image.rowBytes()), QImage::Format_RGB888)
        .convertToFormat(QImage::Format_RGB32);
}

Result<DecodedImage> decodedFromPasted(const QImage &image)
{
    if (image.isNull())
        return fail(ErrorCode::Unreadable,
                    QCoreApplication::translate("PictureFiles", "What was pasted holds no picture.").toStdString());
    const QImage source = image.convertToFormat(QImage::Format_ARGB32);
    DecodedImage decoded;
    decoded.rgb = RgbImage::ofSize(image.width(), image.height());
    decoded.fullWidth = image.width();
    decoded.fullHeight = image.height();
    for (int y = 0; y < source.height(); ++y) {
        const auto *from = reinterpret_cast<const QRgb *>(source.constScanLine(y));
        std::uint8_t *to = decoded.rgb.row(y);
        for (int x = 0; x < source.width(); ++x, to += 3) {
            const int alpha = qAlpha(from[x]);
            const auto onWhite = [alpha](int value) { return std::uint8_t((value * alpha + 255 * (255 - alpha) + 127) / 255); };
            to[0] = onWhite(qRed(from[x]));
            to[1] = onWhite(qGreen(from[x]));
            to[2] = onWhite(qBlue(from[x]));
        }
    }
    return decoded;
}

QImage thumbnailOf(const RgbImage &image, int shortEdgePx)
{
    // A panorama would otherwise keep its full length for a square of the strip.
    Box middle{0, 0, double(image.width), double(image.height)};
    const double longest = 2.0 * std::min(image.width, image.height);
    if (image.width > longest)
        middle.left = (image.width - longest) / 2, middle.right = middle.left + longest;
    if (image.height > longest)
        middle.top = (image.height - longest) / 2, middle.bottom = middle.top + longest;
    const double width = middle.right - middle.left;
    const double height = middle.bottom - middle.top;
    const double scale = std::min(1.0, shortEdgePx / std::min(width, height));
    return toQImage(resample(image, middle, std::max(1, int(width * scale)), std::max(1, int(height * scale)), Interpolation::Area));
}

} // namespace whisker
