#pragma once

#include "engine/base/result.h"

#include <filesystem>
#include <map>
#include <stop_token>
#include <string>
#include <string_view>

namespace whisker {

/// How fast a network is on this machine's processor, at the picture size it was made for.
struct NetworkSpeed {
    double learning = 0.0; ///< Pictures a second that a training step takes in.
    double looking = 0.0;  ///< Pictures a second whose features are computed, as quick does it.

    bool operator==(const NetworkSpeed &) const = default;
};

/// Measures it on made-up pictures, a few steps of eight: some seconds for a large network. Right to about a quarter, less where other programs compute.
/// Call it on a thread of its own, and not while something is trained. `stop` is looked at between layers.
/// Errors: those of buildArchitecture(), Cancelled, Internal. Never throws.
Result<NetworkSpeed> measureSpeed(std::string_view architecture, std::stop_token stop = {});

/// What was measured on this machine with this version of Whisker, by architecture; empty where nothing was, or `file` can't be read.
std::map<std::string, NetworkSpeed> readSpeeds(const std::filesystem::path &file);
/// Replaces the file; its folder is made. Errors: of writeFileAtomically().
Result<void> writeSpeeds(const std::filesystem::path &file, const std::map<std::string, NetworkSpeed> &speeds);

} // namespace whisker
