#pragma once

#include "engine/data/internal/database.h"

#include <vector>

namespace whisker {

/// Sees to it that a change leaves a locked test set as it is: made before the change, asked after it. Inside one transaction, which the caller gives up where
/// the answer is an Error; throws what SQLite throws.
class TestSetGuard {
public:
    explicit TestSetGuard(ProjectStore &store);

    /// Errors: InvalidArgument (the test set is locked, and pictures have left or entered it: how many).
    Result<void> check() const;

private:
    std::vector<ImageId> pictures() const;

    ProjectStore &m_store;
    const bool m_isLocked;
    std::vector<ImageId> m_before; // ascending; of a locked one alone
};

} // namespace whisker
