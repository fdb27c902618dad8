// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#ifndef ARBORIST_DETAIL_SMALL_MUTEX_HPP
#define ARBORIST_DETAIL_SMALL_MUTEX_HPP

#include <arborist/config.hpp>

#include <atomic>

namespace arborist::inline v0::detail {

/// A mutex of four bytes, for objects of which there are many: `std::mutex` takes forty. Not to be
/// held for long. After U. Drepper, "Futexes are tricky", the second mutex.
class small_mutex {
public:
    small_mutex() noexcept = default;
    small_mutex(small_mutex const&) = delete;
    small_mutex& operator=(small_mutex const&) = delete;

    void lock() noexcept {
        int found = free;
        if (state_.compare_exchange_strong(found, locked, std::memory_order_acquire,
                                           std::memory_order_relaxed))
            return;
        while (state_.exchange(waited_for, std::memory_order_acquire) != free)
            state_.wait(waited_for, std::memory_order_relaxed);
    }
    void unlock() noexcept {
        if (state_.exchange(free, std::memory_order_release) == waited_for)
            state_.notify_one();
    }

private:
    static constexpr int free = 0;
    static constexpr int locked = 1;
    static constexpr int waited_for = 2;

    std::atomic<int> state_{free};
};

} // namespace arborist::inline v0::detail

#endif // ARBORIST_DETAIL_SMALL_MUTEX_HPP
