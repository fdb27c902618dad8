// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#define BOOST_TEST_MODULE policy_stopping
#include "policy/machine.hpp"
#include "support/policy_scenario.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cstddef>
#include <vector>

using namespace policy_test;

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

BOOST_AUTO_TEST_CASE(T9_a_stall_is_told_once_for_each_of_its_ends) {
    auto tree = scenario::up({}, std::vector{with(infinite)});
    EXPECT_ACTIONS(tree.stalls(0), stalled(0));
    BOOST_TEST(tree.stalled(0));
    EXPECT_ACTIONS(tree.runs_again(0), runs_again(0));
    BOOST_TEST(!tree.stalled(0));
    EXPECT_ACTIONS(tree.stalls(0, 2)); // stale
    tree.child_exits(0);
    EXPECT_ACTIONS(tree.stalls(0)); // of the one before
    BOOST_TEST(!tree.stalled(0));
}

BOOST_AUTO_TEST_CASE(T9_a_successor_is_not_stalled) {
    auto tree = scenario::up({}, std::vector{with(infinite)});
    tree.stalls(0);
    tree.child_exits(0);
    tree.child_ready(0, 2);
    BOOST_TEST(!tree.stalled(0));
    EXPECT_ACTIONS(tree.shutdown(), stopping(), signal(0, 2));
}

BOOST_AUTO_TEST_CASE(T9_what_would_be_waited_for_for_ever_is_aborted_if_it_stalls) {
    auto tree = scenario::up({}, std::vector{with(infinite)});
    EXPECT_ACTIONS(tree.shutdown(), stopping(), signal(0));
    EXPECT_ACTIONS(tree.stalls(0), stalled(0), wake_at(0s));
    EXPECT_ACTIONS(tree.after(0s), abort(0), wake_at(3s));
    EXPECT_ACTIONS(tree.after(3s), abandon(0), finish(errc::shutdown_timed_out));
    BOOST_TEST(tree.stalled(0));
}

BOOST_AUTO_TEST_CASE(T9_likewise_if_it_is_stalled_already) {
    auto tree = scenario::up({}, std::vector{with(infinite)});
    tree.stalls(0);
    EXPECT_ACTIONS(tree.shutdown(), stopping(), signal(0), wake_at(0s));
    EXPECT_ACTIONS(tree.after(0s), abort(0), wake_at(3s));
}

// D1: a timeout that cannot be represented is none.
BOOST_AUTO_TEST_CASE(T9a_a_limit_too_large_to_represent_is_none) {
    auto tree = scenario::up({}, {child_rules{.shutdown = graceful(duration::max()),
                                              .abort_grace = 3s,
                                              .supervisor = true}});
    tree.stalls(0);
    EXPECT_ACTIONS(tree.shutdown(), stopping(), signal(0), wake_at(0s));
    EXPECT_ACTIONS(tree.after(0s), abort(0), wake_at(3s));
}

BOOST_AUTO_TEST_CASE(T9_a_timeout_of_its_own_is_kept) {
    auto tree = scenario::up({}, std::vector{with(graceful(10s))});
    EXPECT_ACTIONS(tree.shutdown(), stopping(), signal(0), wake_at(10s));
    EXPECT_ACTIONS(tree.stalls(0), stalled(0));
    EXPECT_ACTIONS(tree.after(10s), abort(0), wake_at(13s));
}

BOOST_AUTO_TEST_CASE(T4_an_exception_in_the_runtime_stops_and_fails) {
    auto tree = scenario::up({}, 2);
    EXPECT_ACTIONS(tree.runtime_panics(), runtime_panicked(), stopping(), signal(1), wake_at(5s));
    EXPECT_ACTIONS(tree.runtime_panics(), runtime_panicked());
    tree.child_exits(1, ending::completed);
    EXPECT_ACTIONS(tree.child_exits(0, ending::completed), exited(0),
                   finish(errc::runtime_panicked));
}

