#pragma once

#include "engine/data/internal/measuring.h"

namespace whisker {

struct ProjectStore;

/// The table of measures in a project file.
class MeasureStore {
public:
    explicit MeasureStore(const Project &project);

    /// All that were made by PictureMeasures::kVersion; nothing from a file of format version 1 that can't be written.
    Result<KnownContents> read() const;
    /// Adds or replaces. One transaction.
    Result<void> write(const NewContents &contents);

private:
    ProjectStore &m_store;
};

} // namespace whisker
