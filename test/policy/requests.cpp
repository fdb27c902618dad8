// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#define BOOST_TEST_MODULE policy_requests
#include "policy/machine.hpp"
#include "support/policy_scenario.hpp"

#include <boost/test/unit_test.hpp>

#include <cstddef>
#include <cstdint>
#include <set>

using namespace policy_test;

// ---- C5: every state of a child, and everything that can be asked for -------------------------

namespace {

enum class asked { stop, restart, remove };
using enum asked;

// Two children, of which the second one is in the given state.
scenario in_state(child_state state) {
    switch (state) {
    case child_state::not_started: {
        scenario tree({.start = sequential}, 2);
        tree.begin();
        return tree;
    }
    case child_state::starting: {
        scenario tree({}, 2);
        tree.begin();
        tree.child_ready(0);
        return tree;
    }
    case child_state::running:
        return scenario::up({}, 2);
    case child_state::waiting: {
        auto tree = scenario::up({.backoff = {.first = 1s}}, 2);
        tree.child_exits(1);
        return tree;
    }
    case child_state::stopping: { // with its group
        auto tree = scenario::up({.strategy = one_for_all}, 2);
        tree.child_exits(0);
        return tree;
    }
    case child_state::aborting: {
        auto tree = scenario::up({.strategy = one_for_all}, {worker_rules, with(brutal)});
        tree.child_exits(0);
        return tree;
    }
    case child_state::abandoned: {
        auto tree = scenario::up({}, {worker_rules, with(brutal)});
        tree.restart_child(1);
        tree.after(3s);
        return tree;
    }
    case child_state::ended: {
        auto tree = scenario::up({}, {worker_rules, with(transient)});
        tree.child_exits(1, ending::completed);
        return tree;
    }
    case child_state::stopped:
        break;
    }
    auto tree = scenario::up({}, 2);
    tree.obey(tree.stop_child(1));
    return tree;
}

actions ask(scenario& tree, asked what) {
    switch (what) {
    case stop:
        return tree.stop_child(1);
    case asked::restart:
        return tree.restart_child(1);
    case asked::remove:
        break;
    }
    return tree.remove_child(1);
}

// Until it has come to rest.
actions let_go_on(scenario& tree) {
    actions done;
    for (;;) {
        actions next;
        std::uint32_t const number = tree.policy().number(1);
        switch (tree.state(1)) {
        case child_state::not_started:
            next = tree.child_ready(0);
            break;
        case child_state::starting:
            next = tree.child_ready(1, number);
            break;
        case child_state::waiting:
            next = tree.after(1s);
            break;
        case child_state::stopping:
        case child_state::aborting:
            next = tree.child_exits(1, ending::completed, number);
            break;
        default:
            return done;
        }
        done.insert(done.end(), next.begin(), next.end());
    }
}

struct row {
    child_state state;
    asked what;
    actions at_once;
    actions then;
    child_state finally;
};

} // namespace

