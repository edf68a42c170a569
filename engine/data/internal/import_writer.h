#pragma once

#include "engine/data/import.h"
#include "engine/data/internal/import_classes.h"
#include "engine/data/internal/import_splits.h"
#include "engine/data/internal/known_images.h"
#include "engine/data/project.h"

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
    template <class Body> Result<void> inTransaction(Body &&body);
    std::string words() const;
    void writeOne(JournalEntry &entry, const FoundFile &file, const ExaminedFile &examined, bool isUnchanged);
    void insert(JournalEntry &entry, const FoundFile &file, const ExaminedFile &examined);
    void bringBack(JournalEntry &entry, const KnownImage &known, const FoundFile &file);
    void label(JournalEntry &entry, const KnownImage &known, const FoundFile &file);
    void comeSplit(JournalEntry &entry, const KnownImage &known, const FoundFile &file);
    void mark(JournalEntry &entry, ImageId image, const FoundFile &file);
    void skip(const KnownImage *known, const FoundFile &file, const ExaminedFile &examined);
    void saveSkipped(JournalEntry &entry);

    ProjectStore &m_store;
    KnownImages m_known;
    ImportClasses m_classes;
    ImportSplits m_splits;
    std::int64_t m_entry = 0;
    bool m_undone = false;
    std::size_t m_skippedSaved = 0; // so many of the report's are in the project
    TouchedRows m_touched;
    ImportReport m_report;
};

} // namespace whisker
