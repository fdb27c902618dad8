// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#define BOOST_TEST_MODULE policy_starting
#include "policy/machine.hpp"
#include "support/policy_scenario.hpp"

#include <boost/test/unit_test.hpp>

#include <cstddef>
#include <vector>

using namespace policy_test;

BOOST_AUTO_TEST_CASE(S1_children_are_started_in_declaration_order_without_waiting) {
    scenario tree({}, 3);
    EXPECT_ACTIONS(tree.begin(), start(0), start(1), start(2));
}

BOOST_AUTO_TEST_CASE(S1_a_million_children_do_not_keep_a_shutdown_waiting) {
    std::size_t const step = machine::children_per_step;
    scenario tree({}, 2 * step + 1);
    actions const first = tree.begin();
    BOOST_TEST(first.size() == step + 1);
    BOOST_TEST(first.back() == action::resume());
    actions const second = tree.resume();
    BOOST_TEST(second.front() == start(static_cast<child_index>(step)));
    BOOST_TEST(second.back() == action::resume());
    EXPECT_ACTIONS(tree.resume(), start(static_cast<child_index>(2 * step)));
    EXPECT_ACTIONS(tree.resume());
}

BOOST_AUTO_TEST_CASE(S1_a_shutdown_ends_the_start) {
    std::size_t const step = machine::children_per_step;
    scenario tree({}, std::vector<child_rules>(step + 1, ready_at_once));
    tree.begin();
    EXPECT_ACTIONS(tree.shutdown(), stopping(), signal(static_cast<child_index>(step - 1)),
                   wake_at(5s));
    EXPECT_ACTIONS(tree.resume());
}

BOOST_AUTO_TEST_CASE(S5_ready_when_every_child_is_initialised) {
    scenario tree({}, 2);
    tree.begin();
    EXPECT_ACTIONS(tree.child_ready(1), ready(1));
    EXPECT_ACTIONS(tree.child_ready(0), ready(0), all_ready());
}

BOOST_AUTO_TEST_CASE(S5_a_child_without_initialisation_is_ready_as_it_starts) {
    scenario tree({}, std::vector<child_rules>{ready_at_once, ready_at_once});
    EXPECT_ACTIONS(tree.begin(), start(0), ready(0), start(1), ready(1), all_ready());
}

BOOST_AUTO_TEST_CASE(S5_ready_is_told_once) {
    auto tree = scenario::up({}, 1);
    tree.child_exits(0);
    EXPECT_ACTIONS(tree.child_ready(0, 2), ready(0, 2));
}

BOOST_AUTO_TEST_CASE(S5_a_worker_that_exits_well_before_its_news_of_readiness_was_ready) {
    scenario tree({}, std::vector<child_rules>{with(transient), worker_rules});
    tree.begin();
    EXPECT_ACTIONS(tree.child_exits(0, ending::completed), ready(0), exited(0));
    EXPECT_ACTIONS(tree.child_ready(0));
    EXPECT_ACTIONS(tree.child_ready(1), ready(1), all_ready());
}

BOOST_AUTO_TEST_CASE(S6_no_children) {
    scenario tree({}, 0);
    EXPECT_ACTIONS(tree.begin(), finish(errc::no_children));
}

BOOST_AUTO_TEST_CASE(S7_a_failure_while_starting_stops_what_runs_and_aborts_what_initialises) {
    scenario tree({}, 4);
    tree.begin();
    tree.child_ready(0);
    tree.child_ready(2);
    EXPECT_ACTIONS(tree.child_exits(1, ending::not_initialized), not_initialized(1), stopping(),
                   abort(3), wake_at(5s));
    EXPECT_ACTIONS(tree.child_exits(3), exited(3), signal(2));
    EXPECT_ACTIONS(tree.child_exits(2, ending::completed), exited(2), signal(0));
    EXPECT_ACTIONS(tree.child_exits(0, ending::completed), exited(0),
                   finish(errc::failed_to_initialize, {1, 1}));
}

BOOST_AUTO_TEST_CASE(S6_without_children_but_with_a_handle_it_idles) {
    scenario tree({}, 0);
    EXPECT_ACTIONS(tree.begin(true), all_ready());
    EXPECT_ACTIONS(tree.shutdown(), stopping(), finish());
}

// ---- S2: one after the other ------------------------------------------------------------------

