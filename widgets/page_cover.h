#pragma once

#include <QWidget>

namespace whisker {

/// Lies over the whole of its parent, in the colour of the ground, and follows its size while it is on show. Hidden until cover().
class PageCover : public QWidget {
public:
    explicit PageCover(QWidget *parent);

protected:
    void cover(); ///< Comes before all else in the parent and takes the keyboard.
    void paintEvent(QPaintEvent *event) override;
    bool eventFilter(QObject *watched, QEvent *event) override;
};

} // namespace whisker
