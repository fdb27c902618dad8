// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#ifndef ARBORIST_LIB_TEXT_HPP
#define ARBORIST_LIB_TEXT_HPP

#include <arborist/options.hpp>

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

// How times, numbers and lists read in messages.
namespace arborist::inline v0::text {

/// "0s", "250ms", "1.5s", "90s", "3h", "for ever": the largest unit that needs no more than three
/// decimals.
[[nodiscard]] ARBORIST_DECL std::string of(duration value);

/// "250ms", "12.3s", "5m 12s", "3h", "2d 4h": how long something has lasted, or will, as precisely
/// as one wants to know; the rest is cut off. Negative ones are "0ms".
[[nodiscard]] ARBORIST_DECL std::string rough(duration value);

/// "0 B", "512 B", "1.2 kB", "34.5 MB": as precisely as one wants to know.
[[nodiscard]] ARBORIST_DECL std::string bytes(std::uint64_t value);

/// "2026-11-22T11:23:32.123456Z", of RFC 3339. What is finer is cut off.
[[nodiscard]] ARBORIST_DECL std::string utc(std::chrono::system_clock::time_point value);

/// "a, b and c"
[[nodiscard]] std::string join(std::vector<std::string> const& parts);

/// "1 restart", "3 restarts"
[[nodiscard]] ARBORIST_DECL std::string count(std::size_t number, std::string const& noun);

} // namespace arborist::inline v0::text

#endif // ARBORIST_LIB_TEXT_HPP
