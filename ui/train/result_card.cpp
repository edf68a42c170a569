#include "ui/train/result_card.h"

#include "ui/train/training_texts.h"
#include "widgets/buttons.h"
#include "widgets/sentence_label.h"
#include "widgets/tabular_text.h"
#include "widgets/text_label.h"

#include <QCoreApplication>
#include <QHBoxLayout>
#include <QVBoxLayout>

namespace whisker {

RunOutcome outcomeOf(const TrainReport &report, int validationImages)
{
    RunOutcome outcome;
    outcome.status = report.outcome == TrainOutcome::Completed ? RunStatus::Completed
                     : report.outcome == TrainOutcome::Stopped ? RunStatus::Stopped
                                                               : RunStatus::Diverged;
    outcome.validationAccuracy = report.validationAccuracy;
    outcome.validationImages = validationImages;
    if (report.test) {
        outcome.testRight = int(report.test->correct);
        outcome.testCount = int(report.test->total);
    }
    outcome.seconds = report.seconds;
    outcome.model = report.model;
    return outcome;
}

RunOutcome outcomeOf(const RunSummary &run)
{
    RunOutcome outcome;
    outcome.status = run.receipt.status;
    outcome.validationAccuracy = run.receipt.validationAccuracy;
    outcome.validationImages = int(run.receipt.validationImages);
    outcome.testRight = int(run.receipt.testCorrect.value_or(0));
    outcome.testCount = int(run.receipt.testTotal.value_or(0));
    outcome.seconds = run.receipt.seconds;
    if (run.hasModel)
        outcome.model = run.folder / kModelFile;
    outcome.message = QString::fromStdString(run.receipt.message);
    return outcome;
}

namespace {

struct OutcomeTexts {
    Q_DECLARE_TR_FUNCTIONS(ResultCard)
};

struct OutcomeWords {
    QString figure, sentence, certainty;
};

/// Without a test: what the validation says, or why there is nothing to say.
OutcomeWords untestedWords(const RunOutcome &outcome)
{
    OutcomeWords words;
    const QString kept = !outcome.model.empty() ? OutcomeTexts::tr("The best model so far is kept and can be tried.")
                                          : OutcomeTexts::tr("There is no model yet: it ended before one was finished.");
    switch (outcome.status) {
    case RunStatus::Completed:
        words.certainty = OutcomeTexts::tr("No pictures were kept for a test, so new pictures may do worse. Add more pictures on the Data page.");
        break;
    case RunStatus::Stopped:
        words.sentence = OutcomeTexts::tr("Stopped early.");
        words.certainty = kept;
        break;
    case RunStatus::Unfinished:
        words.sentence = OutcomeTexts::tr("This run was broken off.");
        words.certainty = kept;
        break;
    case RunStatus::Diverged:
        words.sentence = OutcomeTexts::tr("The loss grew beyond all bounds.");
        words.certainty = outcome.message.isEmpty() ? kept : outcome.message;
        break;
    case RunStatus::Failed:
        words.sentence = OutcomeTexts::tr("This run failed.");
        words.certainty = outcome.message;
        break;
    }
    if (outcome.validationAccuracy) {
        words.figure = percentText(*outcome.validationAccuracy);
        words.certainty = (words.sentence + QLatin1Char(' ') + words.certainty).trimmed();
        words.sentence = OutcomeTexts::tr("right on the pictures it was checked with while it learned");
    }
    return words;
}

OutcomeWords wordsOf(const RunOutcome &outcome)
{
    if (outcome.testCount == 0)
        return untestedWords(outcome);
    return {percentText(double(outcome.testRight) / outcome.testCount), verdictText(outcome.testRight, outcome.testCount),
            certaintyText(outcome.testRight, outcome.testCount)};
}

} // namespace

ResultCard::ResultCard(QWidget *parent)
    : Card({}, parent), m_figure(new TextLabel({}, Tone::Text, this)), m_sentence(new SentenceLabel(this)), m_certainty(new SentenceLabel(this)),
      m_try(new Button(tr("Try it on a picture"), Button::Kind::Primary, this))
{
    setAccessibleName(tr("Result"));
    m_figure->setSize(28, QFont::DemiBold);
    m_figure->setTabular(true);
    for (QLabel *label : {m_sentence, m_certainty}) {
        label->setTextFormat(Qt::PlainText);
        label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    }
    m_certainty->setForegroundRole(QPalette::PlaceholderText);
    m_certainty->setFont(themeFont(12));

    auto *texts = new QVBoxLayout;
    texts->setSpacing(2);
    texts->addWidget(m_sentence);
    texts->addWidget(m_certainty);
    auto *row = new QHBoxLayout;
    row->setSpacing(16);
    row->addWidget(m_figure);
    row->addLayout(texts, 1);
    row->addWidget(m_try, 0, Qt::AlignVCenter);
    body()->addLayout(row);
    connect(m_try, &Button::clicked, this, [this] { Q_EMIT tryWished(m_model); });
}

void ResultCard::showOutcome(const RunOutcome &outcome)
{
    const OutcomeWords words = wordsOf(outcome);
    m_figure->setText(words.figure);
    m_figure->setVisible(!words.figure.isEmpty());
    m_sentence->setText(words.sentence);
    m_certainty->setText(words.certainty);
    m_certainty->setVisible(!words.certainty.isEmpty());
    m_model = outcome.model;
    m_try->setVisible(!m_model.empty());
}

QString ResultCard::headline() const { return m_figure->text(); }
QString ResultCard::sentence() const { return m_sentence->text(); }
QString ResultCard::certainty() const { return m_certainty->text(); }

} // namespace whisker
