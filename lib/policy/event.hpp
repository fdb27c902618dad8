// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#ifndef ARBORIST_LIB_POLICY_EVENT_HPP
#define ARBORIST_LIB_POLICY_EVENT_HPP

#include <compare>
#include <cstdint>
#include <variant>

namespace arborist::inline v0::policy {

/// The place of a child in the order of declaration.
using child_index = std::uint32_t;

/// One process of a child: each start has the next number, from 1. What is said of any other than
/// the current one changes nothing.
struct incarnation {
    child_index child = 0;
    std::uint32_t number = 0;

    friend auto operator<=>(incarnation const&, incarnation const&) = default;
};

/// How a process ended, as far as a decision depends on it.
enum class ending : std::uint8_t {
    completed,
    abnormal,
    /// It could not be started at all (E1).
    not_initialized,
    /// A nested supervisor that stopped as it was asked to, but not all of its children did (D8).
    shutdown_timed_out,
};

/// What happens to a supervisor.
namespace event {

struct begin {};
/// The shell has performed the actions of the last step and asks for the rest (see
/// `action_kind::resume`).
struct resume {};
struct child_ready {
    incarnation who;
};
struct child_exited {
    incarnation who;
    ending how;
};
struct time_passed {};
struct shutdown_requested {};
/// The whole tree is to end now (D12).
struct abort_requested {};

using any = std::variant<begin, resume, child_ready, child_exited, time_passed, shutdown_requested,
                         abort_requested>;

} // namespace event

} // namespace arborist::inline v0::policy

#endif // ARBORIST_LIB_POLICY_EVENT_HPP
