#pragma once

#include "engine/base/result.h"
#include "engine/data/snapshot.h"
#include "engine/image/content_hash.h"
#include "engine/train/model_file.h"

#include <cstddef>
#include <filesystem>
#include <set>

namespace whisker::internal {

/// In the folder of a run that continues a model: what that model had seen.
inline constexpr const char *kLineageFile = "lineage.json";

/// The pictures that made a model what it is, by content: those of its own run and of all runs that this one continues.
struct Lineage {
    std::set<ContentHash> learnt{};  ///< Its weights have learnt from them.
    std::set<ContentHash> checked{}; ///< It was chosen by its answers for them.
    bool complete = true;            ///< False: of a run on the way to the model nobody knows what it learnt from.

    bool operator==(const Lineage &) const = default;
};

/// A JSON object {"format": 1, "complete", "learnt": [hash], "checked": [hash]}, whole or not at all. Errors as writeFileAtomically().
Result<void> writeLineage(const std::filesystem::path &file, const Lineage &lineage);
/// Errors: NotFound, PermissionDenied, Unreadable, BadFormat, NewerVersion; each names the file.
Result<Lineage> readLineage(const std::filesystem::path &file);

/// Of the model in `file`, from the run folder it lies in or, where it is a copy, from that among runs/ beside it; incomplete where there is no such run, or it
/// kept no list of its pictures. `withClassifier`: its classifier is gone on with too, and the one that quick solves for has learnt from validation pictures.
Lineage lineageOf(const std::filesystem::path &file, const ModelFile &model, bool withClassifier);

/// A snapshot in which no picture is in a split for which it has been seen too much.
struct HonestSnapshot {
    Snapshot snapshot{};
    std::size_t learnt = 0;  ///< Pictures to validate or test with that are learnt from instead: the model knows them.
    std::size_t checked = 0; ///< Pictures to test with that are validated with instead: the model was chosen by them.
};
HonestSnapshot honestSnapshot(const Snapshot &given, const Lineage &lineage);

} // namespace whisker::internal
