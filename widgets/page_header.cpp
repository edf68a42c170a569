#include "widgets/page_header.h"

#include "widgets/pill.h"
#include "widgets/text_label.h"

#include <QHBoxLayout>
#include <QLocale>

namespace whisker {

PageHeader::PageHeader(const QString &title, QWidget *parent)
    : QWidget(parent), m_title(new TextLabel(this)), m_detail(new TextLabel({}, Tone::Quiet, this)), m_state(new Pill(this)),
      m_beside(new QHBoxLayout), m_buttons(new QHBoxLayout)
{
    setFixedHeight(32);
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(12);
    m_title->setSize(17, QFont::DemiBold);
    m_title->setSizePolicy(QSizePolicy::Minimum, QSizePolicy::Fixed); // the detail elides, the title is short and stays
    m_beside->setSpacing(12);
    m_buttons->setSpacing(12);
    row->addWidget(m_title);
    constexpr int kFirst = 1000; // the detail takes what is left, up to its text
    row->addWidget(m_detail, kFirst);
    row->addWidget(m_state);
    row->addLayout(m_beside);
    row->addStretch(1);
    row->addLayout(m_buttons);
    m_detail->hide();
    m_state->hide();
    setTitle(title);
}

void PageHeader::setTitle(const QString &title)
{
    m_title->setText(title);
    setAccessibleName(title);
}

void PageHeader::setDetail(const QString &text) { showDetail(text, QSizePolicy::Ignored); } // it gives way before a button does

void PageHeader::showDetail(const QString &text, QSizePolicy::Policy width)
{
    m_detail->setSizePolicy(width, QSizePolicy::Fixed);
    m_detail->setText(text);
    m_detail->setMaximumWidth(m_detail->sizeHint().width());
    m_detail->setVisible(!text.isEmpty());
}

void PageHeader::setCount(int count, std::optional<int> total)
{
    const QLocale locale;
    m_detail->setTabular(true);
    if (total)
        showDetail(tr("%1 of %2", "pictures on show, pictures in all").arg(locale.toString(count), locale.toString(*total)), QSizePolicy::Fixed);
    else
        showDetail(count > 0 ? locale.toString(count) : QString(), QSizePolicy::Fixed);
}

QString PageHeader::detail() const { return m_detail->text(); }

void PageHeader::setState(const QString &text, Tone tone)
{
    m_state->setText(text, tone);
    m_state->setVisible(!text.isEmpty());
}

void PageHeader::addBeside(QWidget *widget) { m_beside->addWidget(widget); }

void PageHeader::addButton(QWidget *widget) { m_buttons->addWidget(widget); }

} // namespace whisker
