#include "ui/data/image_list_model.h"

#include "ui/project_session.h"
#include "ui/suggestion_controller.h"
#include "ui/texts.h"
#include "widgets/image_grid.h"

#include <QLocale>
#include <algorithm>

namespace whisker {

namespace {

/// More ranges than this are a reset: views lay out anew once instead of at every range.
constexpr std::size_t kMostRanges = 64;

template <class Range> std::vector<std::pair<int, int>> rangesOf(const Range &sortedRows)
{
    std::vector<std::pair<int, int>> ranges;
    for (const int row : sortedRows) {
        if (!ranges.empty() && ranges.back().second + 1 == row)
            ranges.back().second = row;
        else
            ranges.emplace_back(row, row);
    }
    return ranges;
}

} // namespace

ImageListModel::ImageListModel(const ProjectSession &session, ThumbnailLoader::Load load, std::size_t threads, QObject *parent)
    : QAbstractListModel(parent), m_session(session), m_thumbnails(kCacheBytes), m_loader(std::move(load), threads)
{
    m_wantSoon.setSingleShot(true);
    m_wantSoon.setInterval(0);
    connect(&m_wantSoon, &QTimer::timeout, this, &ImageListModel::wantThumbnails);
    connect(&session, &ProjectSession::opened, this, [this] {
        m_thumbnails.clear();
        m_loadedTime.clear();
        m_broken.clear();
        m_ranks.reset();
        if (m_order == Order::Similar)
            m_order = Order::Added;
        m_similarTo = 0;
        m_ranker.cancel();
        m_sorting = false;
        rebuild();
        rankChanged();
    });
    connect(&session, &ProjectSession::imagesAdded, this, [this](const std::vector<ImageId> &ids) {
        insertRows(ids);
        startAgainIfBusy();
        rankChanged();
    });
    connect(&m_ranker, &ImageRanker::ranked, this, &ImageListModel::takeRanks);
    connect(&m_ranker, &ImageRanker::progressed, this, &ImageListModel::sortProgressed);
    connect(&m_ranker, &ImageRanker::failed, this, [this] {
        m_sorting = false;
        m_similarTo = 0;
        Q_EMIT sortFailed();
    });
    connect(&session, &ProjectSession::imagesRemoved, this, [this](const std::vector<ImageId> &ids) {
        removeRowsOf(ids);
        startAgainIfBusy();
        if (m_ranker.isAsking())
            rankChanged();
    });
    connect(&m_maker, &RowMaker::made, this, [this](const std::vector<ImageId> &ids) { takeRows(ids, m_keep); });
    connect(&session, &ProjectSession::imagesChanged, this, &ImageListModel::takeChanged);
    connect(&session, &ProjectSession::classesChanged, this, [this] {
        if (!m_rows.empty())
            Q_EMIT dataChanged(index(0), index(rowCount() - 1), {ClassIndexRole, Qt::ToolTipRole});
    });
    connect(&m_loader, &ThumbnailLoader::loaded, this, [this](ImageId id, const QImage &image) {
        const auto *record = m_session.image(id);
        if (!record)
            return; // removed meanwhile
        ++m_loadedCount;
        m_loadedTime[id] = record->modifiedNs;
        m_thumbnails.insert(id, new QImage(image), static_cast<int>(image.sizeInBytes()));
        refresh(id, {ThumbnailRole, StateRole});
    });
    connect(&m_loader, &ThumbnailLoader::failed, this, [this](ImageId id, const Error &error) {
        if (!m_session.image(id) || !m_broken.insert(id).second)
            return;
        refresh(id, {StateRole, Qt::ToolTipRole});
        Q_EMIT brokenFound(id, error);
    });
    rebuild();
}

int ImageListModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

QVariant ImageListModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const auto *image = m_session.image(idAt(index.row()));
    if (!image)
        return {};
    switch (role) {
    case Qt::DisplayRole:
    case NameRole: return fromUtf8(image->name);
    case Qt::ToolTipRole: return toolTip(*image);
    case ThumbnailRole: {
        const QImage *thumbnail = m_thumbnails.object(image->id);
        return thumbnail ? *thumbnail : QImage();
    }
    case StateRole: return stateOf(*image);
    case BadgeRole: return badge(*image);
    case DottedBadgeRole: return shownGuess(*image) != nullptr;
    case ClassIndexRole: {
        const auto *record = image->label ? m_session.classRecord(*image->label) : nullptr;
        return record ? record->colour : -1;
    }
    case Qt::AccessibleTextRole: {
        const auto *record = image->label ? m_session.classRecord(*image->label) : nullptr;
        return tr("%1, %2").arg(fromUtf8(image->name), record ? fromUtf8(record->name) : tr("not labelled"));
    }
    default: return {};
    }
}

