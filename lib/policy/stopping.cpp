// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#include "machine.hpp"

#include <boost/assert.hpp>

namespace arborist::inline v0::policy {

void machine::on(event::shutdown_requested) {
    if (phase_ != phase::stopping)
        begin_stop();
}

void machine::on(event::abort_requested) {
    if (phase_ != phase::stopping)
        begin_stop();
    abort_all();
}

// T9a: whoever should keep the time limits in there cannot.
void machine::on(event::stall const& what) {
    child_index const index = what.who.child;
    if (!is_current(what.who) || !is_alive(children_[index].state))
        return;
    child& it = children_[index];
    it.stalled = !what.over;
    report(what.over ? event_kind::runtime_resumed : event_kind::runtime_stalled, index);
    if (it.state == child_state::stopping)
        lose_patience(index);
}

void machine::lose_patience(child_index index) {
    if (children_[index].stalled && children_[index].deadline == never)
        set_deadline(index, now_);
}

void machine::on(event::runtime_panicked) {
    act(action::report(event_kind::runtime_panicked));
    if (phase_ == phase::stopping || phase_ == phase::finished)
        return;
    code_ = errc::runtime_panicked;
    begin_stop();
}

void machine::fail(errc code, child_index culprit, bool own_limit) {
    code_ = code;
    culprit_ = current(culprit);
    own_limit_exceeded_ = own_limit;
    if (code == errc::failed_to_initialize)
        not_initialized_.push_back(culprit);
    begin_stop();
}

void machine::begin_stop() {
    set_group_due(never);
    for (child_index index = 0; index != child_count(); ++index) {
        if (children_[index].state != child_state::waiting)
            continue;
        set_deadline(index, never); // R8, R9
        set_state(index, child_state::ended);
    }
    stop_first_ = 0;
    stop_next_ = declared_;
    stop_dynamic_ = first_dynamic_;
    phase_ = phase::stopping;
    recount_group();
    if (time_point const at = deadline_after(now_, shutdown_budget_); at != never) // D4
        deadlines_.set(the_stop, at);
    act(action::report(event_kind::supervisor_stopping));
    answer_who_waits_for_readiness();
}

// In the reverse order of declaration, one at a time (D2), after those that were not declared,
// which are stopped all at once (D3). Or everything at once.
void machine::stop_more() {
    while (stop_dynamic_ != none) {
        if (is_up(children_[stop_dynamic_].state) && !may_go_on())
            return;
        halt(std::exchange(stop_dynamic_, children_[stop_dynamic_].next));
    }
    bool const one_at_a_time = shutdown_order_ == sequential;
    if (one_at_a_time && dynamic_alive_ != 0)
        return;
    while (stop_next_ != stop_first_) {
        child_index const index = stop_next_ - 1;
        if (!one_at_a_time && is_up(children_[index].state) && !may_go_on())
            return;
        halt(index);
        if (one_at_a_time && is_alive(children_[index].state))
            return;
        --stop_next_;
    }
    if (group_alive_ == 0)
        on_stopped_all();
}

void machine::on_stopped_all() {
    if (phase_ == phase::stopping) {
        finish();
        return;
    }
    if (group_due_ != never) // it waits
        return;
    if (duration const delay = std::exchange(group_delay_, duration::zero());
        delay != duration::zero()) {
        set_group_due(deadline_after(now_, delay));
        return;
    }
    phase_ = phase::up;
    start_dynamic_ = first_dynamic_;
    start_more();
}

// It is its turn, whatever it is doing. What has ended is started again with its group, and so is
// what has not even been ended by an abort (D9); but not what was stopped or removed.
void machine::halt(child_index index) {
    child const& it = children_[index];
    if (is_up(it.state)) {
        stop(index);
    } else if (it.state == child_state::waiting) {
        set_deadline(index, never);
    } else if (phase_ == phase::regrouping) {
        bool const abandoned = it.state == child_state::abandoned && !it.held;
        if ((it.state == child_state::ended && !it.vacant) ||
            (abandoned && it.rules.restart != temporary))
            leave_group(index);
    }
}

void machine::stop(child_index index) {
    child const& it = children_[index];
    bool const young = it.state == child_state::starting && !it.rules.supervisor; // D6
    if (young || it.rules.shutdown.kind() == shutdown_strategy::kind_type::brutal) {
        abort(index);
        return;
    }
    set_state(index, child_state::stopping);
    act(action_kind::signal, index);
    set_deadline(index, deadline_after(now_, it.rules.shutdown.timeout()));
    lose_patience(index);
}

void machine::abort(child_index index) {
    set_state(index, child_state::aborting);
    act(action_kind::abort, index);
    set_deadline(index, deadline_after(now_, children_[index].rules.abort_grace));
}

// Without waiting for anybody, so that the tree ends within one grace.
void machine::abort_all() {
    abort_next_ = child_count();
}

void machine::abort_more() {
    for (; abort_next_ != 0; --abort_next_) {
        child_index const index = abort_next_ - 1;
        child const& it = children_[index];
        if (!is_alive(it.state) || it.state == child_state::aborting)
            continue;
        if (!may_go_on())
            return;
        if (it.state != child_state::starting &&
            it.rules.shutdown.kind() != shutdown_strategy::kind_type::brutal)
            overran_.push_back(index);
        abort(index);
    }
    stop_more();
}

// D9
void machine::abandon(child_index index) {
    child& it = children_[index];
    set_state(index, child_state::abandoned);
    set_deadline(index, never);
    act(action_kind::abandon, index);
    answer_pending(index, awaited::end, errc::child_abandoned);

    if (phase_ == phase::stopping) {
        abandoned_.push_back(index);
        if (it.late && code_ == errc::failed_to_initialize)
            not_initialized_.push_back(index);
    } else if (it.late) {
        set_late(index, false);
        if (std::exchange(it.asked_for, false)) {
            it.held = true;
            answer_pending(index, awaited::ready, errc::failed_to_initialize);
        } else if (retries(index) && in_group(index)) {
            leave_group(index);
        } else if (retries(index) && (it.rules.restart_beside_abandoned || !is_alone(index))) {
            decide(index, ending::abnormal, exit_decision::restart);
        } else {
            fail(errc::failed_to_initialize, index);
        }
    } else if (it.again) {
        set_again(index, false);
        if (it.rules.restart_beside_abandoned || in_group(index))
            start_as_asked(index);
        else
            answer_pending(index, awaited::ready, errc::child_abandoned);
    } else if (in_group(index) && !it.held) {
        if (it.rules.restart != temporary)
            set_state(index, child_state::waiting);
        else
            answer_pending(index, awaited::ready, errc::child_abandoned);
    }
}

// An abandoned child that nobody replaced has ended at last.
void machine::settle_abandoned(child_index index) {
    if (phase_ == phase::stopping || phase_ == phase::finished)
        return;
    if (children_[index].held)
        hold(index);
    else if (children_[index].dynamic)
        forget(index);
    else
        set_state(index, child_state::ended);
}

void machine::finish() {
    if (code_ == errc{} && !(overran_.empty() && abandoned_.empty())) // D8
        code_ = errc::shutdown_timed_out;
    BOOST_ASSERT(pending_.empty()); // who waited for an end has seen it
    BOOST_ASSERT(waiting_starts_.empty());
    BOOST_ASSERT(waiting_for_ready_.empty());
    deadlines_.clear();
    phase_ = phase::finished;
    restart_history const& counted =
        own_limit_exceeded_ ? children_[culprit_.child].own->history : history_;
    act(action::finish(code_, culprit_, counted.size(), own_limit_exceeded_));
}

} // namespace arborist::inline v0::policy