BOOST_AUTO_TEST_CASE(C5_everything_that_can_be_asked_of_a_child_in_every_state) {
    using enum child_state;
    constexpr errc running_still = errc::child_running;
    row const table[] = {
        {not_started, stop, {answer(1, {}, 1, 0)}, {}, stopped},
        {not_started,
         asked::restart,
         {},
         {ready(0), start(1), ready(1), answer(1, {}, 1), all_ready()},
         running},
        {not_started,
         asked::remove,
         {answer(1, running_still, 1, 0)},
         {ready(0), start(1), ready(1), all_ready()},
         running},

        {starting,
         stop,
         {abort(1), all_ready(), wake_at(5s)},
         {exited(1), answer(1, {}, 1)},
         stopped},
        {starting,
         asked::restart,
         {abort(1), wake_at(5s)},
         {exited(1), start(1, 2), ready(1, 2), answer(1, {}, 1, 2), all_ready()},
         running},
        {starting, asked::remove, {answer(1, running_still, 1)}, {ready(1), all_ready()}, running},

        {running, stop, {signal(1), wake_at(5s)}, {exited(1), answer(1, {}, 1)}, stopped},
        {running,
         asked::restart,
         {signal(1), wake_at(5s)},
         {exited(1), start(1, 2), ready(1, 2), answer(1, {}, 1, 2)},
         running},
        {running, asked::remove, {answer(1, running_still, 1)}, {}, running},

        {waiting, stop, {answer(1, {}, 1)}, {}, stopped},
        {waiting, asked::restart, {start(1, 2)}, {ready(1, 2), answer(1, {}, 1, 2)}, running},
        {waiting,
         asked::remove,
         {answer(1, running_still, 1)},
         {start(1, 2), ready(1, 2)},
         running},

        {child_state::stopping, stop, {}, {exited(1), answer(1, {}, 1), start(0, 2)}, stopped},
        {child_state::stopping,
         asked::restart,
         {},
         {exited(1), start(0, 2), start(1, 2), ready(1, 2), answer(1, {}, 1, 2)},
         running},
        {child_state::stopping,
         asked::remove,
         {answer(1, running_still, 1)},
         {exited(1), start(0, 2), start(1, 2), ready(1, 2)},
         running},

        {aborting, stop, {}, {exited(1), answer(1, {}, 1), start(0, 2)}, stopped},
        {aborting,
         asked::restart,
         {},
         {exited(1), start(0, 2), start(1, 2), ready(1, 2), answer(1, {}, 1, 2)},
         running},
        {aborting,
         asked::remove,
         {answer(1, running_still, 1)},
         {exited(1), start(0, 2), start(1, 2), ready(1, 2)},
         running},

        {abandoned, stop, {answer(2, errc::child_abandoned, 1)}, {}, abandoned},
        {abandoned, asked::restart, {answer(2, errc::child_abandoned, 1)}, {}, abandoned},
        {abandoned, asked::remove, {answer(2, errc::child_abandoned, 1)}, {}, abandoned},

        {ended, stop, {answer(1, {}, 1)}, {}, stopped},
        {ended, asked::restart, {start(1, 2)}, {ready(1, 2), answer(1, {}, 1, 2)}, running},
        {ended, asked::remove, {removed(1), answer(1, {}, 1), forget(1)}, {}, ended},

        {stopped, stop, {answer(2, {}, 1)}, {}, stopped},
        {stopped, asked::restart, {start(1, 2)}, {ready(1, 2), answer(2, {}, 1, 2)}, running},
        {stopped, asked::remove, {removed(1), answer(2, {}, 1), forget(1)}, {}, stopped},
    };
    std::set<std::pair<child_state, asked>> seen;
    for (row const& it : table)
        BOOST_TEST_CONTEXT(it.state << ", request " << static_cast<int>(it.what)) {
            scenario tree = in_state(it.state);
            BOOST_TEST(tree.state(1) == it.state);
            std::size_t const spent = tree.policy().restarts_in_window(tree.now());
            BOOST_TEST(ask(tree, it.what) == it.at_once, boost::test_tools::per_element());
            BOOST_TEST(let_go_on(tree) == it.then, boost::test_tools::per_element());
            BOOST_TEST(tree.state(1) == it.finally);
            BOOST_TEST(tree.open().empty());
            BOOST_TEST(tree.policy().restarts_in_window(tree.now()) == spent); // costs nothing
            seen.emplace(it.state, it.what);
        }
    BOOST_TEST(seen.size() == 27u);
    BOOST_TEST(std::size(table) == 27u);
}

BOOST_AUTO_TEST_CASE(C2_while_the_supervisor_stops_and_after_its_end_nothing_can_be_asked_for) {
    auto tree = scenario::up({}, 2);
    tree.shutdown();
    for (request_id request = 0; request != 10;) {
        EXPECT_ACTIONS(tree.start_child(), answer(++request, errc::not_running));
        EXPECT_ACTIONS(tree.stop_child(0), answer(++request, errc::not_running, 0));
        EXPECT_ACTIONS(tree.restart_child(0), answer(++request, errc::not_running, 0));
        EXPECT_ACTIONS(tree.remove_child(0), answer(++request, errc::not_running, 0));
        EXPECT_ACTIONS(tree.await_ready(), answer(++request, errc::not_running));
        tree.child_exits(1, ending::completed);
        tree.child_exits(0, ending::completed);
    }
}

BOOST_AUTO_TEST_CASE(C2_nor_before_its_begin) {
    scenario tree({}, 1);
    EXPECT_ACTIONS(tree.start_child(), answer(1, errc::not_running));
    EXPECT_ACTIONS(tree.stop_child(0), answer(2, errc::not_running, 0, 0));
    EXPECT_ACTIONS(tree.await_ready(), answer(3, errc::not_running));
}

// ---- starting ---------------------------------------------------------------------------------

namespace {

constexpr child_rules passing{.restart = temporary, .initializes = false};

} // namespace

