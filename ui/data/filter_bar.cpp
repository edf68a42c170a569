#include "ui/data/filter_bar.h"

#include "ui/data/filter_menu.h"
#include "widgets/buttons.h"

#include <QAction>
#include <QHBoxLayout>
#include <QLocale>

namespace whisker {

FilterBar::FilterBar(QAction *clearAll, QWidget *parent) : QWidget(parent), m_row(new QHBoxLayout(this))
{
    setAccessibleName(tr("Filters that are on"));
    m_row->setContentsMargins(0, 0, 0, 0);
    m_row->setSpacing(8);
    auto *clear = new Button({}, Button::Kind::Quiet, this);
    clear->followAction(clearAll);
    m_row->addStretch(1);
    m_row->addWidget(clear);
    hide();
}

void FilterBar::setFilter(const ImageFilter &filter, int shown)
{
    if (filter == m_filter && shown == m_shown)
        return;
    m_shown = shown;
    for (Button *button : m_parts) {
        button->hide(); // at once: one that is being clicked lives until its click is over
        button->deleteLater();
    }
    m_parts.clear();
    m_filter = filter;
    ImageFilter without = filter;
    if (filter.only) {
        without.only.reset();
        without.onlyName.clear();
        without.ownOrder.reset();
        addPart(tr("%1 %2", "a named set of pictures and how many of it are shown").arg(filter.onlyName, QLocale().toString(shown)), without);
        without = filter;
    }
    if (filter.split != ImageFilter::SplitChoice::Any) {
        without.split = ImageFilter::SplitChoice::Any;
        addPart(FilterTexts::split(filter.split), without);
        without = filter;
    }
    if (filter.state) {
        without.state.reset();
        addPart(FilterTexts::state(*filter.state), without);
        without = filter;
    }
    if (filter.unsureOnly) {
        without.unsureOnly = false;
        addPart(FilterTexts::unsure(), without);
        without = filter;
    }
    if (filter.group) {
        without.group.reset();
        addPart(FilterTexts::group(*filter.group), without);
        without = filter;
    }
    if (filter.predicted) {
        without.predicted.reset();
        addPart(FilterTexts::predicted(*filter.predicted), without);
        without = filter;
    }
    if (filter.confidence) {
        without.confidence.reset();
        addPart(FilterTexts::confidence(*filter.confidence), without);
    }
    setVisible(!m_parts.empty());
}

void FilterBar::addPart(const QString &text, const ImageFilter &without)
{
    auto *button = new Button(text, Button::Kind::Chosen, this);
    button->setThemeIcon(Icon::Close);
    button->setMaximumWidth(260);
    button->setAccessibleName(tr("Take away the filter %1").arg(text));
    button->setToolTip(tr("Take this filter away"));
    connect(button, &Button::clicked, this, [this, without] { Q_EMIT filterWanted(without); });
    m_row->insertWidget(static_cast<int>(m_parts.size()), button);
    m_parts.push_back(button);
}

} // namespace whisker
