#include "ui/data/labelling_list.h"

#include <algorithm>

namespace whisker {

void LabellingList::begin(std::vector<ImageId> ids, std::size_t at)
{
    m_ids = std::move(ids);
    m_labelled.assign(m_ids.size(), false);
    m_labelledCount = 0;
    m_at = m_farthest = std::min(at, m_ids.size());
    index();
}

void LabellingList::index()
{
    m_places.clear();
    for (std::size_t place = 0; place < m_ids.size(); ++place)
        m_places[m_ids[place]] = place;
}

std::vector<ImageId> LabellingList::around(std::size_t after, std::size_t before) const
{
    std::vector<ImageId> result;
    for (std::size_t place = m_at; place < std::min(m_ids.size(), m_at + after + 1); ++place)
        result.push_back(m_ids[place]);
    for (std::size_t back = 1; back <= std::min(before, m_at); ++back)
        result.push_back(m_ids[m_at - back]);
    return result;
}

void LabellingList::step(int by)
{
    if (by < 0 && m_at > 0)
        --m_at;
    if (by > 0 && m_at < m_ids.size())
        ++m_at;
    m_farthest = std::max(m_farthest, m_at);
}

void LabellingList::goOn()
{
    m_at = m_at < m_farthest ? m_farthest : std::min(m_at + 1, m_ids.size());
    m_farthest = m_at;
}

bool LabellingList::goTo(ImageId id)
{
    const auto place = m_places.find(id);
    if (place == m_places.end())
        return false;
    m_at = place->second;
    m_farthest = std::max(m_farthest, m_at);
    return true;
}

void LabellingList::remove(std::span<const ImageId> ids)
{
    std::vector<bool> gone(m_ids.size());
    for (const ImageId id : ids) {
        if (const auto place = m_places.find(id); place != m_places.end())
            gone[place->second] = true;
    }
    const auto left = [&](std::size_t place) { return place - static_cast<std::size_t>(std::count(gone.begin(), gone.begin() + static_cast<std::ptrdiff_t>(place), true)); };
    const std::size_t at = left(m_at);
    const std::size_t farthest = left(m_farthest);
    std::vector<ImageId> kept;
    std::vector<bool> labelled;
    for (std::size_t place = 0; place < m_ids.size(); ++place) {
        if (gone[place])
            continue;
        kept.push_back(m_ids[place]);
        labelled.push_back(m_labelled[place]);
    }
    m_ids = std::move(kept);
    m_labelled = std::move(labelled);
    m_labelledCount = static_cast<std::size_t>(std::ranges::count(m_labelled, true));
    m_at = at;
    m_farthest = farthest;
    index();
}

void LabellingList::setLabelled(ImageId id, bool labelled)
{
    const auto place = m_places.find(id);
    if (place == m_places.end() || m_labelled[place->second] == labelled)
        return;
    m_labelled[place->second] = labelled;
    m_labelledCount += labelled ? 1 : std::size_t(-1);
}

std::vector<ImageId> LabellingList::unlabelled() const
{
    std::vector<ImageId> result;
    for (std::size_t place = 0; place < m_ids.size(); ++place) {
        if (!m_labelled[place])
            result.push_back(m_ids[place]);
    }
    return result;
}

} // namespace whisker
