// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#define BOOST_TEST_MODULE policy_restarting
#include "policy/machine.hpp"
#include "support/policy_scenario.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cstddef>
#include <vector>

using namespace policy_test;

BOOST_AUTO_TEST_CASE(R1_one_for_one_restarts_only_the_child_that_exited) {
    auto tree = scenario::up({.strategy = one_for_one}, 3);
    EXPECT_ACTIONS(tree.child_exits(1), exited(1), restarting(1, 1, 1), start(1, 2));
}

BOOST_AUTO_TEST_CASE(R1_one_for_all_stops_all_in_reverse_and_starts_all) {
    auto tree = scenario::up({.strategy = one_for_all}, 3);
    EXPECT_ACTIONS(tree.child_exits(1), exited(1), restarting(1, 1, 1), signal(2), wake_at(5s));
    EXPECT_ACTIONS(tree.child_exits(2, ending::completed), exited(2), signal(0));
    EXPECT_ACTIONS(tree.child_exits(0, ending::completed), exited(0), start(0, 2), start(1, 2),
                   start(2, 2));
}

BOOST_AUTO_TEST_CASE(R1_rest_for_one_leaves_those_before) {
    auto tree = scenario::up({.strategy = rest_for_one}, 5);
    EXPECT_ACTIONS(tree.child_exits(2), exited(2), restarting(2, 1, 1), signal(4), wake_at(5s));
    EXPECT_ACTIONS(tree.child_exits(4, ending::completed), exited(4), signal(3));
    EXPECT_ACTIONS(tree.child_exits(3, ending::completed), exited(3), start(2, 2), start(3, 2),
                   start(4, 2));
}

BOOST_AUTO_TEST_CASE(R1_a_group_of_one_has_nobody_to_wait_for) {
    auto tree = scenario::up({.strategy = rest_for_one}, 2);
    EXPECT_ACTIONS(tree.child_exits(1), exited(1), restarting(1, 1, 1), start(1, 2));
}

BOOST_AUTO_TEST_CASE(R2_the_budget_is_one_for_all_children) {
    auto tree = scenario::up({.intensity = {2, 5s}}, 3);
    tree.child_exits(0);
    tree.child_exits(1);
    EXPECT_ACTIONS(tree.child_exits(2), exited(2), gave_up(2, 1, 2), stopping(), abort(1, 2),
                   wake_at(5s));
}

BOOST_AUTO_TEST_CASE(R3_one_group_restart_is_one_record) {
    auto tree = scenario::up({.strategy = one_for_all, .intensity = {1, 5s}}, 2);
    EXPECT_ACTIONS(tree.child_exits(0), exited(0), restarting(0, 1, 1), signal(1), wake_at(5s));
    // Failing too, while it is being stopped with its group, costs nothing.
    EXPECT_ACTIONS(tree.child_exits(1), exited(1), start(0, 2), start(1, 2));
}

BOOST_AUTO_TEST_CASE(R3_two_that_fail_at_once_are_one_group_restart) {
    auto tree = scenario::up({.strategy = one_for_all, .intensity = {1, 5s}}, 3);
    EXPECT_ACTIONS(tree.child_exits(0), exited(0), restarting(0, 1, 1), signal(2), wake_at(5s));
    EXPECT_ACTIONS(tree.child_exits(1), exited(1));
    EXPECT_ACTIONS(tree.child_exits(2, ending::completed), exited(2), start(0, 2), start(1, 2),
                   start(2, 2));
}

BOOST_AUTO_TEST_CASE(R3_the_window_slides) {
    auto tree = scenario::up({.intensity = {1, 5s}}, std::vector<child_rules>{ready_at_once});
    EXPECT_ACTIONS(tree.child_exits(0), exited(0), restarting(0, 1, 1), start(0, 2), ready(0, 2));
    tree.wait(5s);
    EXPECT_ACTIONS(tree.child_exits(0, ending::abnormal, 2), exited(0, 2), restarting(0, 2, 1),
                   start(0, 3), ready(0, 3));
    tree.wait(5s - 1ns);
    EXPECT_ACTIONS(tree.child_exits(0, ending::abnormal, 3), exited(0, 3), gave_up(0, 3, 1),
                   stopping(), finish(errc::restart_limit_exceeded, {0, 3}, 1));
}

