// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#ifndef ARBORIST_TEST_MODEL_REFERENCE_HPP
#define ARBORIST_TEST_MODEL_REFERENCE_HPP

#include <arborist/child_state.hpp>
#include <arborist/options.hpp>

#include "policy/action.hpp"
#include "policy/event.hpp"
#include "policy/rules.hpp"
#include "policy/time.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <map>
#include <optional>
#include <utility>
#include <variant>
#include <vector>

// The rules S, R, D and C of doc/rules.adoc once more, written to be read and not to be fast: it
// keeps what has happened, and whatever follows from that is found anew by looking at all of it.
// There is no count, no list of deadlines, and nothing of the policy but its vocabulary.
//
// Where the rules give no order, things are done in the order in which they come about; what comes
// about at the same time in the order of the children, then the group, then the supervisor.
namespace model_test {

using namespace arborist;
using namespace arborist::policy;
namespace event = arborist::policy::event; // and not the observers'

// Rules that can be got wrong on purpose, to see that it is found.
enum class flaw : std::uint8_t {
    none,
    period_too_long,      // R3: a gap of exactly the period is not allowed
    temporary_comes_back, // R4
    declared_order_stop,  // D2: the order of declaration itself
};

class reference {
public:
    // What a child, or rather its current process, is to become once it has ended.
    enum class wish : std::uint8_t {
        none,
        stay_down, // it was stopped through a handle
        come_back, // it was restarted through a handle
        too_late,  // its initialisation has timed out: it has failed
    };

    struct kid {
        child_rules rules;
        child_limits limits;
        bool guest = false; // was not declared
        bool gone = false;
        child_state state = child_state::not_started;
        std::uint32_t number = 0;
        std::size_t starts = 0;
        // Of the current process: when each of this happened.
        time_point started_at{};
        std::optional<time_point> ready_at{};
        time_point signalled_at{};
        time_point aborted_at{};
        std::optional<time_point> patience_ended_at{}; // T9a
        bool stalled = false;
        std::optional<time_point> waits_until{}; // of a back-off of its own
        wish after_its_end = wish::none;
        bool asked_for = false; // by a handle, and not ready since
        std::vector<time_point> restarts_at{};
        unsigned in_a_row = 0;
    };

    reference(supervisor_options const& options, std::function<double()> random,
              std::size_t children_per_step, flaw planted = flaw::none)
        : options_(options), random_(std::move(random)), children_per_step_(children_per_step),
          flaw_(planted) {}

    void declare(child_rules const& rules, child_limits const& limits) {
        auto const place = static_cast<child_index>(kids_.size());
        kids_[place] = {.rules = rules, .limits = limits};
        up_next_.push_back(place);
    }

    std::vector<action> const& step(event::any const& what, time_point now) {
        now_ = now;
        done_.clear();
        bool const news_after_the_end = std::visit(
                                            [](auto const& it) {
                                                return requires {
                                                    it.request;
                                                };
                                            },
                                            what) ||
                                        std::holds_alternative<event::child_exited>(what);
        if (mode_ == mode::over && !news_after_the_end)
            return done_;
        bool const at_once = std::holds_alternative<event::resume>(what) ||
                             std::holds_alternative<event::abort_requested>(what);
        may_do_ = promised_ && !at_once ? 0 : children_per_step_;
        std::visit([this](auto const& it) { happens(it); }, what);
        if (mode_ == mode::up)
            bring_up();
        else if (mode_ == mode::group || mode_ == mode::stopping)
            abort_more();
        admit_who_waits();
        if (all_are_up()) {
            if (!std::exchange(was_ready_, true))
                done_.push_back(action::report(event_kind::supervisor_ready));
            for (request_id const request : std::exchange(await_readiness_, {}))
                done_.push_back(action::answer(request, {}));
        }
        set_alarm();
        return done_;
    }

    // ---- what there is to see

    // R11, R11a: about an exit that could be followed by a restart of its own.
    [[nodiscard]] bool asks_about(incarnation who, ending how) const {
        kid const& it = kids_.at(who.child);
        if (!it.rules.decides || it.number != who.number || !lives(it) || it.asked_for ||
            is_member(who.child))
            return false;
        switch (it.after_its_end) {
        case wish::stay_down:
        case wish::come_back:
            return false;
        case wish::too_late:
            return may_fail_to_initialize(it);
        case wish::none:
            break;
        }
        return how == ending::not_initialized ? may_fail_to_initialize(it)
                                              : is_restarted_after(it, how);
    }

