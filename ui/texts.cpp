#include "ui/texts.h"

#include "engine/base/path_text.h"

#include <QCoreApplication>
#include <QFile>
#include <QLocale>
#include <cmath>

namespace whisker {

QString fromUtf8(std::string_view text)
{
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

QString displayText(const std::filesystem::path &path)
{
    return fromUtf8(pathText(path));
}

std::filesystem::path toPath(const QString &path)
{
    return std::filesystem::path(QFile::encodeName(path).toStdString());
}

QString countText(qint64 count, const QString &one, const QString &many)
{
    return count == 1 ? one : many.arg(QLocale().toString(count));
}

QString timeLeftText(std::chrono::milliseconds left)
{
    const double seconds = std::chrono::duration<double>(left).count();
    const auto text = [](const char *key) { return QCoreApplication::translate("whisker::texts", key); };
    if (seconds < 10)
        return text(QT_TRANSLATE_NOOP("whisker::texts", "a few seconds left"));
    if (seconds < 90)
        return text(QT_TRANSLATE_NOOP("whisker::texts", "about %1 s left")).arg(std::lround(seconds / 10) * 10);
    if (seconds < 90 * 60)
        return text(QT_TRANSLATE_NOOP("whisker::texts", "about %1 min left")).arg(std::lround(seconds / 60));
    return text(QT_TRANSLATE_NOOP("whisker::texts", "about %1 h left")).arg(std::lround(seconds / 3600));
}

QString memoryText(qint64 bytes)
{
    const auto text = [](const char *key, double value, int decimals) {
        return QCoreApplication::translate("whisker::texts", key).arg(QLocale().toString(value, 'f', decimals));
    };
    const double megabytes = double(bytes) / 1e6;
    if (megabytes >= 950)
        return text(QT_TRANSLATE_NOOP("whisker::texts", "%1 GB"), megabytes / 1000, 1);
    return text(QT_TRANSLATE_NOOP("whisker::texts", "%1 MB"), megabytes, megabytes < 9.5 ? 1 : 0);
}

} // namespace whisker
