#pragma once

#include "engine/data/project_values.h"

#include <QString>
#include <algorithm>
#include <deque>
#include <optional>
#include <utility>
#include <vector>

namespace whisker {

/// Pictures that were given a label or a mark and are not heard to be saved yet, the oldest first. A label counts once it has been saved.
class UnsavedLabels {
public:
    struct Given {
        ImageId image = 0;
        QString name{}; ///< That was typed; empty where none was.
    };

    void give(ImageId image, QString name = {}) { m_given.push_back({image, std::move(name)}); }
    void clear() { m_given.clear(); }

    /// True where one of `changed` was waited for.
    bool hear(const std::vector<ImageId> &changed)
    {
        return std::erase_if(m_given, [&](const Given &each) { return std::ranges::find(changed, each.image) != changed.end(); }) > 0;
    }

    /// Saving went wrong: gives the oldest and forgets the others, which wait behind it. Nothing where none was under way.
    std::optional<Given> refuse()
    {
        if (m_given.empty())
            return {};
        Given oldest = std::move(m_given.front());
        m_given.clear();
        return oldest;
    }

private:
    std::deque<Given> m_given;
};

} // namespace whisker