    [[nodiscard]] supervisor_state state() const {
        switch (mode_) {
        case mode::up:
            return all_are_up() ? supervisor_state::ready : supervisor_state::starting;
        case mode::group:
            return supervisor_state::restarting;
        case mode::stopping:
            return supervisor_state::stopping;
        case mode::created:
        case mode::over:
            break;
        }
        return supervisor_state::not_running;
    }
    [[nodiscard]] std::map<child_index, kid> const& kids() const { return kids_; }
    [[nodiscard]] std::vector<child_index> const& guests() const { return guests_; }
    [[nodiscard]] bool is_stalled(child_index place) const {
        kid const& it = kids_.at(place);
        return it.stalled && (lives(it) || it.state == child_state::abandoned);
    }
    [[nodiscard]] time_point due(child_index place) const {
        if (auto const& own = kids_.at(place).waits_until)
            return *own;
        return group_ && is_member(place) ? group_->until.value_or(never) : never;
    }
    [[nodiscard]] std::size_t restarts_within(time_point now) const {
        return restarts_on(restarts_at_, options_.intensity, now);
    }
    [[nodiscard]] std::vector<child_index> const& not_initialized() const { return failed_; }
    [[nodiscard]] std::vector<child_index> const& overran() const { return overran_; }
    [[nodiscard]] std::vector<child_index> const& abandoned() const { return abandoned_; }
    [[nodiscard]] std::vector<action> const& last() const { return done_; }
    [[nodiscard]] bool is_over() const { return mode_ == mode::over; }
    [[nodiscard]] bool has_begun() const { return mode_ != mode::created; }
    [[nodiscard]] bool owes_more() const { return promised_; }

private:
    enum class mode : std::uint8_t { created, up, group, stopping, over };
    enum class until : std::uint8_t { ready, end };

    struct waiting_request {
        request_id request;
        child_index place;
        until what;
    };
    struct group_restart {
        child_index first; // with all declared after it, and all guests
        child_index culprit;
        duration delay;
        std::optional<time_point> until = std::nullopt;
    };
    static constexpr child_index never_declared = std::numeric_limits<child_index>::max();

    // ---- what happens

    void happens(event::begin const& what) {
        mode_ = mode::up;
        if (!kids_.empty() || what.idles)
            return;
        error_ = errc::no_children; // S6
        end();
    }

    void happens(event::resume const&) {
        promised_ = false;
        look_at_the_clock();
    }

    void happens(event::time_passed const&) {
        if (alarm_ && *alarm_ <= now_)
            alarm_.reset();
        look_at_the_clock();
    }

    void happens(event::child_ready const& what) {
        kid const& it = kids_.at(what.who.child);
        if (it.number == what.who.number && it.state == child_state::starting)
            becomes_ready(what.who.child);
    }

    void happens(event::child_exited const& what) {
        child_index const place = what.who.child;
        kid& it = kids_.at(place);
        if (it.number != what.who.number || !lives(it)) { // D9
            done_.push_back(action::report(event_kind::child_exited_late, what.who));
            if (it.number == what.who.number && it.state == child_state::abandoned)
                ends_at_last(place);
            return;
        }
        bool const failed = what.how == ending::not_initialized;
        if (it.state == child_state::starting && !it.rules.supervisor && !failed)
            becomes_ready(place); // it ran, so it was
        child_state const was = it.state;
        bool const by_itself = was == child_state::starting || was == child_state::running;
        it.state = child_state::ended;
        tell(failed ? event_kind::child_failed_to_initialize : event_kind::child_exited, place);
        answer_all(place, until::end, {});

        if (mode_ == mode::stopping) {                                                  // D10
            if (was == child_state::stopping && what.how == ending::shutdown_timed_out) // D8a
                overran_.push_back(place);
            if (error_ == errc::failed_to_initialize &&
                (failed || it.after_its_end == wish::too_late)) // E7, E7a
                failed_.push_back(place);
            return;
        }
        if (it.after_its_end == wish::too_late || (failed && by_itself)) // S4, R6
            has_failed_to_initialize(place, what.decision);
        else if (it.after_its_end == wish::stay_down)
            keep_down(place);
        else if (it.after_its_end == wish::come_back)
            start_for_its_asker(place);
        else if (!is_member(place))
            has_exited(place, what.how, what.decision);
        else if (it.rules.restart == temporary && by_itself) // R5b, but nobody restarts it: R10
            is_over_for_good(place);
        else
            wait_with_the_group(place);
    }

    void happens(event::shutdown_requested const&) {
        if (mode_ != mode::stopping)
            stop_everything();
    }

    void happens(event::abort_requested const&) { // D12a
        if (mode_ != mode::stopping)
            stop_everything();
        abort_everybody();
    }

