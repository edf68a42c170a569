#include "engine/data/internal/measuring.h"

#include "engine/base/start_thread.h"
#include "engine/base/stopwatch.h"
#include "engine/base/thread_pool.h"
#include "engine/data/internal/examine.h"

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <new>
#include <thread>
#include <unordered_set>

namespace whisker {

namespace {

using Clock = std::chrono::steady_clock;
constexpr std::chrono::milliseconds kReportEvery{100};
constexpr std::size_t kKeepAtOnce = 1000;

/// What reading one file gave.
struct Outcome {
    std::size_t place = 0;
    std::optional<ContentHash> hash{}; ///< Nothing: it could not be read, and `content.problem` says why.
    bool missing = false;
    KnownContent content{};
};

Outcome measureOne(std::size_t place, const std::filesystem::path &file)
try {
    Outcome outcome{.place = place};
    const auto bytes = readPictureFile(file);
    if (!bytes) {
        outcome.missing = bytes.error().code == ErrorCode::NotFound;
        outcome.content.problem = sentenceWithoutName(bytes.error(), file);
        return outcome;
    }
    auto measures = measurePicture(*bytes, file);
    if (measures) {
        outcome.content.measures = std::move(*measures);
    } else {
        outcome.content.measures.kind = sniffFileKind(*bytes);
        outcome.content.problem = sentenceWithoutName(measures.error(), file);
    }
    if (measures || measures.error().code != ErrorCode::Internal) // with more memory it may decode
        outcome.hash = hashBytes(*bytes);
    return outcome;
} catch (const std::bad_alloc &) {
    return {.place = place, .content = {.problem = "There is not enough memory to read it."}};
}

/// Threads that read files in order, and a list of what they have done for one thread to take.
class Readers {
public:
    Readers(std::span<const DoctorPicture> pictures, const std::vector<std::size_t> &places, std::size_t threads)
        : m_pictures(pictures), m_places(places), m_working(std::min(threads, places.size()))
    {
        for (std::size_t i = 0, count = m_working; i < count; ++i)
            m_threads.push_back(startThread([this](std::stop_token stop) { work(stop); }));
    }
    void requestStop()
    {
        for (auto &thread : m_threads)
            thread.request_stop();
    }
    /// Waits up to `patience` for something; false once all is done and taken.
    bool take(std::vector<Outcome> &outcomes, std::chrono::milliseconds patience)
    {
        outcomes.clear();
        std::unique_lock lock(m_mutex);
        m_changed.wait_for(lock, patience, [&] { return m_working == 0; });
        const bool goesOn = m_working > 0 || !m_done.empty();
        outcomes.swap(m_done);
        return goesOn;
    }

private:
    void work(std::stop_token stop)
    {
        while (!stop.stop_requested()) {
            const std::size_t next = m_next.fetch_add(1, std::memory_order_relaxed);
            if (next >= m_places.size())
                break;
            auto outcome = measureOne(m_places[next], m_pictures[m_places[next]].file);
            const std::scoped_lock lock(m_mutex);
            m_done.push_back(std::move(outcome));
        }
        const std::scoped_lock lock(m_mutex);
        if (--m_working == 0)
            m_changed.notify_all();
    }

    std::span<const DoctorPicture> m_pictures;
    const std::vector<std::size_t> &m_places;
    std::atomic<std::size_t> m_next{0};
    std::mutex m_mutex;
    std::condition_variable m_changed;
    std::vector<Outcome> m_done;
    std::size_t m_working;
    std::vector<std::jthread> m_threads; // last: stopped and joined before what they use goes away
};

class Measuring {
public:
    Measuring(std::span<DoctorPicture> pictures, KnownContents &known, const DoctorSink &onProgress, const MeasureKeeper &keep)
        : m_pictures(pictures), m_known(known), m_onProgress(onProgress), m_keep(keep), m_tried(pictures.size())
    {
    }
    Result<MeasuringResult> run(std::size_t threads, std::stop_token stop);

private:
    std::vector<std::size_t> nextRound() const;
    Result<void> round(const std::vector<std::size_t> &places, std::size_t threads, std::stop_token stop);
    void accept(Outcome outcome);
    Result<void> keepSome(std::size_t atLeast);
    void report();

