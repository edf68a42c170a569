#pragma once

#include "engine/data/internal/examine.h"
#include "engine/data/internal/records.h"

#include <optional>

namespace whisker {

/// Writes down what is found out about the files of pictures: facts, not in the journal. Inside one transaction; throws what SQLite throws.
class PictureFacts {
public:
    PictureFacts(ProjectStore &store, TouchedRows &touched) : m_store(store), m_touched(touched) {}

    /// Whether a picture is still as it was read: an import may have found it elsewhere since.
    bool isStill(const ImageRecord &image);
    /// `reason`: a phrase or sentence; empty for none. False where the project has no such picture.
    bool setState(ImageId image, ImageState state, const std::string &reason);
    /// What its file is now. One that can't be used keeps the hash and the size of what it was.
    void setExamined(ImageId image, const ExaminedFile &file);
    /// Where its file is. False where another picture has that place.
    bool setPlace(ImageId image, const std::filesystem::path &file);

private:
    SQLite::Statement &prepared(std::optional<SQLite::Statement> &statement, const char *sql);

    ProjectStore &m_store;
    TouchedRows &m_touched;
    std::optional<SQLite::Statement> m_still, m_state, m_unusable, m_content, m_place, m_hidden; // each made once
};

} // namespace whisker
