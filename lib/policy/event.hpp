// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#ifndef ARBORIST_LIB_POLICY_EVENT_HPP
#define ARBORIST_LIB_POLICY_EVENT_HPP

#include <arborist/options.hpp>

#include "rules.hpp"

#include <compare>
#include <cstdint>
#include <variant>

namespace arborist::inline v0::policy {

/// The place of a child: first those that were declared, in their order, then those that were
/// started at run time, in any order.
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

/// Something that was asked for through a handle, and is answered once. Chosen by the shell.
using request_id = std::uint64_t;

/// What happens to a supervisor.
namespace event {

struct begin {
    /// It may have no children: they can come later (S6).
    bool idles = false;
};
/// The shell has performed the actions of the last step and asks for the rest (see
/// `action_kind::resume`).
struct resume {};
struct child_ready {
    incarnation who;
};
struct child_exited {
    incarnation who;
    ending how;
    /// What the child's decision function said, if `machine::asks_about` told to ask it (R11).
    exit_decision decision = exit_decision::restart;
};
struct time_passed {};
struct shutdown_requested {};
/// The whole tree is to end now (D12).
struct abort_requested {};

/// The runtime of a nested supervisor does not run any more; or does again (T9).
struct stall {
    incarnation who;
    bool over = false;
};
/// An exception has escaped to the own runtime (T4).
struct runtime_panicked {};

// ---- through handles (C)

/// Starts a child that was not declared.
struct start_requested {
    request_id request;
    child_rules rules;
    child_limits limits = {};
    /// If there are as many as there may be: wait for a place.
    bool waits = false;
};
/// Stops a child. `by_itself`: the child asks, and could not wait for its own end (C6).
struct stop_requested {
    request_id request;
    child_index child;
    bool by_itself = false;
};
struct restart_requested {
    request_id request;
    child_index child;
    bool by_itself = false;
};
struct remove_requested {
    request_id request;
    child_index child;
};
/// Is answered when every child is initialised (S5).
struct ready_awaited {
    request_id request;
};
/// Nobody waits for the answer any more. What was begun goes on.
struct request_withdrawn {
    request_id request;
};

using any = std::variant<begin, resume, child_ready, child_exited, time_passed, shutdown_requested,
                         abort_requested, stall, runtime_panicked, start_requested, stop_requested,
                         restart_requested, remove_requested, ready_awaited, request_withdrawn>;

} // namespace event

} // namespace arborist::inline v0::policy

#endif // ARBORIST_LIB_POLICY_EVENT_HPP