BOOST_AUTO_TEST_CASE(S2_the_next_one_starts_when_the_one_before_is_initialised) {
    scenario tree({.start = sequential}, 3);
    EXPECT_ACTIONS(tree.begin(), start(0));
    EXPECT_ACTIONS(tree.child_ready(0), ready(0), start(1));
    EXPECT_ACTIONS(tree.child_ready(1), ready(1), start(2));
    EXPECT_ACTIONS(tree.child_ready(2), ready(2), all_ready());
}

BOOST_AUTO_TEST_CASE(S2_a_nested_supervisor_is_initialised_when_it_is_ready) {
    scenario tree({.start = sequential}, {nested, worker_rules});
    EXPECT_ACTIONS(tree.begin(), start(0));
    EXPECT_ACTIONS(tree.after(1h));
    EXPECT_ACTIONS(tree.child_ready(0), ready(0), start(1));
}

BOOST_AUTO_TEST_CASE(S2_who_has_nothing_to_initialise_delays_nobody) {
    scenario tree({.start = sequential}, {ready_at_once, ready_at_once, worker_rules});
    EXPECT_ACTIONS(tree.begin(), start(0), ready(0), start(1), ready(1), start(2));
}

BOOST_AUTO_TEST_CASE(S2_many_are_started_in_batches) {
    std::size_t const step = machine::children_per_step;
    scenario tree({.start = sequential}, std::vector<child_rules>(step + 1, ready_at_once));
    actions const first = tree.begin();
    BOOST_TEST(first.size() == 2 * step + 1);
    BOOST_TEST(first.back() == resume());
    auto const last = static_cast<child_index>(step);
    EXPECT_ACTIONS(tree.resume(), start(last), ready(last), all_ready());
}

BOOST_AUTO_TEST_CASE(S2_if_one_fails_those_already_started_are_stopped_in_reverse) {
    scenario tree({.start = sequential}, 4);
    tree.begin();
    tree.child_ready(0);
    tree.child_ready(1);
    EXPECT_ACTIONS(tree.child_exits(2, ending::not_initialized), not_initialized(2), stopping(),
                   signal(1), wake_at(5s));
    EXPECT_ACTIONS(tree.child_exits(1, ending::completed), exited(1), signal(0));
    EXPECT_ACTIONS(tree.child_exits(0, ending::completed), exited(0),
                   finish(errc::failed_to_initialize, {2, 1}));
}

BOOST_AUTO_TEST_CASE(S2_a_shutdown_meanwhile_starts_nothing_more) {
    scenario tree({.start = sequential}, 3);
    tree.begin();
    tree.child_ready(0);
    EXPECT_ACTIONS(tree.shutdown(), stopping(), abort(1), wake_at(5s));
    EXPECT_ACTIONS(tree.child_exits(1), exited(1), signal(0));
    EXPECT_ACTIONS(tree.child_exits(0, ending::completed), exited(0), finish());
}

BOOST_AUTO_TEST_CASE(S2_the_restart_of_an_earlier_one_delays_nobody) {
    scenario tree({.start = sequential}, 3);
    tree.begin();
    tree.child_ready(0);
    EXPECT_ACTIONS(tree.child_exits(0), exited(0), restarting(0, 1, 1), start(0, 2));
    EXPECT_ACTIONS(tree.child_ready(1), ready(1), start(2));
    EXPECT_ACTIONS(tree.child_ready(2), ready(2));
    EXPECT_ACTIONS(tree.child_ready(0, 2), ready(0, 2), all_ready());
}

BOOST_AUTO_TEST_CASE(S2_who_failed_right_after_its_initialisation_is_waited_for_again) {
    scenario tree({.backoff = {.first = 1s}, .start = sequential}, 2);
    tree.begin();
    EXPECT_ACTIONS(tree.child_exits(0), ready(0), exited(0), restarting(0, 1, 1, 1s), wake_at(1s));
    EXPECT_ACTIONS(tree.after(1s), start(0, 2));
    EXPECT_ACTIONS(tree.child_ready(0, 2), ready(0, 2), start(1));
}

BOOST_AUTO_TEST_CASE(S2_who_has_ended_well_is_not_waited_for) {
    scenario tree({.start = sequential}, {with(transient), worker_rules});
    tree.begin();
    EXPECT_ACTIONS(tree.child_exits(0, ending::completed), ready(0), exited(0), start(1));
}

