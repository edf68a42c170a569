#pragma once

#include "widgets/icons.h"

#include <QElapsedTimer>
#include <QKeySequence>
#include <QPointer>
#include <QPushButton>

class QAction;
class QMenu;
class QVariantAnimation;

namespace whisker {

/// A push button, 32 px high (a Link 20), that can show the key that does the same ("Undo [Ctrl Z]"). Elides when it gets too narrow. The second click of a double
/// click that was meant for another button at its place, or for what this one did before, is ignored; so is the second press of a key that led here.
class Button : public QPushButton {
    Q_OBJECT
public:
    enum class Kind {
        Plain,   ///< Panel ground and border.
        Primary, ///< Filled with the accent; at most one in a page's header.
        Quiet,   ///< Only text, for rows and strips.
        Link,    ///< Only text, 20 px high and without room around it, for the heads and columns of cards: it begins and ends where they do.
        Danger,  ///< Plain with red text.
        Chosen,  ///< Plain with accent text, for the selection bar.
    };
    static constexpr int kQuietPadding = 8; ///< Left and right of a Quiet one's text.
    explicit Button(const QString &text, Kind kind = Kind::Plain, QWidget *parent = nullptr);

    Kind kind() const { return m_kind; }
    void setKind(Kind kind);
    /// Shows `keys` as a badge, and in the tooltip as withKeys() does; binds nothing. An empty sequence takes the badge away.
    void setKeyHint(const QKeySequence &keys);
    QString keyHint() const { return m_keyHint; } ///< As shown: "Ctrl Z".
    void setThemeIcon(Icon icon);
    /// Text, enabled state, tooltip and the first shortcut follow `action`; a click triggers it. The action keeps its shortcut.
    void followAction(QAction *action);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;
    void enterEvent(QEnterEvent *event) override;
    void leaveEvent(QEvent *event) override;
    void focusInEvent(QFocusEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseDoubleClickEvent(QMouseEvent *event) override;

private:
    void takeFromAction();
    void animateHover(qreal target);
    int padding() const;
    int ownHeight() const;
    QColor textColour() const;
    void paintGround(QPainter &painter) const;
    int contentWidth(int textWidth) const;

    Kind m_kind;
    QString m_keyHint;
    QString m_pressedText; // as it was when the mouse last came down on it
    quint64 m_pressedAt = 0;
    QElapsedTimer m_ledHere; // since the program, not a person, brought the keyboard here
    int m_icon = -1;
    QPointer<QAction> m_action;
    QVariantAnimation *m_hover;
};

/// "Ctrl+Z": how a key stands in tooltips and sentences. Only badges leave the plus out.
QString keyText(const QKeySequence &keys);

/// "Undo (Ctrl+Z)": `text` with the keys, as tooltips have them; only `text` where there are none.
QString withKeys(const QString &text, const QKeySequence &keys);
QString withKeys(const QString &text, const QAction &action);

/// Opens `menu` below `button`, with its right end where the button's is.
void openBelow(QMenu &menu, const QWidget &button);
/// Opens `menu` at `globalPlace`, or as far to the left of it as keeps it within the width of `window`.
void openWithin(const QWidget &window, QMenu &menu, QPoint globalPlace);

/// A key badge at the right middle of `area`, drawn with `colours`; gives its width.
int keyBadgeWidth(const QString &keys);
void paintKeyBadge(QPainter &painter, const QRectF &badge, const QString &keys);

} // namespace whisker
