#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <stop_token>
#include <thread>
#include <vector>

namespace whisker {

/// A fixed number of threads and a queue with a bound. Jobs must not throw. The destructor drops what has not begun and waits for the rest.
class ThreadPool {
public:
    /// `threads` >= 1; at most `queueBound` >= 1 jobs wait.
    ThreadPool(std::size_t threads, std::size_t queueBound);
    ThreadPool(const ThreadPool &) = delete;
    ThreadPool &operator=(const ThreadPool &) = delete;
    ~ThreadPool();

    /// Blocks while the queue is full. False, and the job is not taken, once `stop` is asked for. Any thread but the pool's own.
    bool submit(std::function<void()> job, std::stop_token stop = {});
    /// Blocks until no job waits or runs.
    void waitUntilIdle();
    std::size_t threadCount() const { return m_threads.size(); }

private:
    void work(std::stop_token stop);

    const std::size_t m_queueBound;
    std::mutex m_mutex;
    std::condition_variable_any m_jobAdded;
    std::condition_variable_any m_jobDone; // a job left the queue or ended
    std::deque<std::function<void()>> m_queue;
    std::size_t m_running = 0;
    std::vector<std::jthread> m_threads; // last: stopped and joined before what they use goes away
};

/// Calls `body(i)` for i in [0, count) on up to `threads` threads (the calling one included) and returns when all are done. Once `stop` is
/// asked for no further index begins. `body` must not throw.
void parallelFor(std::size_t count, std::size_t threads, const std::function<void(std::size_t)> &body, std::stop_token stop = {});

/// Processors this process may use (its affinity mask), at least 1.
std::size_t usableProcessors();

} // namespace whisker
