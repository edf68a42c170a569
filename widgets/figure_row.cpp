#include "widgets/figure_row.h"

#include "widgets/text_label.h"

#include <QHBoxLayout>
#include <QVBoxLayout>
#include <algorithm>

namespace whisker {

namespace {
const QString kNothing = QStringLiteral("–");
constexpr int kWide = 40, kNarrow = 24; // px between two
}

FigureRow::FigureRow(QWidget *parent) : QWidget(parent), m_row(new QHBoxLayout(this))
{
    setAccessibleName(tr("Figures"));
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    m_row->setContentsMargins(4, 0, 4, 0);
    m_row->setSpacing(kWide);
    m_row->addStretch(1);
}

void FigureRow::addFigure(const QString &id, const QString &label, int givesWay)
{
    auto *box = new QWidget(this);
    auto *column = new QVBoxLayout(box);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(2);
    Figure figure{box, new TextLabel(label, Tone::Quiet), new TextLabel(kNothing), givesWay, true, 0};
    figure.label->setSize(12);
    figure.value->setSize(20, QFont::DemiBold);
    figure.value->setTabular(true);
    figure.value->setAccessibleName(QStringLiteral("%1: %2").arg(label, kNothing));
    column->addWidget(figure.label);
    column->addWidget(figure.value);
    m_row->insertWidget(m_row->count() - 1, box);
    figure.width = std::max(figure.label->sizeHint().width(), figure.value->sizeHint().width());
    m_figures.insert(id, figure);
}

void FigureRow::setValue(const QString &id, const QString &value)
{
    const auto found = m_figures.find(id);
    if (found == m_figures.end())
        return;
    found->value->setText(value.isEmpty() ? kNothing : value);
    found->value->setAccessibleName(QStringLiteral("%1: %2").arg(found->label->text(), found->value->text()));
    if (const int width = found->value->sizeHint().width(); width > found->width) {
        found->width = width;
        found->box->setMinimumWidth(width);
        fit();
    }
}

void FigureRow::setToolTip(const QString &id, const QString &text)
{
    if (const auto found = m_figures.constFind(id); found != m_figures.cend())
        found->box->setToolTip(text);
}

QString FigureRow::value(const QString &id) const
{
    const auto found = m_figures.constFind(id);
    return found == m_figures.cend() ? QString() : found->value->text();
}

void FigureRow::setFigureVisible(const QString &id, bool visible)
{
    const auto found = m_figures.find(id);
    if (found == m_figures.end() || found->wanted == visible)
        return;
    found->wanted = visible;
    fit();
}

/// Of the figures that are wanted and give way no more than `givingWay`.
int FigureRow::widthOf(int givingWay, int spacing) const
{
    int width = -spacing;
    for (const Figure &figure : m_figures)
        width += figure.wanted && figure.givesWay <= givingWay ? figure.width + spacing : 0;
    const QMargins margins = m_row->contentsMargins();
    return std::max(width, 0) + margins.left() + margins.right();
}

void FigureRow::fit()
{
    int givingWay = 0;
    for (const Figure &figure : m_figures)
        givingWay = std::max(givingWay, figure.givesWay);
    const int spacing = widthOf(givingWay, kWide) <= width() ? kWide : kNarrow;
    while (givingWay > 0 && widthOf(givingWay, spacing) > width())
        --givingWay;
    m_row->setSpacing(spacing);
    for (const Figure &figure : m_figures)
        figure.box->setVisible(figure.wanted && figure.givesWay <= givingWay);
}

QSize FigureRow::minimumSizeHint() const
{
    return {widthOf(0, kNarrow), QWidget::minimumSizeHint().height()};
}

void FigureRow::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    fit();
}

} // namespace whisker
