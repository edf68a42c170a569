#include "ui/data/finding_bar.h"

#include "ui/texts.h"
#include "widgets/buttons.h"
#include "widgets/sentence_label.h"
#include "widgets/text_label.h"

#include <QHBoxLayout>

namespace whisker {

FindingBar::FindingBar(QWidget *parent)
    : Panel(parent), m_title(new TextLabel({}, Tone::Text, this)), m_sentence(new SentenceLabel(this)),
      m_previous(new Button(tr("Previous group"), Button::Kind::Plain, this)), m_next(new Button(tr("Next group"), Button::Kind::Plain, this)),
      m_remedy(new Button({}, Button::Kind::Primary, this)), m_close(new Button(tr("Show all"), Button::Kind::Plain, this))
{
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(16, 10, 8, 10);
    column->setSpacing(2);
    m_title->setSize(13, QFont::DemiBold);
    m_sentence->setForegroundRole(QPalette::PlaceholderText);
    auto *row = new QHBoxLayout;
    row->setSpacing(8);
    row->addWidget(m_title, 1);
    for (Button *button : {m_previous, m_next, m_remedy, m_close})
        row->addWidget(button);
    column->addLayout(row);
    column->addWidget(m_sentence);
    m_previous->setToolTip(tr("Select the pictures of the group before (Shift+F3)"));
    m_next->setKeyHint(Qt::Key_F3);
    m_next->setToolTip(tr("Select the pictures of the next group (F3)"));
    m_close->setKeyHint(Qt::Key_Escape);
    m_close->setToolTip(tr("Back to all pictures (Esc)"));
    connect(m_previous, &Button::clicked, this, [this] { Q_EMIT groupWanted(-1); });
    connect(m_next, &Button::clicked, this, [this] { Q_EMIT groupWanted(1); });
    connect(m_remedy, &Button::clicked, this, &FindingBar::remedyWanted);
    connect(m_close, &Button::clicked, this, &FindingBar::closed);
    hide();
}

void FindingBar::showFinding(const FindingShown &finding)
{
    const auto &[kind, count, pictures, remediable, groups, detail] = finding;
    m_kind = kind;
    QString counted = countText(pictures, tr("1 picture"), tr("%1 pictures"));
    if (kind == FindingKind::Imbalance)
        counted = tr("%1, %2", "classes, pictures").arg(findingCount(kind, count), counted);
    m_title->setText(QStringLiteral("%1: %2").arg(findingTitle(kind), counted));
    QString sentence = (detail + QLatin1Char(' ') + findingSentence(kind)).trimmed();
    if (remedyOf(kind) == Remedy::Relabel)
        sentence += tr(" Go from group to group; the keys of the classes label what is selected.");
    m_sentence->setText(sentence);
    m_sentence->show();
    m_previous->setVisible(groups > 1);
    m_next->setVisible(groups > 0);
    const bool keepOne = remedyOf(kind) == Remedy::KeepOne;
    m_remedy->setVisible(remediable > 0);
    m_remedy->setText(keepOne ? tr("Keep one of each") : countText(remediable, tr("Exclude it"), tr("Exclude all %1")));
    m_remedy->setToolTip(keepOne ? countText(remediable, tr("The largest and sharpest stays, 1 copy is excluded; those under two labels stay (Ctrl+Shift+X)"),
                                             tr("The largest and sharpest of each group stays, %1 copies are excluded; those under two labels stay (Ctrl+Shift+X)"))
                                 : tr("They stay in the project and are used for nothing (Ctrl+Shift+X)"));
    setAccessibleName(m_title->text());
    show();
}

void FindingBar::showPictures(const QString &name, int pictures)
{
    m_kind.reset();
    m_title->setText(QStringLiteral("%1: %2").arg(name, countText(pictures, tr("1 picture"), tr("%1 pictures"))));
    m_sentence->hide();
    for (Button *button : {m_previous, m_next, m_remedy})
        button->hide();
    setAccessibleName(m_title->text());
    show();
}

QString FindingBar::title() const { return m_title->text(); }

QString FindingBar::sentence() const { return m_sentence->text(); }

} // namespace whisker
