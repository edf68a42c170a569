#pragma once

#include <QWidget>
#include <optional>

class QHBoxLayout;

namespace whisker {

class Button;
struct ImageRecord;

/// What can be asked for while labelling by keyboard, besides a class.
enum class LabellingCommand {
    Leave,
    Back,
    Skip,
    Unsure,
    Exclude,
    Undo,
    Enter,    ///< Confirms a guess, or types a class; behind the last picture whatever is offered first there.
    TypeName,
    Again,    ///< Behind the last picture: the ones without a label once more.
    More,     ///< Behind the last picture: those of the project that were not in this round.
};

/// What `key` (Qt::Key) asks for; nothing where it asks for no command. Again and More have keys of LabellingEnd alone.
std::optional<LabellingCommand> labellingCommand(int key);

/// The row of buttons below a picture that is being labelled, each with its key.
class LabellingCommands : public QWidget {
    Q_OBJECT
public:
    explicit LabellingCommands(QWidget *parent = nullptr);

    /// `image` may be null; `guessedClass` is what Enter confirms, empty where it types a class.
    void describe(const ImageRecord *image, const QString &guessedClass);

Q_SIGNALS:
    void wanted(whisker::LabellingCommand command);

private:
    Button *add(QHBoxLayout &row, const QString &text, const QKeySequence &keys, LabellingCommand command);
    Button *m_unsure;
    Button *m_exclude;
    Button *m_type;
    Button *m_enter;
};

} // namespace whisker
