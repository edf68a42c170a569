#include "engine/base/thread_pool.h"

#include "engine/base/start_thread.h"

#include <algorithm>
#include <atomic>
#include <sched.h>
#include <utility>

namespace whisker {

ThreadPool::ThreadPool(std::size_t threads, std::size_t queueBound) : m_queueBound(queueBound)
{
    m_threads.reserve(threads);
    for (std::size_t i = 0; i < threads; ++i)
        m_threads.push_back(startThread([this](std::stop_token stop) { work(stop); }));
}

ThreadPool::~ThreadPool()
{
    const std::scoped_lock lock(m_mutex);
    m_queue.clear();
    for (auto &thread : m_threads)
        thread.request_stop();
}

bool ThreadPool::submit(std::function<void()> job, std::stop_token stop)
{
    std::unique_lock lock(m_mutex);
    if (!m_jobDone.wait(lock, stop, [this] { return m_queue.size() < m_queueBound; }) || stop.stop_requested())
        return false;
    m_queue.push_back(std::move(job));
    m_jobAdded.notify_one();
    return true;
}

void ThreadPool::waitUntilIdle()
{
    std::unique_lock lock(m_mutex);
    m_jobDone.wait(lock, [this] { return m_queue.empty() && m_running == 0; });
}

void ThreadPool::work(std::stop_token stop)
{
    std::unique_lock lock(m_mutex);
    while (m_jobAdded.wait(lock, stop, [this] { return !m_queue.empty(); })) {
        if (stop.stop_requested())
            return;
        auto job = std::move(m_queue.front());
        m_queue.pop_front();
        ++m_running;
        m_jobDone.notify_all();
        lock.unlock();
        job();
        job = nullptr; // what the job holds is released before it counts as done
        lock.lock();
        --m_running;
        m_jobDone.notify_all();
    }
}

void parallelFor(std::size_t count, std::size_t threads, const std::function<void(std::size_t)> &body, std::stop_token stop)
{
    std::atomic<std::size_t> next = 0;
    const auto work = [&] {
        for (std::size_t i = next++; i < count && !stop.stop_requested(); i = next++)
            body(i);
    };
    std::vector<std::jthread> helpers;
    for (std::size_t i = 1; i < std::min(threads, count); ++i)
        helpers.push_back(startThread(work));
    work();
}

std::size_t usableProcessors()
{
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof set, &set) == 0)
        return static_cast<std::size_t>(std::max(1, CPU_COUNT(&set)));
    return std::max(1u, std::thread::hardware_concurrency());
}

} // namespace whisker
