#pragma once

#include "engine/data/import.h"
#include "engine/data/internal/journal.h"
#include "engine/data/internal/scan.h"

#include <unordered_map>

namespace whisker {

/// The splits that an import's pictures come with or get. With the store's mutex held; throws what SQLite throws.
class ImportSplits {
public:
    ImportSplits(ProjectStore &store, const ScanResult &scan, const ImportOptions &options);

    /// Others may have changed the project since.
    void beginBatch();
    /// It comes for a test set that is locked.
    bool isLockedOut(const FoundFile &file) const;
    /// The split that `file` brings, which may enter.
    std::optional<Split> comingWith(const FoundFile &file) const;
    /// That split is not to be divided anew.
    bool isFixed(const FoundFile &file) const;
    /// Counts a picture that stays out for the locked test set.
    void leaveOut() { ++m_leftOut; }
    std::size_t leftOut() const { return m_leftOut; }
    /// `file` is the picture `image`, which is new or was there before.
    void came(ImageId image, const FoundFile &file, bool isNew);
    /// When all are in: cuts validation out of train where it did not come, and gives splits to labelled pictures that have none.
    void finish(JournalEntry &entry);

private:
    void cutValidation(JournalEntry &entry);

    ProjectStore &m_store;
    const std::optional<SplitShares> m_shares;
    const std::optional<std::uint64_t> m_seed;
    const bool m_cutsValidation;
    SplitRules m_rules;                            // for one batch
    std::unordered_map<ImageId, bool> m_fromTrain; // what came from train/, and whether it is new
    std::size_t m_leftOut = 0;
};

} // namespace whisker
