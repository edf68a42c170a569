#include "engine/data/internal/database.h"

namespace whisker {

// Rows of class and image are never deleted: `present` 0 hides them, so that undo brings them back under their id.
// Paths are TEXT with the bytes of the disk. Times: journal in milliseconds, image.modified in nanoseconds since 1970.
const char *const kSchema = R"sql(
CREATE TABLE setting(
    key TEXT PRIMARY KEY,
    value TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE class(
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL,
    colour INTEGER NOT NULL,
    key TEXT NOT NULL DEFAULT '',
    position INTEGER NOT NULL,
    present INTEGER NOT NULL
);

-- Where it is from the folder of the project, if that is there, else where it was when it was written down.
CREATE TABLE folder(
    id INTEGER PRIMARY KEY,
    absolute TEXT NOT NULL,
    relative TEXT NOT NULL
);
CREATE INDEX folder_absolute ON folder(absolute);

CREATE TABLE image(
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    folder INTEGER NOT NULL REFERENCES folder(id),
    name TEXT NOT NULL,
    hash BLOB NOT NULL,                    -- XXH3-128, 16 bytes, most significant first
    bytes INTEGER NOT NULL,
    modified INTEGER NOT NULL,
    width INTEGER NOT NULL,                -- upright
    height INTEGER NOT NULL,
    state INTEGER NOT NULL DEFAULT 0,      -- 0 ok, 1 truncated, 2 unreadable, 3 missing
    reason TEXT,
    label INTEGER REFERENCES class(id),
    split INTEGER,                         -- 0 train, 1 validation, 2 test
    excluded INTEGER NOT NULL DEFAULT 0,
    present INTEGER NOT NULL DEFAULT 1,
    UNIQUE(folder, name)
);
CREATE INDEX image_hash ON image(hash);
CREATE INDEX image_label ON image(label, split) WHERE present;

-- The history: rows with undone = 1 are what redo makes again, all later than the others.
CREATE TABLE journal(
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    time INTEGER NOT NULL,
    words TEXT NOT NULL,
    undone INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE journal_change(
    journal INTEGER NOT NULL REFERENCES journal(id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    field TEXT NOT NULL,                   -- table.column
    row INTEGER NOT NULL,
    before,
    after,
    PRIMARY KEY(journal, position)
) WITHOUT ROWID;

-- What an import could not use; shown while that import stands.
CREATE TABLE skipped(
    folder INTEGER NOT NULL REFERENCES folder(id),
    name TEXT NOT NULL,
    reason TEXT NOT NULL,
    journal INTEGER NOT NULL REFERENCES journal(id) ON DELETE CASCADE,
    PRIMARY KEY(folder, name)
) WITHOUT ROWID;
CREATE INDEX skipped_journal ON skipped(journal);
)sql";

} // namespace whisker
