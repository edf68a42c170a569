// The part of the Data page that finds pictures: filters that combine, and the most alike.
#include "ui/data/data_page.h"
#include "ui/data/filter_bar.h"
#include "ui/data/filter_menu.h"
#include "ui/data/finding_view.h"
#include "ui/data/image_list_model.h"
#include "ui/data/order_button.h"
#include "ui/data/picture_chips.h"
#include "ui/project_session.h"
#include "widgets/buttons.h"
#include "widgets/image_grid.h"
#include "widgets/notice_bar.h"

#include <QAction>
#include <QLineEdit>
#include <QMenu>

namespace whisker {

/// After buildHeader(), before the bar is laid out in buildBody().
void DataPage::buildFind()
{
    m_filterMenu = new QMenu(this);
    auto *filter = addAction(tr("Filter"), Qt::CTRL | Qt::SHIFT | Qt::Key_F, &DataPage::openFilterMenu);
    filter->setToolTip(tr("Show pictures of a split, a state, a mark or a group, or by what the model says (%1)").arg(keyText(filter->shortcut())));
    m_filterButton->followAction(filter);
    m_filterButton->setKeyHint({});
    m_filterButton->setToolTip(filter->toolTip());

    auto *clear = addAction(tr("Show all"), Qt::CTRL | Qt::Key_Backspace, &DataPage::clearFilters);
    clear->setToolTip(tr("Take all filters away (%1)").arg(keyText(clear->shortcut())));
    m_filterBar = new FilterBar(clear, this);
    connect(m_filterBar, &FilterBar::filterWanted, this, &DataPage::setExtraFilter);

    connect(m_orderButton, &OrderButton::similarWanted, this, &DataPage::sortBySimilarity);
    connect(m_model, &ImageListModel::sorted, this, [this] {
        if (m_model->order() == ImageListModel::Order::Similar && !m_model->isInOwnOrder())
            m_grid->scrollToTop();
    });
    connect(m_model, &ImageListModel::sortFailed, this,
            [this] { m_notice->showNotice(NoticeBar::Kind::Warning, tr("This picture can't be read, so no other can be compared with it. Select another one.")); });
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

void DataPage::sortBySimilarity()
{
    if (const QModelIndex current = m_grid->currentIndex(); current.isValid())
        m_model->sortBySimilarity(m_model->idAt(current.row()));
}

void DataPage::setExtraFilter(const ImageFilter &filter)
{
    m_extraFilter = filter;
    m_extraFilter.kind = ImageFilter::Kind::All; // the chips say these
    m_extraFilter.classId = 0;
    m_extraFilter.ask = filter.asksModel() ? m_model->askModel() : nullptr;
    if (filter.only && m_findings->isOn())
        m_findings->leave(); // one named set at a time
    if (!m_extraFilter.isPlain())
        showHealth(false);
    applyFilter();
}

void DataPage::clearFilters()
{
    m_extraFilter = {};
    if (m_findings->isOn())
        m_findings->leave();
    m_search->clear();
    m_chips->showAll();
    applyFilter();
    m_grid->setFocus();
}

} // namespace whisker