    void happens(event::stall const& what) { // T9
        kid& it = kids_.at(what.who.child);
        if (it.number != what.who.number || !lives(it))
            return;
        it.stalled = !what.over;
        tell(what.over ? event_kind::runtime_resumed : event_kind::runtime_stalled, what.who.child);
        lose_patience(it);
    }

    void happens(event::runtime_panicked const&) { // T4a
        done_.push_back(action::report(event_kind::runtime_panicked));
        if (mode_ == mode::stopping)
            return;
        error_ = errc::runtime_panicked;
        stop_everything();
    }

    void happens(event::start_requested const& what) { // C2, C3
        if (!takes_requests())
            done_.push_back(action::answer(what.request, errc::not_running));
        else if (there_is_a_place())
            admit(what);
        else if (what.waits)
            await_a_place_.push_back(what);
        else
            done_.push_back(action::answer(what.request, errc::at_capacity));
    }

    void happens(event::stop_requested const& what) { // C5
        kid& it = kids_.at(what.child);
        if (!takes_requests()) {
            answer(what.request, what.child, errc::not_running);
            return;
        }
        answer_all(what.child, until::ready, errc::start_cancelled);
        if (it.state == child_state::abandoned) {
            it.after_its_end = wish::stay_down;
            answer(what.request, what.child, errc::child_abandoned);
        } else if (!lives(it)) {
            end_the_wait_because_of(what.child);
            answer(what.request, what.child, {});
            keep_down(what.child);
        } else {
            it.after_its_end = wish::stay_down;
            if (what.by_itself) // C6
                answer(what.request, what.child, {});
            else
                requests_.push_back({what.request, what.child, until::end});
            if (is_not_told_to_end(it))
                tell_to_end(what.child);
        }
    }

    void happens(event::restart_requested const& what) {
        kid& it = kids_.at(what.child);
        bool const asker_cannot_wait = what.by_itself && lives(it); // C6
        if (!takes_requests()) {
            answer(what.request, what.child, errc::not_running);
            return;
        }
        if (it.rules.once) { // C5c
            answer(what.request, what.child, errc::started_once);
            return;
        }
        if (it.state == child_state::abandoned && !it.rules.restart_beside_abandoned) { // D9a
            answer(what.request, what.child, errc::child_abandoned);
            return;
        }
        if (asker_cannot_wait)
            answer(what.request, what.child, {});
        else
            requests_.push_back({what.request, what.child, until::ready});
        if (lives(it)) {
            it.after_its_end = wish::come_back;
            if (is_not_told_to_end(it))
                tell_to_end(what.child);
        } else if (is_to_be_started(it)) {
            it.after_its_end = wish::none;
            end_the_wait_because_of(what.child); // R8
        } else {
            start_for_its_asker(what.child);
        }
    }

    void happens(event::remove_requested const& what) { // C5
        kid& it = kids_.at(what.child);
        if (!takes_requests()) {
            answer(what.request, what.child, errc::not_running);
        } else if (it.state == child_state::abandoned) {
            answer(what.request, what.child, errc::child_abandoned);
        } else if (it.state == child_state::ended || it.state == child_state::stopped) {
            it.gone = true;
            tell(event_kind::child_removed, what.child);
            answer(what.request, what.child, {});
            act(action_kind::forget, what.child);
        } else {
            answer(what.request, what.child, errc::child_running);
        }
    }

    void happens(event::ready_awaited const& what) {
        if (takes_requests())
            await_readiness_.push_back(what.request);
        else
            done_.push_back(action::answer(what.request, errc::not_running));
    }

    void happens(event::request_withdrawn const& what) { // C2b
        std::erase(await_readiness_, what.request);
        std::erase_if(await_a_place_, [&](auto const& it) { return it.request == what.request; });
    }

    // ---- S: starting

    // S1, S2, S2a, S2b: each has its turn once, in the order of the list.
    void bring_up() {
        while (!up_next_.empty()) {
            child_index const place = up_next_.front();
            kid const& it = kids_.at(place);
            if (is_to_be_started(it)) {
                if (!may_do_one_more())
                    return;
                start(place);
            }
            if (options_.start == sequential && !it.guest && is_coming_up(it))
                return;
            std::erase(up_next_, place);
        }
    }

    void start(child_index place) {
        kid& it = kids_.at(place);
        ++it.starts;
        ++it.number;
        it.state = child_state::starting;
        it.started_at = now_;
        it.ready_at.reset();
        it.patience_ended_at.reset();
        it.waits_until.reset();
        it.stalled = false;
        it.after_its_end = wish::none;
        act(action_kind::start, place);
        if (!it.rules.initializes)
            becomes_ready(place);
    }

