#pragma once

#include "engine/base/result.h"
#include "engine/data/snapshot.h"

#include <cstddef>
#include <filesystem>

namespace whisker {

/// Keeps a snapshot, so that a run can be gone on with or repeated after its project has changed. A JSON object {"format": 1, "classes": [name],
/// "pictures": [[hash, label, split, file]]}; bytes of file names that are no printable ASCII stand as %XX. Whole or not at all.
/// Errors: NotFound (no such folder), PermissionDenied, NoSpace.
Result<void> writeSnapshot(const std::filesystem::path &file, const Snapshot &snapshot);
/// Errors: NotFound, PermissionDenied, Unreadable, BadFormat, NewerVersion; each names the file. Any thread.
Result<Snapshot> readSnapshot(const std::filesystem::path &file);

/// In how far one snapshot is another, counted in pictures; they are told apart by content, labels by name.
struct SnapshotChanges {
    std::size_t added = 0;
    std::size_t removed = 0;
    std::size_t relabelled = 0;
    std::size_t moved = 0; ///< To another split, with the same label.

    bool any() const { return added + removed + relabelled + moved > 0; }
    bool operator==(const SnapshotChanges &) const = default;
};
/// n log n.
SnapshotChanges changesBetween(const Snapshot &before, const Snapshot &now);

} // namespace whisker
