// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#ifndef ARBORIST_LIB_TESTING_VIRTUAL_TIME_HPP
#define ARBORIST_LIB_TESTING_VIRTUAL_TIME_HPP

#include <arborist/testing/config.hpp>

#include <chrono>

namespace arborist::inline v0::testing::detail {

/// While it lives, `std::chrono::steady_clock` stands still on the thread that made it, except when
/// it is told to go on. Other threads see the real time.
///
/// The one place that knows how the clock of the platform is replaced: by a definition of
/// `steady_clock::now`, which the linker prefers to that of the standard library.
class virtual_time {
public:
    using time_point = std::chrono::steady_clock::time_point;

    /// @throws std::logic_error There is one on this thread, or the clock is not replaced.
    virtual_time();
    virtual_time(virtual_time const&) = delete;
    virtual_time& operator=(virtual_time const&) = delete;
    ~virtual_time();

    static constexpr time_point start{std::chrono::hours(1000)};

    time_point now = start;
};

} // namespace arborist::inline v0::testing::detail

#endif // ARBORIST_LIB_TESTING_VIRTUAL_TIME_HPP