    void start_for_its_asker(child_index place) {
        kid& it = kids_.at(place);
        it.asked_for = true;
        it.waits_until.reset();
        it.after_its_end = wish::none;
        if (is_member(place))
            it.state = child_state::waiting;
        else
            start(place);
    }

    void becomes_ready(child_index place) {
        kid& it = kids_.at(place);
        it.state = child_state::running;
        it.ready_at = now_;
        it.asked_for = false;
        tell(event_kind::child_ready, place);
        answer_all(place, until::ready, {});
    }

    void has_failed_to_initialize(child_index place, exit_decision decision) {
        kid& it = kids_.at(place);
        bool const asked_for = std::exchange(it.asked_for, false);
        it.after_its_end = wish::none;
        if (asked_for) { // C2, C2c
            answer_all(place, until::ready, errc::failed_to_initialize);
            keep_down(place);
        } else if (!may_fail_to_initialize(it)) { // R6
            answer_all(place, until::ready, errc::failed_to_initialize);
            fail(errc::failed_to_initialize, place);
        } else if (is_member(place)) { // R6a
            wait_with_the_group(place);
        } else {
            has_exited(place, ending::abnormal, decision);
        }
    }

    // ---- R: restarting

    void has_exited(child_index place, ending how, exit_decision decision) {
        kid& it = kids_.at(place);
        if (!is_restarted_after(it, how) || decision == exit_decision::do_not_restart) {
            is_over_for_good(place);
            return;
        }
        if (decision == exit_decision::escalate) { // R11
            fail(errc::escalated, place);
            return;
        }
        asked_at_ = now_;
        bool const allowed = allows(restarts_at_, options_.intensity);
        if (!allowed || !allows(it.restarts_at, it.limits.intensity)) { // R3, R7, R12
            done_.push_back(
                action::gave_up(named(place), restarts_counted(place, allowed), allowed));
            fail(errc::restart_limit_exceeded, place, allowed);
            return;
        }
        restarts_at_.push_back(now_);
        it.restarts_at.push_back(now_);
        duration const delay = next_delay(place);
        done_.push_back(action::restarting(named(place), restarts_within(now_), delay));

        bool const alone = restarts_alone(it);
        if (!alone) {
            restart_group(place, delay);
        } else if (delay == duration::zero()) {
            start(place);
        } else {
            it.state = child_state::waiting;
            it.waits_until = later(now_, delay);
        }
    }

    // R1, R1a
    [[nodiscard]] bool restarts_alone(kid const& it) const {
        return options_.strategy == one_for_one || (options_.strategy == rest_for_one && it.guest);
    }

    // R5, R5a. Whoever is before the group and had no turn yet keeps it.
    void restart_group(child_index culprit, duration delay) {
        child_index const first = options_.strategy == one_for_all ? 0 : culprit;
        bool const grows = mode_ == mode::group;
        child_index const end = grows ? group_->first : never_declared;
        if (!grows)
            down_next_ = guests_;
        for (child_index const place : declared_backwards())
            if (first <= place && place < end)
                down_next_.push_back(place);
        std::erase_if(up_next_,
                      [&](child_index place) { return kids_.at(place).guest || place >= first; });
        mode_ = mode::group;
        group_ = {.first = first, .culprit = culprit, .delay = delay};
        wait_with_the_group(culprit);
    }

    void wait_with_the_group(child_index place) {
        kid& it = kids_.at(place);
        it.waits_until.reset();
        if (it.rules.restart == temporary)
            is_not_restarted(place);
        else
            it.state = child_state::waiting;
    }

    // All of the group have ended.
    void group_has_ended() {
        if (group_->until) // it waits
            return;
        if (group_->delay != duration::zero()) { // R8
            group_->until = later(now_, std::exchange(group_->delay, duration::zero()));
            return;
        }
        for (auto const& [place, it] : kids_)
            if (!it.guest && place >= group_->first)
                up_next_.push_back(place);
        up_next_.insert(up_next_.end(), guests_.begin(), guests_.end());
        group_.reset();
        mode_ = mode::up;
        bring_up();
    }

    void end_the_wait_because_of(child_index place) { // R8
        if (group_ && group_->culprit == place) {
            group_->delay = duration::zero();
            group_->until.reset();
        }
    }