BOOST_AUTO_TEST_CASE(C2_a_start_is_answered_when_the_child_is_initialised) {
    auto tree = scenario::idle({});
    EXPECT_ACTIONS(tree.start_child(), admit(1, 0), start(0));
    BOOST_TEST(tree.policy().state() == supervisor_state::starting);
    EXPECT_ACTIONS(tree.child_ready(0), ready(0), answer(1, {}, 0));
    EXPECT_ACTIONS(tree.start_child(ready_at_once), admit(2, 1), start(1), ready(1),
                   answer(2, {}, 1));
    BOOST_TEST(tree.policy().first_dynamic() == 0u);
    BOOST_TEST(tree.policy().next_dynamic(0) == 1u);
    BOOST_TEST(tree.policy().next_dynamic(1) == machine::none);
    BOOST_TEST(tree.policy().declared_count() == 0u);
}

BOOST_AUTO_TEST_CASE(C2_or_with_its_failure_which_is_nobody_elses) {
    auto tree = scenario::up({}, 1);
    tree.start_child(with(permanent));
    EXPECT_ACTIONS(tree.child_exits(1, ending::not_initialized), not_initialized(1),
                   answer(1, errc::failed_to_initialize, 1), forget(1));
    BOOST_TEST(tree.policy().is_vacant(1));
    BOOST_TEST(tree.policy().dynamic_count() == 0u);
    BOOST_TEST(tree.policy().state() == supervisor_state::ready);
}

BOOST_AUTO_TEST_CASE(C2_S4_or_with_its_lateness) {
    auto tree = scenario::up({}, 1);
    EXPECT_ACTIONS(tree.start_child({.start_timeout = 1s}), admit(1, 1), start(1), wake_at(1s));
    EXPECT_ACTIONS(tree.after(1s), start_timed_out(1), abort(1), wake_at(6s));
    EXPECT_ACTIONS(tree.child_exits(1), exited(1), answer(1, errc::failed_to_initialize, 1),
                   forget(1));
}

BOOST_AUTO_TEST_CASE(C2_S4_D9_even_if_it_never_ends) {
    auto tree = scenario::up({}, 1);
    tree.start_child({.start_timeout = 1s});
    tree.after(1s);
    EXPECT_ACTIONS(tree.after(5s), abandon(1), answer(1, errc::failed_to_initialize, 1));
    EXPECT_ACTIONS(tree.child_exits(1), exited_late(1), forget(1));
}

BOOST_AUTO_TEST_CASE(C2_S4_D9_a_declared_one_then_stays_stopped) {
    auto tree = scenario::up({.strategy = one_for_all}, {worker_rules, {.start_timeout = 1s}});
    tree.obey(tree.restart_child(1));
    tree.after(1s);
    EXPECT_ACTIONS(tree.after(5s), abandon(1, 2), answer(1, errc::failed_to_initialize, 1, 2));
    EXPECT_ACTIONS(tree.child_exits(0), exited(0), restarting(0, 1, 1), start(0, 2));
    EXPECT_ACTIONS(tree.child_exits(1, ending::abnormal, 2), exited_late(1, 2));
    BOOST_TEST(tree.state(1) == child_state::stopped);
}

BOOST_AUTO_TEST_CASE(C2_its_end_is_an_ordinary_one_once_it_is_initialised) {
    auto tree = scenario::up({}, 1);
    tree.start_child(with(permanent));
    EXPECT_ACTIONS(tree.child_exits(1), ready(1), answer(1, {}, 1), exited(1), restarting(1, 1, 1),
                   start(1, 2));
    // Nobody asked for this start.
    EXPECT_ACTIONS(tree.child_exits(1, ending::not_initialized, 2), not_initialized(1, 2),
                   stopping(), signal(0), wake_at(5s));
}

BOOST_AUTO_TEST_CASE(C2_a_nested_supervisor_may_end_before_it_is_initialised) {
    child_rules rules = nested;
    rules.restart = temporary;
    auto tree = scenario::up({}, 1);
    tree.start_child(rules);
    EXPECT_ACTIONS(tree.child_exits(1), exited(1), answer(1, errc::start_cancelled, 1), forget(1));
    // Nor does whoever comes next into its place answer for it.
    EXPECT_ACTIONS(tree.start_child(ready_at_once), admit(2, 1, 1), start(1, 2), ready(1, 2),
                   answer(2, {}, 1, 2));
}

BOOST_AUTO_TEST_CASE(C2_so_may_one_that_was_declared_and_asked_to_restart) {
    child_rules rules = nested;
    rules.restart = transient;
    auto tree = scenario::up({.strategy = one_for_all}, {rules, worker_rules});
    tree.restart_child(0);
    tree.child_exits(0, ending::completed);
    EXPECT_ACTIONS(tree.child_exits(0, ending::completed, 2), exited(0, 2),
                   answer(1, errc::start_cancelled, 0, 2));
    // It comes back with its group, for which nobody asked.
    tree.child_exits(1);
    EXPECT_ACTIONS(tree.child_exits(0, ending::not_initialized, 3), not_initialized(0, 3),
                   stopping(), abort(1, 2), wake_at(5s));
}

