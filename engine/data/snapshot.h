#pragma once

#include "engine/base/result.h"
#include "engine/data/splits.h"
#include "engine/image/content_hash.h"

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

namespace whisker {

class Project;

struct SnapshotEntry {
    std::filesystem::path file; ///< Absolute.
    int label = 0;              ///< Index into Snapshot::classes.
    Split split = Split::Train;
    ContentHash hash;
};

/// The list of pictures that a run is trained on or measured with. A value that nobody changes once it is made: threads share it as
/// std::shared_ptr<const Snapshot>.
///
/// Entries stand in order of hash, then label, split and file: the same pictures give the same order, and so bit for bit the same training, wherever
/// they lie. The order is as good as shuffled.
struct Snapshot {
    std::vector<std::string> classes{}; ///< Names; each has at least one entry.
    std::vector<SnapshotEntry> entries{};

    /// 32 hexadecimal digits over class names and every (hash, label, split); file names do not count.
    std::string digest() const;
    /// Indices of the entries of one split, ascending.
    std::vector<std::size_t> indicesOf(Split split) const;
};

/// Puts the entries into their order; whoever fills a Snapshot by hand calls it once.
void sortEntries(Snapshot &snapshot);

/// The pictures of `project` that are labelled, readable and not excluded. Classes in the project's order; one without such a picture is left
/// out. A picture that has no split yet gets one as import would give it, by the project's rules: it is left out where it belongs with the locked test set. Errors: as Project::state().
Result<Snapshot> snapshotOf(const Project &project);

/// Whether a classifier can be learnt from it: two classes or more, each with two different pictures or more outside test, one of
/// them in train. The Error
/// (InvalidArgument) says which class lacks what; `data` goes into the sentence.
Result<void> checkTrainable(const Snapshot &snapshot, const std::filesystem::path &data);

} // namespace whisker