    // R8, R8a, R8b, R8c
    duration next_delay(child_index place) {
        kid& it = kids_.at(place);
        bool const own = it.limits.backoff != inherited_backoff;
        restart_backoff const& backoff = own ? it.limits.backoff : options_.backoff;
        unsigned& in_a_row = own || restarts_alone(it) ? it.in_a_row : group_in_a_row_;
        if (it.ready_at && now_ - *it.ready_at >= backoff.healthy)
            in_a_row = 0;
        ++in_a_row;
        if (backoff.first == duration::zero())
            return duration::zero();
        auto const most = static_cast<long double>(backoff.most.count());
        auto delay = static_cast<long double>(backoff.first.count());
        for (unsigned n = 1; n < in_a_row && delay < most; ++n)
            delay *= static_cast<long double>(backoff.multiplier);
        delay = std::min(delay, most);
        if (backoff.jitter != 0)
            delay -= delay * static_cast<long double>(backoff.jitter * random_());
        return duration(std::llround(delay));
    }

    [[nodiscard]] bool is_restarted_after(kid const& it, ending how) const { // R4
        switch (it.rules.restart) {
        case permanent:
            return true;
        case transient:
            return how != ending::completed;
        case temporary:
            break;
        }
        return flaw_ == flaw::temporary_comes_back && how != ending::completed;
    }
    [[nodiscard]] static bool may_fail_to_initialize(kid const& it) { // R6
        return it.starts > 1 && it.rules.retries_initialization;
    }

    [[nodiscard]] static std::size_t restarts_on(std::vector<time_point> const& record,
                                                 restart_intensity const& limit, time_point at) {
        if (limit == unlimited)
            return 0;
        return static_cast<std::size_t>(std::ranges::count_if(
            record, [&](time_point restart) { return at - restart < limit.period; }));
    }

    [[nodiscard]] bool allows(std::vector<time_point> const& record,
                              restart_intensity const& limit) const { // R3
        if (limit == unlimited)
            return true;
        restart_intensity it = limit;
        if (flaw_ == flaw::period_too_long)
            it.period += duration(1);
        return restarts_on(record, it, now_) < limit.restarts;
    }

    // When the record was last asked.
    [[nodiscard]] std::size_t restarts_counted(child_index place, bool own) const {
        if (!own)
            return restarts_on(restarts_at_, options_.intensity, asked_at_);
        kid const& it = kids_.at(place);
        return restarts_on(it.restarts_at, it.limits.intensity, asked_at_);
    }

    void is_over_for_good(child_index place) { // R10
        kid const& it = kids_.at(place);
        bool others = false;
        for (auto const& [other, its] : kids_)
            others |= !its.gone && its.rules.significant &&
                      (lives(its) || its.state == child_state::waiting ||
                       its.state == child_state::not_started);
        if (it.rules.significant && (options_.auto_shutdown == any_significant ||
                                     (options_.auto_shutdown == all_significant && !others)))
            fail(errc::significant_child_exited, place);
        else
            is_not_restarted(place);
    }

    void is_not_restarted(child_index place) {
        kid& it = kids_.at(place);
        it.asked_for = false;
        answer_all(place, until::ready, errc::start_cancelled); // C2d
        if (it.guest)
            forget(place);
    }

    // ---- D: stopping

    void fail(errc code, child_index culprit, bool own = false) {
        error_ = code;
        culprit_ = named(culprit);
        own_limit_ = own;
        if (code == errc::failed_to_initialize)
            failed_.push_back(culprit);
        stop_everything();
    }

    void stop_everything() {
        for (auto& [place, it] : kids_) {
            if (it.state != child_state::waiting) // R9
                continue;
            it.state = child_state::ended;
            it.waits_until.reset();
        }
        mode_ = mode::stopping;
        group_.reset();
        up_next_.clear();
        down_next_ = guests_; // D3
        for (child_index const place : declared_backwards())
            down_next_.push_back(place);
        if (flaw_ == flaw::declared_order_stop)
            std::ranges::sort(down_next_);
        stop_ends_at_ = later(now_, options_.shutdown_budget); // D4
        done_.push_back(action::report(event_kind::supervisor_stopping));

        for (waiting_request const& it : by_place(until::ready))
            answer(it.request, it.place, errc::not_running);
        std::erase_if(requests_, [](auto const& it) { return it.what == until::ready; });
        for (event::start_requested const& it : std::exchange(await_a_place_, {}))
            done_.push_back(action::answer(it.request, errc::not_running));
        for (request_id const request : std::exchange(await_readiness_, {}))
            done_.push_back(action::answer(request, errc::not_running));
    }

