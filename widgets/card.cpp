#include "widgets/card.h"

#include "widgets/text_label.h"

#include <QHBoxLayout>
#include <QVBoxLayout>

namespace whisker {

namespace {
constexpr int kHeaderHeight = 20; // as high as a Link, so that all titles stand alike
} // namespace

Card::Card(const QString &title, QWidget *parent)
    : Panel(parent), m_title(new TextLabel), m_subtitle(new TextLabel({}, Tone::Quiet)), m_header(new QWidget),
      m_headerRow(new QHBoxLayout(m_header)), m_body(new QVBoxLayout)
{
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(16, 16, 16, 16);
    column->setSpacing(8);
    m_headerRow->setContentsMargins(0, 0, 0, 0);
    m_headerRow->setSpacing(12);
    m_header->setMinimumHeight(kHeaderHeight);
    m_title->setSize(13, QFont::DemiBold);
    m_headerRow->addWidget(m_title);
    m_headerRow->addWidget(m_subtitle);
    m_headerRow->addStretch(1);
    column->addWidget(m_header);
    m_body->setSpacing(8);
    column->addLayout(m_body, 1);
    setTitle(title);
}

void Card::setTitle(const QString &title)
{
    m_title->setText(title);
    setAccessibleName(title);
    showHeader();
}

QString Card::title() const { return m_title->text(); }

void Card::setSubtitle(const QString &text)
{
    m_subtitle->setText(text);
    showHeader();
}

void Card::showHeader()
{
    m_title->setVisible(!m_title->text().isEmpty());
    m_subtitle->setVisible(!m_subtitle->text().isEmpty());
    m_header->setVisible(!m_title->text().isEmpty() || !m_subtitle->text().isEmpty() || m_headerRow->count() > 3);
}

void Card::addHeaderWidget(QWidget *widget)
{
    m_headerRow->addWidget(widget);
    showHeader();
}

void Card::addWidget(QWidget *widget, int stretch) { m_body->addWidget(widget, stretch); }

} // namespace whisker
