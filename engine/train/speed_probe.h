#pragma once

#include "engine/base/result.h"
#include "engine/nn/architectures.h"

#include <filesystem>
#include <functional>
#include <map>
#include <span>
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

/// measureSpeed(), or what stands in its place.
using SpeedMeasure = std::function<Result<NetworkSpeed>(std::string_view architecture, std::stop_token stop)>;
/// By architecture.
using NetworkSpeeds = std::map<std::string, NetworkSpeed>;

/// What is kept in `file` is read; those of `networks` that are not among it are measured one after the other and kept there. `tell` is called with what is known so
/// far, first of all with what was read. One that can't be measured is left out, and logged; a stop leaves out the rest. Blocks. Never throws.
NetworkSpeeds measureSpeeds(std::span<const ArchitectureInfo> networks, const std::filesystem::path &file, const SpeedMeasure &measure,
                            const std::function<void(const NetworkSpeeds &)> &tell, std::stop_token stop);

/// Where the programs keep them: in the user's cache.
std::filesystem::path speedsFile();

/// What was measured on this machine with this version of Whisker, by architecture; empty where nothing was, or `file` can't be read.
NetworkSpeeds readSpeeds(const std::filesystem::path &file);
/// Replaces the file; its folder is made. Errors: of writeFileAtomically().
Result<void> writeSpeeds(const std::filesystem::path &file, const NetworkSpeeds &speeds);

} // namespace whisker
