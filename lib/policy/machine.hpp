// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#ifndef ARBORIST_LIB_POLICY_MACHINE_HPP
#define ARBORIST_LIB_POLICY_MACHINE_HPP

#include <arborist/child_state.hpp>
#include <arborist/config.hpp>
#include <arborist/options.hpp>

#include "action.hpp"
#include "deadlines.hpp"
#include "event.hpp"
#include "restart_history.hpp"
#include "rules.hpp"
#include "time.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <vector>

namespace arborist::inline v0::policy {

/// One run of a supervisor: decides everything that the rules S, R, D and C say, and does nothing.
///
/// No input, no output, no clock, no thread: events in, actions out. The shell performs the actions
/// in order and feeds back what comes of them. Not thread-safe.
class ARBORIST_DECL machine {
public:
    /// `random` yields the numbers for the jitter, in [0, 1).
    explicit machine(supervisor_options const& options, std::function<double()> random = nullptr);

    /// Declares the next child. Before `begin` only.
    child_index add(child_rules const& rules, child_limits const& limits = {});

    /// Takes one event at `now`, which never decreases. The actions are valid until the next step.
    ///
    /// Strong guarantee. Only what adds to what there is to be remembered allocates: a start, stop,
    /// or restart that is requested, and who waits for readiness. What any other event can need was
    /// reserved before, so that it cannot fail (M2).
    std::span<action const> step(event::any const& what, time_point now);

    /// Whether the child's decision function is to be asked about this exit, before it is told
    /// (R11).
    [[nodiscard]] bool asks_about(incarnation who, ending how) const noexcept;

    /// How many children one step may start, or begin to stop, at the most, so that a supervisor of
    /// a million children hears of a shutdown meanwhile (S1, C7, D11).
    static constexpr std::size_t children_per_step = 256;

    // ---- what there is to see

    static constexpr child_index none = std::numeric_limits<child_index>::max();

    [[nodiscard]] supervisor_state state() const noexcept;
    [[nodiscard]] child_state state(child_index index) const noexcept;
    /// Where there was a child and is none now.
    [[nodiscard]] bool is_vacant(child_index index) const noexcept;
    /// The number of the current or last process; 0 before the first.
    [[nodiscard]] std::uint32_t number(child_index index) const noexcept;
    [[nodiscard]] std::size_t restarts(child_index index) const noexcept;
    /// Whether its runtime does not run (T9).
    [[nodiscard]] bool is_stalled(child_index index) const noexcept;
    /// Until when a child waits that does; `never` if others have to be stopped first.
    [[nodiscard]] time_point due(child_index index) const noexcept;
    /// Within the window that ends at `now`.
    [[nodiscard]] std::size_t restarts_in_window(time_point now) const noexcept;
    /// Those that were declared have the places before this one.
    [[nodiscard]] child_index declared_count() const noexcept { return declared_; }
    /// The others, in the order in which they were started.
    [[nodiscard]] child_index first_dynamic() const noexcept { return first_dynamic_; }
    [[nodiscard]] child_index next_dynamic(child_index index) const noexcept;
    [[nodiscard]] std::size_t dynamic_count() const noexcept { return dynamic_count_; }
    /// Whether there are as many of those as there may be (C3).
    [[nodiscard]] bool is_full() const noexcept { return dynamic_count_ >= max_dynamic_children_; }

    /// The children whose initialisation failed by itself in the start that failed, the first one
    /// being the culprit (E7).
    [[nodiscard]] std::span<child_index const> not_initialized() const noexcept {
        return not_initialized_;
    }
    /// Since the final stop began: graceful children that had to be aborted, nested supervisors of
    /// which that is true, and children that were abandoned (D8, D9). In the order in which it
    /// happened.
    [[nodiscard]] std::span<child_index const> overran() const noexcept { return overran_; }
    [[nodiscard]] std::span<child_index const> abandoned() const noexcept { return abandoned_; }

private:
    // Deadlines of the whole, beside those of the children.
    static constexpr child_index the_stop = deadlines::the_stop;
    static constexpr child_index the_group = deadlines::the_group;

