#pragma once

#include "engine/data/project_values.h"

#include <QAbstractButton>

namespace whisker {

/// One class in a list: its colour, name, count of pictures and key. A click is clicked(); what can be done besides is in a menu of its owner's, behind the dots
/// that show under the mouse, the right button or the menu key. Takes pictures that are dragged out of an ImageGrid.
class ClassRow : public QAbstractButton {
    Q_OBJECT
public:
    static constexpr int kHeight = 32;
    explicit ClassRow(QWidget *parent = nullptr);

    void setClass(const ClassRecord &record, int count);
    const ClassRecord &record() const { return m_record; }
    int count() const { return m_count; }
    void setMarked(bool marked);  ///< On the accent's ground: the label of the picture on show.
    void setPlain(bool plain);    ///< No menu, no dragging, no focus: in a list that only labels.
    void askForKey();             ///< The next key becomes the class's: keyChosen(). Esc leaves it, Delete takes it away.
    bool isAskingForKey() const { return m_askingForKey; }
    QSize sizeHint() const override;

Q_SIGNALS:
    void menuWanted(const QPoint &globalPlace);
    void keyChosen(const QString &key); ///< Empty: none.
    void picturesEntered();             ///< They hover over it.
    void picturesDropped();

protected:
    bool event(QEvent *event) override;
    void paintEvent(QPaintEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void focusOutEvent(QFocusEvent *event) override;
    void mouseReleaseEvent(QMouseEvent *event) override;
    void contextMenuEvent(QContextMenuEvent *event) override;
    void dragEnterEvent(QDragEnterEvent *event) override;
    void dragLeaveEvent(QDragLeaveEvent *event) override;
    void dropEvent(QDropEvent *event) override;

private:
    bool showsDots() const;
    QRect dotsArea() const;
    void describe();
    void stopAsking();
    void setDropping(bool dropping);

    ClassRecord m_record;
    int m_count = 0;
    bool m_marked = false;
    bool m_plain = false;
    bool m_askingForKey = false;
    bool m_dropping = false;
};

} // namespace whisker
