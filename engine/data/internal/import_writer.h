#pragma once

#include "engine/data/import.h"
#include "engine/data/internal/examine.h"
#include "engine/data/internal/journal.h"
#include "engine/data/project.h"

#include <unordered_map>
#include <unordered_set>
#include <utility>

namespace whisker {

/// Writes what an import has found into the project, batch by batch, each a transaction of its own, all in one entry of the journal. Between batches
/// others may change the project. One thread. After an Error it is not used again.
class ImportWriter {
public:
    ImportWriter(Project &project, const ScanResult &scan, const ImportOptions &options);

    /// Which of `files` need no reading: in the project by their path, with the same size and time.
    Result<std::vector<bool>> unchanged(std::span<const FoundFile> files);
    /// Brings in `files`; examined[i] is what files[i] is, and isUnchanged[i] what unchanged() said. Those not done are left out.
    Result<void> write(std::span<const FoundFile> files, std::span<const ExaminedFile> examined, const std::vector<bool> &isUnchanged);
    /// Gives splits to labelled pictures that have none, and cuts validation out of train where it did not come.
    Result<void> finish();

    /// What was done since the last call.
    Result<ProjectChange> takeChange();
    /// The user has undone this import while it went on: it is to stop.
    bool wasUndone() const { return m_undone; }
    ImportReport &report() { return m_report; }

private:
    struct KnownImage {
        ImageId id = 0;
        JournalValue label{};
        JournalValue split{};
        FileFacts facts{};
        bool present = false;
        std::int64_t splitFixed = 0;
    };

    template <class Body> Result<void> inTransaction(Body &&body);
    std::int64_t folderOf(const FoundFile &file);
    std::optional<KnownImage> findByPath(const FoundFile &file);
    std::optional<KnownImage> findMoved(const ExaminedFile &examined);
    std::optional<ClassId> labelFor(JournalEntry &entry, const FoundFile &file);
    ClassId classNamed(JournalEntry &entry, const std::string &folderName);
    void writeOne(JournalEntry &entry, const FoundFile &file, const ExaminedFile &examined, bool isUnchanged);
    void insert(JournalEntry &entry, const FoundFile &file, const ExaminedFile &examined);
    void update(ImageId image, const FoundFile &file, const ExaminedFile &examined);
    void bringBack(JournalEntry &entry, const KnownImage &known, const FoundFile &file);
    void label(JournalEntry &entry, const KnownImage &known, const FoundFile &file);
    void comeSplit(JournalEntry &entry, const KnownImage &known, const FoundFile &file);
    void mark(JournalEntry &entry, ImageId image, const FoundFile &file);
    void tellKept(const KnownImage &known, const FoundFile &file);
    void skip(const KnownImage *known, const FoundFile &file, const ExaminedFile &examined);
    void saveSkipped(JournalEntry &entry);
    void fillSplits(JournalEntry &entry);
    void cutValidation(JournalEntry &entry);
    SplitRules rules() const;
    bool isLockedOut(const FoundFile &file) const;

    ProjectStore &m_store;
    const ScanResult &m_scan;
    const ImportOptions m_options;
    std::int64_t m_entry = 0;
    bool m_undone = false;
    bool m_cutsValidation = false;
    std::unordered_map<std::string, ClassId> m_classes;        // by folder name; for one batch
    std::unordered_map<const void *, std::int64_t> m_folders;  // rows by FoundFile::folder; for one batch
    std::unordered_map<ImageId, bool> m_fromTrain;             // what came from train/, and whether it is new
    std::unordered_set<ContentHash> m_allThere;                // contents whose pictures have all been seen in their places
    SplitRules m_rules;                                        // for one batch
    std::size_t m_leftOut = 0;                                 // for the locked test set
    std::size_t m_skippedSaved = 0;                            // so many of the report's are in the project
    TouchedRows m_touched;
    ImportReport m_report;
};

} // namespace whisker
