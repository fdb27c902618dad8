// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#define BOOST_TEST_MODULE testing_explore
#include <arborist/testing.hpp>

#include "support/tree.hpp"

#include <boost/asio/post.hpp>

#include <set>
#include <sstream>

using namespace tree_test;

BOOST_TEST_GLOBAL_FIXTURE(quiet_log);

namespace {

asio::awaitable<void> until_shutdown(process_shutdown shutdown) {
    auto stopped = shutdown.async_wait(asio::deferred);
    co_await std::move(stopped);
}

asio::awaitable<void> tick(process_shutdown shutdown) {
    asio::steady_timer timer(co_await asio::this_coro::executor);
    while (!shutdown.requested()) {
        timer.expires_after(300ms);
        auto ticked = shutdown.until(timer.async_wait(asio::deferred));
        auto const ended = co_await std::move(ticked);
        static_cast<void>(ended);
    }
}

asio::awaitable<result<void>> run(process_shutdown shutdown) {
    auto stopped = shutdown.async_wait(asio::deferred);
    co_await std::move(stopped);
    co_return success();
}

asio::awaitable<initialization> initialize(process_shutdown shutdown) {
    co_return run(std::move(shutdown));
}

supervisor make_tree(testing::simulation& /*world*/) {
    supervisor inner("inner", {.strategy = one_for_all, .intensity = {5, 10s}});
    inner.add(worker("tick", tick));
    inner.add(worker("starts", initialize));
    inner.add(worker("wait", until_shutdown), {.shutdown = graceful(1s)});
    supervisor app("app", {.intensity = {10, 10s}, .backoff = {.first = 100ms}});
    app.add(worker("wait", until_shutdown));
    app.add(std::move(inner));
    app.add(worker("tick", tick));
    return app;
}

std::string log_of(std::uint64_t seed) {
    testing::simulation world(seed);
    world.inject({.fails_to_initialize = 0.05, .fails = 0.5, .fails_within = 5s});
    testing::trial tree(world, make_tree(world));
    world.run_for(1min);
    tree.stop();
    world.run();
    BOOST_TEST(tree.violations() == "");
    return std::to_string(world.steps()) + '\n' + tree.log();
}

std::string text_of(testing::findings const& found) {
    std::ostringstream stream;
    stream << found;
    return stream.str();
}

} // namespace

BOOST_AUTO_TEST_CASE(the_same_seed_gives_the_same_log_to_the_byte) {
    std::set<std::string> logs;
    for (std::uint64_t seed = 1; seed != 30; ++seed) {
        std::string const log = log_of(seed);
        BOOST_TEST(log == log_of(seed));
        logs.insert(log);
    }
    BOOST_TEST(logs.size() > 20u);
}

BOOST_AUTO_TEST_CASE(a_tree_that_holds) {
    auto const found = testing::explore(make_tree, {.seed = 1, .runs = 200});
    BOOST_TEST(found.good(), found);
    BOOST_TEST(found.runs == 200u);
    BOOST_TEST(found.steps > 10'000u);
    BOOST_TEST(text_of(found) ==
               "200 runs from seed 1, " + std::to_string(found.steps) + " steps: no violation");
}

BOOST_AUTO_TEST_CASE(a_seed_is_chosen_if_none_is_given) {
    BOOST_TEST(testing::explore(make_tree, {.runs = 1}).first_seed != 0u);
}

BOOST_AUTO_TEST_CASE(what_happens_to_happen) {
    std::string logs;
    for (std::uint64_t seed = 1; seed != 200; ++seed)
        logs += log_of(seed);
    for (char const* const what : {"restarting in", "gave up", "ABANDONED", "abandoned before",
                                   "shutdown timed out", "failed to initialise", "aborting"})
        BOOST_TEST(logs.find(what) != std::string::npos, what);
}

// ---- what is found ----------------------------------------------------------------------------

BOOST_AUTO_TEST_CASE(an_exception_that_leaves_a_handler) {
    auto const found = testing::explore(
        make_tree, {.seed = 1, .runs = 10, .also = [](testing::simulation& world, auto&) {
                        if (world.seed() == 4)
                            asio::post(world.get_executor(),
                                       [] { throw std::runtime_error("boom"); });
                    }});
    BOOST_TEST(!found.good());
    BOOST_TEST(found.seed == 4u);
    BOOST_TEST(found.runs == 4u);
    BOOST_TEST(found.violations == "an exception left a handler: boom\n");
    BOOST_TEST(text_of(found).find("with seed 4") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(something_that_waits_for_ever) {
    auto const found = testing::explore([](testing::simulation& world) {
        supervisor app("app");
        // What it leaves behind, unsupervised, nobody ends.
        app.add(worker("careless", [&world](process_shutdown shutdown) {
            auto timer = std::make_shared<asio::steady_timer>(world.get_executor());
            timer->expires_at(asio::steady_timer::time_point::max());
            timer->async_wait([timer](boost::system::error_code /*none*/) {});
            return until_shutdown(std::move(shutdown));
        }));
        return app;
    });
    BOOST_TEST(found.violations == "has ended, and something of it waits for ever\n");
}

BOOST_AUTO_TEST_CASE(a_worker_that_breaks_the_rule_of_its_test) {
    int open = 0;
    auto const found = testing::explore(
        [&open](testing::simulation& /*world*/) {
            open = 0;
            supervisor app("app", {.intensity = unlimited});
            app.add(worker("leaky", [&open](process_shutdown shutdown) -> asio::awaitable<void> {
                ++open; // of which an exception is not told
                auto stopped = shutdown.async_wait(asio::deferred);
                co_await std::move(stopped);
                --open;
            }));
            return app;
        },
        {.seed = 1, .also = [&open](testing::simulation& world, auto&) {
             world.after_each_step([&open] {
                 if (open > 1)
                     throw std::logic_error("opened twice");
             });
         }});
    BOOST_TEST(found.violations == "an exception left a handler: opened twice\n");
}

BOOST_AUTO_TEST_CASE(D12_aborting_a_trial) {
    testing::simulation world;
    testing::trial tree(world, make_tree(world));
    world.run_for(1s);
    BOOST_TEST(tree.is_ready());
    BOOST_TEST(!tree.has_ended());
    tree.abort();
    world.run();
    BOOST_TEST_REQUIRE(tree.has_ended());
    BOOST_TEST((tree.result().error().code() == errc::shutdown_timed_out));
    BOOST_TEST((world.elapsed() == 1s));
    BOOST_TEST(tree.violations() == "");
}

BOOST_AUTO_TEST_CASE(a_tree_goes_on_when_its_trial_does_not) {
    testing::simulation world;
    {
        testing::trial const tree(world, make_tree(world));
        world.run_for(1s);
    }
    std::size_t const steps = world.steps();
    world.run_for(10s);
    BOOST_TEST(world.steps() > steps);
}
