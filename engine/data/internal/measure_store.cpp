#include "engine/data/internal/measure_store.h"

#include "engine/data/internal/database.h"
#include "engine/data/internal/records.h"
#include "engine/data/internal/transaction.h"
#include "engine/data/project.h"

#include <bit>
#include <cstring>

namespace whisker {

namespace {

constexpr const char *kColumns = "hash, version, problem, kind, width, height, truncated, note, sharpness, brightness, darkest, brightest, contrast, "
                                 "looks, thumbnail";

std::string_view bytesOf(const SQLite::Column &column)
{
    const auto *bytes = static_cast<const char *>(column.getBlob());
    return {bytes ? bytes : "", static_cast<std::size_t>(column.getBytes())};
}

KnownContent contentOf(SQLite::Statement &row)
{
    KnownContent content{.problem = row.getColumn(2).getString()};
    PictureMeasures &measures = content.measures;
    const int kind = row.getColumn(3).getInt();
    measures.kind = kind >= 0 && kind <= static_cast<int>(FileKind::Pnm) ? static_cast<FileKind>(kind) : FileKind::Unknown;
    measures.width = row.getColumn(4).getInt();
    measures.height = row.getColumn(5).getInt();
    measures.truncated = row.getColumn(6).getInt() != 0;
    measures.note = row.getColumn(7).getString();
    const auto number = [&](int column) { return static_cast<float>(row.getColumn(column).getDouble()); };
    measures.sharpness = number(8);
    measures.brightness = number(9);
    measures.darkest = number(10);
    measures.brightest = number(11);
    measures.contrast = number(12);
    measures.hash = std::bit_cast<std::uint64_t>(row.getColumn(13).getInt64());
    const auto thumbnail = bytesOf(row.getColumn(14));
    std::memcpy(measures.thumbnail.data(), thumbnail.data(), std::min(thumbnail.size(), measures.thumbnail.size()));
    return content;
}

void bindContent(SQLite::Statement &row, const ContentHash &hash, const KnownContent &content)
{
    const PictureMeasures &measures = content.measures;
    bindHash(row, 1, hash);
    row.bind(2, PictureMeasures::kVersion);
    row.bind(3, content.problem);
    row.bind(4, static_cast<int>(measures.kind));
    row.bind(5, measures.width);
    row.bind(6, measures.height);
    row.bind(7, measures.truncated ? 1 : 0);
    row.bind(8, measures.note);
    int column = 9;
    for (const float number : {measures.sharpness, measures.brightness, measures.darkest, measures.brightest, measures.contrast})
        row.bind(column++, static_cast<double>(number));
    row.bind(14, std::bit_cast<std::int64_t>(measures.hash));
    row.bind(15, measures.thumbnail.data(), static_cast<int>(measures.thumbnail.size()));
}

} // namespace

KnownContents readMeasures(ProjectStore &store)
{
    KnownContents known;
    SQLite::Database &database = *store.database;
    if (!database.tableExists("measure"))
        return known;
    SQLite::Statement query(database, std::string("SELECT ") + kColumns + " FROM measure WHERE version = ?");
    query.bind(1, PictureMeasures::kVersion);
    while (query.executeStep())
        known.try_emplace(hashFromBlob(query.getColumn(0)), contentOf(query));
    return known;
}

MeasureStore::MeasureStore(const Project &project) : m_store(*project.m_store) {}

Result<KnownContents> MeasureStore::read() const
{
    return guarded(m_store, [&]() -> Result<KnownContents> { return readMeasures(m_store); });
}

Result<void> MeasureStore::write(const NewContents &contents)
{
    return written(m_store, [&]() -> Result<void> {
        SQLite::Database &database = *m_store.database;
        m_store.nearCopies.reset();
        SQLite::Statement insert(database, std::string("INSERT OR REPLACE INTO measure(") + kColumns + ") VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)");
        for (const auto &[hash, content] : contents) {
            bindContent(insert, hash, content);
            insert.exec();
            insert.reset();
        }
        return {};
    });
}

} // namespace whisker
