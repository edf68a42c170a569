#include "engine/data/internal/records.h"

#include <algorithm>

namespace whisker {

namespace {

constexpr const char *kImageColumns =
    "id, folder, name, hash, bytes, modified, width, height, label, split, state, excluded, reason, unsure, split_fixed, grouping";

std::shared_ptr<const std::filesystem::path> folderPath(ProjectStore &store, std::int64_t row)
{
    auto &path = store.folders[row];
    if (!path) { // another program has added it since the file was opened
        SQLite::Statement query(*store.database, "SELECT absolute FROM folder WHERE id = ?");
        query.bind(1, row);
        query.executeStep();
        path = std::make_shared<const std::filesystem::path>(query.getColumn(0).getString());
    }
    return path;
}

std::string_view bytesOf(const SQLite::Column &column)
{
    const auto *bytes = static_cast<const char *>(column.getBlob());
    return {bytes ? bytes : "", static_cast<std::size_t>(column.getBytes())};
}

ImageRecord readImage(ProjectStore &store, SQLite::Statement &row)
{
    ImageRecord image;
    image.id = row.getColumn(0).getInt64();
    image.folder = folderPath(store, row.getColumn(1).getInt64());
    image.name = bytesOf(row.getColumn(2));
    image.hash = hashFromBlob(row.getColumn(3));
    image.bytes = row.getColumn(4).getInt64();
    image.modifiedNs = row.getColumn(5).getInt64();
    image.width = row.getColumn(6).getInt();
    image.height = row.getColumn(7).getInt();
    if (const auto label = row.getColumn(8); !label.isNull())
        image.label = label.getInt64();
    if (const auto split = row.getColumn(9); !split.isNull())
        image.split = static_cast<Split>(split.getInt());
    image.state = static_cast<ImageState>(row.getColumn(10).getInt());
    image.excluded = row.getColumn(11).getInt() != 0;
    if (const auto reason = row.getColumn(12); !reason.isNull())
        image.reason = std::make_shared<const std::string>(reason.getString());
    image.unsure = row.getColumn(13).getInt() != 0;
    image.splitFixed = row.getColumn(14).getInt() != 0;
    if (const auto group = row.getColumn(15); !group.isNull())
        image.group = std::make_shared<const std::string>(group.getString());
    return image;
}

std::string folderFromProject(const ProjectStore &store, const std::filesystem::path &folder)
{
    return folder.lexically_relative(store.file.parent_path()).native();
}

} // namespace

std::string hashToBlob(const ContentHash &hash)
{
    std::string blob;
    for (const std::uint64_t half : {hash.high, hash.low}) {
        for (int shift = 56; shift >= 0; shift -= 8)
            blob += static_cast<char>(half >> shift & 0xFF);
    }
    return blob;
}

ContentHash hashFromBlob(const SQLite::Column &column)
{
    const auto blob = bytesOf(column);
    const auto half = [&](std::size_t begin) {
        std::uint64_t value = 0;
        for (std::size_t i = begin; i < begin + 8 && i < blob.size(); ++i)
            value = value << 8 | static_cast<unsigned char>(blob[i]);
        return value;
    };
    return {half(0), half(8)};
}

void bindHash(SQLite::Statement &statement, int index, const ContentHash &hash)
{
    const std::string blob = hashToBlob(hash);
    statement.bind(index, blob.data(), static_cast<int>(blob.size()));
}

std::vector<ImageRecord> readImages(ProjectStore &store)
{
    std::vector<ImageRecord> images;
    SQLite::Statement query(*store.database, std::string("SELECT ") + kImageColumns + " FROM image WHERE present ORDER BY id");
    while (query.executeStep())
        images.push_back(readImage(store, query));
    return images;
}

std::vector<ClassRecord> readClasses(ProjectStore &store)
{
    std::vector<ClassRecord> classes;
    SQLite::Statement query(*store.database, "SELECT id, name, colour, key FROM class WHERE present ORDER BY position, id");
    while (query.executeStep())
        classes.push_back({query.getColumn(0).getInt64(), query.getColumn(1).getString(), query.getColumn(2).getInt(),
                           query.getColumn(3).getString()});
    return classes;
}

std::vector<SkippedFile> readSkipped(ProjectStore &store)
{
    std::vector<SkippedFile> skipped;
    SQLite::Statement query(*store.database, "SELECT folder, name, reason FROM skipped JOIN journal ON journal.id = "
                                             "skipped.journal WHERE NOT undone ORDER BY folder, name");
    while (query.executeStep())
        skipped.push_back({*folderPath(store, query.getColumn(0).getInt64()) / query.getColumn(1).getString(),
                           query.getColumn(2).getString()});
    return skipped;
}

std::map<std::string, std::string> readSettings(ProjectStore &store)
{
    std::map<std::string, std::string> settings;
    SQLite::Statement query(*store.database, "SELECT key, value FROM setting");
    while (query.executeStep())
        settings.emplace(query.getColumn(0).getString(), query.getColumn(1).getString());
    return settings;
}

void writeSetting(ProjectStore &store, const std::string &key, const std::string &value)
{
    SQLite::Statement upsert(*store.database, "INSERT INTO setting(key, value) VALUES(?, ?) "
                                              "ON CONFLICT(key) DO UPDATE SET value = excluded.value");
    upsert.bind(1, key);
    upsert.bind(2, value);
    upsert.exec();
}

HistoryState readHistory(ProjectStore &store)
{
    const auto words = [&](const char *sql) -> std::optional<std::string> {
        SQLite::Statement query(*store.database, sql);
        if (!query.executeStep())
            return std::nullopt;
        return query.getColumn(0).getString();
    };
    return {words("SELECT words FROM journal WHERE NOT undone ORDER BY id DESC LIMIT 1"),
            words("SELECT words FROM journal WHERE undone ORDER BY id LIMIT 1")};
}

std::int64_t folderRow(ProjectStore &store, const std::filesystem::path &folder)
{
    SQLite::Statement query(*store.database, "SELECT id FROM folder WHERE absolute = ?");
    query.bind(1, folder.native());
    if (query.executeStep())
        return query.getColumn(0).getInt64();
    SQLite::Statement insert(*store.database, "INSERT INTO folder(absolute, relative) VALUES(?, ?)");
    insert.bind(1, folder.native());
    insert.bind(2, folderFromProject(store, folder));
    insert.exec();
    return store.database->getLastInsertRowid();
}

ProjectChange changeOf(ProjectStore &store, std::string words, const TouchedRows &touched)
{
    ProjectChange change;
    change.words = std::move(words);
    SQLite::Statement query(*store.database, std::string("SELECT ") + kImageColumns + " FROM image WHERE present AND id = ?");
    for (const ImageId id : touched.images) {
        query.bind(1, id);
        if (query.executeStep())
            change.images.push_back(readImage(store, query));
        else
            change.removed.push_back(id);
        query.reset();
    }
    if (touched.classes)
        change.classes = readClasses(store);
    if (touched.skipped)
        change.skipped = readSkipped(store);
    if (!touched.settings.empty()) {
        for (auto &[key, value] : readSettings(store)) {
            if (touched.settings.contains(key))
                change.settings.emplace(key, value);
        }
    }
    change.history = readHistory(store);
    change.number = ++store.changes;
    return change;
}

} // namespace whisker