BOOST_AUTO_TEST_CASE(S2_who_is_stopped_before_its_turn_is_passed_over) {
    scenario tree({.start = sequential}, 3);
    tree.begin();
    EXPECT_ACTIONS(tree.stop_child(1), answer(1, {}, 1, 0));
    EXPECT_ACTIONS(tree.child_ready(0), ready(0), start(2));
    EXPECT_ACTIONS(tree.child_ready(2), ready(2), all_ready());
}

BOOST_AUTO_TEST_CASE(S2_who_is_stopped_while_it_initialises_is_not_waited_for) {
    scenario tree({.start = sequential}, 2);
    tree.begin();
    EXPECT_ACTIONS(tree.stop_child(0), abort(0), start(1), wake_at(5s));
    EXPECT_ACTIONS(tree.child_exits(0), exited(0), answer(1, {}, 0));
    EXPECT_ACTIONS(tree.child_ready(1), ready(1), all_ready());
}

BOOST_AUTO_TEST_CASE(S2_who_is_restarted_while_it_initialises_is_waited_for) {
    scenario tree({.start = sequential}, 2);
    tree.begin();
    EXPECT_ACTIONS(tree.restart_child(0), abort(0), wake_at(5s));
    EXPECT_ACTIONS(tree.child_exits(0), exited(0), start(0, 2));
    EXPECT_ACTIONS(tree.child_ready(0, 2), ready(0, 2), answer(1, {}, 0, 2), start(1));
}

BOOST_AUTO_TEST_CASE(S2_a_child_asked_for_meanwhile_is_started_after_those_that_were_declared) {
    scenario tree({.start = sequential}, 2);
    tree.begin();
    EXPECT_ACTIONS(tree.start_child(), admit(1, 2));
    EXPECT_ACTIONS(tree.child_ready(0), ready(0), start(1));
    EXPECT_ACTIONS(tree.start_child(), admit(2, 3));
    EXPECT_ACTIONS(tree.child_ready(1), ready(1), start(2), start(3)); // both at once
    EXPECT_ACTIONS(tree.child_ready(3), ready(3), answer(2, {}, 3));
    EXPECT_ACTIONS(tree.child_ready(2), ready(2), answer(1, {}, 2), all_ready());
}

BOOST_AUTO_TEST_CASE(S2_a_child_asked_for_later_does_not_wait_for_the_back_off_of_another_one) {
    auto tree = scenario::up({.backoff = {.first = 1h, .most = 1h}, .start = sequential}, 2);
    tree.child_exits(1);
    BOOST_TEST(tree.state(1) == child_state::waiting);
    EXPECT_ACTIONS(tree.start_child(), admit(1, 2), start(2));
}

BOOST_AUTO_TEST_CASE(S2_a_group_comes_up_one_after_the_other_too) {
    auto tree = scenario::up({.strategy = rest_for_one, .start = sequential}, 3);
    tree.child_exits(1);
    EXPECT_ACTIONS(tree.child_exits(2, ending::completed), exited(2), start(1, 2));
    EXPECT_ACTIONS(tree.child_ready(1, 2), ready(1, 2), start(2, 2));
    EXPECT_ACTIONS(tree.child_ready(2, 2), ready(2, 2));
    BOOST_TEST(tree.policy().state() == supervisor_state::ready);
}

// ---- S4: start timeouts -----------------------------------------------------------------------

namespace {

constexpr child_rules impatient{.start_timeout = 2s};
constexpr child_rules impatient_supervisor{
    .shutdown = infinite, .start_timeout = 2s, .supervisor = true};
constexpr child_rules persistent_impatient{.start_timeout = 2s, .retries_initialization = true};

} // namespace

BOOST_AUTO_TEST_CASE(S4_past_its_timeout_an_initialisation_is_aborted_and_has_failed) {
    scenario tree({}, {worker_rules, impatient});
    EXPECT_ACTIONS(tree.begin(), start(0), start(1), wake_at(2s));
    tree.child_ready(0);
    EXPECT_ACTIONS(tree.after(2s - 1ns));
    EXPECT_ACTIONS(tree.after(1ns), start_timed_out(1), abort(1), wake_at(7s));
    EXPECT_ACTIONS(tree.child_exits(1), exited(1), stopping(), signal(0));
    EXPECT_ACTIONS(tree.child_exits(0, ending::completed), exited(0),
                   finish(errc::failed_to_initialize, {1, 1}));
    BOOST_TEST(tree.not_initialized() == children{1}, boost::test_tools::per_element());
    BOOST_TEST(tree.overran().empty());
}

