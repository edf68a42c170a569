#include "engine/data/internal/import_writer.h"

#include "engine/base/number_text.h"
#include "engine/data/internal/division.h"
#include "engine/data/internal/picture_facts.h"
#include "engine/data/internal/transaction.h"

#include <array>

namespace whisker {

ImportWriter::ImportWriter(Project &project, const ScanResult &scan, const ImportOptions &options)
    : m_store(*project.m_store), m_known(m_store), m_classes(m_store, scan), m_splits(m_store, scan, options)
{
}

template <class Body> Result<void> ImportWriter::inTransaction(Body &&body)
{
    return written(m_store, [&]() -> Result<void> {
        if (m_entry != 0) {
            SQLite::Statement query(*m_store.database, "SELECT 1 FROM journal WHERE id = ? AND NOT undone");
            query.bind(1, m_entry);
            m_undone = !query.executeStep();
        }
        if (m_undone)
            return {};
        m_known.beginBatch();
        m_classes.beginBatch();
        m_splits.beginBatch();
        JournalEntry entry(m_store, m_entry);
        body(entry);
        if (entry.id() != 0) {
            saveSkipped(entry);
            entry.say(words());
        }
        m_entry = entry.id();
        m_touched.images.merge(entry.touched().images);
        m_touched.classes |= entry.touched().classes;
        return {};
    });
}

Result<std::vector<bool>> ImportWriter::unchanged(std::span<const FoundFile> files)
{
    return guarded(m_store, [&]() -> Result<std::vector<bool>> { return m_known.unchanged(files); });
}

Result<void> ImportWriter::write(std::span<const FoundFile> files, std::span<const ExaminedFile> examined, const std::vector<bool> &isUnchanged)
{
    return inTransaction([&](JournalEntry &entry) {
        for (std::size_t i = 0; i < files.size(); ++i) {
            if (examined[i].done || isUnchanged[i])
                writeOne(entry, files[i], examined[i], isUnchanged[i]);
        }
    });
}

void ImportWriter::writeOne(JournalEntry &entry, const FoundFile &file, const ExaminedFile &examined, bool isUnchanged)
{
    auto known = m_known.byPath(file);
    if (!examined.problem.empty()) {
        skip(known ? &*known : nullptr, file, examined);
        return;
    }
    if (!known)
        known = m_known.moved(examined);
    if (!known) {
        insert(entry, file, examined);
        return;
    }
    if (!isUnchanged) {
        PictureFacts facts(m_store, m_touched);
        facts.setPlace(known->id, file.path());
        facts.setExamined(known->id, examined);
    }
    if (!known->present) {
        bringBack(entry, *known, file);
        return;
    }
    ++(isUnchanged ? m_report.known : m_report.updated);
    label(entry, *known, file);
    mark(entry, known->id, file);
    m_splits.came(known->id, file, false);
}

void ImportWriter::insert(JournalEntry &entry, const FoundFile &file, const ExaminedFile &examined)
{
    SQLite::Statement insert(*m_store.database, "INSERT INTO image(folder, name, hash, bytes, modified, width, height, state, reason, "
                                                "label, split, split_fixed, excluded) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    const bool isLeftOut = m_splits.isLockedOut(file);
    const auto split = m_splits.comingWith(file);
    const std::string hash = hashToBlob(examined.hash);
    insert.bind(1, m_known.folderOf(file));
    insert.bind(2, file.name);
    insert.bind(3, hash.data(), static_cast<int>(hash.size()));
    insert.bind(4, examined.bytes);
    insert.bind(5, examined.modifiedNs);
    insert.bind(6, examined.width);
    insert.bind(7, examined.height);
    insert.bind(8, static_cast<int>(examined.state));
    if (examined.state != ImageState::Ok)
        insert.bind(9, examined.note);
    if (const auto label = m_classes.labelFor(entry, file))
        insert.bind(10, *label);
    if (split)
        insert.bind(11, static_cast<int>(*split));
    insert.bind(12, m_splits.isFixed(file) ? 1 : 0);
    insert.bind(13, isLeftOut ? 1 : 0);
    if (isLeftOut)
        m_splits.leaveOut();
    insert.exec();
    const ImageId id = m_store.database->getLastInsertRowid();
    entry.record(JournalField::ImagePresent, id, std::int64_t(0), std::int64_t(1));
    mark(entry, id, file);
    ++m_report.added;
    m_splits.came(id, file, true);
}

/// Into the project again that was taken out by undoing an import.
void ImportWriter::bringBack(JournalEntry &entry, const KnownImage &known, const FoundFile &file)
{
    const auto label = m_classes.labelFor(entry, file);
    const auto after = label ? JournalValue(*label) : JournalValue();
    entry.change(JournalField::ImagePresent, known.id, std::int64_t(0), std::int64_t(1));
    if (known.label != after)
        entry.change(JournalField::ImageLabel, known.id, known.label, after);
    comeSplit(entry, known, file);
    mark(entry, known.id, file);
    ++m_report.added;
    m_splits.came(known.id, file, true);
}

/// What the folders or a list say of a picture that has no label yet; one that was given stays.
void ImportWriter::label(JournalEntry &entry, const KnownImage &known, const FoundFile &file)
{
    if (known.label != JournalValue()) {
        if (const auto kept = m_classes.contradiction(known.label, file))
            m_report.skipped.push_back({file.path(), *kept});
        return;
    }
    if (const auto label = m_classes.labelFor(entry, file))
        entry.change(JournalField::ImageLabel, known.id, JournalValue(), *label);
    if (file.split && known.split == JournalValue())
        comeSplit(entry, known, file);
}

/// The split that the folders or a list say, and that they say it.
void ImportWriter::comeSplit(JournalEntry &entry, const KnownImage &known, const FoundFile &file)
{
    const auto split = m_splits.comingWith(file);
    if (m_splits.isLockedOut(file)) {
        setField(m_store, entry, std::array{known.id}, JournalField::ImageExcluded, std::int64_t(1));
        m_splits.leaveOut();
    }
    const auto after = split ? JournalValue(static_cast<std::int64_t>(*split)) : JournalValue();
    if (known.split != after)
        entry.change(JournalField::ImageSplit, known.id, known.split, after);
    const auto fixed = static_cast<std::int64_t>(m_splits.isFixed(file));
    if (known.splitFixed != fixed)
        entry.change(JournalField::ImageSplitFixed, known.id, known.splitFixed, fixed);
}

/// What only a list says; it adds marks and takes none away.
void ImportWriter::mark(JournalEntry &entry, ImageId image, const FoundFile &file)
{
    if (!file.marks || !(file.marks->excluded || file.marks->unsure || !file.marks->group.empty()))
        return;
    SQLite::Statement query(*m_store.database, "SELECT excluded, unsure, grouping IS NOT NULL FROM image WHERE id = ?");
    query.bind(1, image);
    query.executeStep();
    const bool isExcluded = query.getColumn(0).getInt() != 0, isUnsure = query.getColumn(1).getInt() != 0;
    const bool hasGroup = query.getColumn(2).getInt() != 0;
    query.reset();
    if (file.marks->excluded && !isExcluded)
        entry.change(JournalField::ImageExcluded, image, std::int64_t(0), std::int64_t(1));
    if (file.marks->unsure && !isUnsure)
        entry.change(JournalField::ImageUnsure, image, std::int64_t(0), std::int64_t(1));
    if (!file.marks->group.empty() && !hasGroup)
        entry.change(JournalField::ImageGroup, image, JournalValue(), file.marks->group);
}

void ImportWriter::skip(const KnownImage *known, const FoundFile &file, const ExaminedFile &examined)
{
    m_report.skipped.push_back({file.path(), examined.problem});
    if (!known || !known->present)
        return;
    PictureFacts(m_store, m_touched).setState(known->id, examined.isGone ? ImageState::Missing : ImageState::Unreadable, examined.problem);
}

void ImportWriter::saveSkipped(JournalEntry &entry)
{
    if (m_skippedSaved == m_report.skipped.size())
        return;
    SQLite::Statement insert(*m_store.database, "INSERT OR REPLACE INTO skipped(folder, name, reason, journal) VALUES(?, ?, ?, ?)");
    for (; m_skippedSaved < m_report.skipped.size(); ++m_skippedSaved) {
        const auto &skipped = m_report.skipped[m_skippedSaved];
        insert.bind(1, folderRow(m_store, skipped.file.parent_path()));
        insert.bind(2, skipped.file.filename().native());
        insert.bind(3, skipped.reason);
        insert.bind(4, entry.id());
        insert.exec();
        insert.reset();
    }
    m_touched.skipped = true;
}

Result<void> ImportWriter::finish()
{
    return inTransaction([&](JournalEntry &entry) {
        m_splits.finish(entry);
        // A picture that could not be read once and now can is no longer listed as skipped.
        const int gone = m_store.database->exec("DELETE FROM skipped WHERE EXISTS(SELECT 1 FROM image WHERE image.folder = skipped.folder AND "
                                                "image.name = skipped.name AND present AND state < 2)");
        m_touched.skipped |= gone > 0;
        if (m_skippedSaved < m_report.skipped.size() && m_report.known + m_report.updated > 0)
            entry.begin(); // nothing new came in, but what was skipped is to be listed all the same
    });
}

/// As the history tells it.
std::string ImportWriter::words() const
{
    const auto skipped = m_report.skipped.size();
    std::string what = m_report.added > 0 ? countText(m_report.added, "picture") : "no new picture";
    if (m_report.added == 0 && skipped > 0)
        what += ", skipped " + std::to_string(skipped) + (skipped == 1 ? " file" : " files");
    return "Imported " + what + leftOutWords(m_splits.leftOut());
}

Result<ProjectChange> ImportWriter::takeChange()
{
    return guarded(m_store, [&]() -> Result<ProjectChange> {
        auto change = changeOf(m_store, words(), m_touched);
        m_touched = {};
        return change;
    });
}

} // namespace whisker
