#pragma once

#include "engine/data/internal/measuring.h"

namespace whisker {

struct ProjectStore;

/// All that were made by PictureMeasures::kVersion; nothing from a file of format version 1 that can't be written. With the store's mutex held; throws what
/// SQLite throws.
KnownContents readMeasures(ProjectStore &store);

/// The table of measures in a project file.
class MeasureStore {
public:
    explicit MeasureStore(const Project &project);

    /// As readMeasures().
    Result<KnownContents> read() const;
    /// Adds or replaces. One transaction.
    Result<void> write(const NewContents &contents);

private:
    ProjectStore &m_store;
};

} // namespace whisker
