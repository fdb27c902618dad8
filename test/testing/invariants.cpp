// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#define BOOST_TEST_MODULE testing_invariants
#include "testing/invariants.hpp"

#include "testing/stop_bound.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <string>
#include <vector>

using namespace arborist;
using namespace std::chrono_literals;
using testing::detail::invariants;
using testing::detail::stop_bound;

// Trees never do what is done here: each test tells of one that breaks one rule.

namespace {

using lines = std::vector<std::string>;

// "app" with the workers "a" (1) and "b" (2) and the supervisor "s" (3), with the worker "c" (4).
struct history {
    lines violations;
    invariants checks{[this](std::string const& what) { violations.push_back(what); }};
    duration now = 0s;
    snapshot shown = make_snapshot();

    static snapshot make_snapshot() {
        snapshot it;
        auto const add = [&it](std::string name, std::size_t depth, std::size_t parent) {
            auto& node = it.nodes.emplace_back();
            node.full_name = depth == 0 ? name : it.nodes[parent].full_name + '.' + name;
            node.name = std::move(name);
            node.id = child_id(it.nodes.size() - 1);
            node.depth = depth;
            node.parent = parent;
            node.state = child_state::running;
            node.process_id = node.id.value();
        };
        add("app", 0, 0);
        add("a", 1, 0);
        add("b", 1, 0);
        add("s", 1, 0);
        add("c", 2, 3);
        for (std::size_t const place : {0, 3}) {
            it.nodes[place].is_supervisor = true;
            it.nodes[place].supervisor.emplace().intensity = {2, 10s};
        }
        it.nodes[3].shutdown = infinite;
        return it;
    }

    // All run, and are shown.
    history() {
        tell("app", event_kind::supervisor_starting);
        start("app", "a", 1);
        start("app", "b", 2);
        start("app", "s", 3);
        tell("app.s", event_kind::supervisor_starting);
        start("app.s", "c", 4);
        checks.compare(shown, now);
        BOOST_TEST(violations.empty());
    }

    void tell(std::string_view supervisor, event_kind what) {
        checks.take({.kind = what, .supervisor = supervisor}, now);
    }
    void tell(std::string_view supervisor, std::string_view child, std::uint64_t id,
              event_kind what, std::uint64_t process = 0) {
        checks.take({.kind = what,
                     .supervisor = supervisor,
                     .child = child,
                     .child_id = child_id(id),
                     .process_id = process != 0 ? process : id},
                    now);
    }
    void start(std::string_view supervisor, std::string_view child, std::uint64_t id,
               std::uint64_t process = 0) {
        tell(supervisor, child, id, event_kind::child_starting, process);
        tell(supervisor, child, id, event_kind::child_ready, process);
    }
    void restart_told(std::size_t restarts) {
        checks.take({.kind = event_kind::child_restarting,
                     .supervisor = "app",
                     .child = "a",
                     .child_id = child_id(1),
                     .process_id = 1,
                     .restarts = restarts,
                     .intensity = {2, 10s}},
                    now);
    }
    void compare() { checks.compare(shown, now); }

    void expect(lines const& what) {
        BOOST_TEST(violations == what, boost::test_tools::per_element());
    }
};

} // namespace

BOOST_AUTO_TEST_CASE(two_living_processes_of_one_child) {
    history it;
    it.start("app", "a", 1, 10);
    it.expect({"app: child 'a' started while its predecessor lives"});
}

BOOST_AUTO_TEST_CASE(beside_an_abandoned_one_is_right) {
    history it;
    it.tell("app", "a", 1, event_kind::child_aborting);
    it.tell("app", "a", 1, event_kind::child_abandoned);
    it.start("app", "a", 1, 10);
    it.tell("app", "a", 1, event_kind::child_exited_late, 1);
    it.expect({});
    it.tell("app", "a", 1, event_kind::child_exited_late, 1);
    it.expect({"app: child 'a' exited late, and was not abandoned"});
}

BOOST_AUTO_TEST_CASE(R9_a_start_after_the_stop_began) {
    history it;
    it.tell("app", "b", 2, event_kind::child_exited);
    it.tell("app", event_kind::supervisor_stopping);
    it.start("app", "b", 2, 10);
    it.expect({"app: child 'b' started while its supervisor stops"});
}

BOOST_AUTO_TEST_CASE(a_start_without_a_supervisor) {
    history it;
    it.start("app.t", "x", 7);
    it.expect({"app.t: child 'x' started, and its supervisor does not run"});
}

BOOST_AUTO_TEST_CASE(an_exit_that_is_told_twice) {
    history it;
    it.tell("app", "a", 1, event_kind::child_exited);
    it.tell("app", "a", 1, event_kind::child_exited);
    it.expect({"app: child 'a' exited twice", "app: child 'a' exited, and was not running"});
}

BOOST_AUTO_TEST_CASE(an_exit_of_nobody) {
    history it;
    it.tell("app", "a", 1, event_kind::child_exited, 99);
    it.expect({"app: child 'a' exited, and was not running"});
}

