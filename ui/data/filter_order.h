#pragma once

#include "engine/data/doctor.h"
#include "engine/data/project_values.h"
#include "ui/job_thread.h"

#include <QObject>
#include <QTimer>
#include <functional>
#include <limits>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

namespace whisker {

class Project;

/// Where each picture stands in an order; the least first.
class ImageRanks {
public:
    void set(ImageId id, int rank);
    int of(ImageId id) const { return static_cast<std::size_t>(id) < m_ranks.size() ? m_ranks[static_cast<std::size_t>(id)] : kLast; }

private:
    static constexpr int kLast = std::numeric_limits<int>::max();
    std::vector<int> m_ranks; // by id: ids are given one after the other
};

/// By name, in any case, numbers by their value: "pic2" before "pic10". Any thread.
ImageRanks ranksByName(const std::vector<ImageRecord> &images);

/// The most alike to `to` first: by thumbnailCorrelation(). Contents that `known` lacks are measured from their files and added to it; those that don't
/// decode come last. Reads and decodes where something is missing; any thread. Nothing where it was stopped, or `to` can't be compared.
using ShareDone = std::function<void(double)>;
std::shared_ptr<const ImageRanks> ranksBySimilarity(const std::vector<ImageRecord> &images, ImageId to, KnownContents &known, const ShareDone &onShare,
                                                    std::stop_token stop);

/// When each picture was taken, as a number that rises with the time: by its camera's clock, else the time of its file's last change in local time.
using TakenTimes = std::unordered_map<ImageId, std::pair<std::int64_t, std::int64_t>>; ///< With the time of change of the file that it is of.
/// The newest first. Reads the head of each file that `known` lacks and adds it; any thread. Nothing where it was stopped.
std::shared_ptr<const ImageRanks> ranksByTaken(const std::vector<ImageRecord> &images, TakenTimes &known, const ShareDone &onShare, std::stop_token stop);

/// Makes ranks on a thread of its own, for the GUI thread. What was asked for last counts: the rest is dropped. The destructor waits for the picture that is
/// being measured, at most.
class ImageRanker : public QObject {
    Q_OBJECT
public:
    explicit ImageRanker(QObject *parent = nullptr);
    ~ImageRanker() override;

    /// Each asks for copies of 0 .. count - 1 in the GUI thread, a few milliseconds a turn of the event loop: to be called again, or cancelled, before what `ask`
    /// reads changes while isAsking().
    using Ask = std::function<ImageRecord(std::size_t index)>;
    void rankByName(std::size_t count, Ask ask);
    void rankByTaken(std::shared_ptr<Project> project, std::size_t count, Ask ask);
    void rankBySimilarity(std::shared_ptr<Project> project, std::size_t count, Ask ask, ImageId to);
    bool isAsking() const { return m_turn.isActive(); }
    void cancel(); ///< Neither ranked() nor failed() comes for what was asked before.

Q_SIGNALS:
    void progressed(double share); ///< 0..1, while files are read.
    void ranked(const std::shared_ptr<const whisker::ImageRanks> &ranks);
    void failed(); ///< The picture to compare with can't be read.

private:
    using Images = std::vector<ImageRecord>;
    using Work = std::function<std::shared_ptr<const ImageRanks>(const Images &, std::stop_token)>;
    void begin(std::size_t count, Ask ask, Work work);
    void askOn();
    void workOn();
    ShareDone reporter();

    Ask m_ask;
    Work m_work;
    std::size_t m_count = 0;
    Images m_images;
    QTimer m_turn;
    std::stop_source m_stop;
    int m_asked = 0;
    KnownContents m_known; // used by the thread alone
    std::weak_ptr<Project> m_knownOf;
    TakenTimes m_taken; // the same
    std::weak_ptr<Project> m_takenOf;
    JobThread m_thread{JobThread::AtEnd::Drop}; // last: joined first
};

} // namespace whisker
