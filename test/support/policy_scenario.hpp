// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#ifndef ARBORIST_TEST_SUPPORT_POLICY_SCENARIO_HPP
#define ARBORIST_TEST_SUPPORT_POLICY_SCENARIO_HPP

#include <arborist/event.hpp>
#include <arborist/options.hpp>

#include "policy/machine.hpp"

#include <chrono>
#include <cstdint>
#include <vector>

// Drives a policy machine in virtual time. A test reads: after this event, these actions.
namespace policy_test {

using namespace arborist;
using namespace arborist::policy;
using namespace std::chrono_literals;

using actions = std::vector<action>;

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
inline action restarting(child_index child, std::uint32_t number, std::size_t restarts) {
    return action::report(event_kind::child_restarting, {child, number}, restarts);
}
inline action gave_up(child_index child, std::uint32_t number, std::size_t restarts) {
    return action::report(event_kind::gave_up, {child, number}, restarts);
}
inline action all_ready() {
    return action::report(event_kind::supervisor_ready);
}
inline action stopping() {
    return action::report(event_kind::supervisor_stopping);
}
inline action finish(errc code = {}, incarnation culprit = {}, std::size_t restarts = 0) {
    return action::finish(code, culprit, restarts);
}

class scenario {
public:
    scenario(supervisor_options const& options, std::vector<child_rules> const& children)
        : machine_(options) {
        for (child_rules const& rules : children)
            machine_.add(rules);
    }

    // `count` children of the default rules.
    scenario(supervisor_options const& options, std::size_t count)
        : scenario(options, std::vector<child_rules>(count)) {}

    // Started, and every child initialised.
    static scenario up(supervisor_options const& options,
                       std::vector<child_rules> const& children) {
        scenario it(options, children);
        it.begin();
        for (child_index i = 0; i != children.size(); ++i)
            it.child_ready(i);
        return it;
    }
    static scenario up(supervisor_options const& options, std::size_t count) {
        return up(options, std::vector<child_rules>(count));
    }

    actions begin() { return step(policy::event::begin{}); }
    actions resume() { return step(policy::event::resume{}); }
    actions child_ready(child_index child, std::uint32_t number = 1) {
        return step(policy::event::child_ready{{child, number}});
    }
    actions child_exits(child_index child, ending how = ending::abnormal,
                        std::uint32_t number = 1) {
        return step(policy::event::child_exited{{child, number}, how});
    }
    actions shutdown() { return step(policy::event::shutdown_requested{}); }
    actions abort_all() { return step(policy::event::abort_requested{}); }
    actions after(duration time) {
        now_ += time;
        return step(policy::event::time_passed{});
    }
    // Lets time pass without telling.
    void wait(duration time) { now_ += time; }

    [[nodiscard]] std::vector<child_index> overran() const {
        return {machine_.overran().begin(), machine_.overran().end()};
    }
    [[nodiscard]] std::vector<child_index> abandoned() const {
        return {machine_.abandoned().begin(), machine_.abandoned().end()};
    }

private:
    actions step(policy::event::any const& what) {
        auto const result = machine_.step(what, now_);
        return {result.begin(), result.end()};
    }

    machine machine_;
    time_point now_{};
};

} // namespace policy_test

#define EXPECT_ACTIONS(event, ...)                                                                 \
    BOOST_TEST((event) == (policy_test::actions{__VA_ARGS__}), boost::test_tools::per_element())

#endif // ARBORIST_TEST_SUPPORT_POLICY_SCENARIO_HPP