    // D2, D3, D3a
    void bring_down() {
        while (!down_next_.empty()) {
            child_index const place = down_next_.front();
            kid const& it = kids_.at(place);
            bool const one_at_a_time = options_.shutdown == sequential && !it.guest;
            if (one_at_a_time && std::ranges::any_of(guests_, [&](child_index guest) {
                    return lives(kids_.at(guest));
                }))
                return;
            if (!one_at_a_time && is_not_told_to_end(it) && !may_do_one_more())
                return;
            has_its_turn_to_end(place);
            if (one_at_a_time && lives(it))
                return;
            std::erase(down_next_, place);
        }
        if (std::ranges::any_of(
                kids_, [&](auto const& it) { return lives(it.second) && is_member(it.first); }))
            return;
        if (mode_ == mode::stopping)
            end();
        else
            group_has_ended();
    }

    void has_its_turn_to_end(child_index place) {
        kid& it = kids_.at(place);
        if (is_not_told_to_end(it))
            tell_to_end(place);
        else if (it.state == child_state::waiting)
            it.waits_until.reset();
        else if (mode_ == mode::group && !it.gone && it.rules.restart != temporary &&
                 (it.state == child_state::ended || // R5: OTP's rule
                  (it.state == child_state::abandoned &&
                   it.after_its_end != wish::stay_down))) // D9a
            it.state = child_state::waiting;
    }

    void tell_to_end(child_index place) { // D1, D6, D6a
        kid& it = kids_.at(place);
        if (it.rules.shutdown == brutal ||
            (it.state == child_state::starting && !it.rules.supervisor)) {
            abort(place);
            return;
        }
        it.state = child_state::stopping;
        it.signalled_at = now_;
        act(action_kind::signal, place);
        lose_patience(it);
    }

    // T9a: without a limit of its own, if nobody keeps those within.
    void lose_patience(kid& it) {
        if (it.stalled && it.state == child_state::stopping && deadline(it) == never)
            it.patience_ended_at = now_;
    }

    void abort(child_index place) {
        kid& it = kids_.at(place);
        it.state = child_state::aborting;
        it.aborted_at = now_;
        act(action_kind::abort, place);
    }

    void abort_everybody() { // D4, D12a
        abort_next_.clear();
        for (auto const& [place, it] : kids_)
            abort_next_.insert(abort_next_.begin(), place);
    }

    // S1b. Until all are, nobody has his turn.
    void abort_more() {
        while (!abort_next_.empty()) {
            child_index const place = abort_next_.front();
            kid const& it = kids_.at(place);
            if (lives(it) && it.state != child_state::aborting) {
                if (!may_do_one_more())
                    return;
                if (it.state != child_state::starting && it.rules.shutdown != brutal) // D8
                    overran_.push_back(place);
                abort(place);
            }
            abort_next_.erase(abort_next_.begin());
        }
        bring_down();
    }

    void abandon(child_index place) { // D9
        kid& it = kids_.at(place);
        it.state = child_state::abandoned;
        act(action_kind::abandon, place);
        answer_all(place, until::end, errc::child_abandoned);
        wish const wanted = it.after_its_end;
        if (mode_ == mode::stopping) {
            abandoned_.push_back(place);
            if (wanted == wish::too_late && error_ == errc::failed_to_initialize)
                failed_.push_back(place);
            return;
        }
        bool const beside = it.rules.restart_beside_abandoned;
        switch (wanted) {
        case wish::stay_down:
            break;
        case wish::too_late:
            it.after_its_end = wish::none;
            if (std::exchange(it.asked_for, false)) {
                it.after_its_end = wish::stay_down;
                answer_all(place, until::ready, errc::failed_to_initialize);
            } else if (may_fail_to_initialize(it) && is_member(place)) {
                wait_with_the_group(place);
            } else if (may_fail_to_initialize(it) && (beside || !restarts_alone(it))) {
                has_exited(place, ending::abnormal, exit_decision::restart);
            } else { // D9c
                fail(errc::failed_to_initialize, place);
            }
            break;
        case wish::come_back:
            it.after_its_end = wish::none;
            if (beside || is_member(place))
                start_for_its_asker(place);
            else
                answer_all(place, until::ready, errc::child_abandoned);
            break;
        case wish::none: // it is stopped with its group
            if (it.rules.restart != temporary) {
                it.state = child_state::waiting;
            } else {
                it.asked_for = false;
                answer_all(place, until::ready, errc::child_abandoned);
            }
        }
    }

    // It was abandoned, and nobody has replaced it.
    void ends_at_last(child_index place) {
        kid& it = kids_.at(place);
        if (mode_ == mode::stopping || mode_ == mode::over)
            return;
        if (it.after_its_end == wish::stay_down)
            keep_down(place);
        else if (it.guest)
            forget(place);
        else
            it.state = child_state::ended;
    }

