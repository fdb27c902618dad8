// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#define BOOST_TEST_MODULE policy_restart_delay
#include "policy/machine.hpp"
#include "support/policy_scenario.hpp"

#include <boost/test/unit_test.hpp>

#include <cstddef>
#include <cstdint>
#include <vector>

using namespace policy_test;

namespace {

constexpr restart_backoff doubling{
    .first = 1s, .multiplier = 2, .most = 5s, .jitter = 0, .healthy = 30s};

// Fails at once, so that it is restarted: how long that waits.
duration delay_of_next(scenario& tree, child_index child = 0) {
    std::uint32_t const number = tree.policy().number(child);
    if (tree.state(child) == child_state::starting)
        tree.child_ready(child, number);
    duration delay = -1ns;
    for (action const& it : tree.child_exits(child, ending::abnormal, number))
        if (it.kind == action_kind::report && it.what == event_kind::child_restarting)
            delay = it.delay;
    return delay;
}

} // namespace

BOOST_AUTO_TEST_CASE(R8_each_restart_in_a_row_waits_longer_up_to_the_ceiling) {
    auto tree = scenario::up({.intensity = unlimited, .backoff = doubling}, 1);
    std::uint32_t number = 1;
    for (duration const delay : {1s, 2s, 4s, 5s, 5s}) {
        BOOST_TEST((delay_of_next(tree) == delay));
        BOOST_TEST(tree.state(0) == child_state::waiting);
        BOOST_TEST((tree.policy().due(0) == tree.now() + delay));
        EXPECT_ACTIONS(tree.after(delay - 1ns));
        EXPECT_ACTIONS(tree.after(1ns), start(0, ++number));
    }
}

BOOST_AUTO_TEST_CASE(R8_a_jitter_takes_a_part_away) {
    double share = 0;
    restart_backoff backoff = doubling;
    backoff.jitter = 0.5;
    auto tree = scenario::up(
        {.intensity = unlimited, .backoff = backoff, .random = [&share] { return share; }}, 1);
    BOOST_TEST((delay_of_next(tree) == 1s));
    tree.after(1s);
    share = 0.5;
    BOOST_TEST((delay_of_next(tree) == 1500ms));
    tree.after(1500ms);
    share = 1;
    BOOST_TEST((delay_of_next(tree) == 2s));
}

BOOST_AUTO_TEST_CASE(R8_a_healthy_run_starts_over) {
    auto tree = scenario::up({.intensity = unlimited, .backoff = doubling}, 1);
    BOOST_TEST((delay_of_next(tree) == 1s));
    tree.after(1s);
    tree.child_ready(0, 2);
    tree.wait(30s - 1ns);
    BOOST_TEST((delay_of_next(tree) == 2s));
    tree.after(2s);
    tree.wait(1h); // to be initialised is not to be healthy
    tree.child_ready(0, 3);
    tree.wait(30s);
    BOOST_TEST((delay_of_next(tree) == 1s));
}

BOOST_AUTO_TEST_CASE(R8_who_is_healthy_at_once_always_starts_over) {
    restart_backoff backoff = doubling;
    backoff.healthy = 0s;
    auto tree = scenario::up({.intensity = unlimited, .backoff = backoff}, 1);
    for (int i = 0; i != 3; ++i) {
        BOOST_TEST((delay_of_next(tree) == 1s)); // ends in the instant in which it was ready
        tree.after(1s);
    }
}

BOOST_AUTO_TEST_CASE(R8_who_was_not_initialised_was_not_healthy) {
    auto tree = scenario::up({.intensity = unlimited, .backoff = doubling}, {persistent});
    BOOST_TEST((delay_of_next(tree) == 1s));
    tree.after(1s);
    tree.wait(1h);
    EXPECT_ACTIONS(tree.child_exits(0, ending::not_initialized, 2), not_initialized(0, 2),
                   restarting(0, 2, 0, 2s), wake_at(1h + 3s));
}

