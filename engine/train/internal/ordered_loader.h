#pragma once

#include "engine/base/start_thread.h"

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
            m_threads.push_back(startThread([this](std::stop_token stop) { work(stop); }));
    }
    OrderedLoader(const OrderedLoader &) = delete;
    OrderedLoader &operator=(const OrderedLoader &) = delete;

    /// The next `count` ones; blocks until all are made, and is woken once. Precondition: so many are left, and no more than may be made ahead. One thread.
    std::vector<Item> next(std::size_t count)
    {
        std::unique_lock lock(m_mutex);
        m_asked = m_taken + count;
        for (std::size_t number = m_taken; number < m_asked; ++number)
            m_missing += slotOf(number) ? 0 : 1;
        if (m_missing > 0) {
            ++m_waits;
            const auto begin = std::chrono::steady_clock::now();
            m_complete.wait(lock, [this] { return m_missing == 0; });
            m_waited += std::chrono::steady_clock::now() - begin;
        }
        std::vector<Item> items;
        items.reserve(count);
        for (; m_taken < m_asked; ++m_taken) {
            items.push_back(*std::move(slotOf(m_taken)));
            slotOf(m_taken).reset();
        }
        lock.unlock();
        m_room.notify_all();
        return items;
    }
    Item next() { return std::move(next(1).front()); }

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
            slotOf(number) = std::move(item);
            if (number < m_asked && --m_missing == 0)
                m_complete.notify_one();
        }
    }

    std::optional<Item> &slotOf(std::size_t number) { return m_slots[number % m_slots.size()]; }

    const std::function<Item(std::size_t)> m_load;
    const std::size_t m_last;
    std::mutex m_mutex;
    std::condition_variable_any m_room;  // items were taken
    std::condition_variable m_complete;  // all are made that next() waits for
    std::size_t m_claimed;
    std::size_t m_taken;
    std::size_t m_asked = 0;             // one more than the last that next() was asked for,
    std::size_t m_missing = 0;           // and how many of those are not made yet
    std::vector<std::optional<Item>> m_slots;
    std::chrono::steady_clock::duration m_waited{};
    std::size_t m_waits = 0;
    std::vector<std::jthread> m_threads; // last: stopped and joined before what they use goes away
};

} // namespace whisker::internal