int ImageListModel::stateOf(const ImageRecord &image) const
{
    const bool broken = image.state == ImageState::Unreadable || image.state == ImageState::Missing || m_broken.contains(image.id);
    const auto state = broken                            ? ThumbnailState::Broken
                       : m_thumbnails.contains(image.id) ? ThumbnailState::Ready
                                                         : ThumbnailState::Waiting;
    return static_cast<int>(state);
}

void ImageListModel::followSuggestions(const SuggestionController &suggestions)
{
    m_suggestions = &suggestions;
    m_askModel = std::make_shared<const AskModel>([&suggestions](ImageId id) -> std::optional<ModelSays> {
        const auto *guess = suggestions.guess(id);
        return guess ? std::optional(ModelSays{guess->className, guess->probability}) : std::nullopt;
    });
    connect(&suggestions, &SuggestionController::guessed, this, [this](const std::vector<ImageId> &ids) {
        if (m_filter.asksModel() && ids.empty())
            rebuild();
        else if (m_filter.asksModel())
            takeChanged(ids);
        for (const ImageId id : ids)
            refresh(id, {BadgeRole, DottedBadgeRole});
        if (ids.empty() && !m_rows.empty())
            Q_EMIT dataChanged(index(0), index(rowCount() - 1), {BadgeRole, DottedBadgeRole});
    });
}

const PictureGuess *ImageListModel::shownGuess(const ImageRecord &image) const
{
    const bool hasRoom = image.state == ImageState::Ok && !image.excluded && !image.unsure; // else the badge says something else
    return m_suggestions && hasRoom && (!image.label || m_filter.unlike) ? m_suggestions->guess(image.id) : nullptr;
}

QString ImageListModel::badge(const ImageRecord &image) const
{
    if (const auto *guess = shownGuess(image))
        return guessText(*guess);
    switch (image.state) {
    case ImageState::Missing: return tr("missing");
    case ImageState::Unreadable: return tr("unreadable");
    case ImageState::Truncated: return tr("cut short");
    case ImageState::Ok: break;
    }
    if (image.excluded)
        return tr("excluded");
    if (image.unsure)
        return tr("not sure");
    return image.label && image.split == Split::Test ? tr("test") : QString();
}

QString ImageListModel::toolTip(const ImageRecord &image) const
{
    QStringList lines{displayText(image.file())};
    QStringList facts;
    if (image.width > 0)
        facts.append(tr("%1 x %2 pixels").arg(image.width).arg(image.height));
    facts.append(QLocale().formattedDataSize(image.bytes, 1, QLocale::DataSizeSIFormat));
    const auto *record = image.label ? m_session.classRecord(*image.label) : nullptr;
    facts.append(record ? fromUtf8(record->name) : tr("not labelled"));
    if (record && image.split) {
        static const std::array<const char *, 3> splits{QT_TR_NOOP("for training"), QT_TR_NOOP("for validation"), QT_TR_NOOP("for the test")};
        facts.append(tr(splits[static_cast<std::size_t>(*image.split)]));
    }
    if (image.unsure)
        facts.append(tr("not sure"));
    if (image.excluded)
        facts.append(tr("excluded"));
    lines.append(facts.join(QStringLiteral(" · ")));
    if (image.reason)
        lines.append(fromUtf8(*image.reason));
    return lines.join(QLatin1Char('\n'));
}

void ImageListModel::setFilter(const ImageFilter &filter)
{
    if (filter == m_filter)
        return;
    if (filter.ownOrder && (!m_filter.ownOrder || m_filter.ownOrder->name != filter.ownOrder->name))
        m_wantsOwnOrder = true;
    m_filter = filter;
    rebuild();
}

void ImageListModel::rebuild()
{
    renewRows(Keep::Nothing);
}

void ImageListModel::takeChanged(const std::vector<ImageId> &ids)
{
    std::vector<ImageId> come, gone;
    for (const ImageId id : ids) {
        if (!m_session.image(id))
            continue; // removed since it changed
        forgetWhereStale(id);
        const bool shown = rowOf(id) >= 0;
        if (m_filter.accepts(*m_session.image(id)) != shown)
            (shown ? gone : come).push_back(id);
        else if (shown)
            refresh(id, {});
    }
    removeRowsOf(gone);
    insertRows(come);
    if (!m_maker.isBusy() && std::ranges::any_of(ids, [this](ImageId id) { return isOutOfOrder(id); }))
        resort();
    if (m_maker.isBusy())
        m_changedMeanwhile.insert(m_changedMeanwhile.end(), ids.begin(), ids.end());
    m_wantSoon.start();
}

