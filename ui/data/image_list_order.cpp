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
    if (order == m_order && !m_sorting && !isInOwnOrder())
        return;
    m_wantsOwnOrder = false;
    m_ranker.cancel();
    m_sorting = m_rankAgain = false;
    m_similarTo = 0;
    m_order = order;
    m_ranks.reset();
    if (order == Order::Name || order == Order::Taken)
        return rankImages();
    m_tellSorted = true;
    resort();
}

void ImageListModel::setOwnOrder()
{
    if (m_sorting && m_similarTo) {
        m_ranker.cancel();
        m_sorting = false;
        m_similarTo = 0;
    }
    m_wantsOwnOrder = true;
    m_tellSorted = true;
    resort();
}

void ImageListModel::sortBySimilarity(ImageId to)
{
    if (!m_session.project() || !m_session.image(to))
        return;
    m_sorting = true;
    m_rankAgain = false;
    m_similarTo = to;
    m_ranker.rankBySimilarity(m_session.project(), m_session.state().images.size(), [this](std::size_t index) { return m_session.state().images[index]; }, to);
}

void ImageListModel::rankImages()
{
    m_rankAgain = false;
    const auto &images = m_session.state().images;
    if (m_order == Order::Name && images.size() <= kRankedAtOnce)
        return takeRanks(std::make_shared<const ImageRanks>(ranksByName(images)));
    m_sorting = true;
    const auto copy = [this](std::size_t index) { return m_session.state().images[index]; };
    if (m_order == Order::Name)
        m_ranker.rankByName(images.size(), copy);
    else
        m_ranker.rankByTaken(m_session.project(), images.size(), copy);
}

/// Other pictures are there: those without a rank stand at the end until the names are compared anew, one comparison after the other.
void ImageListModel::rankChanged()
{
    if (m_ranker.isAsking() && m_similarTo) {
        if (m_session.image(m_similarTo))
            return sortBySimilarity(m_similarTo);
        m_ranker.cancel();
        m_sorting = false;
        m_similarTo = 0;
        Q_EMIT sortFailed();
    }
    if (m_order != Order::Name && m_order != Order::Taken)
        return;
    if (m_sorting && !m_ranker.isAsking())
        m_rankAgain = true;
    else
        rankImages();
}

void ImageListModel::takeRanks(std::shared_ptr<const ImageRanks> ranks)
{
    m_sorting = false;
    m_ranks = std::move(ranks);
    if (m_similarTo) {
        m_order = Order::Similar;
        m_wantsOwnOrder = false;
    }
    m_tellSorted = true;
    resort();
    if (m_rankAgain)
        rankImages();
}

/// In the filter's own order; 0 where another one is wanted.
int ImageListModel::placeOf(ImageId id) const
{
    if (!isInOwnOrder())
        return 0;
    const auto &places = m_filter.ownOrder->places;
    const auto place = places.find(id);
    return place == places.end() ? std::numeric_limits<int>::max() : place->second;
}

std::int64_t ImageListModel::keyOf(const ImageRecord &image) const
{
    switch (m_order) {
    case Order::Added: return 0;
    case Order::Time: return -image.modifiedNs;
    case Order::Bytes: return -image.bytes;
    case Order::Pixels: return -static_cast<std::int64_t>(image.width) * image.height;
    case Order::Name:
    case Order::Taken:
    case Order::Similar: break;
    }
    return m_ranks ? m_ranks->of(image.id) : 0;
}

bool ImageListModel::before(ImageId left, ImageId right) const
{
    const auto keys = [this](ImageId id) {
        const auto *image = m_session.image(id);
        return std::tuple(placeOf(id), image ? keyOf(*image) : 0, id);
    };
    return keys(left) < keys(right);
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
    renewRows(Keep::Selection);
}

/// What is being made is made anew: pictures have come or gone meanwhile.
void ImageListModel::startAgainIfBusy()
{
    if (m_maker.isBusy())
        renewRows(m_keep);
}

std::optional<RowMaker::Row> ImageListModel::rowOfImage(std::size_t index) const
{
    const auto &image = m_session.state().images[index];
    if (!m_filter.accepts(image))
        return {};
    return RowMaker::Row(placeOf(image.id), keyOf(image), image.id);
}

void ImageListModel::renewRows(Keep keep)
{
    const std::size_t count = m_session.state().images.size();
    m_changedMeanwhile.clear();
    m_keep = m_maker.isBusy() ? std::min(keep, m_keep) : keep;
    if (count > kAtOnce)
        return m_maker.begin(count, [this](std::size_t index) { return rowOfImage(index); });
    m_maker.cancel();
    std::vector<RowMaker::Row> rows;
    for (std::size_t k = 0; k < count; ++k) {
        if (const auto row = rowOfImage(k))
            rows.push_back(*row);
    }
    takeRows(RowMaker::sorted(std::move(rows)), m_keep);
}

void ImageListModel::takeRows(std::vector<ImageId> rows, Keep keep)
{
    if (keep == Keep::Selection && rows.size() == m_rows.size()) {
        moveRows(std::move(rows));
    } else {
        beginResetModel();
        m_rows = std::move(rows);
        m_rowOf.clear();
        endResetModel();
    }
    m_wantSoon.start();
    if (!m_changedMeanwhile.empty())
        takeChanged(std::exchange(m_changedMeanwhile, {}));
    if (std::exchange(m_tellSorted, false))
        Q_EMIT sorted();
}

void ImageListModel::moveRows(std::vector<ImageId> rows)
{
    if (rows == m_rows)
        return;
    Q_EMIT layoutAboutToBeChanged({}, VerticalSortHint);
    const QModelIndexList kept = persistentIndexList();
    std::vector<ImageId> ids;
    for (const QModelIndex &each : kept)
        ids.push_back(idAt(each.row()));
    m_rows = std::move(rows);
    m_rowOf.clear();
    QModelIndexList moved;
    for (const ImageId id : ids) {
        const int row = rowOf(id);
        moved.append(row >= 0 ? index(row) : QModelIndex());
    }
    changePersistentIndexList(kept, moved);
    Q_EMIT layoutChanged({}, VerticalSortHint);
}

} // namespace whisker
