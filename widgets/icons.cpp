#include "widgets/icons.h"

#include "widgets/internal/resources.h"

#include <QFile>
#include <QIconEngine>
#include <QPainter>
#include <QPixmapCache>
#include <QSvgRenderer>
#include <array>

// Outside of the namespace, as Q_INIT_RESOURCE wants it.
static void registerWhiskerResources() { Q_INIT_RESOURCE(whisker); }

namespace whisker {

namespace {

constexpr std::array kFiles{"data",  "train", "evaluate", "predict",     "export", "add",   "folder", "search",
                            "undo",  "redo",  "stop",     "play",        "pause",  "warning", "information", "error",
                            "check", "close", "paste",    "picture",     "broken-picture", "drop", "label", "more"};
static_assert(kFiles.size() == std::size_t(Icon::More) + 1);

QByteArray svgOf(Icon name, const QColor &colour)
{
    initResources();
    QFile file(QStringLiteral(":/whisker/icons/%1.svg").arg(QLatin1String(kFiles[std::size_t(name)])));
    if (!file.open(QIODevice::ReadOnly))
        return {};
    return file.readAll().replace("currentColor", colour.name().toLatin1());
}

/// Asks the theme for its colour each time it paints, so an icon that was given away once follows every change of scheme.
class ThemeIconEngine : public QIconEngine {
public:
    ThemeIconEngine(Icon name, Tone tone) : m_name(name), m_tone(tone) {}

    void paint(QPainter *painter, const QRect &rect, QIcon::Mode mode, QIcon::State state) override
    {
        const qreal ratio = painter->device() ? painter->device()->devicePixelRatioF() : 1.0;
        draw(*painter, rect, mode, state, ratio);
    }
    QPixmap pixmap(const QSize &size, QIcon::Mode mode, QIcon::State state) override { return scaledPixmap(size, mode, state, 1.0); }
    QPixmap scaledPixmap(const QSize &size, QIcon::Mode mode, QIcon::State state, qreal) override
    {
        QPixmap result(size); // `size` is in device pixels here
        result.fill(Qt::transparent);
        QPainter painter(&result);
        draw(painter, QRect({}, size), mode, state, 1.0);
        return result;
    }
    QIconEngine *clone() const override { return new ThemeIconEngine(m_name, m_tone); }

private:
    void draw(QPainter &painter, const QRect &rect, QIcon::Mode mode, QIcon::State state, qreal ratio) const
    {
        const ThemeColours &colours = Theme::current().colours();
        const QColor colour = state == QIcon::On || mode == QIcon::Selected ? colours.accentText : colours.textOf(m_tone);
        const int edge = std::min(rect.width(), rect.height());
        const QPoint corner = rect.center() - QPoint((edge - 1) / 2, (edge - 1) / 2);
        painter.setOpacity(mode == QIcon::Disabled ? 0.4 : 1.0);
        painter.drawPixmap(QRect(corner, QSize(edge, edge)), iconPixmap(m_name, edge, colour, ratio));
        painter.setOpacity(1.0);
    }
    Icon m_name;
    Tone m_tone;
};

} // namespace

void initResources()
{
    static const bool once = [] {
        registerWhiskerResources();
        return true;
    }();
    static_cast<void>(once);
}

QIcon icon(Icon name, Tone tone) { return QIcon(new ThemeIconEngine(name, tone)); }

QPixmap iconPixmap(Icon name, int edgePx, const QColor &colour, qreal devicePixelRatio)
{
    const int pixels = std::max(1, qRound(edgePx * devicePixelRatio));
    const QString key = QStringLiteral("whisker-icon-%1-%2-%3-%4").arg(int(name)).arg(pixels).arg(devicePixelRatio).arg(colour.rgba());
    QPixmap result;
    if (QPixmapCache::find(key, &result))
        return result;
    result = QPixmap(pixels, pixels);
    result.fill(Qt::transparent);
    QPainter painter(&result);
    QSvgRenderer(svgOf(name, colour)).render(&painter, QRectF(0, 0, pixels, pixels));
    painter.end();
    result.setDevicePixelRatio(devicePixelRatio);
    QPixmapCache::insert(key, result);
    return result;
}

} // namespace whisker
