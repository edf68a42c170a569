#include "engine/data/internal/known_images.h"

namespace whisker {

namespace {

constexpr const char *kColumns = "SELECT id, label, split, bytes, modified, present, folder, name, split_fixed FROM image ";

KnownImage imageFrom(SQLite::Statement &row)
{
    return {row.getColumn(0).getInt64(), journalValue(row.getColumn(1)), journalValue(row.getColumn(2)),
            {row.getColumn(3).getInt64(), row.getColumn(4).getInt64()}, row.getColumn(5).getInt() != 0, row.getColumn(8).getInt64()};
}

} // namespace

std::vector<bool> KnownImages::unchanged(std::span<const FoundFile> files)
{
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
}

std::int64_t KnownImages::folderOf(const FoundFile &file)
{
    const auto [place, isNew] = m_folders.try_emplace(file.folder.get(), 0);
    if (isNew)
        place->second = folderRow(m_store, *file.folder);
    return place->second;
}

std::optional<KnownImage> KnownImages::byPath(const FoundFile &file)
{
    SQLite::Statement query(*m_store.database, std::string(kColumns) + "WHERE folder = ? AND name = ?");
    query.bind(1, folderOf(file));
    query.bind(2, file.name);
    return query.executeStep() ? std::optional(imageFrom(query)) : std::nullopt;
}

std::optional<KnownImage> KnownImages::moved(const ExaminedFile &examined)
{
    if (m_allThere.contains(examined.hash)) // of thousands of copies each would look for all before it
        return std::nullopt;
    SQLite::Statement query(*m_store.database, std::string(kColumns) + "WHERE present AND hash = ?");
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
            return imageFrom(query);
    }
    if (isCopy)
        m_allThere.insert(examined.hash);
    return std::nullopt;
}

} // namespace whisker
