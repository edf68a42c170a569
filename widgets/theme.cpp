#include "widgets/theme.h"

#include "widgets/internal/resources.h"

#include <QApplication>
#include <QFile>
#include <QPalette>
#include <QStyleFactory>
#include <algorithm>

namespace whisker {

namespace {

constexpr double kDarkBelow = 0.5; // lightness of the desktop's window colour

ThemeColours lightColours()
{
    ThemeColours c;
    c.ground = "#f6f7f9";
    c.panel = "#ffffff";
    c.rail = "#eef0f3";
    c.line = "#dfe3e8";
    c.hover = "#eceff3";
    c.text = "#1b1f24";
    c.quietText = "#5b6570";
    c.accent = "#2f6fde";
    c.onAccent = "#ffffff";
    c.accentGround = "#e5eefc";
    c.accentText = "#235fc9";
    c.good = "#1f8a4c";
    c.warning = "#b98900";
    c.bad = "#c43434";
    // Light marks are too pale to be read as text: the same hues, darker, for letters.
    c.goodText = "#17713d";
    c.warningText = "#7d5c00";
    c.badText = "#b92c2c";
    c.classes = {"#d9730d", "#2a78a8", "#1f8a4c", "#a2459a", "#8a6d00", "#5b5fc7", "#c43434", "#4d7f86"};
    return c;
}

ThemeColours darkColours()
{
    ThemeColours c;
    c.ground = "#16191d";
    c.panel = "#1e2227";
    c.rail = "#121418";
    c.line = "#2e343b";
    c.hover = "#262b31";
    c.text = "#e8ebef";
    c.quietText = "#98a2ad";
    c.accent = "#6ea0ff";
    c.onAccent = "#0d1526"; // white would have 2.6:1 on this accent
    c.accentGround = "#22324f";
    c.accentText = "#7fabff";
    c.good = "#5ac98a";
    c.warning = "#e3b341";
    c.bad = "#ff7b72";
    c.goodText = c.good;
    c.warningText = c.warning;
    c.badText = "#ff8a82";
    c.classes = {"#f0a04b", "#62b4e0", "#5ac98a", "#d58bd0", "#d6b84a", "#9a9dff", "#ff7b72", "#86bdc4"};
    return c;
}

QPalette paletteOf(const ThemeColours &c)
{
    QPalette palette;
    palette.setColor(QPalette::Window, c.ground);
    palette.setColor(QPalette::WindowText, c.text);
    palette.setColor(QPalette::Base, c.panel);
    palette.setColor(QPalette::AlternateBase, c.ground);
    palette.setColor(QPalette::Text, c.text);
    palette.setColor(QPalette::PlaceholderText, c.quietText);
    palette.setColor(QPalette::Button, c.panel);
    palette.setColor(QPalette::ButtonText, c.text);
    palette.setColor(QPalette::BrightText, c.badText);
    palette.setColor(QPalette::Highlight, c.accent);
    palette.setColor(QPalette::HighlightedText, c.onAccent);
    palette.setColor(QPalette::Link, c.accentText);
    palette.setColor(QPalette::LinkVisited, c.accentText);
    palette.setColor(QPalette::ToolTipBase, c.panel);
    palette.setColor(QPalette::ToolTipText, c.text);
    palette.setColor(QPalette::Light, c.panel);
    palette.setColor(QPalette::Midlight, c.hover);
    palette.setColor(QPalette::Mid, c.line);
    palette.setColor(QPalette::Dark, c.line);
    palette.setColor(QPalette::Shadow, c.rail);
    for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText})
        palette.setColor(QPalette::Disabled, role, c.quietText);
    return palette;
}

QString styleSheetOf(const ThemeColours &c, bool dark)
{
    QFile file(":/whisker/style.qss");
    if (!file.open(QIODevice::ReadOnly))
        return {};
    QString sheet = QString::fromUtf8(file.readAll());
    const std::pair<const char *, QColor> names[] = {
        {"@panel@", c.panel},           {"@ground@", c.ground},         {"@line@", c.line},         {"@hover@", c.hover},
        {"@text@", c.text},             {"@quietText@", c.quietText},   {"@accent@", c.accent},     {"@onAccent@", c.onAccent},
        {"@accentText@", c.accentText}, {"@accentGround@", c.accentGround}, {"@scroll@", dark ? QColor("#434b55") : QColor("#c3c9d0")}};
    for (const auto &[name, colour] : names)
        sheet.replace(QLatin1String(name), colour.name());
    return sheet.replace("@scheme@", dark ? "dark" : "light");
}

} // namespace

QColor ThemeColours::textOf(Tone tone) const
{
    switch (tone) {
    case Tone::Quiet: return quietText;
    case Tone::Accent: return accentText;
    case Tone::Good: return goodText;
    case Tone::Warning: return warningText;
    case Tone::Bad: return badText;
    case Tone::Text: break;
    }
    return text;
}

QColor ThemeColours::mark(Tone tone) const
{
    switch (tone) {
    case Tone::Quiet: return quietText;
    case Tone::Accent: return accent;
    case Tone::Good: return good;
    case Tone::Warning: return warning;
    case Tone::Bad: return bad;
    case Tone::Text: break;
    }
    return text;
}

Theme::Theme() { initResources(); }

Theme &Theme::current()
{
    static Theme theme;
    return theme;
}

const ThemeColours &Theme::coloursOf(Scheme scheme)
{
    static const ThemeColours light = lightColours();
    static const ThemeColours dark = darkColours();
    return scheme == Scheme::Dark ? dark : light;
}

const ThemeColours &Theme::colours() const { return coloursOf(m_dark ? Scheme::Dark : Scheme::Light); }

void Theme::setScheme(Scheme scheme)
{
    m_scheme = scheme;
    if (m_applied)
        apply();
}

void Theme::apply()
{
    m_dark = m_scheme == Scheme::Dark || (m_scheme == Scheme::System && m_systemDark);
    qApp->setPalette(paletteOf(colours()));
    qApp->setStyleSheet(styleSheetOf(colours(), m_dark));
    Q_EMIT changed();
}

void applyTheme(QApplication &application, Scheme scheme)
{
    Theme &theme = Theme::current();
    if (!theme.m_applied)
        theme.m_systemDark = application.palette().color(QPalette::Window).lightnessF() < kDarkBelow;
    theme.m_applied = true;
    theme.m_scheme = scheme;
    application.setStyle(QStyleFactory::create("Fusion"));
    application.setFont(themeFont(13));
    theme.apply();
}

QColor classColour(int classIndex)
{
    const ThemeColours &colours = Theme::current().colours();
    if (classIndex < 0)
        return colours.quietText;
    return colours.classes[std::size_t(classIndex) % colours.classes.size()];
}

QFont themeFont(int pixelSize, QFont::Weight weight)
{
    QFont font;
    font.setFamilies({"Inter", "DejaVu Sans", "sans-serif"});
    font.setPixelSize(pixelSize);
    font.setWeight(weight);
    font.setHintingPreference(QFont::PreferNoHinting);
    return font;
}

} // namespace whisker