    enum class phase : std::uint8_t {
        created,
        up,         // children are started and restarted
        regrouping, // a group is being stopped, or waits, to be started again
        stopping,   // all are being stopped, for good
        finished,
    };

    struct own_limits {
        explicit own_limits(child_limits const& limits)
            : backoff(limits.backoff), history(limits.intensity) {}

        restart_backoff backoff;
        restart_history history;
    };

    struct child {
        child_rules rules;
        std::unique_ptr<own_limits> own;
        time_point deadline = never;
        /// Since when the current process has been ready; `never` before.
        time_point ready_since = never;
        std::uint32_t number = 0;
        std::uint32_t restarts = 0;
        /// Restarts in a row, for the back-off.
        std::uint32_t in_a_row = 0;
        // Of a dynamic child: its neighbours in the order of the starts. Of a vacant place of one:
        // the next such place.
        child_index previous = none;
        child_index next = none;
        child_state state = child_state::not_started;
        bool dynamic = false;
        bool vacant = false;
        bool started = false;
        /// This start was asked for: its failure is for whoever did (C2).
        bool asked_for = false;
        /// Its initialisation has taken too long (S4).
        bool late = false;
        /// Its runtime does not run (T9).
        bool stalled = false;
        /// It was stopped through a handle, and stays so.
        bool held = false;
        /// It was stopped through a handle to be started again.
        bool again = false;
    };

    enum class awaited : std::uint8_t { ready, end };
    struct pending {
        request_id request;
        awaited what;
    };
    using pending_requests = std::multimap<child_index, pending>;

    // A start, with the memory that its admission needs.
    struct admission {
        event::start_requested what;
        std::unique_ptr<own_limits> own;
        pending_requests::node_type pending;
    };

    // All that a step can need, before it changes anything.
    template <class Event>
    void prepare(Event const& /*what*/) {}
    void prepare(event::start_requested const& what);
    void prepare(event::stop_requested const& what);
    void prepare(event::restart_requested const& what);
    void prepare(event::ready_awaited const& what);
    void reserve_children(std::size_t count);
    void reserve_actions(std::size_t children);
    [[nodiscard]] static pending_requests::node_type make_pending();

    void on(event::begin what);
    void on(event::resume);
    void on(event::child_ready const& what);
    void on(event::child_exited const& what);
    void on(event::time_passed);
    void on(event::shutdown_requested);
    void on(event::abort_requested);
    void on(event::stall const& what);
    void on(event::runtime_panicked);
    void on(event::start_requested const& what);
    void on(event::stop_requested const& what);
    void on(event::restart_requested const& what);
    void on(event::remove_requested const& what);
    void on(event::ready_awaited const& what);
    void on(event::request_withdrawn const& what);

    void wake();
    void meet_deadlines();
    void go_on();
    [[nodiscard]] bool may_go_on();
    void start_more();
    void start(child_index index);
    void start_as_asked(child_index index);
    void mark_ready(child_index index);

    void settle(child_index index, child_state before, event::child_exited const& what);
    void settle_abandoned(child_index index);
    void on_failed_initialization(child_index index, exit_decision decision);
    void decide(child_index index, ending how, exit_decision decision);
    void restart(child_index index, duration delay);
    void restart_group(child_index first, child_index culprit, duration delay);
    [[nodiscard]] duration next_delay(child_index index);
    void end_wait_of_group();
    void leave_group(child_index index);
    void stay_down(child_index index);
    void let_go(child_index index);

    void know(child& it, child_rules const& rules, std::unique_ptr<own_limits> own) noexcept;
    [[nodiscard]] static std::unique_ptr<own_limits> make_own(child_limits const& limits);
    void admit(admission&& what);
    void admit_waiting();
    void start_or_queue(child_index index);
    void hold(child_index index);
    void forget(child_index index);

    void fail(errc code, child_index culprit, bool own_limit = false);
    void begin_stop();
    void stop_more();
    void halt(child_index index);
    void stop(child_index index);
    void lose_patience(child_index index);
    void abort(child_index index);
    void abort_all();
    void abort_more();
    void abandon(child_index index);
    void on_start_timed_out(child_index index);
    void on_stopped_all();
    void finish();

