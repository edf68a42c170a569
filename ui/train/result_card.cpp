#include "ui/train/result_card.h"

#include "ui/train/run_texts.h"
#include "ui/train/training_texts.h"
#include "widgets/buttons.h"
#include "widgets/sentence_label.h"
#include "widgets/tabular_text.h"
#include "widgets/text_label.h"

#include <QCoreApplication>
#include <QHBoxLayout>
#include <QVBoxLayout>
#include <cmath>

namespace whisker {

namespace {

struct OutcomeTexts {
    Q_DECLARE_TR_FUNCTIONS(ResultCard)
};

struct OutcomeWords {
    QString figure, sentence, certainty;
};

QString joinedSentences(const QStringList &sentences)
{
    QStringList said = sentences;
    said.removeAll(QString());
    return said.join(QLatin1Char(' '));
}

/// Where it left the way; empty for a run that came to its end.
QString endText(const RunReceipt &receipt)
{
    const bool epochs = receipt.config.mode != TrainMode::Quick && receipt.config.epochs > 0;
    switch (receipt.status) {
    case RunStatus::Stopped:
        if (!epochs)
            return OutcomeTexts::tr("Stopped early.");
        if (receipt.paused)
            return receipt.epochs > 0 ? OutcomeTexts::tr("Paused after epoch %1 of %2.").arg(receipt.epochs).arg(receipt.config.epochs)
                                      : OutcomeTexts::tr("Paused before its first epoch was done.");
        return receipt.epochs > 0 ? OutcomeTexts::tr("Stopped after epoch %1 of %2.").arg(receipt.epochs).arg(receipt.config.epochs)
                                  : OutcomeTexts::tr("Stopped before its first epoch was done.");
    case RunStatus::Unfinished: return OutcomeTexts::tr("This run was broken off.");
    case RunStatus::Diverged: return receipt.message.empty() ? OutcomeTexts::tr("The loss grew beyond all bounds.") : QString::fromStdString(receipt.message);
    case RunStatus::Failed: return joinedSentences({OutcomeTexts::tr("This run failed."), QString::fromStdString(receipt.message)});
    case RunStatus::Completed: break;
    }
    return {};
}

QString keptText(const RunOutcome &outcome)
{
    if (outcome.model.empty())
        return OutcomeTexts::tr("There is no model yet: it ended before one was finished.");
    if (!keepsItsStart(outcome.receipt))
        return OutcomeTexts::tr("The best model so far is kept and can be tried.");
    return outcome.receipt.startModel.empty() ? OutcomeTexts::tr("The best model so far is quick's; it can be tried.")
                                              : OutcomeTexts::tr("The best model so far is the one that it began with; it can be tried.");
}

QString goingOnText(const RunOutcome &outcome)
{
    if (outcome.canGoOn)
        return OutcomeTexts::tr("It can go on at any time.");
    return outcome.receipt.config.mode != TrainMode::Quick ? OutcomeTexts::tr("It has no checkpoint to go on from.") : QString();
}

/// What is to be said below the figure of a run that was not tested, or has none.
QString untestedText(const RunOutcome &outcome)
{
    switch (outcome.receipt.status) {
    case RunStatus::Completed: return OutcomeTexts::tr("No pictures were kept for a test, so new pictures may do worse. Add more pictures on the Data page.");
    case RunStatus::Stopped:
    case RunStatus::Unfinished: return joinedSentences({keptText(outcome), goingOnText(outcome)});
    case RunStatus::Diverged: return outcome.receipt.message.empty() ? keptText(outcome) : QString(); // else the message says it
    case RunStatus::Failed: break;
    }
    return {};
}

QString baselineText(int right, int count, const std::optional<CommonClass> &common)
{
    return common ? uselessText(right, count, *common) : QString();
}

/// The full stop is for what follows.
QString sentenceOf(const QString &verdict, const QString &baseline)
{
    return baseline.isEmpty() ? verdict : OutcomeTexts::tr("%1. %2").arg(verdict, baseline);
}

OutcomeWords testedWords(const RunOutcome &outcome)
{
    const int right = int(*outcome.receipt.testCorrect);
    const int count = int(*outcome.receipt.testTotal);
    return {percentText(double(right) / count), sentenceOf(verdictText(right, count), baselineText(right, count, outcome.common.test)),
            joinedSentences({endText(outcome.receipt), certaintyText(right, count)})};
}

OutcomeWords wordsOf(const RunOutcome &outcome)
{
    const RunReceipt &receipt = outcome.receipt;
    if (testShare(receipt))
        return testedWords(outcome);
    if (!receipt.validationAccuracy)
        return {{}, endText(receipt), untestedText(outcome)};
    const int count = int(receipt.validationImages);
    const QString baseline = baselineText(int(std::lround(*receipt.validationAccuracy * count)), count, outcome.common.validation);
    return {percentText(*receipt.validationAccuracy), sentenceOf(OutcomeTexts::tr("right on its validation pictures"), baseline),
            joinedSentences({endText(receipt), untestedText(outcome)})};
}

} // namespace

ResultCard::ResultCard(QWidget *parent)
    : Card({}, parent), m_figure(new TextLabel({}, Tone::Text, this)), m_sentence(new SentenceLabel(this)), m_certainty(new SentenceLabel(this)),
      m_try(new Button(tr("Try it on a picture"), Button::Kind::Primary, this))
{
    setAccessibleName(tr("Result"));
    m_figure->setSize(28, QFont::DemiBold);
    m_figure->setTabular(true);
    for (SentenceLabel *label : {m_sentence, m_certainty}) {
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
