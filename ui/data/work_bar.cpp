#include "ui/data/work_bar.h"

#include "ui/texts.h"
#include "widgets/buttons.h"
#include "widgets/tabular_text.h"
#include "widgets/text_label.h"

#include <QFontMetricsF>
#include <QHBoxLayout>
#include <QLocale>
#include <QProgressBar>
#include <cmath>

namespace whisker {

WorkBar::WorkBar(QWidget *parent)
    : Panel(parent), m_text(new TextLabel(this)), m_progress(new QProgressBar(this)), m_left(new TextLabel({}, Tone::Quiet, this)),
      m_cancel(new Button(tr("Cancel"), Button::Kind::Plain, this))
{
    setFixedHeight(48);
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(16, 0, 8, 0);
    row->setSpacing(16);
    m_text->setTabular(true);
    m_progress->setTextVisible(false);
    row->addWidget(m_text);
    row->addWidget(m_progress, 1);
    row->addWidget(m_left);
    row->addWidget(m_cancel);
    connect(m_cancel, &Button::clicked, this, [this] {
        m_cancel->setEnabled(false);
        m_left->setText(tr("stopping"));
        Q_EMIT cancelled();
    });
    hide();
}

void WorkBar::begin(const WorkWords &words)
{
    m_words = words;
    m_text->setMinimumWidth(0);
    m_cancel->setEnabled(true);
    m_cancel->setVisible(!words.cancelTip.isEmpty());
    m_cancel->setToolTip(words.cancelTip);
    m_progress->setAccessibleName(words.begins);
    showProgress(0, 0, {});
    show();
}

void WorkBar::showProgress(std::size_t done, std::size_t found, std::optional<std::chrono::milliseconds> left)
{
    const QLocale locale;
    if (found == 0) {
        m_text->setText(m_words.begins);
        m_progress->setRange(0, 0);
    } else {
        reserveRoom(found);
        m_text->setText(m_words.counts.arg(locale.toString(qulonglong(done)), locale.toString(qulonglong(found))));
        m_progress->setRange(0, static_cast<int>(found));
        m_progress->setValue(static_cast<int>(done));
    }
    if (m_cancel->isEnabled())
        m_left->setText(left ? timeLeftText(*left) : QString());
    setAccessibleName(m_text->text());
}

/// For the longest count, so that neither it nor the bar beside it moves while it grows.
void WorkBar::reserveRoom(std::size_t found)
{
    const QString most = QLocale().toString(qulonglong(found));
    m_text->setMinimumWidth(static_cast<int>(std::ceil(tabularWidth(QFontMetricsF(m_text->font()), m_words.counts.arg(most, most)))) + 1);
}

QString WorkBar::text() const { return m_text->text(); }

} // namespace whisker
