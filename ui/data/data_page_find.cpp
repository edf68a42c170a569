// The part of the Data page that finds pictures: filters that combine, and the order.
#include "ui/data/data_page.h"
#include "ui/data/filter_bar.h"
#include "ui/data/filter_menu.h"
#include "ui/data/finding_view.h"
#include "ui/data/image_list_model.h"
#include "ui/project_session.h"
#include "widgets/buttons.h"
#include "widgets/chip_row.h"
#include "widgets/image_grid.h"
#include "widgets/notice_bar.h"

#include <QAction>
#include <QActionGroup>
#include <QLineEdit>
#include <QMenu>
#include <QSettings>
#include <QVBoxLayout>
#include <utility>

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
    OrderName{Order::Added, "added", QT_TRANSLATE_NOOP("whisker::DataPage", "In order of arrival")},
    OrderName{Order::Name, "name", QT_TRANSLATE_NOOP("whisker::DataPage", "Sorted by name")},
    OrderName{Order::Time, "time", QT_TRANSLATE_NOOP("whisker::DataPage", "Newest files first")},
    OrderName{Order::Taken, "taken", QT_TRANSLATE_NOOP("whisker::DataPage", "Newest photographs first")},
    OrderName{Order::Bytes, "bytes", QT_TRANSLATE_NOOP("whisker::DataPage", "Largest files first")},
    OrderName{Order::Pixels, "pixels", QT_TRANSLATE_NOOP("whisker::DataPage", "Most pixels first")},
};

void openBelow(QMenu &menu, const QWidget &button)
{
    menu.popup(button.mapToGlobal(QPoint(button.width() - menu.sizeHint().width(), button.height() + 4)));
}

} // namespace

/// After buildHeader(), before the bar is laid out in buildBody().
void DataPage::buildFind()
{
    m_filterMenu = new QMenu(this);
    auto *filter = addAction(tr("Filter"), Qt::CTRL | Qt::SHIFT | Qt::Key_F, &DataPage::openFilterMenu);
    filter->setToolTip(tr("Show pictures of a split, a state, a mark or a group, or by what the model says (%1)").arg(keyText(filter->shortcut())));
    m_filterButton = new Button({}, Button::Kind::Quiet, m_filters);
    m_filterButton->followAction(filter);
    m_filterButton->setKeyHint({});
    m_filterButton->setToolTip(filter->toolTip());
    m_filters->layout()->addWidget(m_filterButton);
    m_filters->layout()->addWidget(m_orderButton); // to the end again

    auto *clear = addAction(tr("Show all"), Qt::CTRL | Qt::Key_Backspace, &DataPage::clearFilters);
    clear->setToolTip(tr("Take all filters away (%1)").arg(keyText(clear->shortcut())));
    m_filterBar = new FilterBar(clear, this);
    connect(m_filterBar, &FilterBar::filterWanted, this, &DataPage::setExtraFilter);

    m_orderMenu = new QMenu(this);
    auto *group = new QActionGroup(this);
    for (const OrderName &each : kOrders) {
        QAction *action = m_orderMenu->addAction(tr(each.words));
        action->setCheckable(true);
        group->addAction(action);
        connect(action, &QAction::triggered, this, [this, each] {
            QSettings().setValue(kOrderKey, QLatin1String(each.key));
            m_model->setOrder(each.order);
        });
    }
    m_orderMenu->addSeparator();
    m_alike = addAction(tr("Most alike to the selected picture"), Qt::CTRL | Qt::SHIFT | Qt::Key_A, &DataPage::sortBySimilarity);
    m_alike->setCheckable(true);
    group->addAction(m_alike);
    m_orderMenu->addAction(m_alike);
    auto *order = addAction(tr("Order"), Qt::CTRL | Qt::SHIFT | Qt::Key_S, &DataPage::openOrderMenu);
    m_orderButton->setToolTip(tr("Change the order (%1)").arg(keyText(order->shortcut())));
    connect(m_orderButton, &Button::clicked, order, &QAction::trigger);
    connect(m_model, &ImageListModel::sorted, this, &DataPage::sayOrder);
    connect(m_model, &ImageListModel::sortProgressed, this,
            [this](double share) {
        const QString what = m_model->order() == Order::Taken && !m_model->similarTo() ? tr("Reading dates, %1 %") : tr("Comparing pictures, %1 %");
        m_orderButton->setText(what.arg(static_cast<int>(share * 100)));
    });
    connect(m_model, &ImageListModel::sortFailed, this, [this] {
        sayOrder();
        m_notice->showNotice(NoticeBar::Kind::Warning, tr("This picture can't be read, so no other can be compared with it. Select another one."));
    });
    const QString kept = QSettings().value(kOrderKey).toString();
    for (const OrderName &each : kOrders) {
        if (kept == QLatin1String(each.key))
            m_model->setOrder(each.order);
    }
    sayOrder();
}

void DataPage::openFilterMenu()
{
    const auto *ask = m_session.modelInUse().empty() ? nullptr : m_model->askModel().get();
    ImageFilter filter = m_extraFilter;
    filter.kind = m_model->filter().kind;
    filter.classId = m_model->filter().classId;
    fillFilterMenu(*m_filterMenu, filter, m_session.state().images, ask, [this](const ImageFilter &wanted) { setExtraFilter(wanted); });
    openBelow(*m_filterMenu, *m_filterButton);
}

void DataPage::openOrderMenu()
{
    m_alike->setEnabled(m_grid->currentIndex().isValid());
    openBelow(*m_orderMenu, *m_orderButton);
}

void DataPage::sortBySimilarity()
{
    const QModelIndex current = m_grid->currentIndex();
    if (!current.isValid())
        return sayOrder();
    m_orderButton->setText(tr("Comparing pictures"));
    m_model->sortBySimilarity(m_model->idAt(current.row()));
}

void DataPage::sayOrder()
{
    if (m_model->order() == Order::Similar) {
        m_orderButton->setText(tr("Most alike first"));
        m_alike->setChecked(true);
        m_grid->scrollToTop();
        return;
    }
    for (std::size_t k = 0; k < kOrders.size(); ++k) {
        if (kOrders[k].order != m_model->order())
            continue;
        m_orderButton->setText(tr(kOrders[k].words));
        m_orderMenu->actions()[static_cast<qsizetype>(k)]->setChecked(true);
    }
}

void DataPage::setExtraFilter(const ImageFilter &filter)
{
    m_extraFilter = filter;
    m_extraFilter.kind = ImageFilter::Kind::All; // the chips say these
    m_extraFilter.classId = 0;
    m_extraFilter.ask = filter.asksModel() ? m_model->askModel() : nullptr;
    if (filter.only && m_findings->isOn())
        m_findings->leave(); // one named set at a time
    applyFilter();
}

void DataPage::clearFilters()
{
    m_extraFilter = {};
    if (m_findings->isOn())
        m_findings->leave();
    m_search->clear();
    m_chips->setCurrentId(QStringLiteral("all"));
    applyFilter();
    m_grid->setFocus();
}

} // namespace whisker