BOOST_AUTO_TEST_CASE(C2_or_be_restarted_until_it_is) {
    auto tree = scenario::up({}, 1);
    tree.start_child(nested);
    EXPECT_ACTIONS(tree.child_exits(1), exited(1), restarting(1, 1, 1), start(1, 2));
    EXPECT_ACTIONS(tree.child_ready(1, 2), ready(1, 2), answer(1, {}, 1, 2));
}

BOOST_AUTO_TEST_CASE(C2_who_is_stopped_before_it_is_initialised_was_not_started) {
    auto tree = scenario::up({}, 1);
    tree.start_child();
    EXPECT_ACTIONS(tree.stop_child(1), answer(1, errc::start_cancelled, 1), abort(1), wake_at(5s));
    EXPECT_ACTIONS(tree.child_exits(1), exited(1), answer(2, {}, 1), forget(1));
}

BOOST_AUTO_TEST_CASE(C2_nor_was_a_temporary_one_that_is_stopped_with_its_group) {
    auto tree = scenario::up({.strategy = one_for_all}, 1);
    tree.start_child();
    tree.child_exits(0);
    EXPECT_ACTIONS(tree.child_exits(1), exited(1), answer(1, errc::start_cancelled, 1), forget(1),
                   start(0, 2));
}

BOOST_AUTO_TEST_CASE(C2_what_is_asked_for_while_a_group_restarts_waits_for_it) {
    auto tree = scenario::up({.strategy = one_for_all}, 2);
    tree.child_exits(0);
    EXPECT_ACTIONS(tree.start_child(), admit(1, 2));
    EXPECT_ACTIONS(tree.child_exits(1, ending::completed), exited(1), start(0, 2), start(1, 2),
                   start(2));
    EXPECT_ACTIONS(tree.child_ready(2), ready(2), answer(1, {}, 2));
}

BOOST_AUTO_TEST_CASE(C2_what_was_not_yet_started_is_not_when_the_supervisor_stops) {
    auto tree = scenario::up({.strategy = one_for_all, .max_dynamic_children = 1}, 2);
    tree.child_exits(0);
    tree.start_child();
    tree.start_child_when_there_is_a_place();
    tree.await_ready();
    EXPECT_ACTIONS(tree.shutdown(), stopping(), answer(1, errc::not_running, 2, 0),
                   answer(2, errc::not_running), answer(3, errc::not_running));
}

BOOST_AUTO_TEST_CASE(C2_in_a_supervisor_of_many_it_waits_for_those_that_were_declared) {
    std::size_t const step = machine::children_per_step;
    scenario tree({}, step + 1);
    tree.begin();
    auto const next = static_cast<child_index>(step);
    EXPECT_ACTIONS(tree.start_child(), admit(1, next + 1));
    EXPECT_ACTIONS(tree.resume(), start(next), start(next + 1));
}

BOOST_AUTO_TEST_CASE(C2_and_for_those_that_were_asked_for_before) {
    std::size_t const step = machine::children_per_step;
    auto tree = scenario::up({.strategy = one_for_all}, {ready_at_once});
    for (std::size_t i = 0; i != step; ++i)
        tree.start_child({.shutdown = brutal});
    tree.child_exits(0);
    for (child_index i = 1; i != step + 1; ++i)
        tree.child_exits(i); // the last one is not started again in the same step
    auto const last = static_cast<child_index>(step);
    EXPECT_ACTIONS(tree.start_child(), admit(last + 1, last + 1));
    EXPECT_ACTIONS(tree.resume(), start(last, 2), start(last + 1));
}

BOOST_AUTO_TEST_CASE(C2_a_place_is_given_again_and_news_of_the_one_before_stay_stale) {
    auto tree = scenario::idle({});
    tree.start_child(passing);
    EXPECT_ACTIONS(tree.child_exits(0), exited(0), forget(0));
    EXPECT_ACTIONS(tree.start_child(), admit(2, 0, 1), start(0, 2));
    EXPECT_ACTIONS(tree.child_ready(0, 1));
    EXPECT_ACTIONS(tree.child_exits(0, ending::abnormal, 1), exited_late(0, 1));
    BOOST_TEST(tree.policy().restarts(0) == 0u);
    EXPECT_ACTIONS(tree.child_ready(0, 2), ready(0, 2), answer(2, {}, 0, 2));
}