BOOST_AUTO_TEST_CASE(R8_one_that_waits_delays_no_other) {
    auto tree = scenario::up({.intensity = unlimited, .backoff = doubling}, 3);
    EXPECT_ACTIONS(tree.child_exits(0), exited(0), restarting(0, 1, 0, 1s), wake_at(1s));
    tree.wait(500ms);
    EXPECT_ACTIONS(tree.child_exits(1), exited(1), restarting(1, 1, 0, 1s));
    EXPECT_ACTIONS(tree.restart_child(2), signal(2));
    EXPECT_ACTIONS(tree.child_exits(2, ending::completed), exited(2), start(2, 2));
    EXPECT_ACTIONS(tree.after(500ms), start(0, 2), wake_at(1500ms));
    EXPECT_ACTIONS(tree.after(500ms), start(1, 2));
}

BOOST_AUTO_TEST_CASE(R8_in_one_for_one_each_counts_for_itself) {
    auto tree = scenario::up({.intensity = unlimited, .backoff = doubling}, 2);
    BOOST_TEST((delay_of_next(tree, 0) == 1s));
    tree.after(1s);
    BOOST_TEST((delay_of_next(tree, 0) == 2s));
    BOOST_TEST((delay_of_next(tree, 1) == 1s));
}

BOOST_AUTO_TEST_CASE(R8_in_a_group_strategy_the_supervisor_counts) {
    auto tree =
        scenario::up({.strategy = rest_for_one, .intensity = unlimited, .backoff = doubling}, 2);
    BOOST_TEST((delay_of_next(tree, 1) == 1s));
    EXPECT_ACTIONS(tree.after(1s), start(1, 2));
    BOOST_TEST((delay_of_next(tree, 0) == 2s));
    tree.child_exits(1, ending::abnormal, 2);
    EXPECT_ACTIONS(tree.after(2s), start(0, 2), start(1, 3));
    tree.child_ready(0, 2);
    tree.wait(30s);
    BOOST_TEST((delay_of_next(tree, 1) == 4s)); // which has just been initialised
}

BOOST_AUTO_TEST_CASE(R8_a_child_may_have_a_back_off_of_its_own) {
    restart_backoff slow = doubling;
    slow.first = 1min;
    slow.most = 1h;
    auto tree = scenario::up({.intensity = unlimited, .backoff = doubling},
                             {worker_rules, worker_rules, worker_rules},
                             {child_limits{.backoff = slow}, child_limits{.backoff = no_backoff}});
    BOOST_TEST((delay_of_next(tree, 0) == 1min));
    BOOST_TEST((delay_of_next(tree, 1) == 0s));
    BOOST_TEST((delay_of_next(tree, 1) == 0s));
    BOOST_TEST((delay_of_next(tree, 2) == 1s));
    tree.after(1min);
    BOOST_TEST((delay_of_next(tree, 0) == 2min));
}

BOOST_AUTO_TEST_CASE(R8_in_a_group_strategy_too) {
    restart_backoff slow = doubling;
    slow.most = 1h;
    auto tree =
        scenario::up({.strategy = rest_for_one, .intensity = unlimited, .backoff = doubling},
                     {worker_rules, worker_rules}, {child_limits{}, child_limits{.backoff = slow}});
    for (duration const delay : {1s, 2s, 4s, 8s}) {
        BOOST_TEST((delay_of_next(tree, 1) == delay));
        tree.after(delay);
    }
    BOOST_TEST((delay_of_next(tree, 0) == 1s)); // the supervisor has not counted those
}

