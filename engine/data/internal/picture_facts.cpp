#include "engine/data/internal/picture_facts.h"

namespace whisker {

SQLite::Statement &PictureFacts::prepared(std::optional<SQLite::Statement> &statement, const char *sql)
{
    if (statement)
        statement->reset();
    else
        statement.emplace(*m_store.database, sql);
    return *statement;
}

bool PictureFacts::isStill(const ImageRecord &image)
{
    SQLite::Statement &query = prepared(m_still, "SELECT absolute, name, bytes, modified, state FROM image JOIN folder ON folder.id = image.folder "
                                                 "WHERE present AND image.id = ?");
    query.bind(1, image.id);
    const bool isStill = query.executeStep() && query.getColumn(0).getString() == image.folder->native() && query.getColumn(1).getString() == image.name &&
                         query.getColumn(2).getInt64() == image.bytes && query.getColumn(3).getInt64() == image.modifiedNs &&
                         query.getColumn(4).getInt() == static_cast<int>(image.state);
    query.reset();
    return isStill;
}

bool PictureFacts::setState(ImageId image, ImageState state, const std::string &reason)
{
    SQLite::Statement &update = prepared(m_state, "UPDATE image SET state = ?, reason = ? WHERE id = ? AND present");
    update.bind(1, static_cast<int>(state));
    if (reason.empty())
        update.bind(2);
    else
        update.bind(2, reason);
    update.bind(3, image);
    m_touched.images.insert(image);
    return update.exec() > 0;
}

void PictureFacts::setExamined(ImageId image, const ExaminedFile &file)
{
    const bool isUsable = file.problem.empty();
    setState(image, isUsable ? file.state : ImageState::Unreadable, isUsable ? file.note : file.problem);
    SQLite::Statement &update = isUsable ? prepared(m_content, "UPDATE image SET bytes = ?, modified = ?, hash = ?4, width = ?5, height = ?6 WHERE id = ?3")
                                         : prepared(m_unusable, "UPDATE image SET bytes = ?, modified = ? WHERE id = ?");
    update.bind(1, file.bytes);
    update.bind(2, file.modifiedNs);
    update.bind(3, image);
    const std::string hash = hashToBlob(file.hash);
    if (isUsable) {
        update.bind(4, hash.data(), static_cast<int>(hash.size()));
        update.bind(5, file.width);
        update.bind(6, file.height);
    }
    update.exec();
}

bool PictureFacts::setPlace(ImageId image, const std::filesystem::path &file)
{
    const std::int64_t folder = folderRow(m_store, file.parent_path());
    const std::string name = file.filename().native();
    // A picture that an undone import had brought from there: its place can't be in the table twice. It is found by its content if it comes again.
    SQLite::Statement &hide = prepared(m_hidden, "UPDATE image SET name = name || '/' || id WHERE folder = ? AND name = ? AND NOT present AND id <> ?");
    hide.bind(1, folder);
    hide.bind(2, name);
    hide.bind(3, image);
    hide.exec();
    SQLite::Statement &update = prepared(m_place, "UPDATE OR IGNORE image SET folder = ?, name = ? WHERE id = ?");
    update.bind(1, folder);
    update.bind(2, name);
    update.bind(3, image);
    m_touched.images.insert(image);
    return update.exec() > 0;
}

} // namespace whisker
