// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#include "machine.hpp"

#include "room.hpp"

#include <boost/assert.hpp>

#include <algorithm>

namespace arborist::inline v0::policy {
namespace {

// There are exits that nobody waited for any more (D9), and requests that are refused.
bool comes_after_the_end(event::any const& what) {
    auto const is_request = [](auto const& it) {
        return requires {
            it.request;
        };
    };
    return std::holds_alternative<event::child_exited>(what) || std::visit(is_request, what);
}

// While there is more to do than fits into one step; an abort overtakes what that is.
bool has_to_wait(event::any const& what) {
    return !std::holds_alternative<event::resume>(what) &&
           !std::holds_alternative<event::abort_requested>(what);
}

} // namespace

// What follows the rules is beside this file: starting.cpp (S), restarting.cpp (R), stopping.cpp
// (D) and requests.cpp (C).

machine::machine(supervisor_options const& options, std::function<double()> random)
    : strategy_(options.strategy), backoff_(options.backoff), start_order_(options.start),
      shutdown_order_(options.shutdown), auto_shutdown_(options.auto_shutdown),
      shutdown_budget_(options.shutdown_budget),
      max_dynamic_children_(options.max_dynamic_children), random_(std::move(random)),
      history_(options.intensity) {
    reserve_actions(0);
}

child_index machine::add(child_rules const& rules, child_limits const& limits) {
    auto own = make_own(limits);
    reserve_children(children_.size() + 1);
    know(children_.emplace_back(), rules, std::move(own));
    return declared_++;
}

void machine::know(child& it, child_rules const& rules, std::unique_ptr<own_limits> own) noexcept {
    it.rules = rules;
    it.own = std::move(own);
    significant_ += rules.significant ? 1 : 0; // it is not started yet
}

std::unique_ptr<machine::own_limits> machine::make_own(child_limits const& limits) {
    return limits != child_limits() ? std::make_unique<own_limits>(limits) : nullptr;
}

// ---- memory ---------------------------------------------------------------------------------

void machine::reserve_children(std::size_t count) {
    make_room(children_, count);
    make_room(not_initialized_, count);
    make_room(overran_, count);
    make_room(abandoned_, count);
    deadlines_.reserve(count);
    reserve_actions(count);
}

// The most that one step can decide: some for whatever the event is about, which may be one more of
// those who wait, and for the whole; for each child that comes up, at most six, if it is late,
// aborted and abandoned within the step and started anew; four for each child that the step may
// start or stop; for who waits to be admitted, the same; and an answer for everybody who waits for
// one.
void machine::reserve_actions(std::size_t children) {
    make_room(actions_, 20 + std::min(6 * children, 4 * children_per_step) + pending_.size() +
                            4 * waiting_starts_.size() + waiting_for_ready_.size());
}

std::span<action const> machine::step(event::any const& what, time_point now) {
    actions_.clear();
    if (phase_ == phase::finished && !comes_after_the_end(what))
        return actions_;
    std::visit([this](auto const& it) { prepare(it); }, what);
    // From here on nothing throws.
    now_ = now;
    budget_ = resume_pending_ && has_to_wait(what) ? 0 : children_per_step;
    std::visit([this](auto const& it) { on(it); }, what);
    go_on();

    if (all_up()) {
        if (!std::exchange(ready_, true))
            act(action::report(event_kind::supervisor_ready));
        for (request_id const request : std::exchange(waiting_for_ready_, {}))
            act(action::answer(request, {}));
    }
    wake();
    return actions_;
}

// What is overdue in spite of this step comes with the rest of it.
void machine::wake() {
    time_point const earliest = deadlines_.earliest();
    if (resume_pending_ && earliest <= now_)
        return;
    if (std::exchange(wake_at_, earliest) != earliest && earliest != never)
        act(action::wake_at(earliest));
}

void machine::on(event::resume) {
    resume_pending_ = false;
    meet_deadlines();
}

void machine::on(event::time_passed) {
    if (wake_at_ <= now_) // used up: the next one may be for the same time
        wake_at_ = never;
    meet_deadlines();
}

void machine::go_on() {
    if (phase_ == phase::up)
        start_more();
    else if (phase_ == phase::regrouping)
        stop_more();
    else if (phase_ == phase::stopping)
        abort_more();
    admit_waiting();
}

bool machine::may_go_on() {
    if (budget_ != 0) {
        --budget_;
        return true;
    }
    if (!std::exchange(resume_pending_, true))
        act(action::resume());
    return false;
}

// The deadline of a child that waits is the end of its back-off; that of one that initialises its
// start timeout; that of one that is being stopped the end of its patience.
void machine::meet_deadlines() {
    while (deadlines_.earliest() != never && deadlines_.earliest() <= now_) {
        child_index const index = deadlines_.next();
        if (index == the_stop) {
            deadlines_.set(the_stop, never);
            abort_all();
            continue;
        }
        if (index == the_group) {
            set_group_due(never);
            continue;
        }
        if (!may_go_on())
            return;
        switch (children_[index].state) {
        case child_state::waiting:
            set_deadline(index, never);
            if (!in_group(index)) // which it is started again with
                start(index);
            break;
        case child_state::starting:
            on_start_timed_out(index);
            break;
        case child_state::aborting:
            abandon(index);
            break;
        default:
            if (phase_ == phase::stopping)
                overran_.push_back(index);
            abort(index);
        }
    }
}

// ---- what there is to see -------------------------------------------------------------------

supervisor_state machine::state() const noexcept {
    switch (phase_) {
    case phase::up:
        return all_up() ? supervisor_state::ready : supervisor_state::starting;
    case phase::regrouping:
        return supervisor_state::restarting;
    case phase::stopping:
        return supervisor_state::stopping;
    case phase::created:
    case phase::finished:
        break;
    }
    return supervisor_state::not_running;
}

child_state machine::state(child_index index) const noexcept {
    return children_[index].state;
}

bool machine::is_vacant(child_index index) const noexcept {
    return children_[index].vacant;
}

std::uint32_t machine::number(child_index index) const noexcept {
    return children_[index].number;
}

std::size_t machine::restarts(child_index index) const noexcept {
    return children_[index].restarts;
}

bool machine::is_stalled(child_index index) const noexcept {
    child const& it = children_[index];
    return it.stalled && (is_alive(it.state) || it.state == child_state::abandoned);
}

time_point machine::due(child_index index) const noexcept {
    time_point const own = children_[index].deadline;
    return own == never && in_group(index) ? group_due_ : own;
}

std::size_t machine::restarts_in_window(time_point now) const noexcept {
    return history_.size(now);
}

child_index machine::next_dynamic(child_index index) const noexcept {
    return children_[index].next;
}

bool machine::all_up() const noexcept {
    return phase_ == phase::up && start_next_ == declared_ && start_dynamic_ == none &&
           initializing_ == 0 && late_ == 0 && waiting_ == 0 && again_ == 0;
}

// ---- small things ---------------------------------------------------------------------------

void machine::set_state(child_index index, child_state state) {
    child& it = children_[index];
    child_state const before = std::exchange(it.state, state);
    auto const recount = [&](std::size_t& count, auto holds) {
        if (holds(before) != holds(state))
            count += holds(state) ? std::size_t(1) : std::size_t(-1);
    };
    recount(initializing_, [](child_state s) { return s == child_state::starting; });
    recount(waiting_, [](child_state s) { return s == child_state::waiting; });
    if (it.dynamic)
        recount(dynamic_alive_, &machine::is_alive);
    if (it.rules.significant)
        recount(significant_, [](child_state s) {
            return is_alive(s) || s == child_state::waiting || s == child_state::not_started;
        });
    if (in_group(index))
        recount(group_alive_, &machine::is_alive);
}

void machine::set_again(child_index index, bool again) {
    if (std::exchange(children_[index].again, again) != again)
        again_ += again ? std::size_t(1) : std::size_t(-1);
}

void machine::set_late(child_index index, bool late) {
    if (std::exchange(children_[index].late, late) != late)
        late_ += late ? std::size_t(1) : std::size_t(-1);
}

void machine::set_deadline(child_index index, time_point deadline) {
    children_[index].deadline = deadline;
    deadlines_.set(index, deadline);
}

void machine::act(action const& what) {
    BOOST_ASSERT(actions_.size() != actions_.capacity()); // see reserve_actions
    actions_.push_back(what);
}

void machine::act(action_kind kind, child_index index) {
    act(action::on(kind, current(index)));
}

void machine::report(event_kind what, child_index index) {
    act(action::report(what, current(index)));
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

bool machine::is_up(child_state state) noexcept {
    return state == child_state::starting || state == child_state::running;
}

bool machine::is_alive(child_state state) noexcept {
    return is_up(state) || state == child_state::stopping || state == child_state::aborting;
}

} // namespace arborist::inline v0::policy
