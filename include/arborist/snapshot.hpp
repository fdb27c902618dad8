// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#ifndef ARBORIST_SNAPSHOT_HPP
#define ARBORIST_SNAPSHOT_HPP

#include <arborist/child_id.hpp>
#include <arborist/child_state.hpp>
#include <arborist/config.hpp>
#include <arborist/exit_reason.hpp>
#include <arborist/options.hpp>
#include <arborist/resources.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

namespace arborist::inline v0 {

/// What there is to know of a child at some instant.
struct child_info {
    /// As declared, not sanitised.
    std::string name = {};
    child_id id = {};
    /// Of the current process, else of the last one; 0 before the first (N1).
    std::uint64_t process_id = 0;
    child_state state = child_state::not_started;
    /// Whether it is a nested supervisor.
    bool is_supervisor = false;
    /// Whether it was started through a handle.
    bool dynamic = false;
    bool significant = false;
    /// Whether it is a dedicated supervisor whose runtime does not run (T9).
    bool stalled = false;
    restart_type restart = permanent;
    shutdown_strategy shutdown = graceful(std::chrono::seconds(5));
    /// How often it was restarted in this run of its supervisor, for whatever reason.
    std::size_t restarts = 0;
    /// How long the current process has lived; zero if there is none.
    duration uptime = duration::zero();
    /// While it waits: how long it still will; `duration::zero()` while the others of its group are
    /// being stopped first.
    duration remaining_delay = duration::zero();
    /// How its last process ended, if any has, and how long ago.
    std::optional<exit_reason> last_exit = std::nullopt;
    duration since_last_exit = duration::zero();

    /// Whether it has a process that its supervisor reckons with: it starts, runs, or is being
    /// stopped.
    [[nodiscard]] bool is_active() const noexcept {
        return state == child_state::starting || state == child_state::running ||
               state == child_state::stopping || state == child_state::aborting;
    }
};

/// What there is to know of a run of a supervisor at some instant.
struct supervisor_info {
    supervisor_state state = supervisor_state::not_running;
    restart_strategy strategy = one_for_one;
    restart_intensity intensity = {};
    /// Restarts within the current window.
    std::size_t restarts = 0;
    restart_backoff backoff = {};
    start_order start = concurrent;
    shutdown_order shutdown = sequential;
    duration shutdown_budget = duration::max();
    duration abort_grace = std::chrono::seconds(5);
    auto_shutdown_policy auto_shutdown = auto_shutdown_policy::never;
    std::size_t max_dynamic_children = no_limit;
    /// Of its own (T2); 0 if it runs where its parent does.
    std::size_t threads = 0;
    /// What its workers have used in this run; nothing if it is not tracked, for want of the
    /// accounting component (P4).
    std::optional<resource_usage> resources = std::nullopt;
    /// How long this run has lasted.
    duration uptime = duration::zero();
};

/// A running tree at some instant (O2). Every supervisor with its children is shown as it was at
/// one instant; different supervisors at slightly different ones, parents before what is below
/// them. So are, of more than a thousand children of one supervisor, each thousand, so that it need
/// not stop for that long.
///
/// `operator<<` draws it as a tree; @ref to_json in `<arborist/json.hpp>` is for programs.
struct snapshot {
    /// A child, or the supervisor from which the snapshot was taken.
    struct node : child_info {
        /// The full name (N2).
        std::string full_name = {};
        /// 0 for the first, of which `child_info` has only `name`, `state` and `is_supervisor`.
        std::size_t depth = 0;
        /// The place of its supervisor in `nodes`; of the first, 0.
        std::size_t parent = 0;
        /// Set for the first and for every nested supervisor that is running.
        std::optional<supervisor_info> supervisor = std::nullopt;
    };

    struct totals_type {
        std::size_t supervisors = 0;
        std::size_t workers = 0;
        /// Children by what they do, nested supervisors included. `starting` includes those that
        /// wait, `down` those that are not started, ended or stopped.
        std::size_t running = 0;
        std::size_t starting = 0;
        std::size_t stopping = 0;
        std::size_t down = 0;
        std::size_t abandoned = 0;
        std::size_t restarts = 0;
    };

    /// When it was taken. All other times are relative to it.
    std::chrono::system_clock::time_point taken = {};
    /// In the order in which a tree is drawn: each before what is below it.
    std::vector<node> nodes = {};

    [[nodiscard]] ARBORIST_DECL totals_type totals() const;

    /// Draws the tree, with a line for each node: state, restarts, uptime, last exit. In colour if
    /// `stream` is one of the standard streams, and that is a terminal that can; `NO_COLOR` is
    /// honoured. Lines end with a newline.
    friend ARBORIST_DECL std::ostream& operator<<(std::ostream& stream, snapshot const& value);
};

} // namespace arborist::inline v0

#endif // ARBORIST_SNAPSHOT_HPP
