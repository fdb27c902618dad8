// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#define BOOST_TEST_MODULE policy_restart_decision
#include "policy/machine.hpp"
#include "support/policy_scenario.hpp"

#include <boost/test/unit_test.hpp>

using namespace policy_test;

// ---- R10: significant children ----------------------------------------------------------------

namespace {

constexpr child_rules significant{.restart = temporary, .significant = true};
constexpr child_rules significant_transient{.restart = transient, .significant = true};

} // namespace

BOOST_AUTO_TEST_CASE(R10_any_the_first_that_ends_stops_the_supervisor) {
    for (ending const how : {ending::completed, ending::abnormal})
        BOOST_TEST_CONTEXT("ending " << static_cast<int>(how)) {
            auto tree = scenario::up({.auto_shutdown = any_significant},
                                     {worker_rules, significant, significant});
            EXPECT_ACTIONS(tree.child_exits(1, how), exited(1), stopping(), signal(2), wake_at(5s));
            EXPECT_ACTIONS(tree.child_exits(2, ending::completed), exited(2), signal(0));
            EXPECT_ACTIONS(tree.child_exits(0, ending::completed), exited(0),
                           finish(errc::significant_child_exited, {1, 1}));
        }
}

BOOST_AUTO_TEST_CASE(R10_all_the_last_that_ends_does) {
    auto tree = scenario::up({.auto_shutdown = all_significant},
                             {significant, with(temporary), significant});
    EXPECT_ACTIONS(tree.child_exits(0), exited(0));
    EXPECT_ACTIONS(tree.child_exits(2), exited(2), stopping(), signal(1), wake_at(5s));
    EXPECT_ACTIONS(tree.child_exits(1, ending::completed), exited(1),
                   finish(errc::significant_child_exited, {2, 1}));
}

BOOST_AUTO_TEST_CASE(R10_never) {
    auto tree = scenario::up({}, {significant});
    EXPECT_ACTIONS(tree.child_exits(0), exited(0));
}

BOOST_AUTO_TEST_CASE(R10_others_do_not_matter) {
    for (auto_shutdown_policy const policy : {any_significant, all_significant})
        BOOST_TEST_CONTEXT(policy) {
            auto tree = scenario::up({.auto_shutdown = policy}, {with(temporary), significant});
            EXPECT_ACTIONS(tree.child_exits(0), exited(0));
        }
}

BOOST_AUTO_TEST_CASE(R10_to_be_restarted_is_not_to_end) {
    auto tree = scenario::up({.auto_shutdown = any_significant}, {significant_transient});
    EXPECT_ACTIONS(tree.child_exits(0), exited(0), restarting(0, 1, 1), start(0, 2));
    tree.child_ready(0, 2);
    EXPECT_ACTIONS(tree.child_exits(0, ending::completed, 2), exited(0, 2), stopping(),
                   finish(errc::significant_child_exited, {0, 2}, 1));
}

BOOST_AUTO_TEST_CASE(R10_one_that_waits_to_be_restarted_has_not_ended) {
    auto tree = scenario::up({.backoff = {.first = 1s}, .auto_shutdown = all_significant},
                             {significant_transient, significant});
    tree.child_exits(0);
    EXPECT_ACTIONS(tree.child_exits(1), exited(1));
}

BOOST_AUTO_TEST_CASE(R10_one_that_is_not_yet_started_has_not_ended) {
    scenario tree({.start = sequential, .auto_shutdown = all_significant},
                  {significant, significant});
    tree.begin();
    EXPECT_ACTIONS(tree.child_exits(0), ready(0), exited(0), start(1));
}

BOOST_AUTO_TEST_CASE(R10_to_be_stopped_through_a_handle_is_not_to_end_by_itself) {
    auto tree = scenario::up({.auto_shutdown = any_significant}, {significant, significant});
    EXPECT_ACTIONS(tree.obey(tree.stop_child(0)), signal(0), wake_at(5s), exited(0),
                   answer(1, {}, 0));
    auto all = scenario::up({.auto_shutdown = all_significant}, {significant, significant});
    all.obey(all.stop_child(0));
    EXPECT_ACTIONS(all.child_exits(1), exited(1), stopping(),
                   finish(errc::significant_child_exited, {1, 1})); // the last of them
    auto last = scenario::up({.auto_shutdown = all_significant}, {significant, significant});
    last.child_exits(0);
    EXPECT_ACTIONS(last.obey(last.stop_child(1)), signal(1), wake_at(5s), exited(1),
                   answer(1, {}, 1));
}