BOOST_AUTO_TEST_CASE(C2_the_order_of_the_starts_is_kept_whoever_goes) {
    auto tree = scenario::idle({});
    for (int i = 0; i != 4; ++i)
        tree.start_child(passing);
    tree.child_exits(1);
    tree.child_exits(3);
    tree.child_exits(0);
    tree.start_child(passing); // into the place of one that went
    machine const& policy = tree.policy();
    BOOST_TEST(policy.first_dynamic() == 2u);
    BOOST_TEST(policy.next_dynamic(2) == 0u);
    BOOST_TEST(policy.next_dynamic(0) == machine::none);
    BOOST_TEST(policy.dynamic_count() == 2u);
}

BOOST_AUTO_TEST_CASE(C2_a_child_that_was_started_may_be_of_any_restart_type) {
    auto tree = scenario::idle({.intensity = {1, 5s}});
    tree.start_child({.restart = transient, .initializes = false});
    EXPECT_ACTIONS(tree.child_exits(0), exited(0), restarting(0, 1, 1), start(0, 2), ready(0, 2));
    EXPECT_ACTIONS(tree.child_exits(0, ending::completed, 2), exited(0, 2), forget(0, 2));
}

// ---- C3: how many -----------------------------------------------------------------------------

BOOST_AUTO_TEST_CASE(C3_as_many_as_there_may_be) {
    auto tree = scenario::up({.max_dynamic_children = 2}, 5); // which do not count
    tree.start_child();
    tree.start_child();
    EXPECT_ACTIONS(tree.start_child(), answer(3, errc::at_capacity));
    EXPECT_ACTIONS(tree.child_exits(5, ending::not_initialized), not_initialized(5),
                   answer(1, errc::failed_to_initialize, 5), forget(5));
    EXPECT_ACTIONS(tree.start_child(), admit(4, 5, 1), start(5, 2));
}

BOOST_AUTO_TEST_CASE(C3_or_wait_for_a_place) {
    auto tree = scenario::idle({.max_dynamic_children = 1});
    tree.start_child();
    EXPECT_ACTIONS(tree.start_child_when_there_is_a_place());
    EXPECT_ACTIONS(tree.start_child_when_there_is_a_place());
    EXPECT_ACTIONS(tree.start_child(), answer(4, errc::at_capacity));
    tree.child_ready(0);
    EXPECT_ACTIONS(tree.child_exits(0), exited(0), forget(0), admit(2, 0, 1), start(0, 2));
    EXPECT_ACTIONS(tree.stop_child(0), answer(2, errc::start_cancelled, 0, 2), abort(0, 2),
                   wake_at(5s));
    EXPECT_ACTIONS(tree.child_exits(0, ending::abnormal, 2), exited(0, 2), answer(5, {}, 0, 2),
                   forget(0, 2), admit(3, 0, 2), start(0, 3));
    EXPECT_ACTIONS(tree.child_ready(0, 3), ready(0, 3), answer(3, {}, 0, 3));
}

BOOST_AUTO_TEST_CASE(C3_who_waits_for_a_place_may_wait_no_longer) {
    auto tree = scenario::idle({.max_dynamic_children = 1});
    tree.start_child();
    tree.start_child_when_there_is_a_place();
    tree.start_child_when_there_is_a_place();
    EXPECT_ACTIONS(tree.withdraw(2));
    tree.child_ready(0);
    EXPECT_ACTIONS(tree.child_exits(0), exited(0), forget(0), admit(3, 0, 1), start(0, 2));
}

BOOST_AUTO_TEST_CASE(C3_none_at_all) {
    auto tree = scenario::idle({.max_dynamic_children = 0});
    EXPECT_ACTIONS(tree.start_child(), answer(1, errc::at_capacity));
    EXPECT_ACTIONS(tree.start_child_when_there_is_a_place());
    EXPECT_ACTIONS(tree.shutdown(), stopping(), answer(2, errc::not_running), finish());
}

// ---- stopping and restarting ------------------------------------------------------------------

BOOST_AUTO_TEST_CASE(C5_one_that_was_not_declared_is_forgotten_when_it_is_stopped) {
    auto tree = scenario::up({}, 1);
    tree.start_child(with(permanent));
    tree.child_ready(1);
    EXPECT_ACTIONS(tree.stop_child(1), signal(1), wake_at(5s));
    EXPECT_ACTIONS(tree.child_exits(1, ending::completed), exited(1), answer(2, {}, 1), forget(1));
}

