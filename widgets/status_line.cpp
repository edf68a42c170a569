#include "widgets/status_line.h"

#include "widgets/internal/paint.h"
#include "widgets/text_label.h"

#include <QHBoxLayout>
#include <QProgressBar>
#include <algorithm>

namespace whisker {

namespace {
constexpr int kSteps = 1000;

TextLabel *quietLabel(QWidget *parent)
{
    auto *label = new TextLabel({}, Tone::Quiet, parent);
    label->setSize(12);
    return label;
}
} // namespace

StatusLine::StatusLine(QWidget *parent)
    : QWidget(parent), m_project(new TextLabel(this)), m_summary(quietLabel(this)), m_activity(quietLabel(this)),
      m_progress(new QProgressBar(this)), m_left(quietLabel(this)), m_device(quietLabel(this)), m_memory(quietLabel(this))
{
    setAccessibleName(tr("Status"));
    setFixedHeight(28);
    m_project->setSize(12, QFont::DemiBold);
    m_memory->setTabular(true);
    m_progress->setTextVisible(false);
    m_progress->setFixedWidth(160);
    m_progress->setAccessibleName(tr("Progress"));
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(16, 1, 16, 0);
    row->setSpacing(24);
    for (QWidget *widget : {static_cast<QWidget *>(m_project), static_cast<QWidget *>(m_summary), static_cast<QWidget *>(m_activity),
                            static_cast<QWidget *>(m_progress), static_cast<QWidget *>(m_left)})
        row->addWidget(widget);
    row->addStretch(1);
    row->addWidget(m_device);
    row->addWidget(m_memory);
    clearActivity();
}

void StatusLine::setProject(const QString &name) { m_project->setText(name); }
void StatusLine::setSummary(const QString &text) { m_summary->setText(text); }
void StatusLine::setDevice(const QString &text) { m_device->setText(text); }
void StatusLine::setMemory(const QString &text) { m_memory->setText(text); }

void StatusLine::setActivity(const QString &text, std::optional<double> share, const QString &left)
{
    m_activity->setText(text);
    m_left->setText(left);
    m_progress->setRange(0, share ? kSteps : 0);
    if (share)
        m_progress->setValue(int(std::clamp(*share, 0.0, 1.0) * kSteps));
    m_summary->hide();
    m_activity->show();
    m_progress->show();
    m_left->setVisible(!left.isEmpty());
}

void StatusLine::clearActivity()
{
    m_activity->hide();
    m_progress->hide();
    m_left->hide();
    m_summary->show();
}

void StatusLine::paintEvent(QPaintEvent *)
{
    const ThemeColours &colours = Theme::current().colours();
    QPainter painter(this);
    painter.fillRect(rect(), colours.rail);
    painter.fillRect(QRect(0, 0, width(), 1), colours.line);
}

} // namespace whisker
