#include "ui/data/order_button.h"

#include <QAction>
#include <QActionGroup>
#include <QMenu>
#include <QSettings>
#include <array>

namespace whisker {

namespace {

constexpr auto kOrderKey = "data/order";
using Order = ImageListModel::Order;

struct OrderName {
    Order order;
    const char *key; // in the settings
    const char *words;
};
constexpr std::array kOrders{
    OrderName{Order::Added, "added", QT_TRANSLATE_NOOP("whisker::OrderButton", "In order of arrival")},
    OrderName{Order::Name, "name", QT_TRANSLATE_NOOP("whisker::OrderButton", "Sorted by name")},
    OrderName{Order::Time, "time", QT_TRANSLATE_NOOP("whisker::OrderButton", "Newest files first")},
    OrderName{Order::Taken, "taken", QT_TRANSLATE_NOOP("whisker::OrderButton", "Newest photographs first")},
    OrderName{Order::Bytes, "bytes", QT_TRANSLATE_NOOP("whisker::OrderButton", "Largest files first")},
    OrderName{Order::Pixels, "pixels", QT_TRANSLATE_NOOP("whisker::OrderButton", "Most pixels first")},
};

} // namespace

OrderButton::OrderButton(ImageListModel &model, QWidget *parent) : Button({}, Kind::Quiet, parent), m_model(model), m_menu(new QMenu(this))
{
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed); // chips give way, the order is whole
    buildMenu();
    m_open = new QAction(tr("Order"), this);
    m_open->setShortcut(Qt::CTRL | Qt::SHIFT | Qt::Key_S);
    addActions({m_open, m_alike});
    connect(m_open, &QAction::triggered, this, &OrderButton::open);
    connect(this, &Button::clicked, this, &OrderButton::open);
    connect(&m_model, &ImageListModel::sorted, this, &OrderButton::showOrder);
    connect(&m_model, &ImageListModel::sortProgressed, this, &OrderButton::showProgress);
    connect(&m_model, &ImageListModel::sortFailed, this, &OrderButton::showOrder);
    const QString kept = QSettings().value(kOrderKey).toString();
    for (const OrderName &each : kOrders) {
        if (kept == QLatin1String(each.key))
            m_model.setOrder(each.order);
    }
    showOrder();
}

void OrderButton::buildMenu()
{
    auto *group = new QActionGroup(this);
    const auto add = [&](QAction *action) {
        action->setCheckable(true);
        group->addAction(action);
        return action;
    };
    m_own = add(m_menu->addAction(QString()));
    connect(m_own, &QAction::triggered, &m_model, &ImageListModel::setOwnOrder);
    m_menu->addSeparator();
    for (const OrderName &each : kOrders) {
        QAction *action = add(m_menu->addAction(tr(each.words)));
        m_orders.push_back(action);
        connect(action, &QAction::triggered, this, [this, each] {
            QSettings().setValue(kOrderKey, QLatin1String(each.key));
            m_model.setOrder(each.order);
        });
    }
    m_menu->addSeparator();
    m_alike = add(new QAction(tr("Most alike to the selected picture"), this));
    m_alike->setShortcut(Qt::CTRL | Qt::SHIFT | Qt::Key_A);
    m_menu->addAction(m_alike);
    connect(m_alike, &QAction::triggered, this, [this] {
        showOrder(); // until the pictures have been compared
        Q_EMIT similarWanted();
    });
}

void OrderButton::open() { openBelow(*m_menu, *this); }

void OrderButton::showProgress(double share)
{
    const QString what = m_model.order() == Order::Taken && !m_model.similarTo() ? tr("Reading dates, %1 %") : tr("Comparing pictures, %1 %");
    setText(what.arg(static_cast<int>(share * 100)));
}

void OrderButton::showOrder()
{
    const auto &own = m_model.filter().ownOrder;
    m_own->setVisible(own != nullptr);
    m_own->setText(own ? own->name : QString());
    const bool inOwn = m_model.isInOwnOrder();
    const QString change = withKeys(tr("Change the order"), *m_open);
    setToolTip(inOwn ? QStringLiteral("%1\n%2").arg(own->why, change) : change);
    QAction *current = inOwn ? m_own : m_alike;
    for (std::size_t k = 0; k < kOrders.size(); ++k) {
        if (!inOwn && kOrders[k].order == m_model.order())
            current = m_orders[k];
    }
    current->setChecked(true);
    setText(current == m_alike ? tr("Most alike first") : current->text());
}

} // namespace whisker
