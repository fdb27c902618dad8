// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#ifndef ARBORIST_RUNTIME_HPP
#define ARBORIST_RUNTIME_HPP

#include <arborist/config.hpp>

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

namespace arborist::inline v0 {

/// How the threads are made that the library makes.
struct thread_options {
    /// In bytes; 0: what the platform gives.
    std::size_t stack_size = 0;
    /// The processors, by their numbers, on which they may run; none: on all. Of processors that
    /// are not there, the platform may not complain as long as one of them is.
    std::vector<unsigned> processors = {};
    /// What they are called by the platform, cut to its limit (on Linux 15 bytes); empty: as the
    /// supervisor, or the worker. The threads of a runtime are numbered behind it (T3).
    std::string name = {};
};

/// Threads of its own for a nested supervisor: for what would block or starve others (T2).
///
/// They serve a `boost::asio::thread_pool` that is made at each start of the supervisor and is gone
/// when its parent hears of its end. It runs the supervisor and all below it that is not dedicated
/// itself. What was spawned there unsupervised is dropped with it.
struct dedicated {
    /// Exactly so many; at least 1. The supervisor has its turn on them like everybody else: code
    /// that keeps all of them busy should let others in now and then (`co_await asio::post(...)`).
    std::size_t threads = 1;
    thread_options each = {};
    /// When none of the threads has taken up what was posted for so long, that is a stall: the
    /// parent reports `event_kind::runtime_stalled`, and stops the supervisor by an abort, since
    /// nobody in there can keep the time limits of its children (T9). Must be positive;
    /// `duration::max()`: nobody looks.
    std::chrono::nanoseconds stall_timeout = std::chrono::seconds(10);
};

} // namespace arborist::inline v0

#endif // ARBORIST_RUNTIME_HPP
