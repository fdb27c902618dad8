// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#ifndef ARBORIST_TEST_SUPPORT_POLICY_SCENARIO_HPP
#define ARBORIST_TEST_SUPPORT_POLICY_SCENARIO_HPP

#include <arborist/child_state.hpp>
#include <arborist/event.hpp>
#include <arborist/options.hpp>

#include "policy/machine.hpp"
#include "support/complain.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <sstream>
#include <utility>
#include <vector>

// Drives a policy machine in virtual time. A test reads: after this event, these actions.
namespace policy_test {

using namespace arborist;
using namespace arborist::policy;
using namespace std::chrono_literals;

using actions = std::vector<action>;
using children = std::vector<child_index>;

// Children, as the tests need them.
inline constexpr child_rules worker_rules{};
inline constexpr child_rules ready_at_once{.initializes = false};
inline constexpr child_rules nested{.shutdown = infinite, .supervisor = true};
// A failed initialisation at a restart is an ordinary exit.
inline constexpr child_rules persistent{.retries_initialization = true};

inline child_rules with(restart_type type) {
    return {.restart = type};
}
inline child_rules with(shutdown_strategy const& strategy) {
    return {.shutdown = strategy, .abort_grace = 3s};
}

// Actions, as the tests spell them. `child` is counted from 0, `number` from 1.
inline action start(child_index child, std::uint32_t number = 1) {
    return action::on(action_kind::start, {child, number});
}
inline action signal(child_index child, std::uint32_t number = 1) {
    return action::on(action_kind::signal, {child, number});
}
inline action abort(child_index child, std::uint32_t number = 1) {
    return action::on(action_kind::abort, {child, number});
}
inline action abandon(child_index child, std::uint32_t number = 1) {
    return action::on(action_kind::abandon, {child, number});
}
inline action wake_at(duration at) {
    return action::wake_at(time_point(at));
}
inline action ready(child_index child, std::uint32_t number = 1) {
    return action::report(event_kind::child_ready, {child, number});
}
inline action exited(child_index child, std::uint32_t number = 1) {
    return action::report(event_kind::child_exited, {child, number});
}
inline action exited_late(child_index child, std::uint32_t number = 1) {
    return action::report(event_kind::child_exited_late, {child, number});
}
inline action not_initialized(child_index child, std::uint32_t number = 1) {
    return action::report(event_kind::child_failed_to_initialize, {child, number});
}
inline action start_timed_out(child_index child, std::uint32_t number = 1) {
    return action::report(event_kind::child_start_timed_out, {child, number});
}
inline action stalled(child_index child, std::uint32_t number = 1) {
    return action::report(event_kind::runtime_stalled, {child, number});
}
inline action runs_again(child_index child, std::uint32_t number = 1) {
    return action::report(event_kind::runtime_resumed, {child, number});
}
inline action runtime_panicked() {
    return action::report(event_kind::runtime_panicked);
}
inline action removed(child_index child, std::uint32_t number = 1) {
    return action::report(event_kind::child_removed, {child, number});
}
inline action restarting(child_index child, std::uint32_t number, std::size_t restarts,
                         duration delay = {}) {
    return action::restarting({child, number}, restarts, delay);
}
inline action gave_up(child_index child, std::uint32_t number, std::size_t restarts,
                      bool own_limit = false) {
    return action::gave_up({child, number}, restarts, own_limit);
}
inline action all_ready() {
    return action::report(event_kind::supervisor_ready);
}
inline action stopping() {
    return action::report(event_kind::supervisor_stopping);
}
inline action resume() {
    return action::resume();
}
inline action admit(request_id request, child_index child, std::uint32_t number = 0) {
    return action::admit(request, {child, number});
}
inline action forget(child_index child, std::uint32_t number = 1) {
    return action::on(action_kind::forget, {child, number});
}
// Of what concerns no child.
inline action answer(request_id request, errc code = {}) {
    return action::answer(request, code);
}
inline action answer(request_id request, errc code, child_index child, std::uint32_t number = 1) {
    return action::answer(request, code, {child, number});
}
inline action finish(errc code = {}, incarnation culprit = {}, std::size_t restarts = 0,
                     bool own_limit = false) {
    return action::finish(code, culprit, restarts, own_limit);
}

// Whatever a machine does, some things hold: see `check`.
class scenario {
public:
    // Without a given one, the random number is 0, with which a jitter takes nothing away.
    scenario(supervisor_options const& options, std::vector<child_rules> const& rules,
             std::vector<child_limits> const& limits = {})
        : machine_(
              options, options.random ? options.random : [] { return 0.0; }) {
        for (std::size_t i = 0; i != rules.size(); ++i)
            machine_.add(rules[i], i < limits.size() ? limits[i] : child_limits());
    }