BOOST_AUTO_TEST_CASE(R4_permanent_is_restarted_after_every_exit) {
    auto tree = scenario::up({.intensity = unlimited}, std::vector{with(permanent)});
    EXPECT_ACTIONS(tree.child_exits(0, ending::completed), exited(0), restarting(0, 1, 0),
                   start(0, 2));
    tree.child_ready(0, 2);
    EXPECT_ACTIONS(tree.child_exits(0, ending::abnormal, 2), exited(0, 2), restarting(0, 2, 0),
                   start(0, 3));
}

BOOST_AUTO_TEST_CASE(R4_transient_is_restarted_after_an_abnormal_exit) {
    auto tree = scenario::up({.intensity = {1, 5s}}, std::vector{with(transient)});
    EXPECT_ACTIONS(tree.child_exits(0), exited(0), restarting(0, 1, 1), start(0, 2));
    tree.child_ready(0, 2);
    EXPECT_ACTIONS(tree.child_exits(0, ending::completed, 2), exited(0, 2));
}

BOOST_AUTO_TEST_CASE(R4_temporary_is_never_restarted) {
    auto tree = scenario::up({.intensity = {0, 5s}}, std::vector(2, with(temporary)));
    EXPECT_ACTIONS(tree.child_exits(0), exited(0));
    EXPECT_ACTIONS(tree.child_exits(1, ending::completed), exited(1));
}

BOOST_AUTO_TEST_CASE(R5_a_group_takes_no_temporary_child_along_but_a_completed_transient_one) {
    auto tree = scenario::up({.strategy = one_for_all},
                             std::vector{with(temporary), with(transient), with(permanent)});
    tree.child_exits(1, ending::completed);
    EXPECT_ACTIONS(tree.child_exits(2), exited(2), restarting(2, 1, 1), signal(0), wake_at(5s));
    EXPECT_ACTIONS(tree.child_exits(0, ending::completed), exited(0), start(1, 2), start(2, 2));
}

BOOST_AUTO_TEST_CASE(R5_a_child_before_the_group_that_fails_meanwhile_extends_it) {
    auto tree = scenario::up({.strategy = rest_for_one, .intensity = {2, 5s}}, 4);
    EXPECT_ACTIONS(tree.child_exits(2), exited(2), restarting(2, 1, 1), signal(3), wake_at(5s));
    EXPECT_ACTIONS(tree.child_exits(0), exited(0), restarting(0, 1, 2));
    EXPECT_ACTIONS(tree.child_exits(3, ending::completed), exited(3), signal(1));
    EXPECT_ACTIONS(tree.child_exits(1, ending::completed), exited(1), start(0, 2), start(1, 2),
                   start(2, 2), start(3, 2));
}

BOOST_AUTO_TEST_CASE(R6_a_failed_initialisation_is_never_restarted) {
    scenario tree({.intensity = unlimited}, 1);
    tree.begin();
    EXPECT_ACTIONS(tree.child_exits(0, ending::not_initialized), not_initialized(0), stopping(),
                   finish(errc::failed_to_initialize, {0, 1}));
}

BOOST_AUTO_TEST_CASE(R6_nor_at_a_restart) {
    auto tree =
        scenario::up({.intensity = unlimited}, std::vector{with(temporary), with(permanent)});
    tree.child_exits(1);
    EXPECT_ACTIONS(tree.child_exits(1, ending::not_initialized, 2), not_initialized(1, 2),
                   stopping(), signal(0), wake_at(5s));
}

BOOST_AUTO_TEST_CASE(R6_nor_in_a_group_that_is_about_to_be_stopped) {
    scenario tree({.strategy = one_for_all, .intensity = unlimited}, 3);
    tree.begin();
    tree.child_ready(0);
    tree.child_ready(2);
    tree.child_exits(0); // 2 is stopped first, 1 still initialises
    EXPECT_ACTIONS(tree.child_exits(1, ending::not_initialized), not_initialized(1), stopping());
    EXPECT_ACTIONS(tree.child_exits(2, ending::completed), exited(2),
                   finish(errc::failed_to_initialize, {1, 1}));
}

BOOST_AUTO_TEST_CASE(R7_giving_up_stops_the_others_first) {
    auto tree = scenario::up({.intensity = {0, 5s}}, 3);
    EXPECT_ACTIONS(tree.child_exits(1), exited(1), gave_up(1, 1, 0), stopping(), signal(2),
                   wake_at(5s));
    EXPECT_ACTIONS(tree.child_exits(2, ending::completed), exited(2), signal(0));
    EXPECT_ACTIONS(tree.child_exits(0, ending::completed), exited(0),
                   finish(errc::restart_limit_exceeded, {1, 1}));
}

