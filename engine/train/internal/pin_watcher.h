#pragma once

#include "engine/base/result.h"
#include "engine/image/preprocess.h"
#include "engine/nn/architecture_graph.h"
#include "engine/nn/weights.h"
#include "engine/train/internal/recipe.h"
#include "engine/train/pin_board.h"

#include <chrono>
#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <span>
#include <thread>

namespace whisker::internal {

class NetworkTrainer;

/// Decodes and preprocesses the pictures of a board on a thread of its own, each once: a picture on a slow disk must not hold up a run.
class PinReader {
public:
    PinReader(std::shared_ptr<const PinBoard> board, Preprocessing preprocessing);

    /// A picture as the network sees it, or why it can't be read. Null while it is being read.
    using Picture = std::shared_ptr<const Result<RgbImage>>;
    /// Has what is new on the board read. The pictures on it that are ready, in its order.
    std::vector<std::pair<std::filesystem::path, Picture>> ready();
    /// Waits until all that is on the board is read, or the time is over.
    void wait(std::chrono::milliseconds atMost);

private:
    void work(std::stop_token stop);
    bool complete() const;
    std::optional<std::filesystem::path> missing() const;

    const std::shared_ptr<const PinBoard> m_board;
    const Preprocessing m_preprocessing;
    mutable std::mutex m_mutex;
    std::condition_variable_any m_changed;
    std::map<std::filesystem::path, Picture> m_pictures; // guarded by m_mutex
    std::jthread m_thread; // last: stopped and joined before what it uses goes away
};

/// Has the weights of a run answer for the pinned pictures as it goes on, from a copy and with the run's own preprocessing, the way the finished model
/// will. It takes at most about a hundredth of the run's time, and what is learnt is the same bit for bit whether pictures are pinned or not. Without a
/// board it does nothing. On the thread of train().
class PinWatcher {
public:
    /// Keeps references.
    PinWatcher(RunContext &context, const ArchitectureGraph &graph, const Preprocessing &preprocessing);

    /// Between two steps: answers where that is due, by the time it costs or for a picture that has come.
    void watch(const NetworkTrainer &trainer, std::int64_t step, double epoch);
    /// After the last step: answers in any case, for pictures that are read within a second.
    void finish(const NetworkTrainer &trainer, std::int64_t step, double epoch);
    /// At the end: the same with the model that is kept, whose answers say so.
    void finish(const Weights &kept, std::int64_t step, double epoch);

private:
    using Clock = std::chrono::steady_clock;
    using Pictures = std::vector<std::pair<std::filesystem::path, PinReader::Picture>>;
    bool due(const Pictures &pictures) const;
    void answerAll(const Weights &weights, std::int64_t step, double epoch, bool kept);
    void answer(const Pictures &pictures, const Weights &weights, std::int64_t step, double epoch, bool kept);
    void tellUnreadable(const Pictures &pictures, std::int64_t step, double epoch);

    RunContext &m_context;
    const ArchitectureGraph &m_graph;
    const Preprocessing &m_preprocessing;
    std::unique_ptr<PinReader> m_reader; // only with a board
    std::set<std::filesystem::path> m_told; // answered, or said why not
    Clock::time_point m_next = Clock::now();
    Clock::time_point m_looked{};
};

} // namespace whisker::internal