BOOST_AUTO_TEST_CASE(R8_in_a_group_the_siblings_are_stopped_before_the_delay_begins) {
    auto tree =
        scenario::up({.strategy = one_for_all, .intensity = unlimited, .backoff = doubling}, 2);
    EXPECT_ACTIONS(tree.child_exits(0), exited(0), restarting(0, 1, 0, 1s), signal(1), wake_at(5s));
    tree.wait(3s);
    EXPECT_ACTIONS(tree.child_exits(1, ending::completed), exited(1), wake_at(4s));
    BOOST_TEST(tree.state(0) == child_state::waiting);
    BOOST_TEST(tree.state(1) == child_state::waiting);
    BOOST_TEST((tree.policy().due(0) == time_point(4s)));
    BOOST_TEST((tree.policy().due(1) == time_point(4s)));
    EXPECT_ACTIONS(tree.after(1s - 1ns));
    EXPECT_ACTIONS(tree.after(1ns), start(0, 2), start(1, 2));
}

BOOST_AUTO_TEST_CASE(R8_R9_a_shutdown_ends_the_wait) {
    auto tree = scenario::up({.intensity = unlimited, .backoff = doubling}, 2);
    tree.child_exits(0);
    EXPECT_ACTIONS(tree.shutdown(), stopping(), signal(1), wake_at(5s));
    BOOST_TEST(tree.state(0) == child_state::ended);
    EXPECT_ACTIONS(tree.after(1s)); // when it would have been started
    EXPECT_ACTIONS(tree.child_exits(1, ending::completed), exited(1), finish());
}

BOOST_AUTO_TEST_CASE(R8_R9_of_a_group_too) {
    auto tree =
        scenario::up({.strategy = rest_for_one, .intensity = unlimited, .backoff = doubling}, 3);
    tree.obey(tree.child_exits(1));
    EXPECT_ACTIONS(tree.shutdown(), stopping(), signal(0), wake_at(5s));
    EXPECT_ACTIONS(tree.after(1s));
    EXPECT_ACTIONS(tree.child_exits(0, ending::completed), exited(0), finish());
}

BOOST_AUTO_TEST_CASE(R8_so_does_a_stop_through_a_handle) {
    auto tree = scenario::up({.intensity = unlimited, .backoff = doubling}, 1);
    tree.child_exits(0);
    EXPECT_ACTIONS(tree.stop_child(0), answer(1, {}, 0));
    EXPECT_ACTIONS(tree.after(1h));
    BOOST_TEST(tree.state(0) == child_state::stopped);
}

BOOST_AUTO_TEST_CASE(R8_and_a_restart_through_one) {
    auto tree = scenario::up({.intensity = unlimited, .backoff = doubling}, 1);
    tree.child_exits(0);
    EXPECT_ACTIONS(tree.restart_child(0), start(0, 2));
    EXPECT_ACTIONS(tree.after(1s)); // when it would have been started
    EXPECT_ACTIONS(tree.child_ready(0, 2), ready(0, 2), answer(1, {}, 0, 2));
}

BOOST_AUTO_TEST_CASE(R8_if_the_cause_is_stopped_its_group_waits_no_longer) {
    auto tree =
        scenario::up({.strategy = one_for_all, .intensity = unlimited, .backoff = doubling}, 2);
    tree.obey(tree.child_exits(0));
    EXPECT_ACTIONS(tree.stop_child(0), answer(1, {}, 0), start(1, 2));
    EXPECT_ACTIONS(tree.after(1h));
}

BOOST_AUTO_TEST_CASE(R8_nor_if_it_is_restarted) {
    auto tree =
        scenario::up({.strategy = one_for_all, .intensity = unlimited, .backoff = doubling}, 2);
    tree.obey(tree.child_exits(0));
    EXPECT_ACTIONS(tree.restart_child(1)); // this one waits with the others
    EXPECT_ACTIONS(tree.restart_child(0), start(0, 2), start(1, 2));
    EXPECT_ACTIONS(tree.after(1h));
}

BOOST_AUTO_TEST_CASE(R8_nor_if_that_happens_before_the_others_have_ended) {
    for (bool const stops : {true, false})
        BOOST_TEST_CONTEXT("stops: " << stops) {
            auto tree = scenario::up(
                {.strategy = one_for_all, .intensity = unlimited, .backoff = doubling}, 2);
            tree.child_exits(0);
            if (stops)
                EXPECT_ACTIONS(tree.stop_child(0), answer(1, {}, 0));
            else
                EXPECT_ACTIONS(tree.restart_child(0));
            actions const then = tree.child_exits(1, ending::completed);
            BOOST_TEST((then == (stops ? actions{exited(1), start(1, 2)}
                                       : actions{exited(1), start(0, 2), start(1, 2)})));
        }
}