BOOST_AUTO_TEST_CASE(R9_a_shutdown_during_a_group_restart_wins) {
    auto tree = scenario::up({.strategy = rest_for_one}, 4);
    EXPECT_ACTIONS(tree.child_exits(2), exited(2), restarting(2, 1, 1), signal(3), wake_at(5s));
    EXPECT_ACTIONS(tree.shutdown(), stopping());
    EXPECT_ACTIONS(tree.child_exits(3, ending::completed), exited(3), signal(1));
    EXPECT_ACTIONS(tree.child_exits(1, ending::completed), exited(1), signal(0));
    EXPECT_ACTIONS(tree.child_exits(0, ending::completed), exited(0), finish({}, {}, 1));
}

BOOST_AUTO_TEST_CASE(R9_nothing_is_restarted_once_a_shutdown_was_asked_for) {
    auto tree = scenario::up({.intensity = unlimited}, 2);
    EXPECT_ACTIONS(tree.shutdown(), stopping(), signal(1), wake_at(5s));
    EXPECT_ACTIONS(tree.child_exits(0), exited(0));
    EXPECT_ACTIONS(tree.child_exits(1), exited(1), finish());
}

BOOST_AUTO_TEST_CASE(R1_rest_for_one_on_the_third_of_five) {
    auto tree = scenario::up({.strategy = rest_for_one}, 5);
    EXPECT_ACTIONS(tree.obey(tree.child_exits(2)), exited(2), restarting(2, 1, 1), signal(4),
                   wake_at(5s), exited(4), signal(3), exited(3), start(2, 2), start(3, 2),
                   start(4, 2));
    tree.child_ready(2, 2);
    tree.child_ready(3, 2);
    tree.child_ready(4, 2);
    EXPECT_ACTIONS(tree.obey(tree.shutdown()), stopping(), signal(4, 2), wake_at(5s), exited(4, 2),
                   signal(3, 2), exited(3, 2), signal(2, 2), exited(2, 2), signal(1), exited(1),
                   signal(0), exited(0), finish({}, {}, 1));
}

BOOST_AUTO_TEST_CASE(R1_what_was_not_declared_comes_after_all_that_was) {
    for (restart_strategy const strategy : {one_for_all, rest_for_one})
        BOOST_TEST_CONTEXT(strategy) {
            auto tree = scenario::up({.strategy = strategy}, 1);
            tree.start_child(with(permanent));
            tree.child_ready(1);
            tree.start_child(); // temporary
            tree.child_ready(2);
            EXPECT_ACTIONS(tree.obey(tree.child_exits(0)), exited(0), restarting(0, 1, 1),
                           signal(1), signal(2), wake_at(5s), exited(1), exited(2), forget(2),
                           start(0, 2), start(1, 2));
        }
}

BOOST_AUTO_TEST_CASE(R1_in_rest_for_one_nothing_comes_after_what_was_not_declared) {
    auto tree = scenario::up({.strategy = rest_for_one}, 1);
    tree.start_child(with(permanent));
    tree.child_ready(1);
    tree.start_child(with(permanent));
    tree.child_ready(2);
    EXPECT_ACTIONS(tree.child_exits(1), exited(1), restarting(1, 1, 1), start(1, 2));
}

BOOST_AUTO_TEST_CASE(R1_in_one_for_all_it_is_one_of_all) {
    auto tree = scenario::up({.strategy = one_for_all}, 1);
    tree.start_child(with(permanent));
    tree.child_ready(1);
    EXPECT_ACTIONS(tree.obey(tree.child_exits(1)), exited(1), restarting(1, 1, 1), signal(0),
                   wake_at(5s), exited(0), start(0, 2), start(1, 2));
}

BOOST_AUTO_TEST_CASE(R1_children_that_are_stopped_all_at_once_are_so_for_a_group_too) {
    auto tree = scenario::up({.strategy = rest_for_one, .shutdown = concurrent}, 4);
    EXPECT_ACTIONS(tree.child_exits(1), exited(1), restarting(1, 1, 1), signal(3), signal(2),
                   wake_at(5s));
    EXPECT_ACTIONS(tree.child_exits(2, ending::completed), exited(2));
    EXPECT_ACTIONS(tree.child_exits(3, ending::completed), exited(3), start(1, 2), start(2, 2),
                   start(3, 2));
}

