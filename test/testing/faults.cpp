// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#define BOOST_TEST_MODULE testing_faults
#include <arborist/blocking_worker.hpp>
#include <arborist/testing.hpp>

#include "support/tree.hpp"

#include <sstream>

using namespace tree_test;

BOOST_TEST_GLOBAL_FIXTURE(quiet_log);

namespace {

using testing::fault;

// A tree of one child, the worker "app.child"; what goes wrong with its first process.
struct one_child {
    testing::simulation world;
    std::optional<testing::trial> tree;

    one_child(child_specification child, fault const& what, child_options const& options = {},
              supervisor_options const& of = {}) {
        world.inject([what](testing::process_start const& start) {
            BOOST_TEST(start.name == "app.child");
            return start.incarnation == 1 ? what : fault();
        });
        supervisor app("app", of);
        app.add(std::move(child), options);
        tree.emplace(world, std::move(app));
    }

    ~one_child() { BOOST_TEST(tree->violations() == ""); }

    bool happened(std::string const& line) const {
        return ("\n" + tree->log()).find("\n" + line + '\n') != std::string::npos;
    }
};

// Three resumptions, its start included, in three seconds.
asio::awaitable<void> three_steps() {
    asio::steady_timer timer(co_await asio::this_coro::executor);
    for (int i = 0; i != 3; ++i) {
        timer.expires_after(1s);
        auto waiting = timer.async_wait(asio::deferred);
        co_await std::move(waiting);
    }
}

asio::awaitable<result<void>> three_steps_with_result() {
    auto stepping = three_steps();
    co_await std::move(stepping);
    co_return success();
}

asio::awaitable<void> until_shutdown(process_shutdown shutdown) {
    auto stopped = shutdown.async_wait(asio::deferred);
    co_await std::move(stopped);
}

asio::awaitable<initialization> initialize() {
    co_return three_steps_with_result();
}

constexpr char const* thrown = "panicked: arborist::v0::testing::injected_fault: injected fault: ";

} // namespace

BOOST_AUTO_TEST_CASE(no_fault_changes_nothing) {
    one_child it(worker("child", three_steps), {}, {.restart = temporary});
    it.world.run();
    BOOST_TEST(it.happened("3s  app: child 'child' completed"));
}

BOOST_AUTO_TEST_CASE(fails_at_every_resumption) {
    for (std::size_t const at : {1, 2, 3, 4, 5}) { // after the fourth it waits for nothing
        one_child it(worker("child", three_steps), {.fails_at_resumption = at},
                     {.restart = temporary});
        it.world.run();
        std::string const end = at >= 4 ? "completed" : thrown + std::string("an exception");
        BOOST_TEST(it.happened(std::to_string(std::min<std::size_t>(at - 1, 3)) +
                               "s  app: child 'child' " + end));
    }
}

BOOST_AUTO_TEST_CASE(fails_after_a_time) {
    one_child it(worker("child", until_shutdown), {.fails_after = 90s});
    it.world.run_for(1h);
    BOOST_TEST(it.happened("90s  app: child 'child' " + std::string(thrown) + "an exception"));
    BOOST_TEST(it.happened("90s  app: child 'child' ready"));
}

BOOST_AUTO_TEST_CASE(fails_by_value_if_it_can) {
    one_child it(worker("child", three_steps_with_result),
                 {.fails_after = 1500ms, .by_value = true});
    it.world.run_for(10s);
    BOOST_TEST(it.happened("1.5s  app: child 'child' terminated: arborist::v0::testing::"
                           "injected_fault: injected fault: an error"));
}

BOOST_AUTO_TEST_CASE(throws_if_it_cannot_return_an_error) {
    one_child it(worker("child", three_steps), {.fails_after = 1500ms, .by_value = true});
    it.world.run_for(2s);
    BOOST_TEST(it.happened("1.5s  app: child 'child' " + std::string(thrown) + "an exception"));
}

BOOST_AUTO_TEST_CASE(fails_for_lack_of_memory) {
    one_child it(worker("child", three_steps_with_result),
                 {.fails_after = 1500ms, .by_value = true, .out_of_memory = true});
    it.world.run_for(2s);
    BOOST_TEST(it.tree->log().find("1.5s  app: child 'child' panicked: std::bad_alloc") !=
               std::string::npos);
}

BOOST_AUTO_TEST_CASE(fails_to_initialize) {
    one_child it(worker("child", initialize), {.fails_to_initialize = true});
    it.world.run();
    BOOST_TEST_REQUIRE(it.tree->has_ended());
    BOOST_TEST((it.tree->result().error().code() == errc::failed_to_initialize));
    BOOST_TEST(it.tree->result().error().path() == "child");
}

BOOST_AUTO_TEST_CASE(fails_at_once_without_an_initialisation) {
    one_child it(worker("child", three_steps), {.fails_to_initialize = true});
    it.world.run_for(0s);
    BOOST_TEST(
        it.happened("0s  app: child 'child' " + std::string(thrown) + "an exception at once"));
}

BOOST_AUTO_TEST_CASE(starts_slowly) {
    one_child it(worker("child", initialize), {.slow_start = 7s}, {.restart = temporary});
    it.world.run();
    BOOST_TEST(it.happened("7s  app: child 'child' ready"));
    BOOST_TEST(it.happened("10s  app: child 'child' completed"));
}

