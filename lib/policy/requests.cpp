// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#include "machine.hpp"

#include <boost/assert.hpp>

namespace arborist::inline v0::policy {

// ---- memory ---------------------------------------------------------------------------------

void machine::prepare(event::start_requested const& what) {
    if (!accepts_requests())
        return;
    admission_.emplace(admission{what, make_own(what.limits), make_pending()});
    if (!is_full() && first_vacant_ == none)
        reserve_children(children_.size() + 1);
    reserve_actions(children_.size());
    if (is_full() && what.waits)
        waiting_starts_.emplace_back(std::move(*admission_));
}

void machine::prepare(event::stop_requested const& /*what*/) {
    spare_pending_ = make_pending();
    reserve_actions(children_.size());
}

void machine::prepare(event::restart_requested const& /*what*/) {
    spare_pending_ = make_pending();
    reserve_actions(children_.size());
}

void machine::prepare(event::ready_awaited const& what) {
    reserve_actions(children_.size());
    if (accepts_requests())
        waiting_for_ready_.push_back(what.request); // which this very step may answer
}

machine::pending_requests::node_type machine::make_pending() {
    pending_requests one;
    return one.extract(one.emplace());
}

// ---- start ----------------------------------------------------------------------------------

void machine::on(event::start_requested const& what) {
    if (!accepts_requests())
        act(action::answer(what.request, errc::not_running));
    else if (!is_full())
        admit(std::move(*admission_));
    else if (!what.waits)                                     // else it does
        act(action::answer(what.request, errc::at_capacity)); // C3
}

void machine::admit_waiting() {
    while (accepts_requests() && !waiting_starts_.empty() && !is_full()) {
        admission next = std::move(waiting_starts_.front());
        waiting_starts_.pop_front();
        admit(std::move(next));
    }
}

void machine::admit(admission&& with) {
    event::start_requested const& what = with.what;
    child_index index = child_count();
    if (first_vacant_ == none) {
        BOOST_ASSERT(children_.size() != children_.capacity()); // see reserve_children
        children_.emplace_back();
    } else {
        index = std::exchange(first_vacant_, children_[first_vacant_].next);
        std::uint32_t const number = children_[index].number; // news of the one before stay stale
        children_[index] = child();
        children_[index].number = number;
    }
    child& it = children_[index];
    know(it, what.rules, std::move(with.own));
    it.dynamic = true;
    it.asked_for = true;

    it.previous = last_dynamic_;
    (last_dynamic_ != none ? children_[last_dynamic_].next : first_dynamic_) = index;
    last_dynamic_ = index;
    ++dynamic_count_;

    act(action::admit(what.request, current(index)));
    await(index, {what.request, awaited::ready}, with.pending);
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
    it.next = std::exchange(first_vacant_, index);
    it.own.reset();
    it.vacant = true;
    --dynamic_count_;
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
        await(index, {what.request, awaited::end}, spare_pending_);
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
        await(index, {what.request, awaited::ready}, spare_pending_);

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
    if (!accepts_requests()) // else it is among those who wait
        act(action::answer(what.request, errc::not_running));
}

void machine::on(event::request_withdrawn const& what) {
    std::erase(waiting_for_ready_, what.request);
    std::erase_if(waiting_starts_,
                  [&what](admission const& each) { return each.what.request == what.request; });
}

bool machine::accepts_requests() const noexcept {
    return phase_ == phase::up || phase_ == phase::regrouping;
}

void machine::await(child_index index, pending what, pending_requests::node_type& node) {
    node.key() = index;
    node.mapped() = what;
    pending_.insert(std::move(node));
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
    act(action::answer(request, code, current(index)));
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
    for (admission const& each : waiting_starts_)
        act(action::answer(each.what.request, errc::not_running));
    waiting_starts_.clear();
    for (request_id const request : std::exchange(waiting_for_ready_, {}))
        act(action::answer(request, errc::not_running));
}

} // namespace arborist::inline v0::policy
