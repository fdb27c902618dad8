// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#include "machine.hpp"

namespace arborist::inline v0::policy {

machine::machine(supervisor_options const& options)
    : strategy_(options.strategy), history_(options.intensity) {}

child_index machine::add(child_rules const& rules) {
    children_.push_back({.rules = rules});
    return child_count() - 1;
}

std::span<action const> machine::step(event::any const& what, time_point now) {
    now_ = now;
    actions_.clear();
    if (phase_ == phase::finished && !std::holds_alternative<event::child_exited>(what))
        return actions_;
    std::visit([this](auto const& it) { on(it); }, what);

    if (phase_ == phase::up && !ready_ && initializing_ == 0 && start_next_ == child_count()) {
        ready_ = true;
        actions_.push_back(action::report(event_kind::supervisor_ready));
    }
    time_point const earliest = deadlines_.empty() ? never : deadlines_.begin()->first;
    if (std::exchange(wake_at_, earliest) != earliest && earliest != never)
        actions_.push_back(action::wake_at(earliest));
    return actions_;
}

// ---- starting -------------------------------------------------------------------------------

void machine::on(event::begin) {
    if (children_.empty()) { // S6
        code_ = errc::no_children;
        finish();
        return;
    }
    phase_ = phase::up;
    start_next_ = 0;
    start_more();
}

void machine::on(event::resume) {
    if (phase_ == phase::up)
        start_more();
}

void machine::start_more() {
    std::size_t budget = starts_per_step;
    for (; start_next_ != child_count() && budget != 0; ++start_next_) {
        child const& it = children_[start_next_];
        if (it.rules.restart == temporary && it.number != 0) // a group brings none back (R5)
            continue;
        start(start_next_);
        --budget;
    }
    if (start_next_ != child_count())
        actions_.push_back(action::resume());
}

void machine::start(child_index index) {
    child& it = children_[index];
    it.state = child_state::initializing;
    ++it.number;
    ++initializing_;
    act(action_kind::start, index);
    if (!it.rules.initializes)
        mark_ready(index);
}

void machine::on(event::child_ready const& what) {
    if (is_current(what.who) && children_[what.who.child].state == child_state::initializing)
        mark_ready(what.who.child);
}

void machine::mark_ready(child_index index) {
    children_[index].state = child_state::running;
    --initializing_;
    report(event_kind::child_ready, index);
}

// ---- exits ----------------------------------------------------------------------------------

void machine::on(event::child_exited const& what) {
    child_index const index = what.who.child;
    child_state const before = children_[index].state;
    if (!is_current(what.who) || before == child_state::abandoned) {
        actions_.push_back(action::report(event_kind::child_exited_late, what.who));
        return;
    }
    if (!is_alive(before))
        return;

    if (before == child_state::initializing) {
        // A worker that ends otherwise than by a failed initialisation has been initialised; the
        // news of that may come later than the exit, and is stale then.
        if (what.how != ending::not_initialized && !children_[index].rules.supervisor)
            mark_ready(index);
        else
            --initializing_;
    }
    children_[index].state = child_state::exited;
    set_deadline(index, never);
    report(what.how == ending::not_initialized ? event_kind::child_failed_to_initialize
                                               : event_kind::child_exited,
           index);

    bool const asked_to_stop = before == child_state::stopping || before == child_state::aborting;
    if (phase_ == phase::stopping) {
        if (before == child_state::stopping && what.how == ending::shutdown_timed_out)
            overran_.push_back(index);
    } else if (!asked_to_stop &&
               (phase_ == phase::up || index < stop_first_ || what.how == ending::not_initialized))
        decide(index, what.how);

    if (phase_ == phase::regrouping || phase_ == phase::stopping)
        stop_next();
}

void machine::decide(child_index index, ending how) {
    if (how == ending::not_initialized) { // R6
        fail(errc::failed_to_initialize, index);
        return;
    }
    restart_type const type = children_[index].rules.restart;
    if (type == temporary || (type == transient && how == ending::completed)) // R4
        return;
    if (!history_.record(now_)) { // R7
        report(event_kind::gave_up, index, history_.size());
        fail(errc::restart_limit_exceeded, index);
        return;
    }
    report(event_kind::child_restarting, index, history_.size());
    restart(index);
}

void machine::restart(child_index index) {
    switch (strategy_) { // R1
    case one_for_one:
        start(index);
        return;
    case one_for_all:
        restart_group(0);
        return;
    case rest_for_one:
        restart_group(index);
        return;
    }
}

void machine::restart_group(child_index first) {
    stop_first_ = first;
    if (phase_ == phase::regrouping) // a child before the group has failed too: the group grows
        return;
    phase_ = phase::regrouping;
    start_next_ = child_count();
    stop_next_ = child_count();
}

// ---- stopping -------------------------------------------------------------------------------

void machine::on(event::shutdown_requested) {
    if (phase_ == phase::stopping)
        return;
    begin_stop();
    stop_next();
}

void machine::on(event::abort_requested) {
    if (phase_ != phase::stopping)
        begin_stop();
    // All at once: the tree ends within one grace, whatever its size.
    for (child_index index = child_count(); index-- != 0;) {
        child_state const state = children_[index].state;
        if (!is_alive(state) || state == child_state::aborting)
            continue;
        if (state != child_state::initializing &&
            children_[index].rules.shutdown.kind() != shutdown_strategy::kind_type::brutal)
            overran_.push_back(index);
        abort(index);
    }
    stop_next();
}

void machine::fail(errc code, child_index culprit) {
    code_ = code;
    culprit_ = current(culprit);
    begin_stop();
}

void machine::begin_stop() {
    // A group that is being stopped goes on from where it is, down to the first child (R9).
    if (phase_ != phase::regrouping)
        stop_next_ = child_count();
    stop_first_ = 0;
    start_next_ = child_count();
    phase_ = phase::stopping;
    actions_.push_back(action::report(event_kind::supervisor_stopping));
}

// One at a time, in the reverse order of declaration (D2).
void machine::stop_next() {
    while (stop_next_ != stop_first_) {
        child_index const index = stop_next_ - 1;
        child_state const state = children_[index].state;
        if (state == child_state::initializing || state == child_state::running)
            stop(index);
        if (is_alive(children_[index].state))
            return;
        --stop_next_;
    }
    if (phase_ == phase::stopping) {
        finish();
        return;
    }
    phase_ = phase::up;
    start_next_ = stop_first_;
    start_more();
}

void machine::stop(child_index index) {
    child& it = children_[index];
    bool const young = it.state == child_state::initializing && !it.rules.supervisor; // D6
    if (young || it.rules.shutdown.kind() == shutdown_strategy::kind_type::brutal) {
        abort(index);
        return;
    }
    if (it.state == child_state::initializing)
        --initializing_;
    it.state = child_state::stopping;
    act(action_kind::signal, index);
    set_deadline(index, deadline_after(now_, it.rules.shutdown.timeout()));
}

void machine::abort(child_index index) {
    child& it = children_[index];
    if (it.state == child_state::initializing)
        --initializing_;
    it.state = child_state::aborting;
    act(action_kind::abort, index);
    set_deadline(index, deadline_after(now_, it.rules.abort_grace));
}

void machine::abandon(child_index index) {
    children_[index].state = child_state::abandoned;
    set_deadline(index, never);
    if (phase_ == phase::stopping)
        abandoned_.push_back(index);
    act(action_kind::abandon, index);
}

void machine::on(event::time_passed) {
    while (!deadlines_.empty() && deadlines_.begin()->first <= now_) {
        child_index const index = deadlines_.begin()->second;
        if (children_[index].state == child_state::aborting) {
            abandon(index);
            continue;
        }
        if (phase_ == phase::stopping)
            overran_.push_back(index);
        abort(index);
    }
    if (phase_ == phase::regrouping || phase_ == phase::stopping)
        stop_next();
}

void machine::finish() {
    if (code_ == errc{} && !(overran_.empty() && abandoned_.empty())) // D8
        code_ = errc::shutdown_timed_out;
    phase_ = phase::finished;
    actions_.push_back(action::finish(code_, culprit_, history_.size()));
}

// ---- small things ---------------------------------------------------------------------------

void machine::set_deadline(child_index index, time_point deadline) {
    child& it = children_[index];
    if (it.deadline != never)
        deadlines_.erase({it.deadline, index});
    it.deadline = deadline;
    if (deadline != never)
        deadlines_.emplace(deadline, index);
}

void machine::act(action_kind kind, child_index index) {
    actions_.push_back(action::on(kind, current(index)));
}

void machine::report(event_kind what, child_index index, std::size_t restarts) {
    actions_.push_back(action::report(what, current(index), restarts));
}

bool machine::is_current(incarnation who) const noexcept {
    return children_[who.child].number == who.number;
}

incarnation machine::current(child_index index) const noexcept {
    return {index, children_[index].number};
}

child_index machine::child_count() const noexcept {
    return static_cast<child_index>(children_.size());
}

bool machine::is_alive(child_state state) noexcept {
    return state != child_state::exited && state != child_state::abandoned;
}

} // namespace arborist::inline v0::policy
