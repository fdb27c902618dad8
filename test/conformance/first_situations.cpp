// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#define BOOST_TEST_MODULE conformance_first_situations
#include "support/tree.hpp"

// The situations with which any supervisor is first tried. The other files go rule by rule.

using namespace tree_test;

BOOST_TEST_GLOBAL_FIXTURE(quiet_log);

BOOST_AUTO_TEST_CASE(a_flat_tree_stops_cleanly) {
    journal notes;
    supervisor root("root");
    root.add(probe("a", &notes)).add(probe("b", &notes));
    run_of run(root);
    BOOST_TEST(notes.take() == (lines{"start a", "start b"}), boost::test_tools::per_element());
    run.stop();
    BOOST_TEST(notes.take() == (lines{"stop b", "stop a"}), boost::test_tools::per_element());
    BOOST_TEST(run.result().has_value());
}

BOOST_AUTO_TEST_CASE(a_nested_tree_stops_cleanly) {
    journal notes;
    supervisor inner("inner");
    inner.add(probe("b", &notes)).add(probe("c", &notes));
    supervisor root("root");
    root.add(probe("a", &notes)).add(std::move(inner)).add(probe("d", &notes));
    run_of run(root);
    notes.take();
    run.stop();
    BOOST_TEST(notes.take() == (lines{"stop d", "stop c", "stop b", "stop a"}),
               boost::test_tools::per_element());
    BOOST_TEST(run.result().has_value());
}

BOOST_AUTO_TEST_CASE(a_tree_without_children_fails) {
    supervisor root("root");
    run_of run(root);
    BOOST_TEST((run.result().error().code() == errc::no_children));
    BOOST_TEST(run.result().error().message() == "root: there are no children to run");
}

BOOST_AUTO_TEST_CASE(one_for_one_restarts_only_the_child_that_failed) {
    probe failing("failing");
    probe sibling("sibling");
    supervisor root("root");
    root.add(failing).add(sibling);
    run_of run(root);
    failing.fail(asio::error::connection_reset);
    run.settle();
    BOOST_TEST(failing.runs() == 2);
    BOOST_TEST(sibling.runs() == 1);
    run.stop();
    BOOST_TEST(run.result().has_value());
    BOOST_TEST(sibling.runs() == 1);
}

BOOST_AUTO_TEST_CASE(one_for_all_restarts_all) {
    journal notes;
    probe failing("b", &notes);
    supervisor root("root", {.strategy = one_for_all});
    root.add(probe("a", &notes)).add(failing).add(probe("c", &notes));
    run_of run(root);
    notes.take();
    failing.panic("boom");
    run.settle();
    BOOST_TEST(notes.take() ==
                   (lines{"fail b", "stop c", "stop a", "start a", "start b", "start c"}),
               boost::test_tools::per_element());
    run.stop();
    BOOST_TEST(run.result().has_value());
}

BOOST_AUTO_TEST_CASE(the_limit_ends_the_supervisor) {
    probe failing("failing");
    probe sibling("sibling");
    supervisor root("root", {.intensity = {2, 1h}});
    root.add(sibling).add(failing);
    run_of run(root);
    for (int i = 0; i != 3; ++i) {
        BOOST_TEST(!run.ended());
        failing.fail("no more");
        run.settle();
    }
    BOOST_TEST(failing.runs() == 3);
    BOOST_TEST(sibling.runs() == 1);
    supervisor_error const& error = run.result().error();
    BOOST_TEST((error.code() == errc::restart_limit_exceeded));
    BOOST_TEST(error.path() == "failing");
    BOOST_TEST(error.restarts() == 2u);
    BOOST_TEST(error.message() == "root: gave up on child 'failing' after 2 restarts within 1h; "
                                  "it terminated: no more");
}

BOOST_AUTO_TEST_CASE(an_initialisation_failure_names_the_child_and_never_restarts) {
    probe broken("broken");
    broken.break_initialization(cause(asio::error::address_in_use, "cannot listen on port 80"));
    probe sibling("sibling");
    supervisor root("root", {.intensity = unlimited});
    root.add(sibling).add(broken);
    run_of run(root);
    BOOST_TEST(broken.initializations() == 1);
    BOOST_TEST(broken.runs() == 0);
    supervisor_error const& error = run.result().error();
    BOOST_TEST((error.code() == errc::failed_to_initialize));
    BOOST_TEST(error.path() == "broken");
    BOOST_TEST((error.exit().why().code() == asio::error::address_in_use));
    BOOST_TEST(error.message() ==
               "root: child 'broken' failed to initialise: cannot listen on port "
               "80: Address already in use");
}

BOOST_AUTO_TEST_CASE(a_stop_in_steady_state_waits_for_nothing) {
    supervisor root("root");
    for (int i = 0; i != 100; ++i)
        root.add(probe("child" + std::to_string(i)));
    run_of run(root);
    run.stop(); // runs what is ready, and no timer
    BOOST_TEST(run.ended());
    BOOST_TEST(run.result().has_value());
}

BOOST_AUTO_TEST_CASE(a_stop_during_an_initialisation_that_would_take_30_seconds_waits_for_nothing) {
    bool ran = false;
    supervisor root("root");
    root.add(worker("slow", [&ran]() -> asio::awaitable<initialization> {
        asio::steady_timer timer(co_await asio::this_coro::executor, 30s);
        co_await timer.async_wait(asio::use_awaitable);
        ran = true;
        co_return []() -> asio::awaitable<result<void>> { co_return success(); }();
    }));
    run_of run(root);
    BOOST_TEST(!run.ended());
    run.stop();
    BOOST_TEST(run.ended());
    BOOST_TEST(run.result().has_value());
    BOOST_TEST(!ran);
}

BOOST_AUTO_TEST_CASE(a_supervisor_can_be_run_again) {
    probe child("child");
    supervisor root("root");
    root.add(child);
    for (int i = 1; i != 4; ++i) {
        run_of run(root);
        BOOST_TEST(child.runs() == i);
        run.stop();
        BOOST_TEST(run.result().has_value());
    }
}
