#pragma once

#include "engine/data/project_values.h"

#include <span>
#include <unordered_map>
#include <vector>

namespace whisker {

/// The pictures of one round of labelling, in their order, and where the person stands in it: at one of them, or behind the last.
class LabellingList {
public:
    /// Starts at `at` (< ids.size(); behind the last where there are none). Nothing counts as labelled yet.
    void begin(std::vector<ImageId> ids, std::size_t at);

    std::size_t size() const { return m_ids.size(); }
    std::span<const ImageId> ids() const { return m_ids; }
    bool contains(ImageId id) const { return m_places.contains(id); }
    bool atEnd() const { return m_at >= m_ids.size(); }
    ImageId current() const { return atEnd() ? 0 : m_ids[m_at]; } ///< 0 at the end.
    std::vector<ImageId> around(std::size_t after, std::size_t before) const; ///< The current one first, then those after it, then those before: what to decode.

    void step(int by);        ///< One on or back; stays at both ends.
    void goOn();              ///< After an answer: to the next one, or back to where the person was before going back.
    bool goTo(ImageId id);    ///< False where it isn't in it.
    void remove(std::span<const ImageId> ids);

    void setLabelled(ImageId id, bool labelled); ///< Unknown ids are passed over.
    std::size_t labelledCount() const { return m_labelledCount; }
    std::vector<ImageId> unlabelled() const;

private:
    void index();
    std::vector<ImageId> m_ids;
    std::unordered_map<ImageId, std::size_t> m_places;
    std::vector<bool> m_labelled;
    std::size_t m_labelledCount = 0;
    std::size_t m_at = 0;
    std::size_t m_farthest = 0;
};

} // namespace whisker