BOOST_AUTO_TEST_CASE(R10_nor_is_to_be_stopped_with_ones_group) {
    auto tree = scenario::up({.strategy = one_for_all, .auto_shutdown = any_significant},
                             {worker_rules, significant});
    EXPECT_ACTIONS(tree.obey(tree.child_exits(0)), exited(0), restarting(0, 1, 1), signal(1),
                   wake_at(5s), exited(1), start(0, 2));
}

BOOST_AUTO_TEST_CASE(R10_but_to_end_before_ones_turn_is) {
    auto tree = scenario::up({.strategy = one_for_all, .auto_shutdown = any_significant},
                             {worker_rules, significant, worker_rules});
    tree.child_exits(0);
    EXPECT_ACTIONS(tree.child_exits(1), exited(1), stopping());
    EXPECT_ACTIONS(tree.child_exits(2, ending::completed), exited(2),
                   finish(errc::significant_child_exited, {1, 1}, 1));
}

BOOST_AUTO_TEST_CASE(R10_R11_not_to_be_restarted_by_decision_is_to_end) {
    child_rules rules = significant_transient;
    rules.decides = true;
    auto tree = scenario::up({.auto_shutdown = any_significant}, {rules});
    EXPECT_ACTIONS(tree.child_exits(0, ending::abnormal, 1, exit_decision::do_not_restart),
                   exited(0), stopping(), finish(errc::significant_child_exited, {0, 1}));
}

BOOST_AUTO_TEST_CASE(R10_of_those_that_were_not_declared_too) {
    auto tree = scenario::up({.auto_shutdown = all_significant}, {significant});
    tree.start_child(significant);
    tree.child_ready(1);
    EXPECT_ACTIONS(tree.child_exits(0), exited(0));
    EXPECT_ACTIONS(tree.child_exits(1), exited(1), stopping(),
                   finish(errc::significant_child_exited, {1, 1}));
}

BOOST_AUTO_TEST_CASE(R10_C2_but_their_failed_initialisation_is_their_starters_to_handle) {
    auto tree = scenario::up({.auto_shutdown = any_significant}, 1);
    tree.start_child(significant);
    EXPECT_ACTIONS(tree.child_exits(1, ending::not_initialized), not_initialized(1),
                   answer(1, errc::failed_to_initialize, 1), forget(1));
}

// ---- R11: decisions ---------------------------------------------------------------------------

namespace {

constexpr child_rules deciding{.decides = true};

} // namespace

BOOST_AUTO_TEST_CASE(R11_restart) {
    auto tree = scenario::up({}, {deciding});
    EXPECT_ACTIONS(tree.child_exits(0, ending::abnormal, 1, exit_decision::restart), exited(0),
                   restarting(0, 1, 1), start(0, 2));
}

BOOST_AUTO_TEST_CASE(R11_do_not_restart_costs_no_budget) {
    auto tree = scenario::up({.intensity = {0, 5s}}, {deciding, worker_rules});
    EXPECT_ACTIONS(tree.child_exits(0, ending::abnormal, 1, exit_decision::do_not_restart),
                   exited(0));
    BOOST_TEST(tree.state(0) == child_state::ended);
}

BOOST_AUTO_TEST_CASE(R11_escalate_fails_the_supervisor_at_once_whatever_the_budget) {
    auto tree = scenario::up({.intensity = unlimited}, {worker_rules, deciding});
    EXPECT_ACTIONS(tree.child_exits(1, ending::abnormal, 1, exit_decision::escalate), exited(1),
                   stopping(), signal(0), wake_at(5s));
    EXPECT_ACTIONS(tree.child_exits(0, ending::completed), exited(0),
                   finish(errc::escalated, {1, 1}));
}

BOOST_AUTO_TEST_CASE(R11_the_restart_type_comes_first) {
    auto tree = scenario::up({}, {child_rules{.restart = transient, .decides = true}});
    EXPECT_ACTIONS(tree.child_exits(0, ending::completed, 1, exit_decision::escalate), exited(0));
}

