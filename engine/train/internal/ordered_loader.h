#pragma once

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

namespace whisker::internal {

/// Makes items first..last-1 ahead of time on threads of its own and hands them out in order. What an item is depends on its number alone, so
/// the number of threads changes nothing but the time. The destructor drops what has not begun and waits for the rest.
template <class Item> class OrderedLoader {
public:
    /// At most `ahead` >= 1 items are made and not yet taken. `load` is called on `threads` >= 1 threads at once; it must not throw.
    OrderedLoader(std::size_t first, std::size_t last, std::size_t threads, std::size_t ahead, std::function<Item(std::size_t)> load)
        : m_load(std::move(load)), m_last(last), m_claimed(first), m_taken(first), m_slots(std::max<std::size_t>(ahead, 1))
    {
        const std::size_t count = last > first ? std::min(std::max<std::size_t>(threads, 1), last - first) : 0;
        m_threads.reserve(count);
        for (std::size_t i = 0; i < count; ++i)
            m_threads.emplace_back([this](std::stop_token stop) { work(stop); });
    }
    OrderedLoader(const OrderedLoader &) = delete;
    OrderedLoader &operator=(const OrderedLoader &) = delete;

    /// The next one; blocks until it is made. Precondition: not all were taken. One thread.
    Item next()
    {
        std::unique_lock lock(m_mutex);
        std::optional<Item> &slot = m_slots[m_taken % m_slots.size()];
        m_waits += slot.has_value() ? 0 : 1;
        const auto begin = std::chrono::steady_clock::now();
        m_made.wait(lock, [&] { return slot.has_value(); });
        m_waited += std::chrono::steady_clock::now() - begin;
        Item item = std::move(*slot);
        slot.reset();
        ++m_taken;
        m_room.notify_one();
        return item;
    }

    /// Time that next() has blocked so far, in seconds; for the thread that calls next().
    double waitedSeconds() const { return std::chrono::duration<double>(m_waited).count(); }
    std::size_t waits() const { return m_waits; } ///< How often it has blocked; for the same thread.

private:
    void work(std::stop_token stop)
    {
        std::unique_lock lock(m_mutex);
        while (m_room.wait(lock, stop, [this] { return m_claimed < m_taken + m_slots.size() || m_claimed >= m_last; })) {
            if (m_claimed >= m_last || stop.stop_requested())
                return;
            const std::size_t number = m_claimed++;
            lock.unlock();
            Item item = m_load(number);
            lock.lock();
            m_slots[number % m_slots.size()] = std::move(item);
            m_made.notify_one();
        }
    }

    const std::function<Item(std::size_t)> m_load;
    const std::size_t m_last;
    std::mutex m_mutex;
    std::condition_variable_any m_room; // an item was taken
    std::condition_variable_any m_made;
    std::size_t m_claimed;
    std::size_t m_taken;
    std::vector<std::optional<Item>> m_slots;
    std::chrono::steady_clock::duration m_waited{};
    std::size_t m_waits = 0;
    std::vector<std::jthread> m_threads; // last: stopped and joined before what they use goes away
};

} // namespace whisker::internal