BOOST_AUTO_TEST_CASE(S4_who_is_initialised_in_time_is_left_alone) {
    scenario tree({}, {impatient});
    tree.begin();
    tree.wait(2s - 1ns);
    EXPECT_ACTIONS(tree.child_ready(0), ready(0), all_ready());
    EXPECT_ACTIONS(tree.after(1h));
}

BOOST_AUTO_TEST_CASE(S4_the_news_of_readiness_may_come_too_late) {
    scenario tree({}, {impatient});
    tree.begin();
    tree.after(2s);
    EXPECT_ACTIONS(tree.child_ready(0));
    EXPECT_ACTIONS(tree.child_exits(0, ending::completed), exited(0), stopping(),
                   finish(errc::failed_to_initialize, {0, 1}));
}

BOOST_AUTO_TEST_CASE(S4_a_restart_has_the_same_time_as_the_first_start) {
    auto tree = scenario::up({}, {impatient});
    tree.wait(1h);
    EXPECT_ACTIONS(tree.child_exits(0), exited(0), restarting(0, 1, 1), start(0, 2),
                   wake_at(1h + 2s));
    EXPECT_ACTIONS(tree.after(2s), start_timed_out(0, 2), abort(0, 2), wake_at(1h + 7s));
}

BOOST_AUTO_TEST_CASE(S4_a_late_nested_supervisor_stops_its_children_well) {
    scenario tree({}, {impatient_supervisor});
    tree.begin();
    EXPECT_ACTIONS(tree.after(2s), start_timed_out(0), signal(0));
    EXPECT_ACTIONS(tree.after(1h));
    EXPECT_ACTIONS(tree.child_exits(0, ending::completed), exited(0), stopping(),
                   finish(errc::failed_to_initialize, {0, 1}));
}

BOOST_AUTO_TEST_CASE(S4_nobody_is_started_after_one_that_is_late) {
    scenario tree({.start = sequential}, {impatient, worker_rules});
    tree.begin();
    EXPECT_ACTIONS(tree.after(2s), start_timed_out(0), abort(0), wake_at(7s));
    EXPECT_ACTIONS(tree.child_exits(0), exited(0), stopping(),
                   finish(errc::failed_to_initialize, {0, 1}));
}

BOOST_AUTO_TEST_CASE(S4_S5_nothing_is_ready_while_one_is_late) {
    scenario tree({}, {worker_rules, impatient});
    tree.begin();
    tree.await_ready();
    tree.child_ready(0);
    EXPECT_ACTIONS(tree.after(2s), start_timed_out(1), abort(1), wake_at(7s));
    BOOST_TEST(tree.policy().state() == supervisor_state::starting);
    EXPECT_ACTIONS(tree.child_exits(1), exited(1), stopping(), answer(1, errc::not_running),
                   signal(0));
}

BOOST_AUTO_TEST_CASE(S4_late_and_abandoned) {
    scenario tree({}, {worker_rules, impatient});
    tree.begin();
    tree.child_ready(0);
    tree.after(2s);
    EXPECT_ACTIONS(tree.after(5s), abandon(1), stopping(), signal(0), wake_at(12s));
    EXPECT_ACTIONS(tree.child_exits(1), exited_late(1));
    EXPECT_ACTIONS(tree.child_exits(0, ending::completed), exited(0),
                   finish(errc::failed_to_initialize, {1, 1}));
}

BOOST_AUTO_TEST_CASE(S4_R6_late_at_a_restart_is_an_ordinary_exit_if_that_is_wanted) {
    auto tree = scenario::up({.intensity = {2, 1min}}, {persistent_impatient});
    EXPECT_ACTIONS(tree.child_exits(0), exited(0), restarting(0, 1, 1), start(0, 2), wake_at(2s));
    EXPECT_ACTIONS(tree.after(2s), start_timed_out(0, 2), abort(0, 2), wake_at(7s));
    EXPECT_ACTIONS(tree.child_exits(0, ending::abnormal, 2), exited(0, 2), restarting(0, 2, 2),
                   start(0, 3), wake_at(4s));
    EXPECT_ACTIONS(tree.child_ready(0, 3), ready(0, 3));
}

