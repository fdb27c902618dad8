// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#define BOOST_TEST_MODULE conformance_r_restarting
#include "support/tree.hpp"

using namespace tree_test;

BOOST_TEST_GLOBAL_FIXTURE(quiet_log);

namespace {

// Five children whose names are out of order.
struct five {
    journal notes;
    std::vector<probe> children;
    supervisor root;

    explicit five(supervisor_options const& options) : root("root", options) {
        for (char const* name : {"d", "a", "e", "b", "c"}) {
            children.emplace_back(name, &notes);
            root.add(children.back());
        }
    }
};

} // namespace

BOOST_AUTO_TEST_CASE(R1_rest_for_one_stops_and_starts_those_after) {
    five tree({.strategy = rest_for_one});
    run_of run(tree.root);
    tree.notes.take();
    tree.children[2].fail("x");
    run.settle();
    BOOST_TEST(tree.notes.take() ==
                   (lines{"fail e", "stop c", "stop b", "start e", "start b", "start c"}),
               boost::test_tools::per_element());
    run.stop();
    BOOST_TEST(tree.notes.take() == (lines{"stop c", "stop b", "stop e", "stop a", "stop d"}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(R1_one_for_all) {
    five tree({.strategy = one_for_all});
    run_of run(tree.root);
    tree.notes.take();
    tree.children[4].complete();
    run.settle();
    BOOST_TEST(tree.notes.take() == (lines{"fail c", "stop b", "stop e", "stop a", "stop d",
                                           "start d", "start a", "start e", "start b", "start c"}),
               boost::test_tools::per_element());
    run.stop();
}

BOOST_AUTO_TEST_CASE(R2_the_default_is_one_restart_in_five_seconds) {
    BOOST_TEST((supervisor("root").options().intensity == restart_intensity{1, 5s}));
    probe a("a");
    probe b("b");
    supervisor root("root");
    root.add(a).add(b);
    run_of run(root);
    a.fail("x");
    run.settle();
    BOOST_TEST(!run.ended());
    b.fail("y"); // the budget is the supervisor's
    run.settle();
    BOOST_TEST((run.result().error().code() == errc::restart_limit_exceeded));
    BOOST_TEST(run.result().error().path() == "b");
}

BOOST_AUTO_TEST_CASE(R3_an_unlimited_budget) {
    probe child("child");
    supervisor root("root", {.intensity = unlimited});
    root.add(child);
    run_of run(root);
    for (int i = 1; i != 1000; ++i) {
        child.fail("again");
        run.settle();
        BOOST_TEST_REQUIRE(child.runs() == i + 1);
    }
    run.stop();
    BOOST_TEST(run.result().has_value());
}

BOOST_AUTO_TEST_CASE(R4_restart_types) {
    probe permanent_one("p");
    probe transient_one("t");
    probe temporary_one("x");
    supervisor root("root", {.intensity = unlimited});
    root.add(permanent_one).add(transient_one, {.restart = transient});
    root.add(temporary_one, {.restart = temporary});
    run_of run(root);
    transient_one.panic("boom");
    permanent_one.complete();
    temporary_one.panic("boom");
    run.settle();
    BOOST_TEST(permanent_one.runs() == 2);
    BOOST_TEST(transient_one.runs() == 2);
    BOOST_TEST(temporary_one.runs() == 1);
    transient_one.complete();
    run.settle();
    BOOST_TEST(transient_one.runs() == 2);
    permanent_one.fail("x");
    run.settle();
    BOOST_TEST(permanent_one.runs() == 3);
    run.stop();
    BOOST_TEST(run.result().has_value());
}

BOOST_AUTO_TEST_CASE(R4_the_type_of_a_worker_may_have_preferences) {
    struct modest {
        int* runs;
        std::string_view name() const { return "modest"; }
        restart_type restart() const { return temporary; }
        shutdown_strategy shutdown() const { return brutal; }
        asio::awaitable<basic_initialization<void>> initialize(process_shutdown) {
            co_return run();
        }
        asio::awaitable<void> run() {
            ++*runs;
            co_return;
        }
    };
    static_assert(supervisable<modest>);
    int runs = 0;
    child_specification const plain(modest{&runs});
    BOOST_TEST(plain.restart() == temporary);
    BOOST_TEST((plain.shutdown() == brutal));
    child_specification const overruled =
        child_specification(modest{&runs}).with({.restart = transient});
    BOOST_TEST(overruled.restart() == transient);
    BOOST_TEST((overruled.shutdown() == brutal));

    supervisor root("root");
    root.add(modest{&runs});
    run_of run(root);
    BOOST_TEST(runs == 1);
    run.stop();
    BOOST_TEST(runs == 1);
}

BOOST_AUTO_TEST_CASE(R4_a_supervisor_whose_children_have_all_ended_goes_on) {
    probe child("child");
    supervisor root("root");
    root.add(child, {.restart = temporary});
    run_of run(root);
    child.complete();
    run.settle();
    BOOST_TEST(!run.ended());
    run.stop();
    BOOST_TEST(run.result().has_value());
}

BOOST_AUTO_TEST_CASE(R6_an_initialisation_failure_at_a_restart_ends_the_supervisor_too) {
    probe child("child");
    probe sibling("sibling");
    supervisor root("root", {.intensity = unlimited});
    root.add(sibling).add(child);
    run_of run(root);
    child.break_initialization("disk is gone");
    child.fail("x");
    run.settle();
    BOOST_TEST((run.result().error().code() == errc::failed_to_initialize));
    BOOST_TEST(child.initializations() == 2);
    BOOST_TEST(child.runs() == 1);
    BOOST_TEST(sibling.runs() == 1);
}

BOOST_AUTO_TEST_CASE(R7_giving_up_stops_the_siblings_well) {
    five tree({.intensity = {0, 5s}});
    run_of run(tree.root);
    tree.notes.take();
    tree.children[1].fail("x");
    run.settle();
    BOOST_TEST(tree.notes.take() == (lines{"fail a", "stop c", "stop b", "stop e", "stop d"}),
               boost::test_tools::per_element());
    BOOST_TEST((run.result().error().code() == errc::restart_limit_exceeded));
    BOOST_TEST(run.result().error().message() ==
               "root: gave up on child 'a', since no restarts are allowed; it terminated: x");
}

BOOST_AUTO_TEST_CASE(R9_a_shutdown_during_a_group_restart_wins) {
    journal notes;
    probe first("first", &notes);
    supervisor root("root", {.strategy = one_for_all});
    root.add(first);
    // Takes its time to stop: until the timer that nobody else knows.
    asio::steady_timer* finish = nullptr;
    root.add(worker("slow", [&](process_shutdown shutdown) -> asio::awaitable<void> {
        notes.write("start slow");
        asio::steady_timer timer(co_await asio::this_coro::executor,
                                 asio::steady_timer::time_point::max());
        finish = &timer;
        co_await shutdown.async_wait(asio::use_awaitable);
        boost::system::error_code ignored;
        co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
        notes.write("stop slow");
    }));
    run_of run(root);
    notes.take();
    first.fail("x");
    run.settle();
    BOOST_TEST(notes.take() == lines{"fail first"}, boost::test_tools::per_element());
    run.stop();
    BOOST_TEST(!run.ended());
    finish->cancel();
    run.settle();
    BOOST_TEST(notes.take() == lines{"stop slow"}, boost::test_tools::per_element());
    BOOST_TEST(run.result().has_value());
}
