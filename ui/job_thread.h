#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

namespace whisker {

/// One thread and a queue of jobs, done in the order in which they were given. Jobs must not throw; what they point to must live until the destructor
/// has returned. It waits for the job under way, and for the others as AtEnd says.
class JobThread {
public:
    enum class AtEnd {
        Finish, ///< What was asked for is done: jobs are short and somebody counts on them.
        Drop,   ///< What has not begun is not done any more.
    };
    explicit JobThread(AtEnd atEnd);
    JobThread(const JobThread &) = delete;
    JobThread &operator=(const JobThread &) = delete;
    ~JobThread();

    void add(std::function<void()> job);

private:
    void work(std::stop_token stop);
    std::function<void()> next(std::stop_token stop);

    const AtEnd m_atEnd;
    std::mutex m_mutex;
    std::condition_variable_any m_added;
    std::deque<std::function<void()>> m_jobs; // guarded by m_mutex
    std::jthread m_thread;                    // last: stopped and joined before what it uses goes away
};

} // namespace whisker