BOOST_AUTO_TEST_CASE(R3_a_thousand_that_fail_at_the_same_instant_are_all_restarted) {
    auto tree = scenario::up({.intensity = {1000, 5s}}, 1000);
    for (child_index i = 0; i != 1000; ++i)
        EXPECT_ACTIONS(tree.child_exits(i), exited(i), restarting(i, 1, i + 1), start(i, 2));
    BOOST_TEST(tree.policy().restarts_in_window(tree.now()) == 1000u);
    BOOST_TEST(tree.policy().restarts_in_window(tree.now() + 5s) == 0u);
}

BOOST_AUTO_TEST_CASE(R3_R7_with_an_intensity_of_one_less_the_supervisor_gives_up_once) {
    auto tree = scenario::up({.intensity = {999, 5s}}, 1000);
    for (child_index i = 0; i != 999; ++i)
        tree.child_exits(i);
    actions const last = tree.obey(tree.child_exits(999));
    BOOST_TEST(last[0] == exited(999));
    BOOST_TEST(last[1] == gave_up(999, 1, 999));
    BOOST_TEST(last[2] == stopping());
    BOOST_TEST(last.back() == finish(errc::restart_limit_exceeded, {999, 1}, 999));
    BOOST_TEST(std::ranges::count(last, event_kind::gave_up, &action::what) == 1);
    BOOST_TEST(std::ranges::count(last, action_kind::abort, &action::kind) == 999);
}

// ---- R5: groups -------------------------------------------------------------------------------

BOOST_AUTO_TEST_CASE(R5_what_somebody_stopped_stays_stopped) {
    auto tree = scenario::up({.strategy = one_for_all}, 3);
    EXPECT_ACTIONS(tree.obey(tree.stop_child(1)), signal(1), wake_at(5s), exited(1),
                   answer(1, {}, 1));
    EXPECT_ACTIONS(tree.obey(tree.child_exits(0)), exited(0), restarting(0, 1, 1), signal(2),
                   wake_at(5s), exited(2), start(0, 2), start(2, 2));
    BOOST_TEST(tree.state(1) == child_state::stopped);
}

BOOST_AUTO_TEST_CASE(R5_so_does_what_is_stopped_while_its_group_is) {
    auto tree = scenario::up({.strategy = one_for_all}, 4);
    EXPECT_ACTIONS(tree.child_exits(0), exited(0), restarting(0, 1, 1), signal(3), wake_at(5s));
    EXPECT_ACTIONS(tree.stop_child(3));            // it is being stopped already
    EXPECT_ACTIONS(tree.stop_child(2), signal(2)); // it has not been its turn
    EXPECT_ACTIONS(tree.child_exits(2, ending::completed), exited(2), answer(2, {}, 2));
    EXPECT_ACTIONS(tree.child_exits(3, ending::completed), exited(3), answer(1, {}, 3), signal(1));
    EXPECT_ACTIONS(tree.stop_child(0), answer(3, {}, 0)); // for whose sake it all is
    EXPECT_ACTIONS(tree.child_exits(1, ending::completed), exited(1), start(1, 2));
}

BOOST_AUTO_TEST_CASE(R5_what_was_stopped_can_be_asked_to_come_back_with_its_group) {
    auto tree = scenario::up({.strategy = one_for_all}, 3);
    tree.obey(tree.stop_child(1));
    tree.child_exits(0);
    EXPECT_ACTIONS(tree.restart_child(1));
    EXPECT_ACTIONS(tree.child_exits(2, ending::completed), exited(2), start(0, 2), start(1, 2),
                   start(2, 2));
    EXPECT_ACTIONS(tree.child_ready(1, 2), ready(1, 2), answer(2, {}, 1, 2));
}

BOOST_AUTO_TEST_CASE(R5_so_can_a_temporary_one) {
    auto tree = scenario::up({.strategy = one_for_all}, {worker_rules, with(temporary)});
    EXPECT_ACTIONS(tree.child_exits(0), exited(0), restarting(0, 1, 1), signal(1), wake_at(5s));
    EXPECT_ACTIONS(tree.restart_child(1));
    EXPECT_ACTIONS(tree.child_exits(1, ending::completed), exited(1), start(0, 2), start(1, 2));
}

