// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#include "backoff.hpp"
#include "machine.hpp"

#include <algorithm>

namespace arborist::inline v0::policy {

void machine::on(event::child_exited const& what) {
    child_index const index = what.who.child;
    child_state const before = children_[index].state;
    if (!is_current(what.who) || !is_alive(before)) {
        act(action::report(event_kind::child_exited_late, what.who));
        if (is_current(what.who) && before == child_state::abandoned)
            settle_abandoned(index);
        return;
    }
    // A worker that ends otherwise than by a failed initialisation has been initialised; the news
    // of that may come later than the exit, and is stale then.
    if (before == child_state::starting && what.how != ending::not_initialized &&
        !children_[index].rules.supervisor)
        mark_ready(index);
    set_state(index, child_state::ended);
    set_deadline(index, never);
    report(what.how == ending::not_initialized ? event_kind::child_failed_to_initialize
                                               : event_kind::child_exited,
           index);
    settle(index, before, what);
}

void machine::settle(child_index index, child_state before, event::child_exited const& what) {
    child const& it = children_[index];
    bool const by_itself = before == child_state::starting || before == child_state::running;
    bool const not_initialized = it.late || (by_itself && what.how == ending::not_initialized);

    answer_pending(index, awaited::end, {});
    if (phase_ == phase::stopping) {
        if (before == child_state::stopping && what.how == ending::shutdown_timed_out)
            overran_.push_back(index);
        if ((it.late || what.how == ending::not_initialized) &&
            code_ == errc::failed_to_initialize) // E7
            not_initialized_.push_back(index);
    } else if (not_initialized) {
        on_failed_initialization(index, what.decision);
    } else if (it.held) {
        hold(index);
    } else if (it.again) {
        start_as_asked(index);
    } else if (in_group(index)) {
        if (by_itself && it.rules.restart == temporary)
            stay_down(index);
        else
            leave_group(index);
    } else {
        decide(index, what.how, what.decision);
    }
}

void machine::decide(child_index index, ending how, exit_decision decision) {
    if (!wants_restart(index, how) || decision == exit_decision::do_not_restart) { // R4, R11
        stay_down(index);
        return;
    }
    if (decision == exit_decision::escalate) {
        fail(errc::escalated, index);
        return;
    }
    restart_history* const own = children_[index].own ? &children_[index].own->history : nullptr;
    bool const allowed = history_.allows(now_);
    if (!allowed || (own != nullptr && !own->allows(now_))) { // R7, R12
        restart_history const& exceeded = allowed ? *own : history_;
        act(action::gave_up(current(index), exceeded.size(), allowed));
        fail(errc::restart_limit_exceeded, index, allowed);
        return;
    }
    history_.record(now_);
    if (own != nullptr)
        own->record(now_);
    duration const delay = next_delay(index);
    act(action::restarting(current(index), history_.size(), delay));
    restart(index, delay);
}

bool machine::wants_restart(child_index index, ending how) const noexcept {
    restart_type const type = children_[index].rules.restart;
    return type == permanent || (type == transient && how != ending::completed);
}

bool machine::asks_about(incarnation who, ending how) const noexcept {
    child const& it = children_[who.child];
    if (!it.rules.decides || !is_current(who) || !is_alive(it.state) || it.held || it.again ||
        it.asked_for || in_group(who.child))
        return false;
    if (it.late || how == ending::not_initialized)
        return retries(who.child);
    return is_up(it.state) && wants_restart(who.child, how);
}

// R8
duration machine::next_delay(child_index index) {
    child& it = children_[index];
    bool const own = it.own != nullptr && it.own->backoff != inherited_backoff;
    restart_backoff const& backoff = own ? it.own->backoff : backoff_;
    std::uint32_t& in_a_row = own || is_alone(index) ? it.in_a_row : group_in_a_row_;
    if (it.ready_since != never && now_ - it.ready_since >= backoff.healthy)
        in_a_row = 0;
    return delay_of(backoff, ++in_a_row, random_);
}

// Whether nobody else is restarted with it. Those that were not declared have no place in the order
// of declaration.
bool machine::is_alone(child_index index) const noexcept {
    return strategy_ == one_for_one || (strategy_ == rest_for_one && children_[index].dynamic);
}

void machine::restart(child_index index, duration delay) {
    if (!is_alone(index)) { // R1
        restart_group(strategy_ == one_for_all ? 0 : index, index, delay);
    } else if (delay == duration::zero()) {
        start(index);
    } else {
        set_state(index, child_state::waiting);
        set_deadline(index, deadline_after(now_, delay));
    }
}

// If a group is being stopped already, a child before it has failed too: the group grows.
void machine::restart_group(child_index first, child_index culprit, duration delay) {
    if (phase_ != phase::regrouping) {
        stop_next_ = declared_;
        stop_dynamic_ = first_dynamic_;
    }
    phase_ = phase::regrouping;
    start_next_ = std::min(start_next_, first); // who is before the group keeps his turn
    stop_first_ = first;
    group_culprit_ = culprit;
    group_delay_ = delay;
    set_group_due(never);
    recount_group();
    leave_group(culprit);
}

// A member of a group has ended: it waits for the others, to be started again (R5).
void machine::leave_group(child_index index) {
    if (children_[index].rules.restart != temporary) {
        set_state(index, child_state::waiting);
        return;
    }
    let_go(index);
}

// It has ended by itself, and is not restarted.
void machine::stay_down(child_index index) {
    bool const stops = children_[index].rules.significant && // R10
                       (auto_shutdown_ == any_significant ||
                        (auto_shutdown_ == all_significant && significant_ == 0));
    if (stops)
        fail(errc::significant_child_exited, index);
    else
        let_go(index);
}

// Nobody starts it again. A nested supervisor may end before it is ready.
void machine::let_go(child_index index) {
    children_[index].asked_for = false;
    answer_pending(index, awaited::ready, errc::start_cancelled);
    if (children_[index].dynamic)
        forget(index);
}

// R8
void machine::end_wait_of_group() {
    group_delay_ = duration::zero();
    set_group_due(never);
}

void machine::set_group_due(time_point at) {
    group_due_ = at;
    deadlines_.set(the_group, at);
}

void machine::recount_group() {
    group_alive_ = dynamic_alive_;
    for (child_index index = stop_first_; index != declared_; ++index)
        group_alive_ += is_alive(children_[index].state) ? 1 : 0;
}

bool machine::in_group(child_index index) const noexcept {
    return (phase_ == phase::regrouping || phase_ == phase::stopping) &&
           (index >= stop_first_ || children_[index].dynamic);
}

} // namespace arborist::inline v0::policy