BOOST_AUTO_TEST_CASE(T4_D10_while_it_stops_already_that_is_only_told) {
    auto tree = scenario::up({}, 1);
    tree.shutdown();
    EXPECT_ACTIONS(tree.runtime_panics(), runtime_panicked());
    EXPECT_ACTIONS(tree.child_exits(0, ending::completed), exited(0), finish());
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

BOOST_AUTO_TEST_CASE(D12_D6_who_still_initialises_has_not_overrun_anything) {
    scenario tree({}, 2);
    tree.begin();
    tree.child_ready(0);
    EXPECT_ACTIONS(tree.abort_all(), stopping(), abort(1), abort(0), wake_at(5s));
    BOOST_TEST(tree.overran() == children{0}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(D12_an_abort_overtakes_a_graceful_stop) {
    auto tree = scenario::up({}, std::vector{with(infinite), with(infinite)});
    EXPECT_ACTIONS(tree.shutdown(), stopping(), signal(1));
    EXPECT_ACTIONS(tree.abort_all(), abort(1), abort(0), wake_at(3s));
    EXPECT_ACTIONS(tree.after(3s), abandon(0), abandon(1), finish(errc::shutdown_timed_out));
}

// ---- D2: all at once --------------------------------------------------------------------------

BOOST_AUTO_TEST_CASE(D2_concurrent_all_are_signalled_at_once_each_with_its_own_deadline) {
    auto tree = scenario::up({.shutdown = concurrent}, {with(graceful(2s)), with(brutal),
                                                        with(infinite), with(graceful(1s))});
    EXPECT_ACTIONS(tree.shutdown(), stopping(), signal(3), signal(2), abort(1), signal(0),
                   wake_at(1s));
    EXPECT_ACTIONS(tree.after(1s), abort(3), wake_at(2s));
    EXPECT_ACTIONS(tree.child_exits(1), exited(1));
    EXPECT_ACTIONS(tree.after(1s), abort(0), wake_at(4s));
    EXPECT_ACTIONS(tree.child_exits(0), exited(0));
    EXPECT_ACTIONS(tree.child_exits(2, ending::completed), exited(2));
    EXPECT_ACTIONS(tree.child_exits(3), exited(3), finish(errc::shutdown_timed_out));
    BOOST_TEST(tree.overran() == (children{3, 0}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(D2_concurrent_takes_as_long_as_the_slowest) {
    auto tree = scenario::up({.shutdown = concurrent}, 3);
    tree.shutdown();
    tree.wait(1s);
    EXPECT_ACTIONS(tree.child_exits(0, ending::completed), exited(0));
    tree.wait(1s);
    EXPECT_ACTIONS(tree.child_exits(2, ending::completed), exited(2));
    tree.wait(1s);
    EXPECT_ACTIONS(tree.child_exits(1, ending::completed), exited(1), finish());
}

BOOST_AUTO_TEST_CASE(D2_concurrent_includes_those_that_were_not_declared) {
    auto tree = scenario::up({.shutdown = concurrent}, 1);
    tree.start_child();
    tree.child_ready(1);
    EXPECT_ACTIONS(tree.shutdown(), stopping(), signal(1), signal(0), wake_at(5s));
}

BOOST_AUTO_TEST_CASE(D2_concurrent_many_are_signalled_in_batches) {
    std::size_t const step = machine::children_per_step;
    auto tree = scenario::up({.shutdown = concurrent}, step + 1);
    actions const first = tree.shutdown();
    BOOST_TEST(first.size() == 1 + step + 2); // stopping, the signals, to be continued, wake at
    BOOST_TEST(first[step + 1] == resume());
    tree.child_exits(0, ending::completed); // by itself
    EXPECT_ACTIONS(tree.resume());
}

// ---- D3: those that were not declared ---------------------------------------------------------

BOOST_AUTO_TEST_CASE(D3_they_are_stopped_first_and_all_at_once) {
    auto tree = scenario::up({}, 2);
    for (child_index i = 2; i != 5; ++i) {
        tree.start_child();
        tree.child_ready(i);
    }
    EXPECT_ACTIONS(tree.shutdown(), stopping(), signal(2), signal(3), signal(4), wake_at(5s));
    EXPECT_ACTIONS(tree.child_exits(3, ending::completed), exited(3));
    EXPECT_ACTIONS(tree.child_exits(2, ending::completed), exited(2));
    EXPECT_ACTIONS(tree.child_exits(4, ending::completed), exited(4), signal(1));
    EXPECT_ACTIONS(tree.child_exits(1, ending::completed), exited(1), signal(0));
    EXPECT_ACTIONS(tree.child_exits(0, ending::completed), exited(0), finish());
}

BOOST_AUTO_TEST_CASE(D3_each_has_its_own_deadline) {
    auto tree = scenario::idle({});
    for (duration const timeout : {3s, 1s, 2s}) {
        tree.start_child({.restart = temporary,
                          .shutdown = graceful(timeout),
                          .abort_grace = 10s,
                          .initializes = false});
    }
    EXPECT_ACTIONS(tree.shutdown(), stopping(), signal(0), signal(1), signal(2), wake_at(1s));
    EXPECT_ACTIONS(tree.after(1s), abort(1), wake_at(2s));
    EXPECT_ACTIONS(tree.after(1s), abort(2), wake_at(3s));
    EXPECT_ACTIONS(tree.after(1s), abort(0), wake_at(11s));
}

BOOST_AUTO_TEST_CASE(D3_a_hundred_thousand_are_stopped_in_batches) {
    constexpr child_index count = 100'000;
    std::size_t const step = machine::children_per_step;
    auto tree = scenario::up({}, 1);
    for (child_index i = 1; i != count + 1; ++i)
        tree.start_child({.restart = temporary, .initializes = false});
    BOOST_TEST(tree.policy().dynamic_count() == count);

    actions done = tree.shutdown();
    std::size_t signalled = 0;
    std::size_t batches = 0;
    for (bool more = true; more; ++batches) {
        auto const now = std::ranges::count(done, action_kind::signal, &action::kind);
        BOOST_TEST_REQUIRE(static_cast<std::size_t>(now) <= step);
        signalled += static_cast<std::size_t>(now);
        more = std::ranges::count(done, action_kind::resume, &action::kind) != 0;
        // What happens meanwhile is taken at once: one of them ends.
        EXPECT_ACTIONS(tree.child_exits(static_cast<child_index>(batches + 1), ending::completed),
                       exited(static_cast<child_index>(batches + 1)));
        if (more)
            done = tree.resume();
    }
    BOOST_TEST(signalled == count);
    BOOST_TEST(batches == (count + step - 1) / step);
    for (auto i = static_cast<child_index>(batches + 1); i != count; ++i)
        tree.child_exits(i, ending::completed);
    EXPECT_ACTIONS(tree.child_exits(count, ending::completed), exited(count), signal(0));
}

BOOST_AUTO_TEST_CASE(D3_an_abort_overtakes_the_batches) {
    std::size_t const step = machine::children_per_step;
    auto tree = scenario::idle({});
    for (std::size_t i = 0; i != step + 1; ++i)
        tree.start_child({.restart = temporary, .initializes = false});
    tree.shutdown();
    actions const aborts = tree.abort_all();
    BOOST_TEST(aborts.size() == step);
    BOOST_TEST(aborts[0] == abort(static_cast<child_index>(step)));
    EXPECT_ACTIONS(tree.resume(), abort(0));
}

// ---- D4: the budget ---------------------------------------------------------------------------

BOOST_AUTO_TEST_CASE(D4_when_the_budget_is_used_up_what_still_runs_is_aborted) {
    auto tree = scenario::up({.shutdown_budget = 4s},
                             {with(graceful(3s)), with(graceful(3s)), with(brutal)});
    EXPECT_ACTIONS(tree.shutdown(), stopping(), abort(2), wake_at(3s));
    EXPECT_ACTIONS(tree.child_exits(2), exited(2), signal(1));
    EXPECT_ACTIONS(tree.after(3s), abort(1), wake_at(4s));
    EXPECT_ACTIONS(tree.after(1s), abort(0), wake_at(6s)); // has not been its turn
    EXPECT_ACTIONS(tree.child_exits(1), exited(1), wake_at(7s));
    EXPECT_ACTIONS(tree.child_exits(0), exited(0), finish(errc::shutdown_timed_out));
    BOOST_TEST(tree.overran() == (children{1, 0}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(D4_a_nested_supervisor_that_takes_too_long_is_aborted_too) {
    auto tree = scenario::up({.shutdown_budget = 4s}, {nested});
    EXPECT_ACTIONS(tree.shutdown(), stopping(), signal(0), wake_at(4s));
    EXPECT_ACTIONS(tree.after(4s), abort(0), wake_at(9s));
    EXPECT_ACTIONS(tree.child_exits(0), exited(0), finish(errc::shutdown_timed_out));
}

BOOST_AUTO_TEST_CASE(D4_the_budget_is_of_the_stop_not_of_the_run) {
    auto tree = scenario::up({.shutdown_budget = 4s}, 1);
    tree.wait(1h);
    EXPECT_ACTIONS(tree.shutdown(), stopping(), signal(0), wake_at(1h + 4s));
    tree.wait(1s);
    EXPECT_ACTIONS(tree.shutdown()); // nothing new
    EXPECT_ACTIONS(tree.after(3s), abort(0), wake_at(1h + 9s));
}

BOOST_AUTO_TEST_CASE(D4_a_group_that_is_stopped_to_be_started_again_has_no_budget) {
    auto tree = scenario::up({.strategy = one_for_all, .shutdown_budget = 1s}, 2);
    EXPECT_ACTIONS(tree.child_exits(0), exited(0), restarting(0, 1, 1), signal(1), wake_at(5s));
}

BOOST_AUTO_TEST_CASE(D4_the_stop_after_a_failure_has_one) {
    auto tree = scenario::up({.intensity = {0, 1s}, .shutdown_budget = 1s}, 2);
    EXPECT_ACTIONS(tree.child_exits(0), exited(0), gave_up(0, 1, 0), stopping(), signal(1),
                   wake_at(1s));
    EXPECT_ACTIONS(tree.after(1s), abort(1), wake_at(6s));
    EXPECT_ACTIONS(tree.child_exits(1), exited(1), finish(errc::restart_limit_exceeded, {0, 1}));
}

BOOST_AUTO_TEST_CASE(D4_nothing_is_left_of_it_when_the_stop_is_over) {
    auto tree = scenario::up({.shutdown_budget = 1min}, 1);
    EXPECT_ACTIONS(tree.shutdown(), stopping(), signal(0), wake_at(5s));
    EXPECT_ACTIONS(tree.child_exits(0, ending::completed), exited(0), finish());
    EXPECT_ACTIONS(tree.after(1h));
}

BOOST_AUTO_TEST_CASE(D4_no_time_at_all) {
    auto tree = scenario::up({.shutdown_budget = 0s}, 2);
    EXPECT_ACTIONS(tree.shutdown(), stopping(), signal(1), wake_at(0s));
    EXPECT_ACTIONS(tree.after(0s), abort(1), abort(0), wake_at(5s));
}

BOOST_AUTO_TEST_CASE(D4_D12_an_abort_needs_no_budget) {
    auto tree = scenario::up({.shutdown_budget = 1s}, 2);
    EXPECT_ACTIONS(tree.abort_all(), stopping(), abort(1), abort(0), wake_at(1s));
    EXPECT_ACTIONS(tree.after(1s), wake_at(5s)); // all is aborted already
    EXPECT_ACTIONS(tree.after(4s), abandon(0), abandon(1), finish(errc::shutdown_timed_out));
}

// ---- D9: abandoned ----------------------------------------------------------------------------

BOOST_AUTO_TEST_CASE(D9_a_grace_of_nothing_is_up_at_once) {
    auto tree = scenario::up({}, {child_rules{.shutdown = brutal, .abort_grace = 0s}});
    EXPECT_ACTIONS(tree.shutdown(), stopping(), abort(0), wake_at(0s));
    EXPECT_ACTIONS(tree.after(0s), abandon(0), finish(errc::shutdown_timed_out));
}

BOOST_AUTO_TEST_CASE(D9_who_stops_a_child_hears_that_it_was_abandoned) {
    auto tree = scenario::up({}, {with(brutal)});
    EXPECT_ACTIONS(tree.stop_child(0), abort(0), wake_at(3s));
    EXPECT_ACTIONS(tree.after(3s), abandon(0), answer(1, errc::child_abandoned, 0));
    BOOST_TEST(tree.state(0) == child_state::abandoned);
    BOOST_TEST(tree.policy().state() == supervisor_state::ready);
    EXPECT_ACTIONS(tree.child_exits(0), exited_late(0));
    BOOST_TEST(tree.state(0) == child_state::stopped);
    EXPECT_ACTIONS(tree.restart_child(0), start(0, 2));
}

BOOST_AUTO_TEST_CASE(D9_who_restarts_it_does_too_unless_it_may_be_started_beside) {
    auto tree = scenario::up({}, {with(brutal)});
    EXPECT_ACTIONS(tree.restart_child(0), abort(0), wake_at(3s));
    EXPECT_ACTIONS(tree.after(3s), abandon(0), answer(1, errc::child_abandoned, 0));
    EXPECT_ACTIONS(tree.child_exits(0), exited_late(0));
    BOOST_TEST(tree.state(0) == child_state::ended);

    auto beside = scenario::up(
        {}, {child_rules{.shutdown = brutal, .abort_grace = 3s, .restart_beside_abandoned = true}});
    beside.restart_child(0);
    EXPECT_ACTIONS(beside.after(3s), abandon(0), start(0, 2));
    EXPECT_ACTIONS(beside.child_exits(0), exited_late(0));
    EXPECT_ACTIONS(beside.child_ready(0, 2), ready(0, 2), answer(1, {}, 0, 2));
}

BOOST_AUTO_TEST_CASE(D9_an_abandoned_child_that_may_be_started_beside_itself_can_be_restarted) {
    auto tree = scenario::up(
        {}, {child_rules{.shutdown = brutal, .abort_grace = 3s, .restart_beside_abandoned = true}});
    tree.stop_child(0);
    tree.after(3s);
    EXPECT_ACTIONS(tree.restart_child(0), start(0, 2));
    EXPECT_ACTIONS(tree.child_ready(0, 2), ready(0, 2), answer(2, {}, 0, 2));
    EXPECT_ACTIONS(tree.child_exits(0), exited_late(0));
    BOOST_TEST(tree.state(0) == child_state::running);
}

BOOST_AUTO_TEST_CASE(D9_a_group_starts_again_what_was_abandoned_before) {
    auto tree = scenario::up({.strategy = one_for_all}, {worker_rules, with(brutal)});
    tree.restart_child(1);
    tree.after(3s);
    EXPECT_ACTIONS(tree.child_exits(0), exited(0), restarting(0, 1, 1), start(0, 2), start(1, 2));
    EXPECT_ACTIONS(tree.child_exits(1), exited_late(1));
}

BOOST_AUTO_TEST_CASE(D9_unless_it_was_to_be_stopped) {
    auto tree = scenario::up({.strategy = one_for_all}, {worker_rules, with(brutal)});
    tree.restart_child(1);
    tree.after(3s);
    EXPECT_ACTIONS(tree.stop_child(1), answer(2, errc::child_abandoned, 1));
    EXPECT_ACTIONS(tree.child_exits(0), exited(0), restarting(0, 1, 1), start(0, 2));
    EXPECT_ACTIONS(tree.child_exits(1), exited_late(1));
    BOOST_TEST(tree.state(1) == child_state::stopped);
}

BOOST_AUTO_TEST_CASE(D9_or_is_temporary) {
    auto tree = scenario::up({.strategy = one_for_all}, 1);
    tree.start_child({.restart = temporary, .shutdown = brutal, .abort_grace = 3s});
    tree.child_ready(1);
    tree.restart_child(1);
    tree.after(3s);
    EXPECT_ACTIONS(tree.child_exits(0), exited(0), restarting(0, 1, 1), start(0, 2));
    EXPECT_ACTIONS(tree.child_exits(1), exited_late(1), forget(1));
}

BOOST_AUTO_TEST_CASE(D9_in_a_group_what_was_stopped_through_a_handle_stays_so) {
    auto tree = scenario::up({.strategy = one_for_all}, {worker_rules, with(brutal)});
    tree.stop_child(1);
    tree.child_exits(0);
    EXPECT_ACTIONS(tree.after(3s), abandon(1), answer(1, errc::child_abandoned, 1), start(0, 2));
}

BOOST_AUTO_TEST_CASE(D9_in_a_group_a_temporary_child_is_not_replaced) {
    auto tree = scenario::up({.strategy = one_for_all}, 1);
    tree.start_child({.restart = temporary, .abort_grace = 3s}); // still initialises
    EXPECT_ACTIONS(tree.child_exits(0), exited(0), restarting(0, 1, 1), abort(1), wake_at(3s));
    EXPECT_ACTIONS(tree.after(3s), abandon(1), answer(1, errc::child_abandoned, 1), start(0, 2));
    BOOST_TEST(tree.state(1) == child_state::abandoned);
    EXPECT_ACTIONS(tree.child_exits(1), exited_late(1), forget(1));
}

BOOST_AUTO_TEST_CASE(D9_in_a_group_who_asked_for_a_start_waits_for_the_successor) {
    auto tree = scenario::up({.strategy = one_for_all}, 1);
    tree.start_child({.restart = permanent, .abort_grace = 3s});
    tree.child_exits(0);
    EXPECT_ACTIONS(tree.after(3s), abandon(1), start(0, 2), start(1, 2));
    EXPECT_ACTIONS(tree.child_ready(1, 2), ready(1, 2), answer(1, {}, 1, 2));
}

BOOST_AUTO_TEST_CASE(D9_so_does_who_asked_for_a_restart) {
    auto tree = scenario::up({.strategy = one_for_all}, {worker_rules, with(brutal)});
    tree.child_exits(0);
    tree.restart_child(1);
    EXPECT_ACTIONS(tree.after(3s), abandon(1), start(0, 2), start(1, 2));
    EXPECT_ACTIONS(tree.child_ready(1, 2), ready(1, 2), answer(1, {}, 1, 2));
}

BOOST_AUTO_TEST_CASE(D9_an_abandoned_child_that_was_not_declared_is_known_until_it_ends) {
    auto tree = scenario::idle({.max_dynamic_children = 1});
    tree.start_child({.restart = temporary, .shutdown = brutal, .abort_grace = 3s});
    tree.child_ready(0);
    tree.stop_child(0);
    EXPECT_ACTIONS(tree.after(3s), abandon(0), answer(2, errc::child_abandoned, 0));
    EXPECT_ACTIONS(tree.start_child(), answer(3, errc::at_capacity));
    EXPECT_ACTIONS(tree.child_exits(0), exited_late(0), forget(0));
    EXPECT_ACTIONS(tree.start_child(), admit(4, 0, 1), start(0, 2));
}

BOOST_AUTO_TEST_CASE(D9_one_that_ends_while_others_are_being_stopped_touches_nothing) {
    auto tree = scenario::up({}, {worker_rules, with(brutal)});
    tree.stop_child(1);
    tree.after(3s);
    EXPECT_ACTIONS(tree.shutdown(), stopping(), signal(0), wake_at(8s));
    EXPECT_ACTIONS(tree.child_exits(1), exited_late(1));
    EXPECT_ACTIONS(tree.child_exits(0, ending::completed), exited(0), finish());
    BOOST_TEST(tree.abandoned().empty()); // since the stop began
}

// ---- D10 --------------------------------------------------------------------------------------

BOOST_AUTO_TEST_CASE(D10_a_stop_through_a_handle_goes_over_into_that_of_the_supervisor) {
    auto tree = scenario::up({}, {with(graceful(4s)), worker_rules});
    EXPECT_ACTIONS(tree.stop_child(0), signal(0), wake_at(4s));
    tree.wait(1s);
    EXPECT_ACTIONS(tree.shutdown(), stopping(), signal(1));
    EXPECT_ACTIONS(tree.child_exits(1, ending::completed), exited(1));
    EXPECT_ACTIONS(tree.after(3s), abort(0), wake_at(7s));
    EXPECT_ACTIONS(tree.child_exits(0), exited(0), answer(1, {}, 0),
                   finish(errc::shutdown_timed_out));
    BOOST_TEST(tree.overran() == children{0}, boost::test_tools::per_element());
}

// An alarm that has gone off is used up, so the next one is asked for even if it is for now.
BOOST_AUTO_TEST_CASE(D9_without_a_grace_one_is_abandoned_after_the_other) {
    child_rules const at_once{.shutdown = brutal, .abort_grace = 0s};
    auto tree = scenario::up({}, {at_once, at_once});
    EXPECT_ACTIONS(tree.shutdown(), stopping(), abort(1), wake_at(0s));
    EXPECT_ACTIONS(tree.after(0s), abandon(1), abort(0), wake_at(0s));
    EXPECT_ACTIONS(tree.after(0s), abandon(0), finish(errc::shutdown_timed_out));
}

BOOST_AUTO_TEST_CASE(S1b_no_alarm_for_what_is_overdue_while_the_rest_is_to_come) {
    child_rules const at_once{.shutdown = brutal, .abort_grace = 1s};
    std::size_t const many = machine::children_per_step + 1;
    auto tree = scenario::up({.intensity = unlimited, .shutdown = concurrent},
                             std::vector<child_rules>(many, at_once));
    tree.shutdown();
    tree.resume();
    actions const done = tree.after(1s);
    BOOST_TEST(done.size() == many);
    BOOST_TEST(done.back() == resume());
    EXPECT_ACTIONS(tree.after(1s));
    EXPECT_ACTIONS(tree.resume(), abandon(many - 1), finish(errc::shutdown_timed_out));
}
