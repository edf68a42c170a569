#include "widgets/figure_row.h"

#include "widgets/text_label.h"

#include <QHBoxLayout>
#include <QVBoxLayout>

namespace whisker {

namespace {
const QString kNothing = QStringLiteral("–");
}

FigureRow::FigureRow(QWidget *parent) : QWidget(parent), m_row(new QHBoxLayout(this))
{
    setAccessibleName(tr("Figures"));
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    m_row->setContentsMargins(4, 0, 4, 0);
    m_row->setSpacing(40);
    m_row->addStretch(1);
}

void FigureRow::addFigure(const QString &id, const QString &label)
{
    auto *box = new QWidget(this);
    auto *column = new QVBoxLayout(box);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(2);
    Figure figure{box, new TextLabel(label, Tone::Quiet), new TextLabel(kNothing)};
    figure.label->setSize(12);
    figure.value->setSize(20, QFont::DemiBold);
    figure.value->setTabular(true);
    figure.value->setAccessibleName(QStringLiteral("%1: %2").arg(label, kNothing));
    column->addWidget(figure.label);
    column->addWidget(figure.value);
    m_row->insertWidget(m_row->count() - 1, box);
    m_figures.insert(id, figure);
}

void FigureRow::setValue(const QString &id, const QString &value)
{
    const auto found = m_figures.constFind(id);
    if (found == m_figures.cend())
        return;
    found->value->setText(value.isEmpty() ? kNothing : value);
    found->value->setAccessibleName(QStringLiteral("%1: %2").arg(found->label->text(), found->value->text()));
}

QString FigureRow::value(const QString &id) const
{
    const auto found = m_figures.constFind(id);
    return found == m_figures.cend() ? QString() : found->value->text();
}

void FigureRow::setFigureVisible(const QString &id, bool visible)
{
    const auto found = m_figures.constFind(id);
    if (found != m_figures.cend())
        found->box->setVisible(visible);
}

} // namespace whisker
