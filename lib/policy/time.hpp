// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#ifndef ARBORIST_LIB_POLICY_TIME_HPP
#define ARBORIST_LIB_POLICY_TIME_HPP

#include <arborist/options.hpp>

#include <algorithm>
#include <chrono>

namespace arborist::inline v0::policy {

/// A point on the monotonic clock. The policy never reads the clock: time is told to it.
using time_point = std::chrono::time_point<std::chrono::steady_clock, duration>;

[[nodiscard]] constexpr time_point time_of(std::chrono::steady_clock::time_point at) noexcept {
    return std::chrono::time_point_cast<duration>(at);
}

/// The deadline of what has none.
inline constexpr time_point never = time_point::max();

/// `now + timeout`, or `never` if that cannot be represented (D4).
[[nodiscard]] constexpr time_point deadline_after(time_point now, duration timeout) noexcept {
    return now + std::min(timeout, never - now);
}

} // namespace arborist::inline v0::policy

#endif // ARBORIST_LIB_POLICY_TIME_HPP