    // `count` children of the default rules.
    scenario(supervisor_options const& options, std::size_t count)
        : scenario(options, std::vector<child_rules>(count)) {}

    // Started, and every child initialised.
    static scenario up(supervisor_options const& options, std::vector<child_rules> const& rules,
                       std::vector<child_limits> const& limits = {}) {
        scenario it(options, rules, limits);
        for (actions done = it.begin(); !done.empty() && done.back() == action::resume();)
            done = it.resume();
        for (child_index i = 0; i != rules.size(); ++i)
            it.child_ready(i);
        return it;
    }
    static scenario up(supervisor_options const& options, std::size_t count) {
        return up(options, std::vector<child_rules>(count));
    }
    // Without children: they come later.
    static scenario idle(supervisor_options const& options) {
        scenario it(options, 0);
        it.step(policy::event::begin{.idles = true});
        return it;
    }

    actions begin(bool idles = false) { return step(policy::event::begin{idles}); }
    actions resume() { return step(policy::event::resume{}); }
    actions child_ready(child_index child, std::uint32_t number = 1) {
        return step(policy::event::child_ready{{child, number}});
    }
    actions child_exits(child_index child, ending how = ending::abnormal, std::uint32_t number = 1,
                        exit_decision decision = exit_decision::restart) {
        return step(policy::event::child_exited{{child, number}, how, decision});
    }
    actions shutdown() { return step(policy::event::shutdown_requested{}); }
    actions stalls(child_index child, std::uint32_t number = 1) {
        return step(policy::event::stall{{child, number}});
    }
    actions runs_again(child_index child, std::uint32_t number = 1) {
        return step(policy::event::stall{{child, number}, true});
    }
    actions runtime_panics() { return step(policy::event::runtime_panicked{}); }
    actions abort_all() { return step(policy::event::abort_requested{}); }
    actions after(duration time) {
        now_ += time;
        return step(policy::event::time_passed{});
    }
    // Lets time pass without telling.
    void wait(duration time) { now_ += time; }

    // Requests are numbered from 1, in the order in which they are made.
    actions start_child(child_rules const& rules = {.restart = temporary},
                        child_limits const& limits = {}) {
        return step(policy::event::start_requested{made(), rules, limits});
    }
    actions start_child_when_there_is_a_place(child_rules const& rules = {.restart = temporary},
                                              child_limits const& limits = {}) {
        return step(policy::event::start_requested{made(), rules, limits, true});
    }
    actions stop_child(child_index child, bool by_itself = false) {
        return step(policy::event::stop_requested{made(), child, by_itself});
    }
    actions restart_child(child_index child, bool by_itself = false) {
        return step(policy::event::restart_requested{made(), child, by_itself});
    }
    actions remove_child(child_index child) {
        return step(policy::event::remove_requested{made(), child});
    }
    actions await_ready() { return step(policy::event::ready_awaited{made()}); }
    actions withdraw(request_id request) {
        open_.erase(request);
        withdrawn_.insert(request);
        return step(policy::event::request_withdrawn{request});
    }

    // Performs nothing and reports nothing, but lets end at once, well, whatever the machine
    // signals or aborts, and takes what comes of that, until there is nothing more.
    actions obey(actions first) {
        for (std::size_t i = 0; i != first.size(); ++i) {
            action const it = first[i];
            bool const stops = it.kind == action_kind::signal || it.kind == action_kind::abort;
            if (!stops && it.kind != action_kind::resume)
                continue;
            actions const more =
                stops ? child_exits(it.who.child, ending::completed, it.who.number) : resume();
            first.insert(first.end(), more.begin(), more.end());
        }
        return first;
    }