BOOST_AUTO_TEST_CASE(R11_a_group_takes_along_whom_it_was_decided_not_to_restart) {
    auto tree = scenario::up({.strategy = one_for_all}, {deciding, worker_rules});
    tree.child_exits(0, ending::abnormal, 1, exit_decision::do_not_restart);
    EXPECT_ACTIONS(tree.child_exits(1), exited(1), restarting(1, 1, 1), start(0, 2), start(1, 2));
}

BOOST_AUTO_TEST_CASE(R11_it_is_asked_about_what_the_restart_type_wants_restarted) {
    struct {
        restart_type type;
        ending how;
        bool asked;
    } const table[] = {
        {permanent, ending::completed, true},           {permanent, ending::abnormal, true},
        {permanent, ending::shutdown_timed_out, true},  {permanent, ending::not_initialized, false},
        {transient, ending::completed, false},          {transient, ending::abnormal, true},
        {transient, ending::shutdown_timed_out, true},  {transient, ending::not_initialized, false},
        {temporary, ending::completed, false},          {temporary, ending::abnormal, false},
        {temporary, ending::shutdown_timed_out, false}, {temporary, ending::not_initialized, false},
    };
    for (auto const& it : table)
        BOOST_TEST_CONTEXT(it.type << ", ending " << static_cast<int>(it.how))
    for (bool const decides : {true, false}) {
        scenario tree({}, {child_rules{.restart = it.type, .decides = decides}});
        tree.begin();
        bool const asked = it.asked && decides;
        BOOST_TEST(tree.policy().asks_about({0, 1}, it.how) == asked);
        BOOST_TEST(!tree.policy().asks_about({0, 2}, it.how)); // another process
        if (it.how == ending::not_initialized)
            continue;
        tree.child_ready(0);
        BOOST_TEST(tree.policy().asks_about({0, 1}, it.how) == asked);
        tree.child_exits(0, it.how);
        BOOST_TEST(!tree.policy().asks_about({0, 1}, it.how)); // which is news no more
    }
}

BOOST_AUTO_TEST_CASE(R11_R6_and_about_a_failed_initialisation_that_is_an_ordinary_exit) {
    child_rules rules = persistent;
    rules.decides = true;
    rules.start_timeout = 2s;
    scenario tree({.intensity = unlimited}, {rules});
    tree.begin();
    BOOST_TEST(!tree.policy().asks_about({0, 1}, ending::not_initialized)); // the first start
    tree.child_ready(0);
    tree.child_exits(0);
    BOOST_TEST(tree.policy().asks_about({0, 2}, ending::not_initialized));
    EXPECT_ACTIONS(tree.child_exits(0, ending::not_initialized, 2, exit_decision::do_not_restart),
                   not_initialized(0, 2));
    tree.restart_child(0);
    BOOST_TEST(!tree.policy().asks_about({0, 3}, ending::not_initialized)); // somebody asked for it
    tree.child_ready(0, 3);
    tree.child_exits(0, ending::abnormal, 3);
    tree.after(2s); // late
    BOOST_TEST(tree.policy().asks_about({0, 4}, ending::abnormal));
    EXPECT_ACTIONS(tree.child_exits(0, ending::abnormal, 4, exit_decision::escalate), exited(0, 4),
                   stopping(), finish(errc::escalated, {0, 4}));
}

BOOST_AUTO_TEST_CASE(R11_not_about_the_end_of_what_was_told_to_end) {
    auto stopped = scenario::up({}, {deciding});
    stopped.stop_child(0);
    BOOST_TEST(!stopped.policy().asks_about({0, 1}, ending::abnormal));
    auto again = scenario::up({}, {deciding});
    again.restart_child(0);
    BOOST_TEST(!again.policy().asks_about({0, 1}, ending::abnormal));
    auto group = scenario::up({.strategy = one_for_all}, {worker_rules, deciding, worker_rules});
    group.child_exits(0);
    BOOST_TEST(!group.policy().asks_about({1, 1}, ending::abnormal));
    auto end = scenario::up({}, {deciding, worker_rules});
    end.shutdown();
    BOOST_TEST(!end.policy().asks_about({0, 1}, ending::abnormal));
}

BOOST_AUTO_TEST_CASE(R11_about_one_outside_of_a_group_that_is_being_stopped) {
    auto tree = scenario::up({.strategy = rest_for_one}, {deciding, worker_rules, worker_rules});
    tree.child_exits(1);
    BOOST_TEST(tree.policy().asks_about({0, 1}, ending::abnormal));
}

