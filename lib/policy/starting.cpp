// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#include "machine.hpp"

namespace arborist::inline v0::policy {

void machine::on(event::begin what) {
    if (children_.empty() && !what.idles) { // S6
        code_ = errc::no_children;
        finish();
        return;
    }
    phase_ = phase::up;
}

// In the order of declaration (S1); after them, since they were not declared, the others.
void machine::start_more() {
    for (; start_next_ != declared_; ++start_next_) {
        if (is_due(start_next_)) {
            if (!may_go_on())
                return;
            start(start_next_);
        }
        if (start_order_ == sequential && is_coming_up(start_next_)) // S2
            return;
    }
    while (start_dynamic_ != none) {
        if (is_due(start_dynamic_)) {
            if (!may_go_on())
                return;
            start(start_dynamic_);
        }
        start_dynamic_ = children_[start_dynamic_].next;
    }
}

void machine::start(child_index index) {
    child& it = children_[index];
    if (std::exchange(it.started, true))
        ++it.restarts;
    ++it.number;
    it.stalled = false;
    it.ready_since = never;
    set_again(index, false);
    set_state(index, child_state::starting);
    act(action_kind::start, index);
    if (!it.rules.initializes)
        mark_ready(index);
    else if (it.rules.start_timeout != duration::max())
        set_deadline(index, deadline_after(now_, it.rules.start_timeout));
}

void machine::on(event::child_ready const& what) {
    if (is_current(what.who) && children_[what.who.child].state == child_state::starting)
        mark_ready(what.who.child);
}

void machine::mark_ready(child_index index) {
    child& it = children_[index];
    it.ready_since = now_;
    it.asked_for = false;
    set_deadline(index, never);
    set_state(index, child_state::running);
    report(event_kind::child_ready, index);
    answer_pending(index, awaited::ready, {});
}

// S4. A nested supervisor has children that must be stopped well (S7).
void machine::on_start_timed_out(child_index index) {
    set_late(index, true);
    report(event_kind::child_start_timed_out, index);
    stop(index);
}

void machine::on_failed_initialization(child_index index, exit_decision decision) {
    child& it = children_[index];
    set_late(index, false);
    if (std::exchange(it.asked_for, false)) { // C2
        answer_pending(index, awaited::ready, errc::failed_to_initialize);
        hold(index);
    } else if (!retries(index)) { // R6
        answer_pending(index, awaited::ready, errc::failed_to_initialize);
        fail(errc::failed_to_initialize, index);
    } else if (in_group(index)) {
        leave_group(index);
    } else {
        decide(index, ending::abnormal, decision);
    }
}

bool machine::retries(child_index index) const noexcept {
    child const& it = children_[index];
    return it.restarts != 0 && it.rules.retries_initialization;
}

// Whether it is still to be started: for the first time, or again with its group.
bool machine::is_due(child_index index) const noexcept {
    child const& it = children_[index];
    return it.state == child_state::not_started ||
           (it.state == child_state::waiting && it.deadline == never);
}

bool machine::is_coming_up(child_index index) const noexcept {
    child const& it = children_[index];
    return it.state == child_state::starting || it.state == child_state::waiting || it.late ||
           it.again;
}

} // namespace arborist::inline v0::policy
