#pragma once

#include "engine/data/project_values.h"

#include <filesystem>
#include <string>
#include <vector>

/// A window without widgets that is made to be killed: it works at random with a project and tells what it has shown as done.
namespace whisker::test {

/// What a message on the labeller's standard output says; a text follows.
enum class Told : char {
    Begins = 'B',       ///< The project is being opened, or made.
    Wants = 'W',        ///< A change is given to the session: its words, see Wish.
    WantsImport = 'I',  ///< An import is: the folder's name.
    Shown = 'S',        ///< The state as shown now, after part of an import. The same text for all that follow.
    Done = 'D',         ///< The change that was wanted is shown.
    ImportDone = 'F',   ///< The import is.
    Failed = 'X',       ///< The session said so: its sentence. Never, here.
};

/// A state as text, for comparison: a line "class NAME", or "picture ID FILE SPLIT EXCLUDED LABEL" (- for none), then "undo WORDS", "redo WORDS".
std::string textOf(const ProjectState &state);

/// Works until it is killed: opens the project in `root`/project, or makes it; imports `root`/in0, in1, ... in their order.
int runLabeller(const std::filesystem::path &root, unsigned seed);

} // namespace whisker::test
