// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#include "seat.hpp"

#include "platform.hpp"

#include <bit>

namespace arborist::inline v0::accounting {
namespace {

using seat_set = std::uint32_t;
static_assert(seats <= 32);

constexpr seat_set shared_seat = 1;
constexpr seat_set all_seats = static_cast<seat_set>((std::uint64_t{1} << seats) - 1);

// Those with an owner. All, until the end of threads is noticed.
constinit std::atomic<seat_set> taken{all_seats};
constinit std::atomic<bool> open{false};

void leave_seat() noexcept {
    seat_set const mine = seat_set{1} << this_thread.seat;
    this_thread.seat = 0; // and it remains seated: what follows is the thread's very end
    // Releasing: the next owner goes on from what this one has written.
    taken.fetch_and(~mine, std::memory_order_release);
}

} // namespace

constinit thread_local thread_state this_thread;

void open_seats() noexcept {
    if (platform::prepare_thread_exit(&leave_seat)) {
        taken.store(shared_seat, std::memory_order_relaxed);
        open.store(true, std::memory_order_release);
    }
}

void take_seat() noexcept {
    if (!open.load(std::memory_order_acquire))
        return;
    this_thread.seated = true;
    seat_set before = taken.load(std::memory_order_relaxed);
    while (before != all_seats) {
        int const free = std::countr_one(before);
        if (!taken.compare_exchange_weak(before, before | seat_set{1} << free,
                                         std::memory_order_acquire, std::memory_order_relaxed))
            continue;
        this_thread.seat = static_cast<std::uint8_t>(free);
        if (!platform::call_at_thread_exit())
            leave_seat();
        return;
    }
}

} // namespace arborist::inline v0::accounting
