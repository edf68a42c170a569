#pragma once

#include "ui/data/labelling_commands.h"

#include <QWidget>

namespace whisker {

class Button;
class SentenceLabel;

/// What stands behind the last picture of a round of labelling.
struct LabellingResult {
    std::size_t labelled = 0;
    std::size_t pictures = 0;   ///< Of the round.
    std::size_t open = 0;       ///< Of the round: without a label and not excluded.
    std::size_t elsewhere = 0;  ///< Of the project, but not of the round: without a label and not excluded.
    bool canTrain = false;      ///< There are pictures of two classes.
    QString lastChange{};       ///< In words; empty where nothing can be undone.
};

/// Says what a round of labelling came to, and offers what can be done then, nothing else.
class LabellingEnd : public QWidget {
    Q_OBJECT
public:
    explicit LabellingEnd(QWidget *parent = nullptr);

    void show(const LabellingResult &result);
    /// What a key asks for here: Enter asks for what is offered first, N for more, A for the skipped ones again; else as labellingCommand(), where
    /// it is offered.
    std::optional<LabellingCommand> commandOf(int key) const;
    QString sentence() const;

Q_SIGNALS:
    void wanted(whisker::LabellingCommand command);

private:
    Button *makeButton(LabellingCommand command);
    void offer(Button *button, const QString &text, const QKeySequence &keys, bool isFirst);

    LabellingResult m_result;
    SentenceLabel *m_text;
    Button *m_more;
    Button *m_again;
    Button *m_back;
    Button *m_undo;
    Button *m_leave;
};

} // namespace whisker