BOOST_AUTO_TEST_CASE(S4_starts_too_slowly) {
    one_child it(worker("child", initialize), {.slow_start = 7s}, {.start_timeout = 2s});
    it.world.run();
    BOOST_TEST(it.happened("2s  app: child 'child' has not been initialised in time"));
}

BOOST_AUTO_TEST_CASE(hangs_until_it_is_aborted) {
    for (auto const& child : {worker("child", three_steps), worker("child", initialize)}) {
        one_child it(child, {.hangs = true}, {.shutdown = graceful(3s)});
        it.world.run_for(10s);
        it.tree->stop();
        it.world.run();
        BOOST_TEST(it.happened("0s  app: child 'child' ready"));
        BOOST_TEST(it.happened("13s  app: child 'child' aborting"));
        BOOST_TEST(it.happened("13s  app: child 'child' aborted"));
        BOOST_TEST_REQUIRE(it.tree->has_ended());
        BOOST_TEST((it.tree->result().error().code() == errc::shutdown_timed_out));
    }
}

BOOST_AUTO_TEST_CASE(refuses_to_die) {
    one_child it(worker("child", until_shutdown), {.lingers = 1min}, {.shutdown = brutal},
                 {.abort_grace = 5s});
    it.world.run_for(10s);
    it.tree->stop();
    it.world.run();
    BOOST_TEST(
        it.happened("15s  app: child 'child' ABANDONED: it did not end when it was aborted"));
    BOOST_TEST((it.world.elapsed() == 70s)); // when it ended at last
    BOOST_TEST(!it.world.has_work());
}

BOOST_AUTO_TEST_CASE(faults_come_together) {
    one_child it(worker("child", initialize),
                 {.slow_start = 1s, .fails_after = 2s, .by_value = true, .lingers = 4s});
    it.world.run_for(10s);
    BOOST_TEST(it.happened("1s  app: child 'child' ready"));
    BOOST_TEST(it.happened("7s  app: child 'child' terminated: arborist::v0::testing::"
                           "injected_fault: injected fault: an error"));
}

BOOST_AUTO_TEST_CASE(a_fault_says_what_it_is) {
    auto const text_of = [](fault const& what) {
        std::ostringstream stream;
        stream << what;
        return stream.str();
    };
    BOOST_TEST(text_of({}) == "no fault");
    BOOST_TEST(text_of({.slow_start = 1s,
                        .fails_to_initialize = true,
                        .hangs = true,
                        .fails_at_resumption = 3,
                        .fails_after = 2s,
                        .by_value = true,
                        .out_of_memory = true,
                        .lingers = 10s}) ==
               "starts after 1s, fails to initialise, hangs, fails at "
               "resumption 3, fails after 2s, by value, for lack of memory, lingers 10s");
}

// ---- what a simulation does in the place of the world -----------------------------------------

BOOST_AUTO_TEST_CASE(children_started_at_run_time_fail_too) {
    testing::simulation world;
    std::vector<std::string> asked;
    world.inject([&](testing::process_start const& start) {
        asked.push_back(start.name + ' ' + std::to_string(start.incarnation));
        return fault{.fails_after = 1s};
    });
    supervisor app("app");
    testing::trial tree(world, std::move(app));
    tree.handle().async_start(worker("child", until_shutdown).with({.restart = permanent}),
                              answer<child_id>().receive());
    world.run_for(90s);
    BOOST_TEST(asked == (lines{"app.child 1", "app.child 2"}), boost::test_tools::per_element());
    BOOST_TEST(tree.violations() == "");
}

BOOST_AUTO_TEST_CASE(jitter_comes_from_the_seed) {
    auto const run = [](std::uint64_t seed) {
        testing::simulation world(seed);
        supervisor app("app", {.intensity = unlimited, .backoff = {.first = 1s, .jitter = 1}});
        app.add(worker("child", three_steps));
        testing::trial tree(world, std::move(app));
        world.run_for(1min);
        return tree.log();
    };
    BOOST_TEST(run(1) == run(1));
    BOOST_TEST(run(1) != run(2));
}

BOOST_AUTO_TEST_CASE(a_dedicated_supervisor_has_no_threads) {
    testing::simulation world;
    supervisor inner("inner", {.runtime = dedicated{.threads = 2}});
    std::thread::id ran_in;
    inner.add(worker("child", [&](process_shutdown shutdown) {
        ran_in = std::this_thread::get_id();
        return until_shutdown(std::move(shutdown));
    }));
    supervisor app("app");
    app.add(std::move(inner));
    testing::trial tree(world, std::move(app));
    world.run_for(1s);
    BOOST_TEST(tree.is_ready());
    BOOST_TEST((ran_in == std::this_thread::get_id()));
    tree.stop();
    world.run();
    BOOST_TEST(tree.has_ended());
    BOOST_TEST(tree.violations() == "");
}

BOOST_AUTO_TEST_CASE(a_blocking_worker_is_refused) {
    testing::simulation world;
    supervisor app("app");
    app.add(blocking_worker("child", [](std::stop_token /*stop*/) {}));
    testing::trial tree(world, std::move(app));
    world.run();
    BOOST_TEST_REQUIRE(tree.has_ended());
    auto const& error = tree.result().error();
    BOOST_TEST((error.code() == errc::failed_to_initialize));
    BOOST_TEST(error.message().find("a blocking worker has a thread") != std::string::npos);
    BOOST_TEST(tree.violations() == "");
}
