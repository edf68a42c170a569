#include "engine/base/number_text.h"
#include "engine/base/path_text.h"
#include "engine/data/internal/division.h"
#include "engine/data/internal/test_set.h"
#include "engine/data/project.h"

/// How a Project is divided into train, validation and test.
namespace whisker {

namespace {

void writeRules(ProjectStore &store, const SplitRules &rules, TouchedRows &touched)
{
    const auto before = readSettings(store);
    for (const auto &[key, value] : settingsOf(rules)) {
        const auto known = before.find(key);
        if (known != before.end() && known->second == value)
            continue;
        writeSetting(store, key, value);
        touched.settings.insert(key);
    }
}

/// "Divided 600 pictures: 420 train, 90 validation, 90 test; ..."
std::string wordsFor(const DivisionCounts &counts, bool testLocked)
{
    const auto [train, validation, test] = counts.pictures;
    std::string words = "Divided " + countText(train + validation + test, "picture") + ": " + countText(train) + " train, " + countText(validation) +
                        " validation";
    if (!testLocked)
        words += ", " + countText(test) + " test";
    if (counts.stayed > 0)
        words += "; " + countText(counts.stayed) + " stay as they are";
    return words + leftOutWords(counts.leftOut);
}

} // namespace

Result<ProjectChange> Project::setSplit(std::span<const ImageId> images, Split split)
{
    ProjectStore &store = *m_store;
    return changed<JournalEntry>(store, [&](JournalEntry &entry) -> Result<std::string> {
        const TestSetGuard testSet(store);
        const auto after = static_cast<std::int64_t>(split);
        const auto count = setField(store, entry, images, JournalField::ImageSplit, after);
        if (!count)
            return std::unexpected(count.error());
        if (const auto kept = testSet.check(); !kept)
            return std::unexpected(kept.error());
        return "Moved " + countText(*count, "picture") + " to " + splitName(split);
    });
}

Result<ProjectChange> Project::assignSplits(const SplitShares &shares, std::uint64_t seed, std::span<const std::vector<ImageId>> together)
{
    ProjectStore &store = *m_store;
    return changed<JournalEntry>(store, [&](JournalEntry &entry) -> Result<std::string> {
        if (!makeSense(shares))
            return fail(ErrorCode::InvalidArgument, "The shares of train, validation and test make no sense: give each 0 or more, and one more than 0.",
                        store.file);
        const SplitRules rules{shares, seed, readRules(store).testLocked};
        const auto counts = divide(store, entry, rules, Divide::All, together);
        if (counts.pictures == std::array<std::size_t, 3>() && counts.leftOut == 0)
            return fail(ErrorCode::InvalidArgument,
                        pathText(store.file) + (counts.stayed ? " has no pictures to divide: all came in folders train, val and test, or are in the locked test set."
                                                              : " has no labelled pictures to divide: label some first."),
                        store.file);
        writeRules(store, rules, entry.touched());
        return wordsFor(counts, rules.testLocked);
    });
}

Result<ProjectChange> Project::setTestLocked(bool locked)
{
    ProjectStore &store = *m_store;
    return changed<FieldWriter>(store, [&](FieldWriter &writer) -> Result<std::string> {
        auto rules = readRules(store);
        if (rules.testLocked == locked)
            return std::string();
        rules.testLocked = locked;
        writeRules(store, rules, writer.touched());
        return std::string(locked ? "Locked the test set" : "Unlocked the test set");
    });
}

} // namespace whisker