/// The file behind a picture may have been replaced, or found again.
void ImageListModel::forgetWhereStale(ImageId id)
{
    const auto *image = m_session.image(id);
    if (image->state == ImageState::Ok || image->state == ImageState::Truncated)
        m_broken.erase(id);
    if (m_loadedTime.value(id, image->modifiedNs) != image->modifiedNs) {
        m_thumbnails.remove(id);
        m_loadedTime.remove(id);
    }
}

void ImageListModel::insertRows(std::span<const ImageId> ids)
{
    std::vector<ImageId> wanted;
    std::ranges::copy_if(ids, std::back_inserter(wanted), [this](ImageId id) { return m_filter.accepts(*m_session.image(id)); });
    if (wanted.empty())
        return;
    std::ranges::sort(wanted, [this](ImageId left, ImageId right) { return before(left, right); });
    const auto placeOf = [this](ImageId id) {
        return std::ranges::lower_bound(m_rows, id, [this](ImageId left, ImageId right) { return before(left, right); }) - m_rows.begin();
    };
    if (placeOf(wanted.front()) == placeOf(wanted.back())) { // an import adds at the end
        const auto place = placeOf(wanted.front());
        beginInsertRows({}, static_cast<int>(place), static_cast<int>(place + std::ssize(wanted)) - 1);
        m_rows.insert(m_rows.begin() + place, wanted.begin(), wanted.end());
        m_rowOf.clear();
        endInsertRows();
    } else if (wanted.size() > kMostRanges) {
        rebuild();
    } else {
        for (const ImageId id : wanted) {
            const auto place = placeOf(id);
            beginInsertRows({}, static_cast<int>(place), static_cast<int>(place));
            m_rows.insert(m_rows.begin() + place, id);
            m_rowOf.clear();
            endInsertRows();
        }
    }
    m_wantSoon.start();
}

void ImageListModel::removeRowsOf(std::span<const ImageId> ids)
{
    std::vector<int> rows;
    for (const ImageId id : ids) {
        if (const int row = rowOf(id); row >= 0)
            rows.push_back(row);
    }
    std::ranges::sort(rows);
    const auto ranges = rangesOf(rows);
    if (ranges.size() > kMostRanges)
        return rebuild();
    for (auto range = ranges.rbegin(); range != ranges.rend(); ++range) {
        beginRemoveRows({}, range->first, range->second);
        m_rows.erase(m_rows.begin() + range->first, m_rows.begin() + range->second + 1);
        m_rowOf.clear();
        endRemoveRows();
    }
    m_wantSoon.start();
}

int ImageListModel::rowOf(ImageId id) const
{
    if (m_rowOf.empty() && !m_rows.empty()) {
        m_rowOf.assign(static_cast<std::size_t>(*std::ranges::max_element(m_rows)) + 1, -1);
        for (std::size_t row = 0; row < m_rows.size(); ++row)
            m_rowOf[static_cast<std::size_t>(m_rows[row])] = static_cast<int>(row);
    }
    return static_cast<std::size_t>(id) < m_rowOf.size() ? m_rowOf[static_cast<std::size_t>(id)] : -1;
}

std::vector<ImageId> ImageListModel::idsAt(const QList<int> &rows) const
{
    std::vector<ImageId> ids;
    for (const int row : rows)
        ids.push_back(idAt(row));
    return ids;
}

void ImageListModel::refresh(ImageId id, const QList<int> &roles)
{
    if (const int row = rowOf(id); row >= 0)
        Q_EMIT dataChanged(index(row), index(row), roles);
}

void ImageListModel::setVisibleRange(int first, int last)
{
    m_first = first;
    m_last = last;
    m_wantSoon.start();
}

void ImageListModel::wantThumbnails()
{
    std::vector<ThumbnailLoader::Request> requests;
    const auto want = [&](int first, int last) {
        for (int row = std::max(0, first); row <= std::min(last, rowCount() - 1); ++row) {
            const auto *image = m_session.image(idAt(row));
            if (image && stateOf(*image) == static_cast<int>(ThumbnailState::Waiting))
                requests.push_back({image->id, image->file()});
        }
    };
    if (m_first >= 0) {
        const int page = m_last - m_first + 1;
        want(m_first, m_last);
        want(m_last + 1, m_last + page);
        want(m_first - page, m_first - 1);
    }
    m_loader.setWanted(std::move(requests));
}

} // namespace whisker
