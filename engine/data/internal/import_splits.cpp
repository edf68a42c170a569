#include "engine/data/internal/import_splits.h"

#include "engine/data/internal/division.h"
#include "engine/data/internal/relatives.h"

#include <algorithm>
#include <utility>

namespace whisker {

namespace {

/// Split folders came, but none for validation.
bool lacksValidation(const ScanResult &scan)
{
    return scan.comesSplit && std::ranges::find(scan.files, Split::Validation, &FoundFile::split) == scan.files.end();
}

} // namespace

ImportSplits::ImportSplits(ProjectStore &store, const ScanResult &scan, const ImportOptions &options)
    : m_store(store), m_shares(options.shares), m_seed(options.seed), m_cutsValidation(lacksValidation(scan))
{
}

void ImportSplits::beginBatch()
{
    m_rules = readRules(m_store);
    m_rules.shares = m_shares.value_or(m_rules.shares);
    m_rules.seed = m_seed.value_or(m_rules.seed);
}

bool ImportSplits::isLockedOut(const FoundFile &file) const
{
    return m_rules.testLocked && file.split == Split::Test;
}

std::optional<Split> ImportSplits::comingWith(const FoundFile &file) const
{
    return isLockedOut(file) ? std::nullopt : file.split;
}

bool ImportSplits::isFixed(const FoundFile &file) const
{
    return comingWith(file) && (!file.marks || file.marks->splitFixed);
}

void ImportSplits::came(ImageId image, const FoundFile &file, bool isNew)
{
    if (file.split == Split::Train)
        m_fromTrain.try_emplace(image, isNew);
}

void ImportSplits::finish(JournalEntry &entry)
{
    if (m_cutsValidation)
        cutValidation(entry);
    SQLite::Statement query(*m_store.database, "SELECT EXISTS(SELECT 1 FROM image WHERE present AND label IS NOT NULL AND split IS NULL)");
    query.executeStep();
    if (query.getColumn(0).getInt() != 0)
        m_leftOut += divide(m_store, entry, m_rules, Divide::New, nearCopyPictures(m_store)).leftOut;
}

void ImportSplits::cutValidation(JournalEntry &entry)
{
    std::vector<std::pair<ImageId, JournalValue>> images;
    std::vector<SplitItem> items;
    Relatives relatives(m_store);
    SQLite::Statement query(*m_store.database, "SELECT hash, label, split FROM image WHERE present AND label IS NOT NULL AND id = ?");
    for (const auto &[id, isNew] : m_fromTrain) {
        query.bind(1, id);
        if (query.executeStep() && !query.getColumn(2).isNull()) {
            const auto hash = hashFromBlob(query.getColumn(0));
            const auto split = static_cast<Split>(query.getColumn(2).getInt());
            const bool stays = !isNew || split != Split::Train;
            images.emplace_back(id, journalValue(query.getColumn(2)));
            items.push_back({hash, query.getColumn(1).getInt(), stays ? std::optional(split) : std::nullopt,
                             static_cast<std::int64_t>(relatives.familyOf(hash))});
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

} // namespace whisker
