#include "ui/train/comparison_view.h"

#include "ui/texts.h"
#include "ui/train/run_curves.h"
#include "ui/train/run_texts.h"
#include "widgets/card.h"
#include "widgets/fact_sheet.h"
#include "widgets/sentence_label.h"
#include "widgets/theme.h"

#include <QHBoxLayout>
#include <QScrollArea>
#include <QVBoxLayout>

namespace whisker {

namespace {

FactSection section(const QString &title, const QStringList &heads, const std::vector<RunLineOfTwo> &lines)
{
    FactSection facts{title, heads, {}};
    for (const RunLineOfTwo &line : lines)
        facts.lines.push_back({fromUtf8(line.name), {fromUtf8(line.first), fromUtf8(line.second)}, !line.same()});
    return facts;
}

} // namespace

ComparisonView::ComparisonView(QWidget *parent)
    : QWidget(parent), m_summary(new SentenceLabel), m_judgement(new SentenceLabel), m_verdict(new SentenceLabel), m_legend(new SentenceLabel), m_facts(new FactSheet),
      m_curves(new RunCurves)
{
    auto *words = new Card({}, this);
    for (SentenceLabel *label : {m_verdict, m_summary, m_judgement, m_legend}) {
        label->setTextFormat(Qt::PlainText);
        label->setTextInteractionFlags(Qt::TextSelectableByMouse);
        words->addWidget(label);
    }
    m_verdict->setFont(themeFont(13, QFont::DemiBold));
    m_legend->setForegroundRole(QPalette::PlaceholderText);
    m_legend->setFont(themeFont(12));
    words->body()->addSpacing(8);
    words->addWidget(m_facts);
    words->body()->addStretch(1);
    auto *scroll = new QScrollArea(this);
    scroll->setWidget(words);
    scroll->setWidgetResizable(true);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setAccessibleName(tr("What differs"));
    scroll->setMinimumWidth(320);
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(16);
    row->addWidget(scroll, 11);
    row->addWidget(m_curves, 10);
    setFocusProxy(scroll);
    m_curves->setTakeOffOffered(false); // two are compared as long as this is seen
}

void ComparisonView::showRuns(const ComparedRuns &runs)
{
    const RunSummary &first = runs.first.summary, &second = runs.second.summary;
    const RunNames names = runNames({first, second}, QDateTime::currentDateTime());
    const QString &one = names.at(first.folder), &other = names.at(second.folder);
    m_names = tr("%1 and %2").arg(one, other);
    m_first = first.folder;
    m_second = second.folder;
    m_summary->setText(fromUtf8(runs.words.summary));
    m_judgement->setText(fromUtf8(runs.words.judgement));
    m_verdict->setText(runs.verdict ? fromUtf8(runs.verdict->sentence) : QString());
    m_verdict->setVisible(runs.verdict.has_value());
    QString legend = tr("Training and validation are those of %1; %2 is laid over them.").arg(one, other);
    const bool iterates = first.receipt.config.mode == TrainMode::Quick;
    if (iterates != (second.receipt.config.mode == TrainMode::Quick))
        legend += tr(" The axis counts iterations of %1 and epochs of %2.").arg(iterates ? one : other, iterates ? other : one);
    m_legend->setText(legend);
    const QStringList heads{one, other};
    m_facts->setSections({section(tr("What became of them"), heads, runs.words.outcome), section(tr("Other settings"), heads, runs.words.settings),
                          section(tr("Other data"), heads, runs.words.data), section(tr("Other machine"), heads, runs.words.machine)});
    m_curves->begin(first.receipt.config);
    m_curves->append(runs.first.metrics);
    m_curves->setMarks(runs.first.marks);
    m_curves->setBestEpoch(first.receipt.config.mode != TrainMode::Quick ? first.receipt.bestEpoch : 0);
    m_curves->setOverlays({{other, runs.second.metrics}});
}

bool ComparisonView::shows(const std::filesystem::path &runFolder) const { return runFolder == m_first || runFolder == m_second; }

QString ComparisonView::sentences() const
{
    QStringList sentences;
    for (const SentenceLabel *label : {m_verdict, m_summary, m_judgement}) {
        if (!label->text().isEmpty())
            sentences.append(label->text());
    }
    return sentences.join(u' ');
}

} // namespace whisker