// ---- R12: an intensity of its own -------------------------------------------------------------

BOOST_AUTO_TEST_CASE(R12_exceeding_its_own_limit_gives_up) {
    auto tree = scenario::up({.intensity = {9, 1h}}, {ready_at_once, ready_at_once},
                             {child_limits{}, child_limits{.intensity = {2, 10s}}});
    tree.child_exits(0);
    tree.child_exits(1);
    EXPECT_ACTIONS(tree.child_exits(1, ending::abnormal, 2), exited(1, 2), restarting(1, 2, 3),
                   start(1, 3), ready(1, 3));
    EXPECT_ACTIONS(tree.child_exits(1, ending::abnormal, 3), exited(1, 3), gave_up(1, 3, 2, true),
                   stopping(), signal(0, 2), wake_at(5s));
    EXPECT_ACTIONS(tree.child_exits(0, ending::completed, 2), exited(0, 2),
                   finish(errc::restart_limit_exceeded, {1, 3}, 2, true));
}

BOOST_AUTO_TEST_CASE(R12_exceeding_the_supervisors_does_too_and_is_what_is_reported) {
    auto tree = scenario::up({.intensity = {1, 1h}}, {ready_at_once},
                             {child_limits{.intensity = {1, 10s}}});
    tree.child_exits(0);
    EXPECT_ACTIONS(tree.child_exits(0, ending::abnormal, 2), exited(0, 2), gave_up(0, 2, 1),
                   stopping(), finish(errc::restart_limit_exceeded, {0, 2}, 1));
}

BOOST_AUTO_TEST_CASE(R12_its_own_window_slides_for_itself) {
    auto tree = scenario::up({.intensity = {3, 1h}}, {ready_at_once},
                             {child_limits{.intensity = {1, 10s}}});
    tree.child_exits(0);
    tree.wait(10s);
    EXPECT_ACTIONS(tree.child_exits(0, ending::abnormal, 2), exited(0, 2), restarting(0, 2, 2),
                   start(0, 3), ready(0, 3));
    tree.wait(10s - 1ns);
    EXPECT_ACTIONS(tree.child_exits(0, ending::abnormal, 3), exited(0, 3), gave_up(0, 3, 1, true),
                   stopping(), finish(errc::restart_limit_exceeded, {0, 3}, 1, true));
    // What was refused is on neither record.
    BOOST_TEST(tree.policy().restarts_in_window(tree.now()) == 2u);
}

BOOST_AUTO_TEST_CASE(R12_of_a_group_restart_only_the_cause_is_counted) {
    auto tree = scenario::up({.strategy = one_for_all, .intensity = unlimited},
                             {worker_rules, worker_rules},
                             {child_limits{}, child_limits{.intensity = {1, 1h}}});
    tree.obey(tree.child_exits(0));
    tree.child_ready(0, 2);
    tree.child_ready(1, 2);
    EXPECT_ACTIONS(tree.child_exits(1, ending::abnormal, 2), exited(1, 2), restarting(1, 2, 0),
                   signal(0, 2), wake_at(5s));
}

BOOST_AUTO_TEST_CASE(R12_of_one_that_was_not_declared) {
    auto tree = scenario::idle({.intensity = unlimited});
    tree.start_child({.restart = permanent, .initializes = false}, {.intensity = {0, 1s}});
    EXPECT_ACTIONS(tree.child_exits(0), exited(0), gave_up(0, 1, 0, true), stopping(),
                   finish(errc::restart_limit_exceeded, {0, 1}, 0, true));
}

BOOST_AUTO_TEST_CASE(R11a_nobody_is_asked_about_one_that_was_abandoned) {
    auto tree = scenario::up(
        {}, {child_rules{.abort_grace = 1s, .decides = true, .retries_initialization = true}});
    tree.child_exits(0);
    tree.restart_child(0);
    EXPECT_ACTIONS(tree.after(1s), abandon(0, 2), answer(1, errc::child_abandoned, 0, 2));
    BOOST_TEST(!tree.policy().asks_about({0, 2}, ending::not_initialized));
    EXPECT_ACTIONS(tree.child_exits(0, ending::not_initialized, 2), exited_late(0, 2));
}
