#include "ui/data/labelling_commands.h"

#include "engine/data/project_values.h"
#include "widgets/buttons.h"

#include <QHBoxLayout>

namespace whisker {

std::optional<LabellingCommand> labellingCommand(int key)
{
    switch (key) {
    case Qt::Key_Escape: return LabellingCommand::Leave;
    case Qt::Key_Space:
    case Qt::Key_Right:
    case Qt::Key_Down:
    case Qt::Key_S: return LabellingCommand::Skip;
    case Qt::Key_Left:
    case Qt::Key_Up:
    case Qt::Key_Backspace:
    case Qt::Key_B: return LabellingCommand::Back;
    case Qt::Key_Question: return LabellingCommand::Unsure;
    case Qt::Key_X: return LabellingCommand::Exclude;
    case Qt::Key_U: return LabellingCommand::Undo;
    case Qt::Key_Return:
    case Qt::Key_Enter: return LabellingCommand::Enter;
    case Qt::Key_L: return LabellingCommand::TypeName;
    default: return std::nullopt;
    }
}

LabellingCommands::LabellingCommands(QWidget *parent) : QWidget(parent)
{
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(8);
    add(*row, tr("Back"), Qt::Key_Left, LabellingCommand::Back);
    add(*row, tr("Skip"), Qt::Key_Space, LabellingCommand::Skip);
    m_unsure = add(*row, tr("Not sure"), Qt::Key_Question, LabellingCommand::Unsure);
    m_exclude = add(*row, tr("Exclude"), Qt::Key_X, LabellingCommand::Exclude);
    add(*row, tr("Undo"), Qt::Key_U, LabellingCommand::Undo);
    row->addStretch(1);
    m_type = add(*row, tr("Type a class"), Qt::Key_L, LabellingCommand::TypeName);
    m_enter = add(*row, {}, Qt::Key_Return, LabellingCommand::Enter);
    describe(nullptr, {});
}

Button *LabellingCommands::add(QHBoxLayout &row, const QString &text, const QKeySequence &keys, LabellingCommand command)
{
    auto *button = new Button(text, Button::Kind::Plain, this);
    button->setKeyHint(keys);
    button->setFocusPolicy(Qt::NoFocus);
    row.addWidget(button);
    connect(button, &Button::clicked, this, [this, command] { Q_EMIT wanted(command); });
    return button;
}

void LabellingCommands::describe(const ImageRecord *image, const QString &guessedClass)
{
    const bool guesses = !guessedClass.isEmpty();
    m_unsure->setText(image && image->unsure ? tr("Sure") : tr("Not sure"));
    m_exclude->setText(image && image->excluded ? tr("Include") : tr("Exclude"));
    m_type->setVisible(guesses);
    m_enter->setText(guesses ? tr("Yes, %1").arg(guessedClass) : tr("Type a class"));
    m_enter->setKind(guesses ? Button::Kind::Primary : Button::Kind::Plain);
}

} // namespace whisker