BOOST_AUTO_TEST_CASE(S4_D9_late_and_abandoned_is_not_started_again_beside_itself) {
    auto tree = scenario::up({.intensity = unlimited}, {persistent_impatient});
    tree.child_exits(0);
    tree.after(2s);
    EXPECT_ACTIONS(tree.after(5s), abandon(0, 2), stopping(),
                   finish(errc::failed_to_initialize, {0, 2}));
}

BOOST_AUTO_TEST_CASE(S4_D9_unless_it_may) {
    auto tree =
        scenario::up({.intensity = unlimited}, {child_rules{.start_timeout = 2s,
                                                            .retries_initialization = true,
                                                            .restart_beside_abandoned = true}});
    tree.child_exits(0);
    tree.after(2s);
    EXPECT_ACTIONS(tree.after(5s), abandon(0, 2), restarting(0, 2, 0), start(0, 3), wake_at(9s));
    EXPECT_ACTIONS(tree.child_exits(0, ending::abnormal, 2), exited_late(0, 2));
}

BOOST_AUTO_TEST_CASE(S4_D9_nor_does_a_group_mind) {
    auto tree = scenario::up({.strategy = rest_for_one, .intensity = unlimited},
                             {persistent_impatient, worker_rules});
    tree.child_exits(0);
    tree.child_exits(1, ending::completed);
    tree.child_ready(1, 2);
    tree.after(2s);
    EXPECT_ACTIONS(tree.after(5s), abandon(0, 2), restarting(0, 2, 0), signal(1, 2), wake_at(12s));
    EXPECT_ACTIONS(tree.child_exits(1, ending::completed, 2), exited(1, 2), start(0, 3),
                   start(1, 3), wake_at(9s));
}

BOOST_AUTO_TEST_CASE(S4_late_in_a_group_that_is_about_to_be_stopped) {
    auto tree = scenario::up({.strategy = one_for_all, .intensity = unlimited},
                             {persistent_impatient, worker_rules, worker_rules});
    tree.child_exits(0);
    tree.child_exits(2, ending::completed);
    tree.child_exits(1, ending::completed);
    tree.child_ready(1, 2);
    tree.child_ready(2, 2);
    tree.child_exits(1, ending::abnormal, 2); // while 0 initialises
    EXPECT_ACTIONS(tree.after(2s), start_timed_out(0, 2), abort(0, 2), wake_at(5s));
    EXPECT_ACTIONS(tree.child_exits(0, ending::abnormal, 2), exited(0, 2));
    EXPECT_ACTIONS(tree.child_exits(2, ending::completed, 2), exited(2, 2), start(0, 3),
                   start(1, 3), start(2, 3), wake_at(4s));
}

BOOST_AUTO_TEST_CASE(S4_D9_and_abandoned_there) {
    auto tree = scenario::up({.strategy = one_for_all, .intensity = {2, 1min}},
                             {persistent_impatient, worker_rules, with(infinite)});
    tree.obey(tree.child_exits(0));
    tree.child_ready(1, 2);
    tree.child_ready(2, 2);
    EXPECT_ACTIONS(tree.child_exits(1, ending::abnormal, 2), exited(1, 2), restarting(1, 2, 2),
                   signal(2, 2));
    tree.after(2s);
    EXPECT_ACTIONS(tree.after(5s), abandon(0, 2)); // no further record
    EXPECT_ACTIONS(tree.child_exits(2, ending::completed, 2), exited(2, 2), start(0, 3),
                   start(1, 3), start(2, 3), wake_at(9s));
}

BOOST_AUTO_TEST_CASE(S4_late_while_the_others_are_being_stopped) {
    scenario tree({}, {impatient, worker_rules});
    tree.begin();
    tree.child_ready(1);
    tree.shutdown();
    EXPECT_ACTIONS(tree.after(2s), start_timed_out(0), abort(0), wake_at(5s));
    EXPECT_ACTIONS(tree.child_exits(0), exited(0));
    EXPECT_ACTIONS(tree.child_exits(1, ending::completed), exited(1), finish());
}