BOOST_AUTO_TEST_CASE(R5_a_removed_child_does_not_come_back) {
    auto tree = scenario::up({.strategy = one_for_all}, {worker_rules, with(transient)});
    tree.child_exits(1, ending::completed);
    EXPECT_ACTIONS(tree.remove_child(1), removed(1), answer(1, {}, 1), forget(1));
    EXPECT_ACTIONS(tree.child_exits(0), exited(0), restarting(0, 1, 1), start(0, 2));
}

BOOST_AUTO_TEST_CASE(R5_a_group_is_started_again_in_batches) {
    std::size_t const step = machine::children_per_step;
    auto tree = scenario::up({.strategy = one_for_all, .shutdown = concurrent}, step + 2);
    actions const signals = tree.child_exits(0);
    BOOST_TEST(signals.size() == 2 + step + 2); // the signals, to be continued, when to wake
    BOOST_TEST(signals[2] == signal(static_cast<child_index>(step + 1)));
    EXPECT_ACTIONS(tree.resume(), signal(1));
    for (child_index i = 2; i != step + 2; ++i)
        tree.child_exits(i, ending::completed);
    actions const starts = tree.child_exits(1, ending::completed);
    BOOST_TEST(starts.size() == 1 + step + 1);
    BOOST_TEST(starts.back() == resume());
    auto const next = static_cast<child_index>(step);
    EXPECT_ACTIONS(tree.resume(), start(next, 2), start(next + 1, 2));
}

BOOST_AUTO_TEST_CASE(R5_R6_a_failure_while_all_come_up_starts_all_again) {
    auto tree =
        scenario::up({.strategy = one_for_all, .intensity = {2, 5s}}, std::vector(3, persistent));
    tree.obey(tree.child_exits(0));
    tree.child_ready(0, 2);
    EXPECT_ACTIONS(tree.child_exits(1, ending::not_initialized, 2), not_initialized(1, 2),
                   restarting(1, 2, 2), abort(2, 2), wake_at(5s));
    EXPECT_ACTIONS(tree.child_exits(2, ending::abnormal, 2), exited(2, 2), signal(0, 2));
    EXPECT_ACTIONS(tree.child_exits(0, ending::completed, 2), exited(0, 2), start(0, 3),
                   start(1, 3), start(2, 3));
    // Each attempt is one record.
    EXPECT_ACTIONS(tree.child_exits(1, ending::not_initialized, 3), not_initialized(1, 3),
                   gave_up(1, 3, 2), stopping(), abort(2, 3), wake_at(5s));
}

BOOST_AUTO_TEST_CASE(R5_R6_a_failure_while_the_rest_comes_up_goes_on_from_there) {
    auto tree =
        scenario::up({.strategy = rest_for_one, .intensity = {3, 5s}}, std::vector(4, persistent));
    EXPECT_ACTIONS(tree.obey(tree.child_exits(1)), exited(1), restarting(1, 1, 1), signal(3),
                   wake_at(5s), exited(3), signal(2), exited(2), start(1, 2), start(2, 2),
                   start(3, 2));
    tree.child_ready(1, 2);
    EXPECT_ACTIONS(tree.child_exits(2, ending::not_initialized, 2), not_initialized(2, 2),
                   restarting(2, 2, 2), abort(3, 2), wake_at(5s));
    EXPECT_ACTIONS(tree.child_exits(3, ending::abnormal, 2), exited(3, 2), start(2, 3),
                   start(3, 3));
}

BOOST_AUTO_TEST_CASE(R5_R6_one_that_fails_while_its_group_is_stopped_costs_nothing_more) {
    auto tree =
        scenario::up({.strategy = one_for_all, .intensity = {2, 5s}}, std::vector(3, persistent));
    tree.obey(tree.child_exits(0)); // all initialise, for the second time
    EXPECT_ACTIONS(tree.child_exits(0, ending::not_initialized, 2), not_initialized(0, 2),
                   restarting(0, 2, 2), abort(2, 2), wake_at(5s));
    EXPECT_ACTIONS(tree.child_exits(1, ending::not_initialized, 2), not_initialized(1, 2));
    EXPECT_ACTIONS(tree.child_exits(2, ending::abnormal, 2), exited(2, 2), start(0, 3), start(1, 3),
                   start(2, 3));
}

