#pragma once

#include "widgets/theme.h"

#include <filesystem>
#include <optional>
#include <variant>

namespace whisker {

/// What the command line of the window wishes.
struct WindowOptions {
    std::filesystem::path project{}; ///< Empty: the one that was open last, or the demonstration.
    std::optional<Scheme> theme{};   ///< Nothing: as chosen in the window the last time.
    bool startupTime = false;        ///< Say how long the start took, and end.
};

/// The options, or the exit status where there is nothing more to do: 0 after --help and --version, 2 for what makes no sense. Prints what is to be said.
std::variant<WindowOptions, int> parseOptions(int argc, char **argv);

} // namespace whisker