BOOST_AUTO_TEST_CASE(C5_at_once_if_it_waits_for_its_back_off) {
    auto tree = scenario::idle({.backoff = {.first = 1s}});
    tree.start_child({.restart = permanent, .initializes = false});
    tree.child_exits(0);
    EXPECT_ACTIONS(tree.stop_child(0), answer(2, {}, 0), forget(0));
    EXPECT_ACTIONS(tree.after(1s));
}

BOOST_AUTO_TEST_CASE(C5_or_for_its_start) {
    auto tree = scenario::up({.strategy = one_for_all}, 2);
    tree.child_exits(0);
    tree.start_child();
    EXPECT_ACTIONS(tree.stop_child(2), answer(1, errc::start_cancelled, 2, 0), answer(2, {}, 2, 0),
                   forget(2, 0));
    EXPECT_ACTIONS(tree.child_exits(1, ending::completed), exited(1), start(0, 2), start(1, 2));
}

BOOST_AUTO_TEST_CASE(C5_several_may_ask_for_the_same) {
    auto tree = scenario::up({}, 1);
    EXPECT_ACTIONS(tree.stop_child(0), signal(0), wake_at(5s));
    EXPECT_ACTIONS(tree.stop_child(0));
    EXPECT_ACTIONS(tree.stop_child(0));
    EXPECT_ACTIONS(tree.child_exits(0, ending::completed), exited(0), answer(1, {}, 0),
                   answer(2, {}, 0), answer(3, {}, 0));
    EXPECT_ACTIONS(tree.restart_child(0), start(0, 2));
    EXPECT_ACTIONS(tree.restart_child(0), abort(0, 2), wake_at(5s));
    EXPECT_ACTIONS(tree.child_exits(0, ending::abnormal, 2), exited(0, 2), start(0, 3));
    EXPECT_ACTIONS(tree.child_ready(0, 3), ready(0, 3), answer(4, {}, 0, 3), answer(5, {}, 0, 3));
}

BOOST_AUTO_TEST_CASE(C5_the_last_word_counts) {
    auto tree = scenario::up({}, 1);
    EXPECT_ACTIONS(tree.stop_child(0), signal(0), wake_at(5s));
    EXPECT_ACTIONS(tree.restart_child(0));
    EXPECT_ACTIONS(tree.stop_child(0), answer(2, errc::start_cancelled, 0));
    EXPECT_ACTIONS(tree.child_exits(0, ending::completed), exited(0), answer(1, {}, 0),
                   answer(3, {}, 0));
    BOOST_TEST(tree.state(0) == child_state::stopped);

    auto other = scenario::up({}, 1);
    other.restart_child(0);
    EXPECT_ACTIONS(other.stop_child(0), answer(1, errc::start_cancelled, 0));
    EXPECT_ACTIONS(other.restart_child(0));
    EXPECT_ACTIONS(other.child_exits(0, ending::completed), exited(0), answer(2, {}, 0),
                   start(0, 2));
}

BOOST_AUTO_TEST_CASE(C5_a_late_child_that_is_stopped_or_restarted_has_not_failed) {
    constexpr child_rules impatient{.start_timeout = 1s};
    scenario tree({}, {impatient});
    tree.begin();
    tree.after(1s);
    EXPECT_ACTIONS(tree.stop_child(0), all_ready());
    EXPECT_ACTIONS(tree.child_exits(0), exited(0), answer(1, {}, 0));
    scenario again({}, {impatient});
    again.begin();
    again.after(1s);
    EXPECT_ACTIONS(again.restart_child(0));
    EXPECT_ACTIONS(again.child_exits(0), exited(0), start(0, 2), wake_at(2s));
}

BOOST_AUTO_TEST_CASE(C2_a_restart_that_was_asked_for_and_fails_is_the_askers_to_handle) {
    auto tree = scenario::up({}, 2);
    tree.restart_child(0);
    tree.child_exits(0, ending::completed);
    EXPECT_ACTIONS(tree.child_exits(0, ending::not_initialized, 2), not_initialized(0, 2),
                   answer(1, errc::failed_to_initialize, 0, 2));
    BOOST_TEST(tree.state(0) == child_state::stopped);
    BOOST_TEST(tree.policy().state() == supervisor_state::ready);
}

BOOST_AUTO_TEST_CASE(C5_to_be_restarted_through_a_handle_costs_nothing_and_delays_nothing) {
    auto tree = scenario::up({.intensity = {0, 1h}, .backoff = {.first = 1h, .most = 1h}}, 1);
    EXPECT_ACTIONS(tree.obey(tree.restart_child(0)), signal(0), wake_at(5s), exited(0),
                   start(0, 2));
    BOOST_TEST(tree.policy().restarts(0) == 1u);
    BOOST_TEST(tree.policy().restarts_in_window(tree.now()) == 0u);
}