    void end() {
        for (waiting_request const& it : by_place(until::end))
            answer(it.request, it.place, errc::not_running);
        requests_.clear();
        if (error_ == errc{} && !(overran_.empty() && abandoned_.empty())) // D8
            error_ = errc::shutdown_timed_out;
        mode_ = mode::over;
        done_.push_back(action::finish(error_, culprit_,
                                       restarts_counted(culprit_.child, own_limit_), own_limit_));
    }

    // ---- C: children at run time

    [[nodiscard]] bool takes_requests() const { return mode_ == mode::up || mode_ == mode::group; }
    [[nodiscard]] bool there_is_a_place() const {
        return guests_.size() < options_.max_dynamic_children;
    }

    void admit_who_waits() {
        while (takes_requests() && !await_a_place_.empty() && there_is_a_place()) {
            event::start_requested const first = await_a_place_.front();
            await_a_place_.erase(await_a_place_.begin());
            admit(first);
        }
    }

    void admit(event::start_requested const& what) {
        auto place = static_cast<child_index>(kids_.size());
        if (!free_.empty()) { // the last one that became free
            place = free_.back();
            free_.pop_back();
        }
        kid& it = kids_[place];
        it = {.rules = what.rules,
              .limits = what.limits,
              .guest = true,
              .number = it.number,
              .asked_for = true};
        guests_.push_back(place);
        done_.push_back(action::admit(what.request, named(place)));
        requests_.push_back({what.request, place, until::ready});
        if (mode_ == mode::up && up_next_.empty()) {
            start(place);
            return;
        }
        it.state = child_state::waiting; // S2b, or for the end of a group restart
        if (mode_ == mode::up)
            up_next_.push_back(place);
    }

    void keep_down(child_index place) {
        kid& it = kids_.at(place);
        it.state = child_state::stopped;
        it.waits_until.reset();
        it.after_its_end = wish::stay_down;
        if (it.guest) // C5
            forget(place);
    }

    void forget(child_index place) {
        kids_.at(place).gone = true;
        std::erase(guests_, place);
        std::erase(up_next_, place);
        std::erase(down_next_, place);
        free_.push_back(place);
        act(action_kind::forget, place);
    }

    // ---- time

    [[nodiscard]] static time_point later(time_point from, duration by) { // D4: or never
        return by > never - from ? never : from + by;
    }

    [[nodiscard]] static time_point deadline(kid const& it) {
        switch (it.state) {
        case child_state::starting:
            return later(it.started_at, it.rules.start_timeout);
        case child_state::waiting:
            return it.waits_until.value_or(never);
        case child_state::stopping:
            return it.patience_ended_at.value_or(
                later(it.signalled_at, it.rules.shutdown.timeout()));
        case child_state::aborting:
            return later(it.aborted_at, it.rules.abort_grace);
        default:
            return never;
        }
    }

    // The earliest thing that has to be done without being told.
    struct appointment {
        time_point at = never;
        enum : std::uint8_t { nothing, child, group, stop } whose = nothing;
        child_index place = 0;
    };
    [[nodiscard]] appointment next_appointment() const {
        appointment first;
        if (mode_ == mode::over)
            return first;
        for (auto const& [place, it] : kids_)
            if (time_point const at = deadline(it); !it.gone && at < first.at)
                first = {at, appointment::child, place};
        if (group_ && group_->until && *group_->until < first.at)
            first = {*group_->until, appointment::group};
        if (stop_ends_at_ && *stop_ends_at_ < first.at)
            first = {*stop_ends_at_, appointment::stop};
        return first;
    }

    void look_at_the_clock() {
        for (;;) {
            appointment const it = next_appointment();
            if (it.whose == appointment::nothing || it.at > now_)
                return;
            if (it.whose == appointment::stop) {
                stop_ends_at_.reset();
                abort_everybody();
            } else if (it.whose == appointment::group) {
                group_->until.reset();
            } else if (may_do_one_more()) {
                time_is_up_for(it.place);
            } else {
                return;
            }
        }
    }

    void time_is_up_for(child_index place) {
        kid& it = kids_.at(place);
        switch (it.state) {
        case child_state::waiting:
            it.waits_until.reset();
            if (!is_member(place)) // R8: or it is started with its group
                start(place);
            break;
        case child_state::starting: // S4, S4a
            it.after_its_end = wish::too_late;
            tell(event_kind::child_start_timed_out, place);
            tell_to_end(place);
            break;
        case child_state::stopping:
            if (mode_ == mode::stopping) // D8, D8b
                overran_.push_back(place);
            abort(place);
            break;
        default:
            abandon(place);
        }
    }