BOOST_AUTO_TEST_CASE(a_process_that_was_never_made_may_fail) {
    history it;
    it.tell("app", "a", 1, event_kind::child_exited);
    it.tell("app", "a", 1, event_kind::child_failed_to_initialize, 99);
    it.expect({});
}

BOOST_AUTO_TEST_CASE(what_is_told_of_the_dead) {
    history it;
    it.tell("app", "a", 1, event_kind::child_exited);
    it.tell("app", "a", 1, event_kind::child_ready);
    it.tell("app", "a", 1, event_kind::child_aborting);
    it.expect({"app: child 'a' is not running", "app: child 'a' is not running"});
}

BOOST_AUTO_TEST_CASE(R3_more_restarts_than_allowed) {
    history it;
    it.restart_told(1);
    it.now = 5s;
    it.restart_told(2);
    it.now = 10s - 1ns;
    it.restart_told(3);
    it.expect({"app: child 'a' is restart 3 of 2 in 10s"});
}

BOOST_AUTO_TEST_CASE(R3_exactly_a_period_later) {
    history it;
    it.restart_told(1);
    it.now = 5s;
    it.restart_told(2);
    it.now = 10s;
    it.restart_told(2);
    it.expect({});
    it.now = 100s;
    it.restart_told(2);
    it.expect({"app: child 'a' is restart 1, not 2"});
}

BOOST_AUTO_TEST_CASE(R9_a_restart_while_stopping) {
    history it;
    it.tell("app", event_kind::supervisor_stopping);
    it.restart_told(1);
    it.expect({"app: child 'a' is restarted while its supervisor stops"});
}

BOOST_AUTO_TEST_CASE(R7_giving_up_too_early) {
    history it;
    it.checks.take({.kind = event_kind::gave_up,
                    .supervisor = "app",
                    .child = "a",
                    .restarts = 1,
                    .intensity = {2, 10s}},
                   it.now);
    it.expect({"app: child 'a' gave up after 1 of 2 restarts"});
}

BOOST_AUTO_TEST_CASE(D2_stopped_out_of_order) {
    history it;
    it.tell("app", event_kind::supervisor_stopping);
    it.tell("app", "b", 2, event_kind::child_stopping);
    it.expect({"app: child 'b' is stopped before 's' has ended"});
}

BOOST_AUTO_TEST_CASE(D2_stopped_in_order) {
    history it;
    it.tell("app", event_kind::supervisor_stopping);
    it.tell("app", "s", 3, event_kind::child_stopping);
    it.tell("app.s", event_kind::supervisor_stopping);
    it.tell("app.s", "c", 4, event_kind::child_stopping);
    it.tell("app.s", "c", 4, event_kind::child_exited);
    it.tell("app.s", event_kind::supervisor_stopped);
    it.tell("app", "s", 3, event_kind::child_exited);
    it.tell("app", "b", 2, event_kind::child_stopping);
    it.tell("app", "b", 2, event_kind::child_exited);
    it.tell("app", "a", 1, event_kind::child_stopping);
    it.tell("app", "a", 1, event_kind::child_exited);
    it.tell("app", event_kind::supervisor_stopped);
    it.expect({});
}

BOOST_AUTO_TEST_CASE(D2_in_any_order_if_it_is_said) {
    history it;
    it.shown.nodes[0].supervisor->shutdown = concurrent;
    it.compare();
    it.tell("app", event_kind::supervisor_stopping);
    it.tell("app", "a", 1, event_kind::child_stopping);
    it.expect({});
}

BOOST_AUTO_TEST_CASE(D3_dynamic_children_first) {
    history it;
    it.shown.nodes[1].dynamic = true;
    it.compare();
    it.tell("app", event_kind::supervisor_stopping);
    it.tell("app", "a", 1, event_kind::child_stopping);
    it.tell("app", "s", 3, event_kind::child_stopping);
    it.expect({"app: child 's' is stopped before 'a' has ended"});
}

BOOST_AUTO_TEST_CASE(a_supervisor_that_ends_before_its_children) {
    history it;
    it.tell("app.s", event_kind::supervisor_stopping);
    it.tell("app.s", event_kind::supervisor_stopped);
    it.expect({"app.s: has stopped, and its child 'c' lives"});
}

BOOST_AUTO_TEST_CASE(a_supervisor_whose_process_ends_before_it) {
    history it;
    it.tell("app", "s", 3, event_kind::child_exited);
    it.expect({"app: child 's' exited, and what is below it still runs"});
}

BOOST_AUTO_TEST_CASE(a_supervisor_that_runs_twice_or_stops_twice) {
    history it;
    it.tell("app", event_kind::supervisor_stopping);
    it.tell("app", event_kind::supervisor_stopping);
    it.expect({"app: stops, and was not running"});
    it.tell("app.s", event_kind::supervisor_starting);
    it.expect({"app: stops, and was not running", "app.s: started while it runs"});
}

