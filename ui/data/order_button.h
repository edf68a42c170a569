#pragma once

#include "ui/data/image_list_model.h"
#include "widgets/buttons.h"

class QMenu;

namespace whisker {

/// Says in which order the pictures are, and lets another be chosen; what was chosen is kept in the settings. Where the pictures on show bring an order of their
/// own, that one is said, and stands first in the menu. Its keys rest while it is hidden.
class OrderButton : public Button {
    Q_OBJECT
public:
    explicit OrderButton(ImageListModel &model, QWidget *parent = nullptr); ///< `model` gets the order that was kept, and outlives this.

    void showOrder(); ///< After a change of the model's filter; it follows the order by itself.
    void open();      ///< The menu.
    QMenu *orders() const { return m_menu; }
    QAction *alike() const { return m_alike; } ///< "Most alike to the selected picture".

Q_SIGNALS:
    void similarWanted();

private:
    void buildMenu();
    void showProgress(double share);

    ImageListModel &m_model;
    QMenu *m_menu;
    QAction *m_own = nullptr; // the order that comes with the filter
    QAction *m_alike = nullptr;
    QAction *m_open = nullptr;
    std::vector<QAction *> m_orders; // as kOrders
};

} // namespace whisker