    [[nodiscard]] machine const& policy() const { return machine_; }
    [[nodiscard]] time_point now() const { return now_; }
    [[nodiscard]] child_state state(child_index child) const { return machine_.state(child); }
    [[nodiscard]] bool stalled(child_index child) const { return machine_.is_stalled(child); }
    [[nodiscard]] children overran() const {
        return {machine_.overran().begin(), machine_.overran().end()};
    }
    [[nodiscard]] children abandoned() const {
        return {machine_.abandoned().begin(), machine_.abandoned().end()};
    }
    [[nodiscard]] children not_initialized() const {
        return {machine_.not_initialized().begin(), machine_.not_initialized().end()};
    }
    [[nodiscard]] request_id last_request() const { return last_request_; }
    // Requests without an answer.
    [[nodiscard]] std::set<request_id> const& open() const { return open_; }

private:
    enum class process : std::uint8_t { runs, signalled, aborted, abandoned };

    request_id made() {
        open_.insert(++last_request_);
        return last_request_;
    }

    actions step(policy::event::any const& what) {
        if (auto const* exit = std::get_if<policy::event::child_exited>(&what))
            processes_.erase(exit->who);
        auto const result = machine_.step(what, now_);
        for (action const& it : result)
            check(it);
        return {result.begin(), result.end()};
    }

    void check(action const& it) {
        auto const expect = [&it](bool holds, char const* what) {
            if (holds) // there are tests with millions of actions
                return;
            std::ostringstream text;
            text << what << ": " << it;
            complain(std::move(text).str());
        };
        bool const late =
            it.kind == action_kind::report && it.what == event_kind::child_exited_late;
        expect(!finished_ || late || it.kind == action_kind::answer, "comes after the end");
        stopping_ |= it.kind == action_kind::report && it.what == event_kind::supervisor_stopping;
        switch (it.kind) {
        case action_kind::start:
            expect(!stopping_, "starts while stopping"); // R9
            expect(it.who.number == ++numbers_[it.who.child], "is not the next process");
            for (auto other = processes_.lower_bound({it.who.child, 0});
                 other != processes_.end() && other->first.child == it.who.child; ++other)
                expect(other->second == process::abandoned, "starts beside its predecessor");
            processes_[it.who] = process::runs;
            break;
        case action_kind::signal:
            expect(change(it.who, process::runs, process::signalled), "does not run");
            break;
        case action_kind::abort: // D7
            expect(change(it.who, process::runs, process::aborted) ||
                       change(it.who, process::signalled, process::aborted),
                   "does not run");
            break;
        case action_kind::abandon:
            expect(change(it.who, process::aborted, process::abandoned), "was not aborted");
            break;
        case action_kind::forget:
            expect(!processes_.contains(it.who) || processes_[it.who] == process::abandoned,
                   "still runs");
            break;
        case action_kind::admit:
            expect(open_.contains(it.request) || withdrawn_.contains(it.request), "is not open");
            expect(admitted_.insert(it.request).second, "was admitted already");
            break;
        case action_kind::answer:
            // Everything that is asked for is answered, once. What was withdrawn may be.
            expect(open_.erase(it.request) + withdrawn_.erase(it.request) == 1, "is not open");
            break;
        case action_kind::finish:
            finished_ = true;
            expect(open_.empty(), "with open requests");
            for (auto const& [who, does] : processes_)
                expect(does == process::abandoned, "with living children"); // S7, D9
            break;
        case action_kind::wake_at:
        case action_kind::resume:
        case action_kind::report:
            break;
        }
    }

    bool change(incarnation who, process from, process to) {
        auto const it = processes_.find(who);
        if (it == processes_.end() || it->second != from)
            return false;
        it->second = to;
        return true;
    }

    machine machine_;
    time_point now_{};

    request_id last_request_ = 0;
    std::set<request_id> open_;
    std::set<request_id> withdrawn_;
    std::set<request_id> admitted_;
    std::map<incarnation, process> processes_;
    std::map<child_index, std::uint32_t> numbers_;
    bool stopping_ = false;
    bool finished_ = false;
};

} // namespace policy_test

// For <boost/test/unit_test.hpp>.
#define EXPECT_ACTIONS(event, ...)                                                                 \
    BOOST_TEST((event) == (policy_test::actions{__VA_ARGS__}), boost::test_tools::per_element())

#endif // ARBORIST_TEST_SUPPORT_POLICY_SCENARIO_HPP