    void set_state(child_index index, child_state state);
    void set_again(child_index index, bool again);
    void set_late(child_index index, bool late);
    void set_deadline(child_index index, time_point deadline);
    void set_group_due(time_point at);
    void recount_group();

    void await(child_index index, pending what, pending_requests::node_type& node);
    void answer_pending(child_index index, awaited what, errc code);
    void answer(request_id request, errc code, child_index index);
    void answer_who_waits_for_readiness();

    [[nodiscard]] bool accepts_requests() const noexcept;
    [[nodiscard]] bool in_group(child_index index) const noexcept;
    [[nodiscard]] bool is_alone(child_index index) const noexcept;
    [[nodiscard]] bool retries(child_index index) const noexcept;
    [[nodiscard]] bool wants_restart(child_index index, ending how) const noexcept;
    [[nodiscard]] bool is_coming_up(child_index index) const noexcept;
    [[nodiscard]] bool all_up() const noexcept;
    [[nodiscard]] bool is_current(incarnation who) const noexcept;
    [[nodiscard]] incarnation current(child_index index) const noexcept;
    [[nodiscard]] child_index child_count() const noexcept;
    [[nodiscard]] bool is_due(child_index index) const noexcept;
    [[nodiscard]] static bool is_up(child_state state) noexcept;
    [[nodiscard]] static bool is_alive(child_state state) noexcept;
    void act(action const& what);
    void act(action_kind kind, child_index index);
    void report(event_kind what, child_index index);

    restart_strategy strategy_;
    restart_backoff backoff_;
    start_order start_order_;
    shutdown_order shutdown_order_;
    auto_shutdown_policy auto_shutdown_;
    duration shutdown_budget_;
    std::size_t max_dynamic_children_;
    std::function<double()> random_;
    restart_history history_;

    std::vector<child> children_;
    child_index declared_ = 0;
    child_index first_dynamic_ = none;
    child_index last_dynamic_ = none;
    child_index first_vacant_ = none;
    std::size_t dynamic_count_ = 0;

    std::vector<action> actions_;
    deadlines deadlines_;
    pending_requests pending_;
    /// For the next request, if it is to be remembered.
    pending_requests::node_type spare_pending_;
    std::optional<admission> admission_;
    std::list<admission> waiting_starts_;
    std::vector<request_id> waiting_for_ready_;
    std::vector<child_index> not_initialized_;
    std::vector<child_index> overran_;
    std::vector<child_index> abandoned_;

    time_point now_ = {};
    time_point wake_at_ = never;
    phase phase_ = phase::created;
    bool ready_ = false;
    errc code_ = {};
    incarnation culprit_ = {};
    bool own_limit_exceeded_ = false;

    // How many children are in some states.
    std::size_t initializing_ = 0;
    std::size_t late_ = 0;
    std::size_t waiting_ = 0;
    std::size_t again_ = 0;
    std::size_t dynamic_alive_ = 0;
    std::size_t significant_ = 0;
    /// Of the group that is being stopped.
    std::size_t group_alive_ = 0;

    /// What this step may still start or begin to stop.
    std::size_t budget_ = 0;
    bool resume_pending_ = false;
    /// While up: declared children from here on, and dynamic ones from there on, are still to be
    /// started.
    child_index start_next_ = 0;
    child_index start_dynamic_ = none;
    /// While stopping: declared children in [stop_first_, stop_next_), and dynamic ones from there
    /// on, are still to be stopped.
    child_index stop_first_ = 0;
    child_index stop_next_ = 0;
    child_index stop_dynamic_ = none;
    /// While aborting: children before this one are still to be aborted.
    child_index abort_next_ = 0;
    /// How long the group waits once it has been stopped, until when, and because of whom.
    duration group_delay_ = {};
    time_point group_due_ = never;
    child_index group_culprit_ = none;
    std::uint32_t group_in_a_row_ = 0;
};

} // namespace arborist::inline v0::policy

#endif // ARBORIST_LIB_POLICY_MACHINE_HPP
