#pragma once

#include "engine/data/internal/database.h"

#include <limits>
#include <optional>
#include <string>
#include <unordered_map>

namespace whisker {

/// The splits that pictures which belong together are in; none: the least is above the most.
struct SplitRange {
    int least = std::numeric_limits<int>::max();
    int most = -1;

    bool isEmpty() const { return least > most; }
    void widen(Split split);
};

/// What belongs with a picture and must be in its split: identical pictures, those of its group, near copies as far as the data doctor has measured them, and
/// chains of these. Each family is read once. With the store's mutex held, inside a transaction; throws what SQLite throws.
class Relatives {
public:
    explicit Relatives(ProjectStore &store);

    /// The family of the pictures with these bytes: a number of its own.
    std::size_t familyOf(const ContentHash &hash);
    /// The splits of a family; widen it when one of its pictures gets one.
    SplitRange &splitsOf(std::size_t family) { return m_splits[family]; }

private:
    ProjectStore &m_store;
    SQLite::Statement m_twins, m_members;
    std::unordered_map<ContentHash, std::size_t> m_families;
    std::unordered_map<std::string, std::size_t> m_groups;
    std::vector<SplitRange> m_splits;
};

/// The contents that show the same as others, by what the data doctor has measured: lists of two or more, and the list of each content.
struct NearCopies {
    std::vector<std::vector<ContentHash>> lists{};
    std::unordered_map<ContentHash, std::size_t> listOf{};
};
/// Worked out when it is asked for (0.4 s for 25,000 measured pictures), and again when the doctor has measured more.
const NearCopies &nearCopies(ProjectStore &store);

/// The pictures of each list that are in the project.
std::vector<std::vector<ImageId>> nearCopyPictures(ProjectStore &store);

} // namespace whisker
