// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#ifndef ARBORIST_EXAMPLE_RELAY_COUNTERS_HPP
#define ARBORIST_EXAMPLE_RELAY_COUNTERS_HPP

#include <atomic>
#include <cstdint>

namespace relay {

enum class health { unknown, up, down };

/// What the children tell of themselves, and have to know of all. It outlives all of them, on
/// whatever thread they run.
struct counters {
    std::atomic<std::uint64_t> accepted{0};
    std::atomic<std::uint64_t> open{0};
    /// The upstream could not be reached.
    std::atomic<std::uint64_t> refused{0};
    /// Ended before both sides had said all they had to say.
    std::atomic<std::uint64_t> failed{0};
    std::atomic<std::uint64_t> bytes_to_upstream{0};
    std::atomic<std::uint64_t> bytes_to_clients{0};
    std::atomic<health> upstream{health::unknown};
    /// The relay as a whole is being stopped, and not just a part of it that is started again.
    std::atomic<bool> ending{false};
};

} // namespace relay

#endif // ARBORIST_EXAMPLE_RELAY_COUNTERS_HPP