BOOST_AUTO_TEST_CASE(R5_between_attempts_everything_is_answered) {
    auto tree = scenario::up(
        {.strategy = one_for_all, .intensity = unlimited, .backoff = {.first = 1s, .jitter = 0}},
        std::vector(4, persistent));
    EXPECT_ACTIONS(tree.obey(tree.child_exits(0)), exited(0), restarting(0, 1, 0, 1s), signal(3),
                   wake_at(5s), exited(3), signal(2), exited(2), signal(1), exited(1), wake_at(1s));
    BOOST_TEST(tree.policy().state() == supervisor_state::restarting);
    EXPECT_ACTIONS(tree.await_ready());
    EXPECT_ACTIONS(tree.stop_child(3), answer(2, {}, 3));
    EXPECT_ACTIONS(tree.restart_child(1));
    EXPECT_ACTIONS(tree.start_child(), admit(4, 4));
    EXPECT_ACTIONS(tree.remove_child(2), answer(5, errc::child_running, 2));
    EXPECT_ACTIONS(tree.remove_child(3), removed(3), answer(6, {}, 3), forget(3));
    EXPECT_ACTIONS(tree.after(1s), start(0, 2), start(1, 2), start(2, 2), start(4));
    tree.child_ready(0, 2);
    EXPECT_ACTIONS(tree.child_ready(1, 2), ready(1, 2), answer(3, {}, 1, 2));
    EXPECT_ACTIONS(tree.child_ready(4), ready(4), answer(4, {}, 4));
    EXPECT_ACTIONS(tree.child_ready(2, 2), ready(2, 2), answer(1));
}

// ---- R6: failed initialisations ---------------------------------------------------------------

BOOST_AUTO_TEST_CASE(R6_at_a_restart_it_may_be_an_ordinary_exit) {
    auto tree = scenario::up({.intensity = {2, 5s}}, {persistent});
    EXPECT_ACTIONS(tree.child_exits(0), exited(0), restarting(0, 1, 1), start(0, 2));
    EXPECT_ACTIONS(tree.child_exits(0, ending::not_initialized, 2), not_initialized(0, 2),
                   restarting(0, 2, 2), start(0, 3));
    EXPECT_ACTIONS(tree.child_exits(0, ending::not_initialized, 3), not_initialized(0, 3),
                   gave_up(0, 3, 2), stopping(), finish(errc::restart_limit_exceeded, {0, 3}, 2));
    BOOST_TEST(tree.not_initialized().empty());
}

BOOST_AUTO_TEST_CASE(R6_at_the_first_start_it_never_is) {
    scenario tree({.intensity = unlimited}, {persistent});
    tree.begin();
    EXPECT_ACTIONS(tree.child_exits(0, ending::not_initialized), not_initialized(0), stopping(),
                   finish(errc::failed_to_initialize, {0, 1}));
    BOOST_TEST(tree.not_initialized() == children{0}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(R6_nor_at_the_first_start_of_a_child_in_a_group_that_starts_again) {
    scenario tree({.strategy = one_for_all, .intensity = unlimited, .start = sequential},
                  std::vector(3, persistent));
    tree.begin();
    tree.child_ready(0);
    tree.child_ready(1);
    tree.child_exits(2);
    EXPECT_ACTIONS(tree.child_exits(1, ending::completed), exited(1), signal(0));
    EXPECT_ACTIONS(tree.child_exits(0, ending::completed), exited(0), start(0, 2));
    scenario young({.strategy = one_for_all, .intensity = unlimited, .start = sequential},
                   std::vector(2, persistent));
    young.begin();
    EXPECT_ACTIONS(young.child_exits(0), ready(0), exited(0), restarting(0, 1, 0), start(0, 2));
    EXPECT_ACTIONS(young.child_ready(0, 2), ready(0, 2), start(1));
    EXPECT_ACTIONS(young.child_exits(1, ending::not_initialized), not_initialized(1), stopping(),
                   signal(0, 2), wake_at(5s));
}

BOOST_AUTO_TEST_CASE(R6_R8_with_a_back_off_a_port_may_be_busy_for_a_while) {
    auto tree = scenario::up({.intensity = {5, 1min}, .backoff = {.first = 1s}}, {persistent});
    EXPECT_ACTIONS(tree.child_exits(0), exited(0), restarting(0, 1, 1, 1s), wake_at(1s));
    EXPECT_ACTIONS(tree.after(1s), start(0, 2));
    EXPECT_ACTIONS(tree.child_exits(0, ending::not_initialized, 2), not_initialized(0, 2),
                   restarting(0, 2, 2, 2s), wake_at(3s));
    EXPECT_ACTIONS(tree.after(2s), start(0, 3));
    EXPECT_ACTIONS(tree.child_ready(0, 3), ready(0, 3));
}