BOOST_AUTO_TEST_CASE(C5_it_alone_is_restarted) {
    auto tree = scenario::up({.strategy = one_for_all}, 2);
    EXPECT_ACTIONS(tree.obey(tree.restart_child(0)), signal(0), wake_at(5s), exited(0),
                   start(0, 2));
}

BOOST_AUTO_TEST_CASE(C5_R5_one_outside_of_a_group_that_is_being_stopped_is_restarted_at_once) {
    auto tree = scenario::up({.strategy = rest_for_one}, 3);
    tree.child_exits(1);
    EXPECT_ACTIONS(tree.restart_child(0), signal(0));
    EXPECT_ACTIONS(tree.child_exits(0, ending::completed), exited(0), start(0, 2));
    EXPECT_ACTIONS(tree.child_ready(0, 2), ready(0, 2), answer(1, {}, 0, 2));
}

BOOST_AUTO_TEST_CASE(C5_R5_unless_the_group_grows) {
    auto tree = scenario::up({.strategy = rest_for_one, .intensity = unlimited}, 4);
    tree.child_exits(2);
    tree.restart_child(1);
    tree.child_exits(1, ending::completed); // it initialises
    tree.child_exits(0);
    EXPECT_ACTIONS(tree.child_exits(3, ending::completed), exited(3), abort(1, 2));
    EXPECT_ACTIONS(tree.child_exits(1, ending::abnormal, 2), exited(1, 2), start(0, 2), start(1, 3),
                   start(2, 2), start(3, 2));
    EXPECT_ACTIONS(tree.child_ready(1, 3), ready(1, 3), answer(1, {}, 1, 3));
}

BOOST_AUTO_TEST_CASE(C5_what_can_be_started_only_once_cannot_be_restarted) {
    auto tree = scenario::up({}, 1);
    tree.start_child({.restart = temporary, .initializes = false, .once = true});
    EXPECT_ACTIONS(tree.restart_child(1), answer(2, errc::started_once, 1));
    BOOST_TEST(tree.state(1) == child_state::running);
}

BOOST_AUTO_TEST_CASE(C6_a_child_that_stops_itself_is_answered_at_once) {
    auto tree = scenario::up({}, 1);
    EXPECT_ACTIONS(tree.stop_child(0, true), answer(1, {}, 0), signal(0), wake_at(5s));
    EXPECT_ACTIONS(tree.child_exits(0, ending::completed), exited(0));
    BOOST_TEST(tree.state(0) == child_state::stopped);
}

BOOST_AUTO_TEST_CASE(C6_so_is_one_that_restarts_itself) {
    auto tree = scenario::up({}, 1);
    EXPECT_ACTIONS(tree.restart_child(0, true), answer(1, {}, 0), signal(0), wake_at(5s));
    EXPECT_ACTIONS(tree.child_exits(0, ending::completed), exited(0), start(0, 2));
    EXPECT_ACTIONS(tree.child_ready(0, 2), ready(0, 2));
}

BOOST_AUTO_TEST_CASE(C6_if_it_has_ended_meanwhile_it_can_wait_like_anybody) {
    auto tree = scenario::up({.backoff = {.first = 1s}}, 1);
    tree.child_exits(0);
    EXPECT_ACTIONS(tree.restart_child(0, true), start(0, 2));
    EXPECT_ACTIONS(tree.child_ready(0, 2), ready(0, 2), answer(1, {}, 0, 2));
}

BOOST_AUTO_TEST_CASE(C5_D10_a_supervisor_that_stops_answers_whoever_waits_for_a_start) {
    auto tree = scenario::up({}, 3);
    tree.stop_child(0);
    tree.restart_child(1);
    tree.start_child();
    EXPECT_ACTIONS(tree.shutdown(), stopping(), answer(2, errc::not_running, 1),
                   answer(3, errc::not_running, 3), abort(3));
    EXPECT_ACTIONS(tree.child_exits(3), exited(3), signal(2));
    EXPECT_ACTIONS(tree.child_exits(1, ending::completed), exited(1)); // and not started again
    EXPECT_ACTIONS(tree.child_exits(0, ending::completed), exited(0), answer(1, {}, 0));
    EXPECT_ACTIONS(tree.child_exits(2, ending::completed), exited(2), finish());
}

