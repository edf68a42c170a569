#include "ui/data/import_bar.h"

#include "ui/texts.h"
#include "widgets/buttons.h"
#include "widgets/text_label.h"
#include "widgets/theme.h"

#include <QHBoxLayout>
#include <QLocale>
#include <QPainter>
#include <QProgressBar>

namespace whisker {

ImportBar::ImportBar(QWidget *parent)
    : QWidget(parent), m_text(new TextLabel(this)), m_progress(new QProgressBar(this)), m_left(new TextLabel({}, Tone::Quiet, this)),
      m_cancel(new Button(tr("Cancel"), Button::Kind::Plain, this))
{
    setFixedHeight(48);
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(16, 0, 8, 0);
    row->setSpacing(16);
    m_text->setTabular(true);
    m_progress->setTextVisible(false);
    m_progress->setAccessibleName(tr("Pictures read"));
    row->addWidget(m_text);
    row->addWidget(m_progress, 1);
    row->addWidget(m_left);
    row->addWidget(m_cancel);
    m_cancel->setToolTip(tr("Stop reading; what is in stays in"));
    connect(m_cancel, &Button::clicked, this, [this] {
        m_cancel->setEnabled(false);
        m_left->setText(tr("stopping"));
        Q_EMIT cancelled();
    });
    hide();
}

void ImportBar::begin()
{
    m_cancel->setEnabled(true);
    showProgress({});
    show();
}

void ImportBar::showProgress(const ImportProgress &progress)
{
    const QLocale locale;
    if (progress.found == 0) {
        m_text->setText(tr("Looking for pictures"));
        m_progress->setRange(0, 0);
    } else {
        m_text->setText(tr("Reading %1 of %2").arg(locale.toString(qulonglong(progress.done)), locale.toString(qulonglong(progress.found))));
        m_progress->setRange(0, static_cast<int>(progress.found));
        m_progress->setValue(static_cast<int>(progress.done));
    }
    const auto left = progress.left();
    if (m_cancel->isEnabled())
        m_left->setText(left ? timeLeftText(*left) : QString());
    setAccessibleName(m_text->text());
}

QString ImportBar::text() const { return m_text->text(); }

void ImportBar::paintEvent(QPaintEvent *)
{
    const ThemeColours &colours = Theme::current().colours();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(colours.line);
    painter.setBrush(colours.panel);
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8);
}

} // namespace whisker
