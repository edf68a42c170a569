#pragma once

#include "engine/data/internal/journal.h"
#include "engine/data/internal/scan.h"

#include <unordered_map>

namespace whisker {

/// The classes that an import's folders and lists mean; those that are missing are made. With the store's mutex held; throws what SQLite throws.
class ImportClasses {
public:
    ImportClasses(ProjectStore &store, const ScanResult &scan) : m_store(store), m_scan(scan) {}

    /// Others may have changed the project since.
    void beginBatch() { m_byFolder.clear(); }
    /// Nothing where neither a folder nor a list says what `file` is.
    std::optional<ClassId> labelFor(JournalEntry &entry, const FoundFile &file);
    /// Where the project has `file` under a class, and a list names another: a sentence.
    std::optional<std::string> contradiction(const JournalValue &label, const FoundFile &file) const;

private:
    ClassId named(JournalEntry &entry, const std::string &folderName);

    ProjectStore &m_store;
    const ScanResult &m_scan;
    std::unordered_map<std::string, ClassId> m_byFolder; // 0: none
};

} // namespace whisker