BOOST_AUTO_TEST_CASE(R8_if_another_one_is_stopped_the_group_goes_on_waiting) {
    auto tree =
        scenario::up({.strategy = one_for_all, .intensity = unlimited, .backoff = doubling}, 2);
    tree.obey(tree.child_exits(0));
    EXPECT_ACTIONS(tree.stop_child(1), answer(1, {}, 1));
    EXPECT_ACTIONS(tree.after(1s), start(0, 2));
}

BOOST_AUTO_TEST_CASE(R8_a_group_restart_ends_the_wait_of_those_that_it_includes) {
    auto tree =
        scenario::up({.strategy = rest_for_one, .intensity = unlimited}, std::vector{worker_rules});
    tree.start_child(with(permanent), {.backoff = {.first = 1h, .most = 1h}});
    tree.child_ready(1);
    EXPECT_ACTIONS(tree.child_exits(1), exited(1), restarting(1, 1, 0, 1h), wake_at(1h));
    EXPECT_ACTIONS(tree.child_exits(0), exited(0), restarting(0, 1, 0), start(0, 2), start(1, 2));
    EXPECT_ACTIONS(tree.after(1h));
}

BOOST_AUTO_TEST_CASE(R8_even_if_it_was_to_end_while_the_group_is_being_stopped) {
    std::size_t const step = machine::children_per_step;
    auto tree = scenario::up({.strategy = rest_for_one, .intensity = unlimited},
                             std::vector{ready_at_once});
    for (std::size_t i = 0; i != step + 1; ++i)
        tree.start_child(ready_at_once);
    tree.start_child(ready_at_once, {.backoff = {.first = 1s}});
    auto const last = static_cast<child_index>(step + 2);
    tree.child_exits(last);
    tree.child_exits(0); // as many as fit into a step are told to stop
    EXPECT_ACTIONS(tree.after(1s));
    EXPECT_ACTIONS(tree.resume(), signal(last - 1), wake_at(5s));
    BOOST_TEST(tree.state(last) == child_state::waiting);
}

BOOST_AUTO_TEST_CASE(R8_a_group_that_grows_while_it_waits_is_stopped_and_waits_again) {
    auto tree =
        scenario::up({.strategy = rest_for_one, .intensity = unlimited, .backoff = doubling}, 4);
    tree.obey(tree.child_exits(2));
    tree.wait(500ms);
    EXPECT_ACTIONS(tree.child_exits(0), exited(0), restarting(0, 1, 0, 2s), signal(1),
                   wake_at(5500ms));
    tree.wait(1s);
    EXPECT_ACTIONS(tree.child_exits(1, ending::completed), exited(1), wake_at(3500ms));
    EXPECT_ACTIONS(tree.after(2s), start(0, 2), start(1, 2), start(2, 2), start(3, 2));
}

// A child that fails as soon as it is started is restarted 1, 3, 7 s after the first time, and from
// then on every 5 s: the 721 restarts of an hour are the three, and those at 7, 12, ... 3597 s.
BOOST_AUTO_TEST_CASE(R8_who_fails_at_once_does_so_no_more_often_than_the_back_off_allows) {
    auto tree = scenario::up({.intensity = unlimited, .backoff = doubling}, {ready_at_once});
    tree.child_exits(0);
    std::size_t restarts = 0;
    while (tree.now() < time_point(1h)) {
        tree.after(100ms);
        if (tree.state(0) != child_state::running)
            continue;
        ++restarts;
        tree.child_exits(0, ending::abnormal, tree.policy().number(0));
    }
    BOOST_TEST(restarts == 721u);
    BOOST_TEST(tree.policy().restarts(0) == 721u);
}
