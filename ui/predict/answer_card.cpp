#include "ui/predict/answer_card.h"

#include "widgets/buttons.h"
#include "widgets/sentence_label.h"
#include "widgets/text_label.h"

#include <QHBoxLayout>
#include <QLocale>
#include <QVBoxLayout>

namespace whisker {

namespace {

QString milliseconds(double value)
{
    return AnswerCard::tr("%1 ms").arg(QLocale().toString(value, 'f', value < 99.5 ? 1 : 0));
}

} // namespace

AnswerCard::AnswerCard(QWidget *parent)
    : Card({}, parent), m_name(new TextLabel({}, Tone::Text, this)), m_time(new TextLabel({}, Tone::Quiet, this)),
      m_bars(new ProbabilityBars(this)), m_sentence(new SentenceLabel(this)), m_button(new Button({}, Button::Kind::Plain, this))
{
    setAccessibleName(tr("Answer"));
    m_name->setSize(28, QFont::DemiBold);
    m_time->setTabular(true);
    m_sentence->setTextFormat(Qt::PlainText);
    m_sentence->setFont(themeFont(12));
    m_sentence->setForegroundRole(QPalette::PlaceholderText);
    m_sentence->setTextInteractionFlags(Qt::TextSelectableByMouse);

    auto *head = new QHBoxLayout;
    head->setSpacing(12);
    head->addWidget(m_name, 1);
    head->addWidget(m_time, 0, Qt::AlignVCenter);
    body()->addLayout(head);
    body()->addWidget(m_bars);
    body()->addWidget(m_sentence);
    body()->addWidget(m_button, 0, Qt::AlignLeft);
    connect(m_button, &Button::clicked, this, &AnswerCard::buttonClicked);
    showWaiting();
}

void AnswerCard::showAnswer(const PictureAnswer &answer, const QStringList &classes, const std::vector<int> &colours)
{
    std::vector<ProbabilityRow> rows;
    for (std::size_t k = 0; k < answer.probabilities.size(); ++k)
        rows.push_back({classes.value(qsizetype(k)), colours.at(k), answer.probabilities[k]});
    m_bars->setRows(std::move(rows));
    m_bars->show();
    m_name->setText(answer.neither ? tr("none of them") : classes.value(answer.classIndex));
    m_time->setText(milliseconds(answer.networkMs));
    m_time->setToolTip(tr("Network %1, reading the picture %2").arg(milliseconds(answer.networkMs), milliseconds(answer.readMs)));
    m_time->setAccessibleDescription(m_time->toolTip());
    m_time->show();
    QStringList sentences;
    if (answer.neither)
        sentences.append(tr("Looks like nothing it has learned."));
    if (!answer.note.isEmpty())
        sentences.append(tr("The file is damaged: %1").arg(answer.note));
    say(sentences.join(QLatin1Char('\n')));
    m_button->hide();
}

void AnswerCard::showWaiting()
{
    m_name->setText(tr("..."));
    m_time->hide();
    m_bars->clear();
    m_bars->hide();
    say(tr("Looking at it"));
    m_button->hide();
}

void AnswerCard::showSentence(const QString &headline, const QString &sentence, const QString &buttonText)
{
    m_name->setText(headline);
    m_time->hide();
    m_bars->clear();
    m_bars->hide();
    say(sentence);
    m_button->setText(buttonText);
    m_button->setVisible(!buttonText.isEmpty());
}

void AnswerCard::say(const QString &sentence)
{
    m_sentence->setText(sentence);
    m_sentence->setVisible(!sentence.isEmpty());
}

QString AnswerCard::headline() const { return m_name->text(); }
QString AnswerCard::sentence() const { return m_sentence->text(); }
QString AnswerCard::timeText() const { return m_time->isHidden() ? QString() : m_time->text(); }

} // namespace whisker
