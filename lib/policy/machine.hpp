// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#ifndef ARBORIST_LIB_POLICY_MACHINE_HPP
#define ARBORIST_LIB_POLICY_MACHINE_HPP

#include <arborist/config.hpp>
#include <arborist/options.hpp>

#include "action.hpp"
#include "event.hpp"
#include "restart_history.hpp"
#include "time.hpp"

#include <cstddef>
#include <cstdint>
#include <set>
#include <span>
#include <utility>
#include <vector>

namespace arborist::inline v0::policy {

/// What the machine must know of a child.
struct child_rules {
    restart_type restart = permanent;
    shutdown_strategy shutdown = graceful(std::chrono::seconds(5));
    duration abort_grace = std::chrono::seconds(5);
    /// Whether it has an initialisation whose success is told; otherwise it is ready as it starts.
    bool initializes = true;
    /// A nested supervisor: even before it is ready it has children that must be stopped well (S7),
    /// so it is never aborted for being young (D6).
    bool supervisor = false;
};

/// One run of a supervisor: decides everything that the rules S, R and D say, and does nothing.
///
/// No input, no output, no clock, no thread: events in, actions out. The shell performs the actions
/// in order and feeds back what comes of them. Not thread-safe.
class ARBORIST_DECL machine {
public:
    explicit machine(supervisor_options const& options);

    /// Declares the next child. Before `begin` only.
    child_index add(child_rules const& rules);

    /// Takes one event at `now`, which never decreases. The actions are valid until the next step.
    std::span<action const> step(event::any const& what, time_point now);

    /// How many starts one step may order at the most, so that a supervisor with a million children
    /// hears of a shutdown while they are being started (S1, D11).
    static constexpr std::size_t starts_per_step = 256;

    /// Since the final stop began: graceful children that had to be aborted, nested supervisors of
    /// which that is true, and children that were abandoned (D8, D9). In the order in which it
    /// happened.
    [[nodiscard]] std::span<child_index const> overran() const noexcept { return overran_; }
    [[nodiscard]] std::span<child_index const> abandoned() const noexcept { return abandoned_; }

private:
    enum class child_state : std::uint8_t {
        exited, // or not yet started
        initializing,
        running,
        stopping, // signalled
        aborting,
        abandoned,
    };

    enum class phase : std::uint8_t {
        created,
        up,         // children are started and restarted
        regrouping, // a group is being stopped, to be started again
        stopping,   // all are being stopped, for good
        finished,
    };

    struct child {
        child_rules rules;
        time_point deadline = never;
        std::uint32_t number = 0;
        child_state state = child_state::exited;
    };

    void on(event::begin);
    void on(event::resume);
    void on(event::child_ready const& what);
    void on(event::child_exited const& what);
    void on(event::time_passed);
    void on(event::shutdown_requested);
    void on(event::abort_requested);

    void start_more();
    void start(child_index index);
    void mark_ready(child_index index);

    void decide(child_index index, ending how);
    void restart(child_index index);
    void restart_group(child_index first);

    void fail(errc code, child_index culprit);
    void begin_stop();
    void stop_next();
    void stop(child_index index);
    void abort(child_index index);
    void abandon(child_index index);
    void finish();

    void set_deadline(child_index index, time_point deadline);
    [[nodiscard]] bool is_current(incarnation who) const noexcept;
    [[nodiscard]] incarnation current(child_index index) const noexcept;
    [[nodiscard]] child_index child_count() const noexcept;
    [[nodiscard]] static bool is_alive(child_state state) noexcept;
    void act(action_kind kind, child_index index);
    void report(event_kind what, child_index index, std::size_t restarts = 0);

    restart_strategy strategy_;
    restart_history history_;
    std::vector<child> children_;
    std::vector<action> actions_;
    std::set<std::pair<time_point, child_index>> deadlines_;
    std::vector<child_index> overran_;
    std::vector<child_index> abandoned_;

    time_point now_ = {};
    time_point wake_at_ = never;
    phase phase_ = phase::created;
    bool ready_ = false;
    errc code_ = {};
    incarnation culprit_ = {};
    std::size_t initializing_ = 0;
    /// All children from here on are still to be started.
    child_index start_next_ = 0;
    /// While stopping: children in [stop_first_, stop_next_) are still to be stopped.
    child_index stop_first_ = 0;
    child_index stop_next_ = 0;
};

} // namespace arborist::inline v0::policy

#endif // ARBORIST_LIB_POLICY_MACHINE_HPP