BOOST_AUTO_TEST_CASE(C5_D9_and_whoever_waits_for_an_end_that_does_not_come) {
    auto tree = scenario::up({}, {with(brutal), worker_rules});
    tree.stop_child(0);
    tree.shutdown();
    EXPECT_ACTIONS(tree.after(3s), abandon(0), answer(1, errc::child_abandoned, 0), wake_at(5s));
    EXPECT_ACTIONS(tree.child_exits(1, ending::completed), exited(1),
                   finish(errc::shutdown_timed_out));
    BOOST_TEST(tree.abandoned() == children{0}, boost::test_tools::per_element());
}

// ---- removing ---------------------------------------------------------------------------------

BOOST_AUTO_TEST_CASE(C5_a_removed_child_leaves_its_place_empty) {
    auto tree = scenario::up({}, 3);
    tree.obey(tree.stop_child(1));
    tree.remove_child(1);
    BOOST_TEST(tree.policy().is_vacant(1));
    EXPECT_ACTIONS(tree.start_child(), admit(3, 3), start(3));
    tree.child_ready(3);
    EXPECT_ACTIONS(tree.obey(tree.shutdown()), stopping(), signal(3), wake_at(5s), exited(3),
                   signal(2), exited(2), signal(0), exited(0), finish());
}

// ---- waiting until all are ready --------------------------------------------------------------

BOOST_AUTO_TEST_CASE(S5_readiness_can_be_awaited) {
    scenario tree({}, 2);
    tree.begin();
    EXPECT_ACTIONS(tree.await_ready());
    EXPECT_ACTIONS(tree.await_ready());
    tree.child_ready(0);
    EXPECT_ACTIONS(tree.child_ready(1), ready(1), all_ready(), answer(1), answer(2));
    EXPECT_ACTIONS(tree.await_ready(), answer(3)); // at once
}

BOOST_AUTO_TEST_CASE(S5_and_again_after_each_restart) {
    auto tree = scenario::up({.intensity = unlimited, .backoff = {.first = 1s}}, 1);
    tree.child_exits(0);
    EXPECT_ACTIONS(tree.await_ready());
    EXPECT_ACTIONS(tree.after(1s), start(0, 2));
    EXPECT_ACTIONS(tree.child_ready(0, 2), ready(0, 2), answer(1));
    tree.restart_child(0);
    EXPECT_ACTIONS(tree.await_ready());
    tree.child_exits(0, ending::completed, 2);
    EXPECT_ACTIONS(tree.child_ready(0, 3), ready(0, 3), answer(2, {}, 0, 3), answer(3));
}

BOOST_AUTO_TEST_CASE(S5_who_waits_for_it_may_wait_no_longer) {
    scenario tree({}, 1);
    tree.begin();
    tree.await_ready();
    EXPECT_ACTIONS(tree.withdraw(1));
    EXPECT_ACTIONS(tree.child_ready(0), ready(0), all_ready());
}

BOOST_AUTO_TEST_CASE(S5_a_supervisor_that_stops_will_not_be_ready) {
    scenario tree({}, 1);
    tree.begin();
    tree.await_ready();
    EXPECT_ACTIONS(tree.child_exits(0, ending::not_initialized), not_initialized(0), stopping(),
                   answer(1, errc::not_running), finish(errc::failed_to_initialize, {0, 1}));
}

BOOST_AUTO_TEST_CASE(C2_what_was_begun_goes_on_when_nobody_waits_any_more) {
    auto tree = scenario::idle({});
    tree.start_child();
    EXPECT_ACTIONS(tree.withdraw(1));
    EXPECT_ACTIONS(tree.child_ready(0), ready(0), answer(1, {}, 0)); // to nobody
}

// ---- C7 ---------------------------------------------------------------------------------------

BOOST_AUTO_TEST_CASE(C7_a_burst_of_starts_keeps_nobody_waiting) {
    constexpr child_index count = 100'000;
    auto tree = scenario::up({}, 1);
    std::size_t done = 0;
    for (child_index i = 1; i != count + 1; ++i)
        done += tree.start_child().size();
    BOOST_TEST(done == 2 * count); // admit and start: a step for each
    BOOST_TEST(tree.policy().dynamic_count() == count);
    EXPECT_ACTIONS(tree.child_exits(0), exited(0), restarting(0, 1, 1), start(0, 2));
    actions const stop = tree.shutdown();
    BOOST_TEST(stop.front() == stopping());
    BOOST_TEST(tree.open().empty()); // all were told
    std::size_t const step = machine::children_per_step;
    BOOST_TEST(stop.size() == 1 + count + step + 2);
}
