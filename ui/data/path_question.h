#pragma once

#include <QString>
#include <functional>

class QWidget;

namespace whisker {

/// A place on the disk that a person is to name.
struct PathQuestion {
    enum class Kind {
        List,   ///< A CSV or JSON file that is there.
        Folder, ///< One that is there, or is made in the dialog.
        NewCsv, ///< A CSV file to be written; the dialog asks before one that is there.
    };
    Kind kind = Kind::Folder;
    QString title{};
    QString accept{}; ///< On the button: "Export here".
    QString folder{}; ///< Where it opens; empty: where the last one was left.
};

/// Calls `chosen` once with the path, or never; returns at once.
using PathChosen = std::function<void(const QString &)>;
using PathChooser = std::function<void(QWidget *parent, const PathQuestion &question, const PathChosen &chosen)>;

/// Asks by the system's dialog.
void askForPath(QWidget *parent, const PathQuestion &question, const PathChosen &chosen);

} // namespace whisker
