// The part of ImageListModel that puts its rows in order.
#include "ui/data/image_list_model.h"
#include "ui/project_session.h"

#include <algorithm>
#include <limits>
#include <tuple>
#include <utility>

namespace whisker {

namespace {
constexpr std::size_t kRankedAtOnce = 1000; // so many names are compared in less than a frame
} // namespace

void ImageListModel::setOrder(Order order)
{
    if (order == m_order && !m_sorting)
        return;
    m_ranker.cancel();
    m_sorting = m_rankAgain = false;
    m_similarTo = 0;
    m_order = order;
    m_ranks.reset();
    if (order == Order::Name)
        return rankNames();
    resort();
    Q_EMIT sorted();
}

void ImageListModel::sortBySimilarity(ImageId to)
{
    if (!m_session.project() || !m_session.image(to))
        return;
    m_sorting = true;
    m_rankAgain = false;
    m_similarTo = to;
    m_ranker.rankBySimilarity(m_session.project(), m_session.state().images, to);
}

void ImageListModel::rankNames()
{
    m_rankAgain = false;
    const auto &images = m_session.state().images;
    if (images.size() <= kRankedAtOnce)
        return takeRanks(std::make_shared<const ImageRanks>(ranksByName(images)));
    m_sorting = true;
    m_ranker.rankByName(images);
}

/// Other pictures are there: those without a rank stand at the end until the names are compared anew, one comparison after the other.
void ImageListModel::rankChanged()
{
    if (m_order != Order::Name)
        return;
    if (m_sorting)
        m_rankAgain = true;
    else
        rankNames();
}

void ImageListModel::takeRanks(std::shared_ptr<const ImageRanks> ranks)
{
    m_sorting = false;
    m_ranks = std::move(ranks);
    if (m_similarTo)
        m_order = Order::Similar;
    resort();
    Q_EMIT sorted();
    if (m_rankAgain)
        rankNames();
}

/// What the filter puts side by side.
int ImageListModel::placeOf(ImageId id) const
{
    const auto place = m_filter.places->find(id);
    return place == m_filter.places->end() ? std::numeric_limits<int>::max() : place->second;
}

std::int64_t ImageListModel::keyOf(const ImageRecord &image) const
{
    switch (m_order) {
    case Order::Added: return 0;
    case Order::Time: return -image.modifiedNs;
    case Order::Bytes: return -image.bytes;
    case Order::Pixels: return -static_cast<std::int64_t>(image.width) * image.height;
    case Order::Name:
    case Order::Similar: break;
    }
    const auto rank = m_ranks ? m_ranks->find(image.id) : ImageRanks::const_iterator{};
    return m_ranks && rank != m_ranks->end() ? rank->second : std::numeric_limits<int>::max();
}

bool ImageListModel::before(ImageId left, ImageId right) const
{
    const auto keys = [this](ImageId id) {
        const auto *image = m_session.image(id);
        return std::tuple(m_filter.places ? placeOf(id) : 0, image ? keyOf(*image) : 0, id);
    };
    return keys(left) < keys(right);
}

void ImageListModel::sortRows()
{
    if (m_order == Order::Added && !m_filter.places) {
        std::ranges::sort(m_rows);
        return;
    }
    std::vector<std::tuple<int, std::int64_t, ImageId>> keyed;
    keyed.reserve(m_rows.size());
    for (const ImageId id : m_rows)
        keyed.emplace_back(m_filter.places ? placeOf(id) : 0, keyOf(*m_session.image(id)), id);
    std::ranges::sort(keyed);
    std::ranges::transform(keyed, m_rows.begin(), [](const auto &entry) { return std::get<2>(entry); });
}

/// Whether the file's new facts ask for another row. All rows are looked at only then: one label must not cost a pass over a million pictures.
bool ImageListModel::isOutOfOrder(ImageId id) const
{
    if (m_order != Order::Time && m_order != Order::Bytes && m_order != Order::Pixels)
        return false;
    const int row = rowOf(id);
    return row >= 0 && ((row > 0 && !before(idAt(row - 1), id)) || (row + 1 < rowCount() && !before(id, idAt(row + 1))));
}

void ImageListModel::resort()
{
    const auto before = m_rows;
    sortRows();
    if (m_rows == before)
        return;
    auto sorted = std::exchange(m_rows, before);
    Q_EMIT layoutAboutToBeChanged({}, VerticalSortHint);
    const QModelIndexList kept = persistentIndexList();
    std::vector<ImageId> ids;
    for (const QModelIndex &each : kept)
        ids.push_back(idAt(each.row()));
    m_rows = std::move(sorted);
    m_rowOf.clear();
    QModelIndexList moved;
    for (const ImageId id : ids)
        moved.append(index(rowOf(id)));
    changePersistentIndexList(kept, moved);
    Q_EMIT layoutChanged({}, VerticalSortHint);
    m_wantSoon.start();
}

} // namespace whisker
