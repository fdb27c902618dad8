// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#define BOOST_TEST_MODULE policy_machine
#include "policy/machine.hpp"

#include "support/policy_scenario.hpp"

#include <boost/test/unit_test.hpp>

#include <sstream>
#include <vector>

using namespace policy_test;

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

BOOST_AUTO_TEST_CASE(a_begin_after_a_shutdown_begins_nothing) {
    scenario tree({}, 1);
    EXPECT_ACTIONS(tree.shutdown(), stopping(), finish());
    EXPECT_ACTIONS(tree.begin());
}

BOOST_AUTO_TEST_CASE(a_wake_up_that_is_no_longer_needed_does_nothing) {
    auto tree = scenario::up({}, 1);
    EXPECT_ACTIONS(tree.stop_child(0), signal(0), wake_at(5s));
    tree.child_exits(0, ending::completed);
    EXPECT_ACTIONS(tree.after(5s));
}

BOOST_AUTO_TEST_CASE(the_state_of_the_supervisor) {
    scenario tree({.strategy = one_for_all}, 2);
    BOOST_TEST(tree.policy().state() == supervisor_state::not_running);
    tree.begin();
    BOOST_TEST(tree.policy().state() == supervisor_state::starting);
    tree.child_ready(0);
    tree.child_ready(1);
    BOOST_TEST(tree.policy().state() == supervisor_state::ready);
    tree.child_exits(0);
    BOOST_TEST(tree.policy().state() == supervisor_state::restarting);
    tree.child_exits(1);
    BOOST_TEST(tree.policy().state() == supervisor_state::starting);
    tree.shutdown();
    BOOST_TEST(tree.policy().state() == supervisor_state::stopping);
    tree.child_exits(1, ending::abnormal, 2);
    tree.child_exits(0, ending::abnormal, 2);
    BOOST_TEST(tree.policy().state() == supervisor_state::not_running);
}

BOOST_AUTO_TEST_CASE(what_an_action_looks_like) {
    auto const text = [](action const& it) {
        std::ostringstream stream;
        stream << it;
        return stream.str();
    };
    BOOST_TEST(text(start(2)) == "start 2#1");
    BOOST_TEST(text(signal(2)) == "signal 2#1");
    BOOST_TEST(text(abort(2)) == "abort 2#1");
    BOOST_TEST(text(abandon(2)) == "abandon 2#1");
    BOOST_TEST(text(wake_at(5ns)) == "wake at 5ns");
    BOOST_TEST(text(resume()) == "resume");
    BOOST_TEST(text(all_ready()) == "report supervisor_ready");
    BOOST_TEST(text(restarting(2, 1, 3, 5ns)) == "report child_restarting 2#1 restarts 3 in 5ns");
    BOOST_TEST(text(gave_up(2, 1, 3, true)) == "report gave_up 2#1 restarts 3 of its own");
    BOOST_TEST(text(admit(7, 2)) == "admit 7 2#0");
    BOOST_TEST(text(forget(2)) == "forget 2#1");
    BOOST_TEST(text(answer(7)) == "answer 7 well");
    BOOST_TEST(text(answer(7, errc::no_such_child, 2)) == "answer 7 no such child 2#1");
    BOOST_TEST(text(finish(errc::no_children)) == "finish no children");
    BOOST_TEST(text(action::on(static_cast<action_kind>(99), {2, 1})) == "unknown action 2#1");
}
