#pragma once

#include "ui/predict/picture_answer.h"
#include "widgets/card.h"
#include "widgets/probability_bars.h"

#include <QStringList>
#include <vector>

class QLabel;

namespace whisker {

class Button;
class TextLabel;

/// What a model says of one picture: the class in large letters, how long it took, and all classes with bars.
class AnswerCard : public Card {
    Q_OBJECT
public:
    explicit AnswerCard(QWidget *parent = nullptr);

    /// `classes` and `colours` (indices into the palette) have one entry for each of the answer's probabilities.
    void showAnswer(const PictureAnswer &answer, const QStringList &classes, const std::vector<int> &colours);
    void showWaiting();
    /// Why there is no answer, and, where `buttonText` is not empty, what can be done about it.
    void showSentence(const QString &headline, const QString &sentence, const QString &buttonText = {});

    QString headline() const;
    QString sentence() const;
    QString timeText() const;
    const ProbabilityBars *bars() const { return m_bars; }

Q_SIGNALS:
    void buttonClicked();

private:
    void say(const QString &sentence);
    TextLabel *m_name;
    TextLabel *m_time;
    ProbabilityBars *m_bars;
    QLabel *m_sentence;
    Button *m_button;
};

} // namespace whisker
