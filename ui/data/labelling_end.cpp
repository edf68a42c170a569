#include "ui/data/labelling_end.h"

#include "ui/texts.h"
#include "widgets/buttons.h"
#include "widgets/sentence_label.h"
#include "widgets/theme.h"

#include <QLocale>
#include <QVBoxLayout>

namespace whisker {

namespace {

constexpr int kWidestButton = 360;

QString resultText(const LabellingResult &result)
{
    if (result.labelled == result.pictures)
        return countText(qint64(result.pictures), LabellingEnd::tr("The picture has a label."), LabellingEnd::tr("All %1 pictures have a label."));
    return LabellingEnd::tr("%L1 of %L2 pictures have a label; the others were skipped, not sure or excluded.").arg(result.labelled).arg(result.pictures);
}

} // namespace

LabellingEnd::LabellingEnd(QWidget *parent)
    : QWidget(parent), m_text(new SentenceLabel(this)), m_more(makeButton(LabellingCommand::More)), m_again(makeButton(LabellingCommand::Again)),
      m_back(makeButton(LabellingCommand::Back)), m_undo(makeButton(LabellingCommand::Undo)), m_leave(makeButton(LabellingCommand::Leave))
{
    auto *column = new QVBoxLayout(this);
    column->setSpacing(20);
    column->addStretch(1);
    m_text->setAlignment(Qt::AlignCenter);
    m_text->setFont(themeFont(17));
    column->addWidget(m_text);
    const auto addRow = [column](std::initializer_list<Button *> buttons) {
        auto *row = new QHBoxLayout;
        row->setSpacing(8);
        row->addStretch(1);
        for (Button *button : buttons)
            row->addWidget(button);
        row->addStretch(1);
        column->addLayout(row);
    };
    addRow({m_more, m_again});
    addRow({m_back, m_undo, m_leave});
    column->addStretch(2);
}

Button *LabellingEnd::makeButton(LabellingCommand command)
{
    auto *button = new Button({}, Button::Kind::Plain, this);
    button->setFocusPolicy(Qt::NoFocus);
    button->setMaximumWidth(kWidestButton);
    connect(button, &Button::clicked, this, [this, command] { Q_EMIT wanted(command); });
    return button;
}

void LabellingEnd::offer(Button *button, const QString &text, const QKeySequence &keys, bool isFirst)
{
    button->setText(text);
    button->setKind(isFirst ? Button::Kind::Primary : Button::Kind::Plain);
    button->setKeyHint(isFirst ? QKeySequence(Qt::Key_Return) : keys);
}

void LabellingEnd::show(const LabellingResult &result)
{
    m_result = result;
    const QString next = result.canTrain ? tr("Next: teach the computer with them on the Train page (Ctrl+2).") : tr("Training needs pictures of two classes at least.");
    m_text->setText(resultText(result) + QStringLiteral("\n\n") + next);
    const bool more = result.elsewhere > 0, again = result.open > 0;
    offer(m_more, countText(qint64(result.elsewhere), tr("Label the next one without a label"), tr("Label the next %1 without a label")), Qt::Key_N, more);
    offer(m_again, countText(qint64(result.open), tr("Look again at the skipped one"), tr("Look again at the %1 skipped")), Qt::Key_A, again && !more);
    offer(m_back, tr("Last picture"), Qt::Key_Left, false);
    offer(m_undo, tr("Undo"), Qt::Key_U, false);
    offer(m_leave, tr("Back to the pictures"), Qt::Key_Escape, false);
    m_undo->setToolTip(tr("Undo: %1").arg(result.lastChange));
    m_more->setVisible(more);
    m_again->setVisible(again);
    m_undo->setVisible(!result.lastChange.isEmpty());
}

std::optional<LabellingCommand> LabellingEnd::commandOf(int key) const
{
    const bool more = m_result.elsewhere > 0, again = m_result.open > 0;
    if (key == Qt::Key_N && more)
        return LabellingCommand::More;
    if (key == Qt::Key_A && again)
        return LabellingCommand::Again;
    const auto command = labellingCommand(key);
    if (command == LabellingCommand::Enter && (more || again))
        return more ? LabellingCommand::More : LabellingCommand::Again;
    if (command == LabellingCommand::Back || command == LabellingCommand::Undo || command == LabellingCommand::Leave)
        return command;
    return std::nullopt;
}

QString LabellingEnd::sentence() const { return m_text->text(); }

} // namespace whisker
