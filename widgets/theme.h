#pragma once

#include <QColor>
#include <QFont>
#include <QObject>
#include <array>

class QApplication;

namespace whisker {

enum class Scheme { System, Light, Dark };

/// What a text or a mark means; the theme says how it looks.
enum class Tone { Text, Quiet, Accent, Good, Warning, Bad };

/// The colours of one scheme. Text tones keep 4.5:1 against every ground they are put on (ground, panel, rail, hover, accentGround).
struct ThemeColours {
    QColor ground;       ///< Behind a page.
    QColor panel;        ///< Cards, buttons, fields.
    QColor rail;         ///< The rail and the status line.
    QColor line;         ///< Borders, grid lines.
    QColor hover;        ///< Under the mouse; also the empty part of a bar.
    QColor text;
    QColor quietText;
    QColor accent;       ///< The primary button, rings, progress.
    QColor onAccent;     ///< Text on accent.
    QColor accentGround; ///< Behind what is chosen.
    QColor accentText;   ///< Accent where it is read as text.
    QColor good, warning, bad;             ///< Marks and lines.
    QColor goodText, warningText, badText; ///< The same three where they are read.
    std::array<QColor, 8> classes;         ///< Colour-blind safe, in order of class index.

    QColor textOf(Tone tone) const; ///< The colour of a text of that tone.
    QColor mark(Tone tone) const;  ///< The colour of a dot or line of that tone.
};

/// The one theme of the program, used from the GUI thread only. What paints itself reads colours() in its paintEvent(): a change of scheme
/// changes the application's palette, which repaints every widget; what keeps something coloured (plots, pixmaps) listens to changed().
class Theme : public QObject {
    Q_OBJECT
public:
    static Theme &current();

    const ThemeColours &colours() const;
    bool isDark() const { return m_dark; }
    Scheme scheme() const { return m_scheme; }
    /// Takes effect at once in everything that is open. Without effect before applyTheme().
    void setScheme(Scheme scheme);

    /// The colours of a scheme without switching to it; System counts as Light.
    static const ThemeColours &coloursOf(Scheme scheme);

Q_SIGNALS:
    void changed();

private:
    Theme();
    void apply();
    friend void applyTheme(QApplication &application, Scheme scheme);

    Scheme m_scheme = Scheme::Light;
    bool m_dark = false;
    bool m_systemDark = false;
    bool m_applied = false;
};

/// Gives the application Fusion with Whisker's palette, font and style sheet. Call once, before the first window. System means: dark where
/// the palette that the desktop gave is dark.
void applyTheme(QApplication &application, Scheme scheme = Scheme::System);

/// The colour of a class, the same on every page; repeats after 8. A negative index (no label) gives the quiet text's colour.
QColor classColour(int classIndex);

/// Inter at `pixelSize`; 13 is the text of the program, 12 labels, 11 captions, 17 titles, 20 to 28 figures.
QFont themeFont(int pixelSize, QFont::Weight weight = QFont::Normal);

} // namespace whisker
