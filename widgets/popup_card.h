#pragma once

#include "widgets/card.h"

#include <QPointer>

namespace whisker {

/// A card that opens over its page, below the button it belongs to, and lies wholly within the page's margins wherever there is room. Escape, a click elsewhere in
/// its window or toggle() closes it; nothing else waits for it.
class PopupCard : public Card {
    Q_OBJECT
public:
    /// Lies in `parent`; `button` is where it opens.
    PopupCard(const QString &title, int widthPx, QWidget *button, QWidget *parent);

    void toggle();
    void open(); ///< Gives the keyboard to firstFocus().

protected:
    virtual void fill() {}                         ///< Before it is shown.
    virtual QWidget *firstFocus() { return this; } ///< Never null.
    void place();                                  ///< As high as what is in it; after a change of that.
    int roomBelow() const;                         ///< Height in px from below its button to the margin at the lower end of `parent`.

    void showEvent(QShowEvent *event) override;
    void hideEvent(QHideEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    QPoint corner() const;
    QWidget *m_button;
    QPointer<QWidget> m_before; // had the keyboard, and gets it back
};

} // namespace whisker
