#include "ui/data/labelling_head.h"

#include "engine/data/project_values.h"
#include "widgets/buttons.h"
#include "widgets/text_label.h"

#include <QHBoxLayout>

namespace whisker {

LabellingHead::LabellingHead(QWidget *parent)
    : QWidget(parent), m_count(new TextLabel(this)), m_facts(new TextLabel({}, Tone::Quiet, this)), m_said(new TextLabel({}, Tone::Accent, this)),
      m_leave(new Button(tr("Done"), Button::Kind::Plain, this))
{
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(12);
    m_count->setSize(17, QFont::DemiBold);
    m_count->setTabular(true);
    m_said->setSize(13, QFont::Medium);
    m_leave->setKeyHint(Qt::Key_Escape);
    m_leave->setFocusPolicy(Qt::NoFocus);
    connect(m_leave, &Button::clicked, this, &LabellingHead::leaveWanted);
    setMinimumHeight(m_leave->sizeHint().height()); // also without it
    row->addWidget(m_count);
    row->addWidget(m_facts, 1);
    row->addWidget(m_said);
    row->addWidget(m_leave);
}

void LabellingHead::showCount(std::size_t labelled, std::size_t pictures)
{
    m_count->setText(tr("%L1 of %L2 labelled").arg(labelled).arg(pictures));
}

QString LabellingHead::count() const { return m_count->text(); }

void LabellingHead::describe(const ImageRecord *image, const QString &className, const QString &guess)
{
    QStringList facts;
    if (!className.isEmpty())
        facts.append(tr("this one: %1").arg(className));
    if (image && image->unsure)
        facts.append(tr("not sure"));
    if (image && image->excluded)
        facts.append(tr("excluded"));
    if (!guess.isEmpty())
        facts.append(tr("the model says: %1").arg(guess));
    m_facts->setText(facts.join(QStringLiteral(" · ")));
}

QString LabellingHead::facts() const { return m_facts->text(); }

void LabellingHead::say(const QString &text) { m_said->setText(text); }

QString LabellingHead::said() const { return m_said->text(); }

void LabellingHead::setLeaveShown(bool shown) { m_leave->setVisible(shown); }

} // namespace whisker
