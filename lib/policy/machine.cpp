// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#include "machine.hpp"

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

} // namespace

// What follows the rules is beside this file: starting.cpp (S), restarting.cpp (R), stopping.cpp
// (D) and requests.cpp (C).

machine::machine(supervisor_options const& options, std::function<double()> random)
    : strategy_(options.strategy), backoff_(options.backoff), start_order_(options.start),
      shutdown_order_(options.shutdown), auto_shutdown_(options.auto_shutdown),
      shutdown_budget_(options.shutdown_budget),
      max_dynamic_children_(options.max_dynamic_children), random_(std::move(random)),
      history_(options.intensity) {}

child_index machine::add(child_rules const& rules, child_limits const& limits) {
    know(children_.emplace_back(), rules, limits);
    return declared_++;
}

void machine::know(child& it, child_rules const& rules, child_limits const& limits) {
    it.rules = rules;
    if (limits != child_limits())
        it.own = std::make_unique<own_limits>(limits);
    significant_ += rules.significant ? 1 : 0; // it is not started yet
}

std::span<action const> machine::step(event::any const& what, time_point now) {
    now_ = now;
    actions_.clear();
    if (phase_ == phase::finished && !comes_after_the_end(what))
        return actions_;
    budget_ =
        resume_pending_ && !std::holds_alternative<event::resume>(what) ? 0 : children_per_step;
    std::visit([this](auto const& it) { on(it); }, what);
    go_on();

    if (all_up()) {
        if (!std::exchange(ready_, true))
            actions_.push_back(action::report(event_kind::supervisor_ready));
        for (request_id const request : std::exchange(waiting_for_ready_, {}))
            actions_.push_back(action::answer(request, {}));
    }
    wake();
    return actions_;
}

// What is overdue in spite of this step comes with the rest of it.
void machine::wake() {
    time_point const earliest = deadlines_.empty() ? never : deadlines_.begin()->first;
    if (resume_pending_ && earliest <= now_)
        return;
    if (std::exchange(wake_at_, earliest) != earliest && earliest != never)
        actions_.push_back(action::wake_at(earliest));
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
    else if (phase_ == phase::regrouping || phase_ == phase::stopping)
        stop_more();
    admit_waiting();
}

bool machine::may_go_on() {
    if (budget_ != 0) {
        --budget_;
        return true;
    }
    if (!std::exchange(resume_pending_, true))
        actions_.push_back(action::resume());
    return false;
}

// The deadline of a child that waits is the end of its back-off; that of one that initialises its
// start timeout; that of one that is being stopped the end of its patience.
void machine::meet_deadlines() {
    while (!deadlines_.empty() && deadlines_.begin()->first <= now_) {
        child_index const index = deadlines_.begin()->second;
        if (index == the_stop) {
            deadlines_.erase(deadlines_.begin());
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

void machine::report(event_kind what, child_index index) {
    actions_.push_back(action::report(what, current(index)));
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
