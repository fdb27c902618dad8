// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#define BOOST_TEST_MODULE policy_machine
#include "policy/machine.hpp"

#include "support/policy_scenario.hpp"

#include <boost/test/unit_test.hpp>

#include <vector>

using namespace policy_test;

namespace {

constexpr child_rules worker_rules{};
constexpr child_rules ready_at_once{.initializes = false};
constexpr child_rules nested{.shutdown = infinite, .supervisor = true};

child_rules with(restart_type type) {
    return {.restart = type};
}

child_rules with(shutdown_strategy const& strategy) {
    return {.shutdown = strategy, .abort_grace = 3s};
}

} // namespace

// ---- S: starting ----------------------------------------------------------------------------

BOOST_AUTO_TEST_CASE(S1_children_are_started_in_declaration_order_without_waiting) {
    scenario tree({}, 3);
    EXPECT_ACTIONS(tree.begin(), start(0), start(1), start(2));
}

BOOST_AUTO_TEST_CASE(S1_a_million_children_do_not_keep_a_shutdown_waiting) {
    std::size_t const step = machine::starts_per_step;
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
    std::size_t const step = machine::starts_per_step;
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

// ---- R: restarting --------------------------------------------------------------------------

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

// ---- D: stopping ----------------------------------------------------------------------------

BOOST_AUTO_TEST_CASE(D1_graceful_signals_waits_and_aborts) {
    auto tree = scenario::up({}, std::vector{with(graceful(10s))});
    EXPECT_ACTIONS(tree.shutdown(), stopping(), signal(0), wake_at(10s));
    EXPECT_ACTIONS(tree.after(10s - 1ns));
    EXPECT_ACTIONS(tree.after(1ns), abort(0), wake_at(13s));
    EXPECT_ACTIONS(tree.child_exits(0), exited(0), finish(errc::shutdown_timed_out));
    BOOST_TEST(tree.overran() == (std::vector<child_index>{0}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(D1_brutal_aborts_at_once) {
    auto tree = scenario::up({}, std::vector{with(brutal)});
    EXPECT_ACTIONS(tree.shutdown(), stopping(), abort(0), wake_at(3s));
    EXPECT_ACTIONS(tree.child_exits(0), exited(0), finish());
}

BOOST_AUTO_TEST_CASE(D1_infinite_waits_for_ever) {
    auto tree = scenario::up({}, std::vector{with(infinite)});
    EXPECT_ACTIONS(tree.shutdown(), stopping(), signal(0));
    EXPECT_ACTIONS(tree.after(24h * 365));
    EXPECT_ACTIONS(tree.child_exits(0, ending::completed), exited(0), finish());
}

BOOST_AUTO_TEST_CASE(D1_a_timeout_of_nothing_is_up_at_once) {
    auto tree = scenario::up({}, std::vector{with(graceful(0s))});
    EXPECT_ACTIONS(tree.shutdown(), stopping(), signal(0), wake_at(0s));
    EXPECT_ACTIONS(tree.after(0s), abort(0), wake_at(3s));
}

BOOST_AUTO_TEST_CASE(D2_one_at_a_time_in_reverse_order) {
    auto tree = scenario::up({}, 3);
    EXPECT_ACTIONS(tree.shutdown(), stopping(), signal(2), wake_at(5s));
    tree.wait(1s);
    EXPECT_ACTIONS(tree.child_exits(2, ending::completed), exited(2), signal(1), wake_at(6s));
    tree.wait(1s);
    EXPECT_ACTIONS(tree.child_exits(1, ending::completed), exited(1), signal(0), wake_at(7s));
    EXPECT_ACTIONS(tree.child_exits(0, ending::completed), exited(0), finish());
}

BOOST_AUTO_TEST_CASE(D2_restarts_and_early_exits_do_not_disturb_the_order) {
    auto tree = scenario::up({.intensity = unlimited}, std::vector{worker_rules, with(transient),
                                                                   worker_rules, worker_rules});
    for (child_index child : {3u, 0u, 2u}) {
        tree.child_exits(child);
        tree.child_ready(child, 2);
    }
    tree.child_exits(1, ending::completed);
    EXPECT_ACTIONS(tree.shutdown(), stopping(), signal(3, 2), wake_at(5s));
    EXPECT_ACTIONS(tree.child_exits(2, ending::completed, 2), exited(2, 2)); // early, by itself
    EXPECT_ACTIONS(tree.child_exits(3, ending::completed, 2), exited(3, 2), signal(0, 2));
    EXPECT_ACTIONS(tree.child_exits(0, ending::completed, 2), exited(0, 2), finish());
}

BOOST_AUTO_TEST_CASE(D4_a_timeout_too_large_to_represent_means_none) {
    auto tree = scenario::up({}, std::vector{with(graceful(duration::max()))});
    tree.wait(1s);
    EXPECT_ACTIONS(tree.shutdown(), stopping(), signal(0));
    auto soon = scenario::up({}, std::vector{with(graceful(duration::max() - 1ns))});
    soon.wait(1s);
    EXPECT_ACTIONS(soon.shutdown(), stopping(), signal(0));
    BOOST_TEST((graceful(std::chrono::hours::max()).timeout() == duration::max()));
}

BOOST_AUTO_TEST_CASE(D6_who_still_initialises_is_aborted_at_once_whatever_its_strategy) {
    scenario tree({}, std::vector{with(infinite), with(graceful(1h)), with(brutal)});
    tree.begin();
    EXPECT_ACTIONS(tree.shutdown(), stopping(), abort(2), wake_at(3s));
    EXPECT_ACTIONS(tree.child_exits(2), exited(2), abort(1));
    EXPECT_ACTIONS(tree.child_exits(1), exited(1), abort(0));
    EXPECT_ACTIONS(tree.child_exits(0), exited(0), finish());
}

BOOST_AUTO_TEST_CASE(D6_a_nested_supervisor_stops_its_children_even_before_it_is_ready) {
    scenario tree({}, std::vector{nested});
    tree.begin();
    EXPECT_ACTIONS(tree.shutdown(), stopping(), signal(0));
    EXPECT_ACTIONS(tree.child_ready(0));
    EXPECT_ACTIONS(tree.child_exits(0, ending::completed), exited(0), finish());
}

BOOST_AUTO_TEST_CASE(D7_an_abort_is_requested_once) {
    auto tree = scenario::up({}, std::vector{with(graceful(1s))});
    tree.shutdown();
    EXPECT_ACTIONS(tree.after(1s), abort(0), wake_at(4s));
    EXPECT_ACTIONS(tree.after(1s));
    EXPECT_ACTIONS(tree.abort_all());
}

BOOST_AUTO_TEST_CASE(D8_the_result_tells_of_an_abort_unless_an_error_caused_the_stop) {
    auto tree =
        scenario::up({.intensity = {0, 5s}}, std::vector{with(graceful(1s)), with(graceful(1s))});
    tree.child_exits(1);
    tree.after(1s);
    EXPECT_ACTIONS(tree.child_exits(0), exited(0), finish(errc::restart_limit_exceeded, {1, 1}));
}

BOOST_AUTO_TEST_CASE(D8_what_timed_out_further_down_counts) {
    auto tree = scenario::up({}, std::vector{nested});
    tree.shutdown();
    EXPECT_ACTIONS(tree.child_exits(0, ending::shutdown_timed_out), exited(0),
                   finish(errc::shutdown_timed_out));
    BOOST_TEST(tree.overran() == (std::vector<child_index>{0}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(D8_what_had_to_be_aborted_for_a_group_restart_does_not_count) {
    auto tree = scenario::up({.strategy = one_for_all},
                             std::vector{with(graceful(1s)), with(graceful(1s))});
    tree.child_exits(0);
    EXPECT_ACTIONS(tree.after(1s), abort(1), wake_at(4s));
    EXPECT_ACTIONS(tree.child_exits(1), exited(1), start(0, 2), start(1, 2));
    tree.child_ready(0, 2);
    tree.child_ready(1, 2);
    tree.shutdown();
    tree.child_exits(1, ending::completed, 2);
    EXPECT_ACTIONS(tree.child_exits(0, ending::completed, 2), exited(0, 2), finish({}, {}, 1));
}

BOOST_AUTO_TEST_CASE(D9_who_does_not_end_is_abandoned_and_the_stop_goes_on) {
    auto tree = scenario::up({}, std::vector{with(graceful(1s)), with(graceful(1s))});
    EXPECT_ACTIONS(tree.shutdown(), stopping(), signal(1), wake_at(1s));
    EXPECT_ACTIONS(tree.after(1s), abort(1), wake_at(4s));
    EXPECT_ACTIONS(tree.after(3s), abandon(1), signal(0), wake_at(5s));
    EXPECT_ACTIONS(tree.child_exits(0, ending::completed), exited(0),
                   finish(errc::shutdown_timed_out));
    BOOST_TEST(tree.abandoned() == (std::vector<child_index>{1}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(D9_a_late_exit_is_reported_and_touches_nothing) {
    auto tree = scenario::up({}, std::vector{with(brutal)});
    tree.shutdown();
    EXPECT_ACTIONS(tree.after(3s), abandon(0), finish(errc::shutdown_timed_out));
    EXPECT_ACTIONS(tree.child_exits(0), exited_late(0));
}

BOOST_AUTO_TEST_CASE(D9_in_a_group_the_successor_of_an_abandoned_child_is_started) {
    auto tree = scenario::up({.strategy = one_for_all}, std::vector{worker_rules, with(brutal)});
    EXPECT_ACTIONS(tree.child_exits(0), exited(0), restarting(0, 1, 1), abort(1), wake_at(3s));
    EXPECT_ACTIONS(tree.after(3s), abandon(1), start(0, 2), start(1, 2));
    EXPECT_ACTIONS(tree.child_exits(1), exited_late(1));
    EXPECT_ACTIONS(tree.child_ready(1, 2), ready(1, 2));
}

BOOST_AUTO_TEST_CASE(D12_an_abort_of_the_tree_aborts_all_at_once) {
    auto tree = scenario::up({}, std::vector{with(infinite), with(brutal), with(graceful(1h))});
    EXPECT_ACTIONS(tree.abort_all(), stopping(), abort(2), abort(1), abort(0), wake_at(3s));
    EXPECT_ACTIONS(tree.child_exits(0), exited(0));
    EXPECT_ACTIONS(tree.child_exits(1), exited(1));
    EXPECT_ACTIONS(tree.child_exits(2), exited(2), finish(errc::shutdown_timed_out));
    BOOST_TEST(tree.overran() == (std::vector<child_index>{2, 0}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(D12_an_abort_overtakes_a_graceful_stop) {
    auto tree = scenario::up({}, std::vector{with(infinite), with(infinite)});
    EXPECT_ACTIONS(tree.shutdown(), stopping(), signal(1));
    EXPECT_ACTIONS(tree.abort_all(), abort(1), abort(0), wake_at(3s));
    EXPECT_ACTIONS(tree.after(3s), abandon(0), abandon(1), finish(errc::shutdown_timed_out));
}

BOOST_AUTO_TEST_CASE(stale_news_change_nothing) {
    auto tree = scenario::up({.intensity = unlimited}, 2);
    tree.child_exits(0);
    EXPECT_ACTIONS(tree.child_ready(0, 1));
    EXPECT_ACTIONS(tree.child_ready(0, 2), ready(0, 2));
    EXPECT_ACTIONS(tree.child_ready(0, 2));
    EXPECT_ACTIONS(tree.child_exits(0, ending::abnormal, 1), exited_late(0, 1));
}

BOOST_AUTO_TEST_CASE(nothing_happens_after_the_end) {
    auto tree = scenario::up({}, std::vector{with(brutal)});
    tree.shutdown();
    tree.child_exits(0);
    EXPECT_ACTIONS(tree.shutdown());
    EXPECT_ACTIONS(tree.abort_all());
    EXPECT_ACTIONS(tree.after(1h));
    EXPECT_ACTIONS(tree.resume());
}