    std::span<DoctorPicture> m_pictures;
    KnownContents &m_known;
    const DoctorSink &m_onProgress;
    const MeasureKeeper &m_keep;
    std::vector<bool> m_tried;
    NewContents m_new;
    MeasuringResult m_result;
    std::size_t m_waiting = 0; // pictures that are to be read, and those that share the content of one
    const Stopwatch m_watch;
};

bool isThere(const DoctorPicture &picture)
{
    return picture.state == ImageState::Ok || picture.state == ImageState::Truncated;
}

/// One file of each content that is not known. Where that one can't be read, the next round tries another with the same content.
std::vector<std::size_t> Measuring::nextRound() const
{
    std::vector<std::size_t> places;
    std::unordered_set<ContentHash> contents;
    for (std::size_t i = 0; i < m_pictures.size(); ++i) {
        const DoctorPicture &picture = m_pictures[i];
        if (m_tried[i] || !isThere(picture))
            continue;
        if (!picture.hash || (!m_known.contains(*picture.hash) && contents.insert(*picture.hash).second))
            places.push_back(i);
    }
    return places;
}

void Measuring::accept(Outcome outcome)
{
    DoctorPicture &picture = m_pictures[outcome.place];
    m_tried[outcome.place] = true;
    ++m_result.measured;
    if (!outcome.hash) {
        picture.state = outcome.missing ? ImageState::Missing : ImageState::Unreadable;
        picture.reason = std::move(outcome.content.problem);
        return;
    }
    picture.hash = outcome.hash;
    const auto [place, isNew] = m_known.try_emplace(*outcome.hash, std::move(outcome.content));
    if (isNew && m_keep)
        m_new.emplace_back(*outcome.hash, place->second);
}

Result<void> Measuring::keepSome(std::size_t atLeast)
{
    if (m_new.empty() || m_new.size() < atLeast)
        return {};
    auto kept = m_keep(m_new);
    m_new.clear();
    return kept;
}

void Measuring::report()
{
    if (!m_onProgress)
        return;
    DoctorProgress progress{.found = m_pictures.size()};
    progress.done = m_pictures.size() - std::min(m_pictures.size(), m_waiting);
    progress.elapsed = m_watch.elapsed();
    if (m_waiting == 0)
        progress.left = std::chrono::milliseconds(0);
    else if (m_result.measured > 0)
        progress.left = std::chrono::milliseconds(progress.elapsed.count() * static_cast<std::int64_t>(m_waiting) /
                                                  static_cast<std::int64_t>(m_result.measured));
    m_onProgress(progress);
}

Result<void> Measuring::round(const std::vector<std::size_t> &places, std::size_t threads, std::stop_token stop)
{
    m_waiting = places.size();
    report();
    Readers readers(m_pictures, places, threads);
    const std::stop_callback onStop(stop, [&] { readers.requestStop(); });
    std::vector<Outcome> outcomes;
    while (readers.take(outcomes, kReportEvery)) {
        m_waiting -= outcomes.size();
        for (auto &outcome : outcomes)
            accept(std::move(outcome));
        if (auto kept = keepSome(kKeepAtOnce); !kept)
            return kept;
        report();
    }
    return {};
}

Result<MeasuringResult> Measuring::run(std::size_t threads, std::stop_token stop)
{
    for (auto places = nextRound(); !places.empty() && !stop.stop_requested(); places = nextRound()) {
        if (auto done = round(places, threads, stop); !done)
            return std::unexpected(done.error());
    }
    if (auto kept = keepSome(1); !kept)
        return std::unexpected(kept.error());
    m_result.cancelled = stop.stop_requested();
    report();
    return m_result;
}

} // namespace

Result<MeasuringResult> measureNew(std::span<DoctorPicture> pictures, KnownContents &known, std::size_t threads, const DoctorSink &onProgress,
                                   const MeasureKeeper &keep, std::stop_token stop)
{
    return Measuring(pictures, known, onProgress, keep).run(threads ? threads : usableProcessors(), std::move(stop));
}

} // namespace whisker
