#include "engine/data/internal/import_writer.h"

#include "engine/data/internal/changes.h"
#include "engine/data/internal/class_names.h"
#include "engine/data/internal/division.h"

#include <SQLiteCpp/Transaction.h>
#include <sqlite3.h>

#include <algorithm>
#include <array>

namespace whisker {

namespace {

constexpr const char *kKnownColumns = "SELECT id, label, split, bytes, modified, present, folder, name, split_fixed FROM image ";

JournalValue numberOrNothing(const SQLite::Column &column)
{
    return column.isNull() ? JournalValue() : JournalValue(column.getInt64());
}

/// Its split is not to be divided anew.
bool comesFixed(const FoundFile &file)
{
    return file.split && (!file.marks || file.marks->splitFixed);
}

/// A folder's name as a class may have it: every name that a disk allows gives one.
std::string classNameFrom(std::string folderName)
{
    for (char &letter : folderName) {
        if (static_cast<unsigned char>(letter) < 0x20 || letter == 0x7F)
            letter = ' ';
    }
    return cleanClassName(folderName).value_or("(blank)"); // no disk allows a name that is too long
}

} // namespace

ImportWriter::ImportWriter(Project &project, const ScanResult &scan, const ImportOptions &options)
    : m_store(*project.m_store), m_scan(scan), m_options(options)
{
    const bool hasValidation = std::ranges::find(scan.files, Split::Validation, &FoundFile::split) != scan.files.end();
    m_cutsValidation = scan.comesSplit && !hasValidation;
}

template <class Body> Result<void> ImportWriter::inTransaction(Body &&body)
{
    return guarded(m_store, [&]() -> Result<void> {
        if (m_store.readOnly)
            throw SQLite::Exception("read-only", SQLITE_READONLY);
        SQLite::Transaction transaction(*m_store.database, SQLite::TransactionBehavior::IMMEDIATE);
        if (m_entry != 0) {
            SQLite::Statement query(*m_store.database, "SELECT 1 FROM journal WHERE id = ? AND NOT undone");
            query.bind(1, m_entry);
            m_undone = !query.executeStep();
        }
        if (m_undone)
            return {};
        m_classes.clear();
        m_folders.clear();
        m_rules = rules();
        JournalEntry entry(m_store, m_entry);
        body(entry);
        if (entry.id() != 0) {
            saveSkipped(entry);
            entry.say("Imported " + pictures(m_report.added) + leftOutWords(m_leftOut));
        }
        transaction.commit();
        m_entry = entry.id();
        m_touched.images.merge(entry.touched().images);
        m_touched.classes |= entry.touched().classes;
        return {};
    });
}

Result<std::vector<bool>> ImportWriter::unchanged(std::span<const FoundFile> files)
{
    return guarded(m_store, [&]() -> Result<std::vector<bool>> {
        std::vector<bool> result(files.size());
        SQLite::Statement query(*m_store.database, "SELECT bytes, modified FROM image WHERE present AND state < 2 AND name = ? AND "
                                                   "folder IN (SELECT id FROM folder WHERE absolute = ?)");
        for (std::size_t i = 0; i < files.size(); ++i) {
            query.bind(1, files[i].name);
            query.bind(2, files[i].folder->native());
            if (query.executeStep())
                result[i] = fileFacts(files[i].path()) == FileFacts{query.getColumn(0).getInt64(), query.getColumn(1).getInt64()};
            query.reset();
        }
        return result;
    });
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
    auto known = findByPath(file);
    if (!examined.problem.empty()) {
        skip(known ? &*known : nullptr, file, examined);
        return;
    }
    if (!known)
        known = findMoved(examined);
    if (!known) {
        insert(entry, file, examined);
        return;
    }
    if (!isUnchanged)
        update(known->id, file, examined);
    if (!known->present) {
        bringBack(entry, *known, file);
        return;
    }
    ++(isUnchanged ? m_report.known : m_report.updated);
    label(entry, *known, file);
    mark(entry, known->id, file);
    if (file.split == Split::Train)
        m_fromTrain.try_emplace(known->id, false);
}

std::int64_t ImportWriter::folderOf(const FoundFile &file)
{
    const auto [place, isNew] = m_folders.try_emplace(file.folder.get(), 0);
    if (isNew)
        place->second = folderRow(m_store, *file.folder);
    return place->second;
}

std::optional<ImportWriter::KnownImage> ImportWriter::findByPath(const FoundFile &file)
{
    SQLite::Statement query(*m_store.database, std::string(kKnownColumns) + "WHERE folder = ? AND name = ?");
    query.bind(1, folderOf(file));
    query.bind(2, file.name);
    if (!query.executeStep())
        return std::nullopt;
    return KnownImage{query.getColumn(0).getInt64(), numberOrNothing(query.getColumn(1)), numberOrNothing(query.getColumn(2)),
                      {query.getColumn(3).getInt64(), query.getColumn(4).getInt64()}, query.getColumn(5).getInt() != 0, query.getColumn(8).getInt64()};
}

std::optional<ImportWriter::KnownImage> ImportWriter::findMoved(const ExaminedFile &examined)
{
    if (m_allThere.contains(examined.hash)) // of thousands of copies each would look for all before it
        return std::nullopt;
    SQLite::Statement query(*m_store.database, std::string(kKnownColumns) + "WHERE present AND hash = ?");
    const std::string hash = hashToBlob(examined.hash);
    query.bindNoCopy(1, hash.data(), static_cast<int>(hash.size()));
    bool isCopy = false;
    while (query.executeStep()) {
        isCopy = true;
        SQLite::Statement folder(*m_store.database, "SELECT absolute FROM folder WHERE id = ?");
        folder.bind(1, query.getColumn(6).getInt64());
        folder.executeStep();
        const auto old = std::filesystem::path(folder.getColumn(0).getString()) / query.getColumn(7).getString();
        if (!fileFacts(old))
            return KnownImage{query.getColumn(0).getInt64(), numberOrNothing(query.getColumn(1)), numberOrNothing(query.getColumn(2)),
                              {}, true, query.getColumn(8).getInt64()};
    }
    if (isCopy)
        m_allThere.insert(examined.hash);
    return std::nullopt;
}

ClassId ImportWriter::classNamed(JournalEntry &entry, const std::string &folderName)
{
    const auto [place, isNew] = m_classes.try_emplace(folderName, 0);
    if (!isNew)
        return place->second;
    const auto classes = readClasses(m_store);
    const auto find = [&](const std::string &wanted, bool anyCase) -> ClassId {
        const std::string lower = lowerCase(wanted);
        const auto same = [&](const ClassRecord &record) { return anyCase ? lowerCase(record.name) == lower : record.name == wanted; };
        const auto found = std::ranges::find_if(classes, same);
        return found == classes.end() ? 0 : found->id;
    };
    // Folders "A" and "a" of one import are two classes, though a class list can't show both names: the second is "a (2)".
    const std::string name = classNameFrom(folderName);
    const bool isAmbiguous = std::ranges::count(m_scan.classNames, lowerCase(folderName), lowerCase) > 1;
    std::string wanted = name;
    for (int number = 2; place->second == 0; ++number) {
        place->second = find(wanted, !isAmbiguous);
        if (place->second == 0 && find(wanted, true) == 0)
            place->second = insertClass(m_store, entry, wanted);
        wanted = name + " (" + std::to_string(number) + ")";
    }
    return place->second;
}

std::optional<ClassId> ImportWriter::labelFor(JournalEntry &entry, const FoundFile &file)
{
    if (file.classIndex >= 0)
        return classNamed(entry, m_scan.classNames[static_cast<std::size_t>(file.classIndex)]);
    if (!m_scan.soleFolderName)
        return std::nullopt;
    for (const auto &record : readClasses(m_store)) {
        if (lowerCase(record.name) == lowerCase(*m_scan.soleFolderName))
            return record.id;
    }
    return std::nullopt;
}

void ImportWriter::insert(JournalEntry &entry, const FoundFile &file, const ExaminedFile &examined)
{
    SQLite::Statement insert(*m_store.database, "INSERT INTO image(folder, name, hash, bytes, modified, width, height, state, reason, "
                                                "label, split, split_fixed, excluded) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    const bool isLeftOut = isLockedOut(file);
    const bool comesSplit = file.split && !isLeftOut;
    const std::string hash = hashToBlob(examined.hash);
    insert.bind(1, folderOf(file));
    insert.bind(2, file.name);
    insert.bind(3, hash.data(), static_cast<int>(hash.size()));
    insert.bind(4, examined.bytes);
    insert.bind(5, examined.modifiedNs);
    insert.bind(6, examined.width);
    insert.bind(7, examined.height);
    insert.bind(8, static_cast<int>(examined.state));
    if (examined.state != ImageState::Ok)
        insert.bind(9, examined.note);
    if (const auto label = labelFor(entry, file))
        insert.bind(10, *label);
    if (comesSplit)
        insert.bind(11, static_cast<int>(*file.split));
    insert.bind(12, comesSplit && comesFixed(file) ? 1 : 0);
    insert.bind(13, isLeftOut ? 1 : 0);
    m_leftOut += isLeftOut;
    insert.exec();
    const ImageId id = m_store.database->getLastInsertRowid();
    entry.record(JournalField::ImagePresent, id, std::int64_t(0), std::int64_t(1));
    mark(entry, id, file);
    ++m_report.added;
    if (file.split == Split::Train)
        m_fromTrain.try_emplace(id, true);
}

/// Facts of the file, not changes of the user: the journal leaves them.
void ImportWriter::update(ImageId image, const FoundFile &file, const ExaminedFile &examined)
{
    SQLite::Statement update(*m_store.database, "UPDATE image SET folder = ?, name = ?, hash = ?, bytes = ?, modified = ?, width = ?, "
                                                "height = ?, state = ?, reason = ? WHERE id = ?");
    const std::string hash = hashToBlob(examined.hash);
    update.bind(1, folderOf(file));
    update.bind(2, file.name);
    update.bind(3, hash.data(), static_cast<int>(hash.size()));
    update.bind(4, examined.bytes);
    update.bind(5, examined.modifiedNs);
    update.bind(6, examined.width);
    update.bind(7, examined.height);
    update.bind(8, static_cast<int>(examined.state));
    if (examined.state != ImageState::Ok)
        update.bind(9, examined.note);
    update.bind(10, image);
    update.exec();
    m_touched.images.insert(image);
}

/// Into the project again that was taken out by undoing an import.
void ImportWriter::bringBack(JournalEntry &entry, const KnownImage &known, const FoundFile &file)
{
    const auto label = labelFor(entry, file);
    const auto after = label ? JournalValue(*label) : JournalValue();
    entry.change(JournalField::ImagePresent, known.id, std::int64_t(0), std::int64_t(1));
    if (known.label != after)
        entry.change(JournalField::ImageLabel, known.id, known.label, after);
    comeSplit(entry, known, file);
    mark(entry, known.id, file);
    ++m_report.added;
    if (file.split == Split::Train)
        m_fromTrain.try_emplace(known.id, true);
}

/// What the folders or a list say of a picture that has no label yet; one that was given stays.
void ImportWriter::label(JournalEntry &entry, const KnownImage &known, const FoundFile &file)
{
    if (known.label != JournalValue()) {
        if (file.marks && file.classIndex >= 0)
            tellKept(known, file);
        return;
    }
    if (const auto label = labelFor(entry, file))
        entry.change(JournalField::ImageLabel, known.id, JournalValue(), *label);
    if (file.split && known.split == JournalValue())
        comeSplit(entry, known, file);
}

/// The split that the folders or a list say, and that they say it.
void ImportWriter::comeSplit(JournalEntry &entry, const KnownImage &known, const FoundFile &file)
{
    const bool isLeftOut = isLockedOut(file);
    const auto split = isLeftOut ? std::nullopt : file.split;
    if (isLeftOut) {
        setField(m_store, entry, std::array{known.id}, JournalField::ImageExcluded, std::int64_t(1));
        ++m_leftOut;
    }
    const auto after = split ? JournalValue(static_cast<std::int64_t>(*split)) : JournalValue();
    if (known.split != after)
        entry.change(JournalField::ImageSplit, known.id, known.split, after);
    const auto fixed = static_cast<std::int64_t>(split && comesFixed(file));
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

/// Says where a list and the project are of two minds.
void ImportWriter::tellKept(const KnownImage &known, const FoundFile &file)
{
    const std::string wanted = classNameFrom(m_scan.classNames[static_cast<std::size_t>(file.classIndex)]);
    for (const auto &record : readClasses(m_store)) {
        if (JournalValue(record.id) == known.label && lowerCase(record.name) != lowerCase(wanted))
            m_report.skipped.push_back({file.path(), "It is labelled " + record.name + " already, and the list says " + wanted + ": its label was kept."});
    }
}

void ImportWriter::skip(const KnownImage *known, const FoundFile &file, const ExaminedFile &examined)
{
    m_report.skipped.push_back({file.path(), examined.problem});
    if (!known || !known->present)
        return;
    SQLite::Statement update(*m_store.database, "UPDATE image SET state = ?, reason = ? WHERE id = ?");
    update.bind(1, static_cast<int>(examined.isGone ? ImageState::Missing : ImageState::Unreadable));
    update.bind(2, examined.problem);
    update.bind(3, known->id);
    update.exec();
    m_touched.images.insert(known->id);
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
        if (m_cutsValidation)
            cutValidation(entry);
        fillSplits(entry);
        // A picture that could not be read once and now can is no longer listed as skipped.
        const int gone = m_store.database->exec("DELETE FROM skipped WHERE EXISTS(SELECT 1 FROM image WHERE image.folder = skipped.folder AND "
                                                "image.name = skipped.name AND present AND state < 2)");
        m_touched.skipped |= gone > 0;
        if (m_skippedSaved < m_report.skipped.size() && m_report.known + m_report.updated > 0)
            entry.begin(); // nothing new came in, but what was skipped is to be listed all the same
    });
}

void ImportWriter::fillSplits(JournalEntry &entry)
{
    SQLite::Statement query(*m_store.database, "SELECT EXISTS(SELECT 1 FROM image WHERE present AND label IS NOT NULL AND split IS NULL)");
    query.executeStep();
    if (query.getColumn(0).getInt() != 0)
        m_leftOut += divide(m_store, entry, m_rules, Divide::New).leftOut;
}

SplitRules ImportWriter::rules() const
{
    SplitRules rules = readRules(m_store);
    rules.shares = m_options.shares.value_or(rules.shares);
    rules.seed = m_options.seed.value_or(rules.seed);
    return rules;
}

/// It comes for a test set that is locked.
bool ImportWriter::isLockedOut(const FoundFile &file) const
{
    return m_rules.testLocked && file.split == Split::Test;
}

void ImportWriter::cutValidation(JournalEntry &entry)
{
    std::vector<std::pair<ImageId, JournalValue>> images;
    std::vector<SplitItem> items;
    SQLite::Statement query(*m_store.database, "SELECT hash, label, split FROM image WHERE present AND label IS NOT NULL AND id = ?");
    for (const auto &[id, isNew] : m_fromTrain) {
        query.bind(1, id);
        if (query.executeStep() && !query.getColumn(2).isNull()) {
            const auto hash = query.getColumn(0);
            const auto split = static_cast<Split>(query.getColumn(2).getInt());
            const bool stays = !isNew || split != Split::Train;
            images.emplace_back(id, numberOrNothing(query.getColumn(2)));
            items.push_back({hashFromBlob({static_cast<const char *>(hash.getBlob()), static_cast<std::size_t>(hash.getBytes())}),
                             query.getColumn(1).getInt(), stays ? std::optional(split) : std::nullopt});
        }
        query.reset();
    }
    const auto splits = assignSplits(items, kValidationOfTrain, m_rules.seed);
    for (std::size_t i = 0; i < images.size(); ++i) {
        const auto after = JournalValue(static_cast<std::int64_t>(splits[i]));
        if (images[i].second != after)
            entry.change(JournalField::ImageSplit, images[i].first, images[i].second, after);
    }
}

Result<ProjectChange> ImportWriter::takeChange()
{
    return guarded(m_store, [&]() -> Result<ProjectChange> {
        auto change = changeOf(m_store, "Imported " + pictures(m_report.added) + leftOutWords(m_leftOut), m_touched);
        m_touched = {};
        return change;
    });
}

} // namespace whisker