BOOST_AUTO_TEST_CASE(S4_many_deadlines_are_met_in_batches) {
    std::size_t const step = machine::children_per_step;
    scenario tree({}, std::vector<child_rules>(step + 2, impatient));
    tree.begin();
    tree.resume();
    actions const first = tree.after(2s);
    BOOST_TEST(first.size() == 2 * step + 1);
    BOOST_TEST(first.front() == start_timed_out(0));
    BOOST_TEST(first.back() == resume());
    auto const next = static_cast<child_index>(step);
    EXPECT_ACTIONS(tree.resume(), start_timed_out(next), abort(next), start_timed_out(next + 1),
                   abort(next + 1), wake_at(7s));
}

// ---- E7: more than one ------------------------------------------------------------------------

BOOST_AUTO_TEST_CASE(E7_all_that_fail_in_the_same_start_are_told_the_first_one_first) {
    scenario tree({}, {worker_rules, worker_rules, nested, worker_rules});
    tree.begin();
    tree.child_ready(3);
    EXPECT_ACTIONS(tree.child_exits(1, ending::not_initialized), not_initialized(1), stopping(),
                   signal(3), wake_at(5s));
    EXPECT_ACTIONS(tree.child_exits(2, ending::not_initialized), not_initialized(2));
    EXPECT_ACTIONS(tree.child_exits(0, ending::not_initialized), not_initialized(0));
    EXPECT_ACTIONS(tree.child_exits(3, ending::completed), exited(3),
                   finish(errc::failed_to_initialize, {1, 1}));
    BOOST_TEST(tree.not_initialized() == (children{1, 2, 0}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(E7_who_was_late_too) {
    scenario tree({}, {impatient, impatient, worker_rules});
    tree.begin();
    tree.child_ready(2);
    tree.after(2s);
    tree.child_exits(1);
    tree.child_exits(0);
    EXPECT_ACTIONS(tree.child_exits(2, ending::completed), exited(2),
                   finish(errc::failed_to_initialize, {1, 1}));
    BOOST_TEST(tree.not_initialized() == (children{1, 0}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(E7_and_never_ended) {
    scenario tree({}, {impatient, impatient, worker_rules});
    tree.begin();
    tree.child_ready(2);
    tree.after(2s);
    tree.child_exits(1);
    EXPECT_ACTIONS(tree.after(5s), abandon(0), abort(2), wake_at(12s));
    tree.child_exits(2);
    BOOST_TEST(tree.not_initialized() == (children{1, 0}), boost::test_tools::per_element());
    BOOST_TEST(tree.abandoned() == children{0}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(
    E7_who_was_aborted_because_another_one_failed_has_not_failed_but_a_nested_one_may_have) {
    scenario tree({}, {worker_rules, nested, worker_rules});
    tree.begin();
    EXPECT_ACTIONS(tree.child_exits(0, ending::not_initialized), not_initialized(0), stopping(),
                   abort(2), wake_at(5s));
    EXPECT_ACTIONS(tree.child_exits(2), exited(2), signal(1));
    EXPECT_ACTIONS(tree.child_exits(1, ending::not_initialized), not_initialized(1),
                   finish(errc::failed_to_initialize, {0, 1}));
    BOOST_TEST(tree.not_initialized() == (children{0, 1}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(E7_not_while_stopping_for_another_reason) {
    scenario tree({}, 2);
    tree.begin();
    tree.shutdown();
    tree.child_exits(0, ending::not_initialized);
    tree.child_exits(1);
    BOOST_TEST(tree.not_initialized().empty());
}

// Who is before the group and was not started yet is not forgotten.
BOOST_AUTO_TEST_CASE(S2c_a_group_restart_takes_nobodys_turn) {
    scenario tree({.strategy = rest_for_one, .start = sequential}, 3);
    EXPECT_ACTIONS(tree.begin(), start(0));
    tree.stop_child(2);
    EXPECT_ACTIONS(tree.restart_child(2), start(2));
    EXPECT_ACTIONS(tree.child_exits(2), ready(2), answer(2, {}, 2), exited(2), restarting(2, 1, 1));
    EXPECT_ACTIONS(tree.child_ready(0), ready(0), start(1));
    EXPECT_ACTIONS(tree.child_ready(1), ready(1), start(2, 2));
    EXPECT_ACTIONS(tree.child_ready(2, 2), ready(2, 2), all_ready());
}
