// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#ifndef ARBORIST_LIB_ACCOUNTING_SEAT_HPP
#define ARBORIST_LIB_ACCOUNTING_SEAT_HPP

#include <arborist/config.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>

// Every group counts in several places, one per seat. A thread has a seat to itself as long as
// there are any, so that it shares no cache line with other threads and needs no locked
// instruction: it alone writes there. All other threads share the first seat, with locked
// instructions.
namespace arborist::inline v0::accounting {

inline constexpr std::size_t seats = 16;

struct thread_state {
    /// The thread's clock when it last turned to another group.
    std::uint64_t switched_at = 0;
    /// Index; 0 is the one that is shared.
    std::uint8_t seat = 0;
    bool seated = false;
};

/// Without a destructor, since memory is freed after those have run.
#if defined(__GNUC__)
// Else a shared library calls a function for the address.
[[gnu::tls_model("initial-exec")]]
#endif
extern constinit thread_local thread_state this_thread;

/// From now on threads get seats. Before that, and where the end of a thread cannot be noticed, all
/// share one.
void open_seats() noexcept;
/// Looks for a seat for this thread. Allocates nothing with `operator new`.
void take_seat() noexcept;

[[nodiscard]] inline std::size_t seat() noexcept {
    if (!this_thread.seated) [[unlikely]]
        take_seat();
    return this_thread.seat;
}

/// A number that only grows; `at` is the seat of this thread, to which it belongs.
class counter {
public:
    // Releasing: who sees that an object was freed sees all that its group was charged before.
    void add(std::uint64_t amount, std::size_t at) noexcept {
        if (at != 0) [[likely]]
            value_.store(value_.load(std::memory_order_relaxed) + amount,
                         std::memory_order_release);
        else
            value_.fetch_add(amount, std::memory_order_release);
    }

    [[nodiscard]] std::uint64_t value() const noexcept {
        return value_.load(std::memory_order_acquire);
    }

private:
    std::atomic<std::uint64_t> value_{0};
};

} // namespace arborist::inline v0::accounting

#endif // ARBORIST_LIB_ACCOUNTING_SEAT_HPP
