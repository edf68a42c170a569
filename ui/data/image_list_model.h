#pragma once

#include "ui/data/filter_order.h"
#include "ui/data/image_filter.h"
#include "ui/data/row_maker.h"
#include "ui/data/thumbnail_loader.h"

#include <QAbstractListModel>
#include <QCache>
#include <QHash>
#include <QTimer>
#include <span>
#include <unordered_set>

namespace whisker {

class ProjectSession;
class SuggestionController;
struct PictureGuess;

/// The session's pictures as far as the filter lets them through, one row each, for an ImageGrid. Answers from memory alone: a thumbnail that is
/// not there yet is Waiting, and comes when its row is near those on show. GUI thread only.
///
/// Thumbnails: the rows on show first, then a page below, then a page above; kept up to kCacheBytes, the least lately painted go first. A file that does not
/// decode is shown as broken, is not tried again, and brokenFound() says so once.
class ImageListModel : public QAbstractListModel {
    Q_OBJECT
public:
    enum class Order {
        Added,
        Name,    ///< Numbers by their value.
        Time,    ///< The newest change of a file first; Bytes and Pixels: the largest first.
        Bytes,
        Pixels,
        Taken,   ///< The newest by its camera's clock, or else by its file's time, first; comes soon, as the files have to be read.
        Similar, ///< The most alike to similarTo() first.
    };
    static constexpr int kCacheBytes = 96 << 20; ///< Some 500 thumbnails of 256 px: a dozen pages of a large window.

    /// `load` is called on `threads` threads.
    ImageListModel(const ProjectSession &session, ThumbnailLoader::Load load, std::size_t threads, QObject *parent = nullptr);

    int rowCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;

    /// Very long lists (kAtOnce) come soon, as a reset; others at once.
    void setFilter(const ImageFilter &filter);
    static constexpr std::size_t kAtOnce = 50'000; ///< Pictures that are looked at and sorted in a frame.
    const ImageFilter &filter() const { return m_filter; }
    /// Selection and scroll place stay. Names of many pictures are compared on another thread: the order comes soon then.
    void setOrder(Order order);
    Order order() const { return m_order; }
    /// Back to the order that the filter brings, where it brings one. It begins with that one, and keeps what is chosen by setOrder() until it brings another.
    void setOwnOrder();
    bool isInOwnOrder() const { return m_filter.ownOrder && m_wantsOwnOrder; }
    /// Shows the guesses for pictures without label, and for those that the filter shows because the model says otherwise. `suggestions` outlives this.
    void followSuggestions(const SuggestionController &suggestions);
    /// For filters by what the model says; null before followSuggestions().
    const std::shared_ptr<const AskModel> &askModel() const { return m_askModel; }
    const PictureGuess *shownGuess(const ImageRecord &image) const; ///< Null: none.
    /// Order::Similar. Until the comparison is done (sorted()) the order stays as it was; sortFailed() where the picture can't be compared.
    void sortBySimilarity(ImageId to);
    ImageId similarTo() const { return m_similarTo; } ///< 0 with any other order.
    bool isSorting() const { return m_sorting || m_maker.isBusy(); }
    /// The rows that a view shows; {-1, -1} for none. Cheap.
    void setVisibleRange(int first, int last);

    int loadedCount() const { return m_loadedCount; } ///< Thumbnails that came since the model was made.
    ImageId idAt(int row) const { return m_rows[static_cast<std::size_t>(row)]; }
    int rowOf(ImageId id) const; ///< -1 where it isn't on show.
    std::vector<ImageId> idsAt(const QList<int> &rows) const;

Q_SIGNALS:
    void brokenFound(whisker::ImageId id, const whisker::Error &error);
    void sortProgressed(double share); ///< 0..1, where pictures have to be measured.
    void sorted();
    void sortFailed();

private:
    void rebuild();
    void takeChanged(const std::vector<ImageId> &ids);
    void insertRows(std::span<const ImageId> ids);
    void removeRowsOf(std::span<const ImageId> ids);
    void forgetWhereStale(ImageId id);
    void resort();
    enum class Keep { Nothing, Selection };
    void renewRows(Keep keep);
    void takeRows(std::vector<ImageId> rows, Keep keep);
    void moveRows(std::vector<ImageId> rows);
    void startAgainIfBusy();
    std::optional<RowMaker::Row> rowOfImage(std::size_t index) const;
    bool isOutOfOrder(ImageId id) const;
    void rankImages();
    void rankChanged();
    void takeRanks(std::shared_ptr<const ImageRanks> ranks);
    std::int64_t keyOf(const ImageRecord &image) const;
    bool before(ImageId left, ImageId right) const;
    int placeOf(ImageId id) const;
    void refresh(ImageId id, const QList<int> &roles);
    void wantThumbnails();
    QString toolTip(const ImageRecord &image) const;
    QString badge(const ImageRecord &image) const;
    int stateOf(const ImageRecord &image) const;

    const ProjectSession &m_session;
    const SuggestionController *m_suggestions = nullptr;
    std::shared_ptr<const AskModel> m_askModel;
    ImageFilter m_filter;
    Order m_order = Order::Added;
    bool m_wantsOwnOrder = true; // the filter's, where it has one, before m_order
    ImageId m_similarTo = 0;
    bool m_sorting = false;
    bool m_rankAgain = false;                  // pictures came while names were compared
    std::shared_ptr<const ImageRanks> m_ranks; // of Name and Similar
    std::vector<ImageId> m_rows;
    mutable std::vector<int> m_rowOf; // by id, -1: not on show; empty while stale
    Keep m_keep = Keep::Nothing;      // of what is being made
    bool m_tellSorted = false;        // when it is made
    std::vector<ImageId> m_changedMeanwhile; // to be looked at again when it is made
    mutable QCache<ImageId, QImage> m_thumbnails; // mutable: a hit renews the entry
    QHash<ImageId, std::int64_t> m_loadedTime;    // modification time of the file that the thumbnail shows
    std::unordered_set<ImageId> m_broken;
    int m_loadedCount = 0;
    int m_first = -1;
    int m_last = -1;
    QTimer m_wantSoon; // several changes in one turn of the event loop want once
    ThumbnailLoader m_loader;
    ImageRanker m_ranker;
    RowMaker m_maker;
};

} // namespace whisker