    // One alarm, which is used up when it has gone off. What is overdue needs none if the rest of
    // this step is to be asked for.
    void set_alarm() {
        time_point const first = next_appointment().at;
        if (promised_ && first <= now_)
            return;
        std::optional<time_point> const before =
            std::exchange(alarm_, first == never ? std::nullopt : std::optional(first));
        if (alarm_ && alarm_ != before)
            done_.push_back(action::wake_at(*alarm_));
    }

    // S1b
    bool may_do_one_more() {
        if (may_do_ != 0) {
            --may_do_;
            return true;
        }
        if (!std::exchange(promised_, true))
            done_.push_back(action::resume());
        return false;
    }

    // ---- small things

    [[nodiscard]] static bool is_not_told_to_end(kid const& it) {
        return it.state == child_state::starting || it.state == child_state::running;
    }
    [[nodiscard]] static bool lives(kid const& it) {
        return is_not_told_to_end(it) || it.state == child_state::stopping ||
               it.state == child_state::aborting;
    }
    [[nodiscard]] static bool is_to_be_started(kid const& it) {
        return it.state == child_state::not_started ||
               (it.state == child_state::waiting && !it.waits_until);
    }
    [[nodiscard]] static bool is_coming_up(kid const& it) {
        return it.state == child_state::starting || it.state == child_state::waiting ||
               it.after_its_end == wish::come_back || it.after_its_end == wish::too_late;
    }
    [[nodiscard]] bool all_are_up() const { // S5, S5a
        return mode_ == mode::up && up_next_.empty() &&
               std::ranges::none_of(kids_, [](auto const& it) {
                   return !it.second.gone && is_coming_up(it.second);
               });
    }
    [[nodiscard]] bool is_member(child_index place) const {
        return mode_ == mode::stopping ||
               (group_ && (kids_.at(place).guest || place >= group_->first));
    }
    [[nodiscard]] std::vector<child_index> declared_backwards() const {
        std::vector<child_index> places;
        for (auto it = kids_.rbegin(); it != kids_.rend(); ++it)
            if (!it->second.guest)
                places.push_back(it->first);
        return places;
    }
    [[nodiscard]] std::vector<waiting_request> by_place(until what) const {
        std::vector<waiting_request> result;
        for (auto const& [place, it] : kids_)
            for (waiting_request const& request : requests_)
                if (request.place == place && request.what == what)
                    result.push_back(request);
        return result;
    }

    [[nodiscard]] incarnation named(child_index place) const {
        return {place, kids_.at(place).number};
    }
    void act(action_kind kind, child_index place) {
        done_.push_back(action::on(kind, named(place)));
    }
    void tell(event_kind what, child_index place) {
        done_.push_back(action::report(what, named(place)));
    }
    void answer(request_id request, child_index place, errc code) {
        done_.push_back(action::answer(request, code, named(place)));
    }
    void answer_all(child_index place, until what, errc code) {
        std::erase_if(requests_, [&](waiting_request const& it) {
            if (it.place != place || it.what != what)
                return false;
            answer(it.request, place, code);
            return true;
        });
    }

    supervisor_options options_;
    std::function<double()> random_;
    std::size_t children_per_step_;
    flaw flaw_;

    std::map<child_index, kid> kids_; // by their places
    std::vector<child_index> guests_; // in the order in which they were admitted
    std::vector<child_index> free_;   // places of guests that have gone
    mode mode_ = mode::created;
    bool was_ready_ = false;
    std::optional<group_restart> group_;
    std::vector<child_index> up_next_;   // whose turn to be started is to come
    std::vector<child_index> down_next_; // or to be stopped
    std::vector<child_index> abort_next_;
    std::vector<time_point> restarts_at_;
    time_point asked_at_{};
    unsigned group_in_a_row_ = 0;

    std::vector<waiting_request> requests_;
    std::vector<event::start_requested> await_a_place_;
    std::vector<request_id> await_readiness_;

    errc error_{};
    incarnation culprit_{};
    bool own_limit_ = false;
    std::vector<child_index> failed_;
    std::vector<child_index> overran_;
    std::vector<child_index> abandoned_;
    std::optional<time_point> stop_ends_at_;

    std::vector<action> done_;
    time_point now_{};
    std::optional<time_point> alarm_;
    std::size_t may_do_ = 0;
    bool promised_ = false;
};

} // namespace model_test

#endif // ARBORIST_TEST_MODEL_REFERENCE_HPP
