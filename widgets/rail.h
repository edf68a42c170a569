#pragma once

#include "widgets/icons.h"

#include <QWidget>
#include <vector>

class QAbstractButton;
class QButtonGroup;
class QVBoxLayout;

namespace whisker {

class RailButton;

/// The quiet column of pages at the left of the window. Reachable by Tab and the arrow keys, and from anywhere by Ctrl+1, Ctrl+2, ...
class Rail : public QWidget {
    Q_OBJECT
public:
    explicit Rail(QWidget *parent = nullptr);

    int addPage(Icon icon, const QString &label); ///< Gives the page's index, counted from 0.
    /// A button at the foot that opens a menu: no page, checks nothing. The caller connects it, and may give it another text.
    QAbstractButton *addMenuButton(Icon icon, const QString &label);
    int pageCount() const;
    int currentPage() const; ///< -1 where there is no page.
    /// Checks that page without emitting pageChosen().
    void setCurrentPage(int index);
    /// A small dot on the page's icon: something runs there.
    void setBusy(int index, bool busy);

Q_SIGNALS:
    void pageChosen(int index); ///< By mouse or key.

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    QVBoxLayout *m_column;
    QButtonGroup *m_group;
    std::vector<RailButton *> m_buttons;
};

} // namespace whisker
