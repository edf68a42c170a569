#include "engine/data/internal/database.h"

namespace whisker {

namespace {

// Rows of class and image are never deleted: `present` 0 hides them, so that undo brings them back under their id.
// Paths are TEXT with the bytes of the disk. Times: journal in milliseconds, image.modified in nanoseconds since 1970.
constexpr const char *kVersion1 = R"sql(
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

constexpr const char *kVersion2 = R"sql(
ALTER TABLE image ADD COLUMN unsure INTEGER NOT NULL DEFAULT 0;      -- 1: the person's "not sure" mark
ALTER TABLE image ADD COLUMN grouping TEXT;                          -- the person's group: one animal, one camera
ALTER TABLE image ADD COLUMN split_fixed INTEGER NOT NULL DEFAULT 0; -- 1: it came in a folder train, val or test

-- Splits that came with the folders are those that the journal has not given.
UPDATE image SET split_fixed = 1 WHERE split IS NOT NULL AND
    id NOT IN (SELECT row FROM journal_change WHERE field = 'image.split' AND before IS NULL);

CREATE INDEX image_grouping ON image(grouping) WHERE grouping IS NOT NULL;
-- Folders whose new pictures come in by themselves; meaning: 0 class folders, 1 unlabelled.
CREATE TABLE watched(
    folder INTEGER PRIMARY KEY REFERENCES folder(id),
    meaning INTEGER NOT NULL
);

CREATE INDEX journal_undone ON journal(id) WHERE undone; -- redo's next is found without a look at the whole history

-- What the data doctor has measured, by content: facts, not in the journal. Rows of another version are made anew.
CREATE TABLE measure(
    hash BLOB PRIMARY KEY,                 -- as image.hash
    version INTEGER NOT NULL,              -- of the formulas
    problem TEXT NOT NULL,                 -- why it does not decode; empty where it does
    kind INTEGER NOT NULL,                 -- 1 JPEG, 2 PNG, 3 BMP, 4 WebP, 5 TIFF, 6 GIF, 7 PNM
    width INTEGER NOT NULL,                -- upright
    height INTEGER NOT NULL,
    truncated INTEGER NOT NULL,
    note TEXT NOT NULL,
    sharpness REAL NOT NULL,
    brightness REAL NOT NULL,
    darkest REAL NOT NULL,
    brightest REAL NOT NULL,
    contrast REAL NOT NULL,
    looks INTEGER NOT NULL,                -- perceptual hash
    thumbnail BLOB NOT NULL                -- luma, 16 x 16
) WITHOUT ROWID;
)sql";

/// Stands in the temporary schema over the tables of version 1, so that a file that can't be written is read with the same queries: what version 2 adds,
/// with the values that a new column or table has.
constexpr const char *kVersion1As2 = R"sql(
CREATE TEMP VIEW image AS SELECT *, 0 AS unsure, NULL AS grouping, 0 AS split_fixed FROM main.image;
CREATE TEMP TABLE measure(hash BLOB PRIMARY KEY, version INTEGER, problem TEXT, kind INTEGER, width INTEGER, height INTEGER, truncated INTEGER, note TEXT,
    sharpness REAL, brightness REAL, darkest REAL, brightest REAL, contrast REAL, looks INTEGER, thumbnail BLOB);
CREATE TEMP TABLE watched(folder INTEGER PRIMARY KEY, meaning INTEGER NOT NULL);
)sql";

} // namespace

const std::array<const char *, kFormatVersion> kSchemaSteps = {kVersion1, kVersion2};
const std::array<const char *, kFormatVersion> kSchemaForReading = {nullptr, kVersion1As2};

} // namespace whisker
