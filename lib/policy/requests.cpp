// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#include "machine.hpp"

namespace arborist::inline v0::policy {

// ---- start ----------------------------------------------------------------------------------

void machine::on(event::start_requested const& what) {
    if (!accepts_requests())
        actions_.push_back(action::answer(what.request, errc::not_running));
    else if (!is_full())
        admit(what);
    else if (what.waits)
        waiting_starts_.push_back(what);
    else
        actions_.push_back(action::answer(what.request, errc::at_capacity)); // C3
}

void machine::admit_waiting() {
    while (accepts_requests() && !waiting_starts_.empty() && !is_full()) {
        event::start_requested const next = std::move(waiting_starts_.front());
        waiting_starts_.pop_front();
        admit(next);
    }
}

void machine::admit(event::start_requested const& what) {
    child_index index = child_count();
    if (vacant_places_.empty()) {
        children_.emplace_back();
    } else {
        index = vacant_places_.back();
        vacant_places_.pop_back();
        std::uint32_t const number = children_[index].number; // news of the one before stay stale
        children_[index] = child();
        children_[index].number = number;
    }
    child& it = children_[index];
    know(it, what.rules, what.limits);
    it.dynamic = true;
    it.asked_for = true;

    it.previous = last_dynamic_;
    (last_dynamic_ != none ? children_[last_dynamic_].next : first_dynamic_) = index;
    last_dynamic_ = index;
    ++dynamic_count_;

    actions_.push_back(action::admit(what.request, current(index)));
    await(index, what.request, awaited::ready);
    start_or_queue(index);
}

// Who comes while the declared ones are being started comes after them.
void machine::start_or_queue(child_index index) {
    bool const later =
        phase_ == phase::regrouping || start_next_ != declared_ || start_dynamic_ != none;
    if (!later) {
        start(index);
        return;
    }
    set_state(index, child_state::waiting);
    if (phase_ == phase::up && start_dynamic_ == none)
        start_dynamic_ = index;
}

void machine::forget(child_index index) {
    child& it = children_[index];
    for (child_index* cursor : {&start_dynamic_, &stop_dynamic_})
        if (*cursor == index)
            *cursor = it.next;
    (it.previous != none ? children_[it.previous].next : first_dynamic_) = it.next;
    (it.next != none ? children_[it.next].previous : last_dynamic_) = it.previous;
    it.next = it.previous = none;
    it.own.reset();
    it.vacant = true;
    --dynamic_count_;
    vacant_places_.push_back(index);
    act(action_kind::forget, index);
}

// ---- stop, restart, remove ------------------------------------------------------------------

void machine::on(event::stop_requested const& what) {
    child_index const index = what.child;
    child& it = children_[index];
    if (!accepts_requests()) {
        answer(what.request, errc::not_running, index);
        return;
    }
    answer_pending(index, awaited::ready, errc::start_cancelled);
    if (it.state == child_state::abandoned) {
        it.held = true;
        answer(what.request, errc::child_abandoned, index);
        return;
    }
    if (!is_alive(it.state)) {
        if (index == group_culprit_)
            end_wait_of_group();
        set_deadline(index, never);
        answer(what.request, {}, index);
        hold(index);
        return;
    }
    it.held = true;
    set_late(index, false);
    set_again(index, false);
    if (what.by_itself)
        answer(what.request, {}, index); // C6
    else
        await(index, what.request, awaited::end);
    if (is_up(it.state))
        stop(index);
}

// It stays down until somebody asks for it (R5); one that was not declared is not kept (C5).
void machine::hold(child_index index) {
    set_state(index, child_state::stopped);
    if (children_[index].dynamic)
        forget(index);
}

void machine::on(event::restart_requested const& what) {
    child_index const index = what.child;
    child& it = children_[index];
    if (!accepts_requests()) {
        answer(what.request, errc::not_running, index);
        return;
    }
    if (it.rules.once) {
        answer(what.request, errc::started_once, index);
        return;
    }
    if (it.state == child_state::abandoned && !it.rules.restart_beside_abandoned) {
        answer(what.request, errc::child_abandoned, index);
        return;
    }
    it.held = false;
    if (what.by_itself && is_alive(it.state))
        answer(what.request, {}, index);
    else
        await(index, what.request, awaited::ready);

    if (is_alive(it.state)) {
        set_late(index, false);
        set_again(index, true);
        if (is_up(it.state))
            stop(index);
    } else if (!is_due(index)) {
        set_deadline(index, never); // of its back-off
        start_as_asked(index);
    } else if (index == group_culprit_) {
        end_wait_of_group();
    }
}

// Now, or with its group.
void machine::start_as_asked(child_index index) {
    children_[index].asked_for = true;
    if (in_group(index)) {
        set_again(index, false);
        set_state(index, child_state::waiting);
    } else {
        start(index);
    }
}

void machine::on(event::remove_requested const& what) {
    child_index const index = what.child;
    child& it = children_[index];
    if (!accepts_requests()) {
        answer(what.request, errc::not_running, index);
    } else if (it.state == child_state::abandoned) {
        answer(what.request, errc::child_abandoned, index);
    } else if (it.state != child_state::ended && it.state != child_state::stopped) {
        answer(what.request, errc::child_running, index); // C5
    } else {
        it.vacant = true;
        report(event_kind::child_removed, index);
        answer(what.request, {}, index);
        act(action_kind::forget, index);
    }
}

// ---- waiting --------------------------------------------------------------------------------

void machine::on(event::ready_awaited const& what) {
    if (accepts_requests())
        waiting_for_ready_.push_back(what.request); // which this very step may answer
    else
        actions_.push_back(action::answer(what.request, errc::not_running));
}

void machine::on(event::request_withdrawn const& what) {
    std::erase(waiting_for_ready_, what.request);
    std::erase_if(waiting_starts_, [&what](event::start_requested const& start) {
        return start.request == what.request;
    });
}

bool machine::accepts_requests() const noexcept {
    return phase_ == phase::up || phase_ == phase::regrouping;
}

void machine::await(child_index index, request_id request, awaited what) {
    pending_.emplace(index, pending{request, what});
}

void machine::answer_pending(child_index index, awaited what, errc code) {
    auto [it, last] = pending_.equal_range(index);
    while (it != last) {
        if (it->second.what != what) {
            ++it;
            continue;
        }
        answer(it->second.request, code, index);
        it = pending_.erase(it);
    }
}

void machine::answer(request_id request, errc code, child_index index) {
    actions_.push_back(action::answer(request, code, current(index)));
}

// The supervisor stops: what is to be started will not be. Who waits for an end will see it.
void machine::answer_who_waits_for_readiness() {
    for (auto it = pending_.begin(); it != pending_.end();) {
        if (it->second.what == awaited::end) {
            ++it;
            continue;
        }
        answer(it->second.request, errc::not_running, it->first);
        it = pending_.erase(it);
    }
    for (event::start_requested const& start : std::exchange(waiting_starts_, {}))
        actions_.push_back(action::answer(start.request, errc::not_running));
    for (request_id const request : std::exchange(waiting_for_ready_, {}))
        actions_.push_back(action::answer(request, errc::not_running));
}

} // namespace arborist::inline v0::policy
