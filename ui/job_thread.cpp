#include "ui/job_thread.h"

#include "engine/base/start_thread.h"

#include <utility>

namespace whisker {

JobThread::JobThread(AtEnd atEnd) : m_atEnd(atEnd), m_thread(startThread([this](std::stop_token stop) { work(stop); })) {}

JobThread::~JobThread() = default;

void JobThread::add(std::function<void()> job)
{
    {
        const std::scoped_lock lock(m_mutex);
        m_jobs.push_back(std::move(job));
    }
    m_added.notify_one();
}

std::function<void()> JobThread::next(std::stop_token stop)
{
    std::unique_lock lock(m_mutex);
    m_added.wait(lock, stop, [this] { return !m_jobs.empty(); });
    if (m_jobs.empty() || (stop.stop_requested() && m_atEnd == AtEnd::Drop))
        return {};
    auto job = std::move(m_jobs.front());
    m_jobs.pop_front();
    return job;
}

void JobThread::work(std::stop_token stop)
{
    while (const auto job = next(stop))
        job();
}

} // namespace whisker