BOOST_AUTO_TEST_CASE(a_stop_that_takes_too_long) {
    history it; // 5 s, and 5 s of grace, for each of the three workers
    it.tell("app", event_kind::supervisor_stopping);
    it.now = 30s;
    it.compare();
    it.expect({});
    it.now = 30s + 2ms;
    it.compare();
    it.expect({"app: takes longer to stop than it may"});
    it.compare();
    it.expect({"app: takes longer to stop than it may"});
}

BOOST_AUTO_TEST_CASE(a_snapshot_that_shows_what_is_not) {
    history it;
    it.shown.nodes[1].state = child_state::stopping;
    it.shown.nodes[2].state = child_state::ended;
    it.shown.nodes[3].process_id = 77;
    it.shown.nodes[4].restarts = 1;
    it.shown.nodes[0].supervisor->restarts = 1;
    it.compare();
    it.expect({"app: the snapshot shows 1 restarts, and there were 0",
               "app: child 'a' is shown as stopping, and is running",
               "app: child 'b' is shown as ended, and lives",
               "app: child 's' is shown with another process",
               "app.s: child 'c' is shown with 1 restarts, and was started 1 times"});
}

BOOST_AUTO_TEST_CASE(a_snapshot_that_lacks_a_living_child) {
    history it;
    it.shown.nodes.pop_back();
    it.compare();
    it.expect({"app.s: child 'c' lives, and is not shown"});
}

BOOST_AUTO_TEST_CASE(O1_exits_that_are_never_told) {
    history it;
    it.checks.expect_nothing_left();
    it.expect({"app: child 'a' was started, and its exit was never told",
               "app: child 'b' was started, and its exit was never told",
               "app: child 's' was started, and its exit was never told",
               "app.s: child 'c' was started, and its exit was never told"});
}

BOOST_AUTO_TEST_CASE(D9_late_exits_that_are_never_told) {
    history it;
    for (std::uint64_t const id : {1, 2, 3})
        it.tell("app", id == 1 ? "a" : id == 2 ? "b" : "s", id, event_kind::child_abandoned);
    it.tell("app", "b", 2, event_kind::child_exited_late);
    it.checks.expect_nothing_left();
    it.expect({"2 were abandoned, and their exits were never told"});
}

BOOST_AUTO_TEST_CASE(an_observer_that_threw) {
    history it;
    it.tell("app", event_kind::observer_failed);
    it.expect({"app: an observer threw"});
}

BOOST_AUTO_TEST_CASE(D9_below_an_abandoned_supervisor_nothing_is_known) {
    history it;
    it.tell("app", "s", 3, event_kind::child_aborting);
    it.tell("app", "s", 3, event_kind::child_abandoned);
    it.start("app", "s", 3, 30);
    it.tell("app.s", event_kind::supervisor_starting);
    it.start("app.s", "c", 4, 40);
    it.expect({});
}

// ---- how long a stop may take -----------------------------------------------------------------

BOOST_AUTO_TEST_CASE(D1_D2_the_sum_of_what_children_may_take) {
    auto tree = history::make_snapshot();
    BOOST_TEST((stop_bound(tree, 3) == 10s));
    BOOST_TEST((stop_bound(tree, 0) == 30s));
    tree.nodes[1].shutdown = brutal;
    BOOST_TEST((stop_bound(tree, 0) == 25s));
    tree.nodes[2].shutdown = infinite;
    BOOST_TEST((stop_bound(tree, 0) == duration::max()));
}

BOOST_AUTO_TEST_CASE(D2_the_largest_if_all_stop_at_once) {
    auto tree = history::make_snapshot();
    tree.nodes[0].supervisor->shutdown = concurrent;
    tree.nodes[1].shutdown = graceful(1min);
    BOOST_TEST((stop_bound(tree, 0) == 65s));
}

BOOST_AUTO_TEST_CASE(D3_dynamic_children_are_stopped_at_once_before_the_others) {
    auto tree = history::make_snapshot();
    tree.nodes[1].dynamic = true;
    tree.nodes[2].dynamic = true;
    BOOST_TEST((stop_bound(tree, 0) == 20s));
}

BOOST_AUTO_TEST_CASE(D4_a_budget_caps_the_whole) {
    auto tree = history::make_snapshot();
    tree.nodes[0].supervisor->shutdown_budget = 3s;
    BOOST_TEST((stop_bound(tree, 0) == 8s));
    tree.nodes[3].supervisor->abort_grace = 1min;
    BOOST_TEST((stop_bound(tree, 0) == 63s));
}

BOOST_AUTO_TEST_CASE(D9_an_aborted_supervisor_has_the_grace_of_what_is_below_it) {
    auto tree = history::make_snapshot();
    tree.nodes[3].shutdown = graceful(1s);
    BOOST_TEST((stop_bound(tree, 0) == 20s + 6s));
    tree.nodes[3].shutdown = brutal;
    BOOST_TEST((stop_bound(tree, 0) == 20s + 5s));
}

BOOST_AUTO_TEST_CASE(nothing_is_known_of_a_supervisor_that_has_not_begun) {
    auto tree = history::make_snapshot();
    tree.nodes.pop_back();
    tree.nodes[3].supervisor.reset();
    BOOST_TEST((stop_bound(tree, 0) == duration::max()));
}
