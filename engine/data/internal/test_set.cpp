#include "engine/data/internal/test_set.h"

#include "engine/base/number_text.h"
#include "engine/data/internal/records.h"

#include <algorithm>
#include <iterator>

namespace whisker {

TestSetGuard::TestSetGuard(ProjectStore &store) : m_store(store), m_isLocked(splitRules(readSettings(store)).testLocked)
{
    if (m_isLocked)
        m_before = pictures();
}

std::vector<ImageId> TestSetGuard::pictures() const
{
    std::vector<ImageId> inTest;
    SQLite::Statement query(*m_store.database, "SELECT id FROM image WHERE present AND split = ? ORDER BY id");
    query.bind(1, static_cast<int>(Split::Test));
    while (query.executeStep())
        inTest.push_back(query.getColumn(0).getInt64());
    return inTest;
}

Result<void> TestSetGuard::check() const
{
    if (!m_isLocked)
        return {};
    const auto after = pictures();
    std::vector<ImageId> gone, come;
    std::ranges::set_difference(m_before, after, std::back_inserter(gone));
    std::ranges::set_difference(after, m_before, std::back_inserter(come));
    if (gone.empty() && come.empty())
        return {};
    std::string what = gone.empty() ? "" : "take " + countText(gone.size(), "picture") + " out of it";
    if (!come.empty())
        what += (what.empty() ? "bring " : " and bring ") + countText(come.size(), "picture") + " into it";
    return fail(ErrorCode::InvalidArgument, "The test set is locked, and this would " + what + ": unlock it first.", m_store.file);
}

} // namespace whisker
