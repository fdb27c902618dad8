// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#define BOOST_TEST_MODULE testing_simulation
#include <arborist/testing/simulation.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/test/unit_test.hpp>

#include <chrono>
#include <memory>
#include <set>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace asio = boost::asio;
namespace testing = arborist::testing;
using namespace std::chrono_literals;
using clock_type = std::chrono::steady_clock;

namespace {

// What is written by handlers, in their order.
std::string order_of_three(std::uint64_t seed) {
    testing::simulation world(seed);
    std::string order;
    for (char const each : {'a', 'b', 'c'})
        asio::post(world.get_executor(), [&order, each] { order += each; });
    world.run();
    return order;
}

} // namespace

// ---- time -----------------------------------------------------------------------------------

BOOST_AUTO_TEST_CASE(time_jumps_to_the_next_timer) {
    testing::simulation world;
    auto const begin = clock_type::now();
    std::vector<clock_type::duration> fired;
    std::vector<asio::steady_timer> timers;
    for (auto const time : {3s, 1s, 2s, 100'000s}) {
        timers.emplace_back(world.get_executor(), time);
        timers.back().async_wait([&](boost::system::error_code /*none*/) {
            fired.push_back(clock_type::now() - begin);
        });
    }
    BOOST_TEST(world.run(48h));
    BOOST_TEST((fired == std::vector<clock_type::duration>{1s, 2s, 3s, 100'000s}));
    BOOST_TEST((world.elapsed() == 100'000s));
}

BOOST_AUTO_TEST_CASE(a_timer_may_be_late_by_a_microsecond_and_no_more) {
    testing::simulation world;
    auto const begin = clock_type::now();
    for (auto const time : {1ns, 999ns, 1001ns, 123456789ns}) {
        asio::steady_timer timer(world.get_executor(), begin + time);
        timer.async_wait([&](boost::system::error_code /*none*/) {
            BOOST_TEST((clock_type::now() - begin >= time));
            BOOST_TEST((clock_type::now() - begin <= time + 1us));
        });
        world.run();
    }
    BOOST_TEST(world.steps() == 4u);
}

BOOST_AUTO_TEST_CASE(time_stands_still_while_something_is_ready) {
    testing::simulation world;
    asio::steady_timer timer(world.get_executor(), 0s);
    int turns = 0;
    std::function<void()> turn = [&] {
        if (++turns != 1000)
            asio::post(world.get_executor(), turn);
    };
    asio::post(world.get_executor(), turn);
    world.run();
    BOOST_TEST(turns == 1000);
    BOOST_TEST((world.elapsed() == 0s));
}

BOOST_AUTO_TEST_CASE(what_waits_for_ever_does_not_make_time_pass) {
    testing::simulation world;
    asio::steady_timer timer(world.get_executor(), asio::steady_timer::time_point::max());
    bool cancelled = false;
    timer.async_wait([&](boost::system::error_code error) { cancelled = error.failed(); });
    BOOST_TEST(!world.step());
    BOOST_TEST(world.run());
    BOOST_TEST((world.elapsed() == 0s));
    BOOST_TEST(world.has_work());
    timer.cancel();
    BOOST_TEST(world.run());
    BOOST_TEST(cancelled);
    BOOST_TEST(!world.has_work());
}

BOOST_AUTO_TEST_CASE(run_for_stops_at_its_time_and_takes_what_is_due_then) {
    testing::simulation world;
    int fired = 0;
    asio::steady_timer at(world.get_executor(), 5s), after(world.get_executor(), 5s + 1ms);
    for (auto* each : {&at, &after})
        each->async_wait([&](boost::system::error_code /*none*/) { ++fired; });
    world.run_for(5s);
    BOOST_TEST(fired == 1);
    BOOST_TEST((world.elapsed() == 5s));
    world.run_for(0s);
    BOOST_TEST(fired == 1);
    world.run_for(1ms);
    BOOST_TEST(fired == 2);
}

BOOST_AUTO_TEST_CASE(run_gives_up_after_its_limit) {
    testing::simulation world;
    asio::co_spawn(
        world.get_executor(),
        []() -> asio::awaitable<void> {
            asio::steady_timer timer(co_await asio::this_coro::executor);
            while (true) {
                timer.expires_after(1min);
                auto waiting = timer.async_wait(asio::deferred);
                co_await std::move(waiting);
            }
        },
        asio::detached);
    BOOST_TEST(!world.run(1h));
    BOOST_TEST((world.elapsed() == 1h));
    BOOST_TEST(!world.run_until([] { return false; }, 1h));
    BOOST_TEST((world.elapsed() == 2h));
    BOOST_TEST(world.run_until([&] { return world.elapsed() >= 150min; }));
    BOOST_TEST((world.elapsed() >= 150min));
    BOOST_TEST((world.elapsed() < 150min + 1ms));
}

BOOST_AUTO_TEST_CASE(the_clock_is_real_again_afterwards_and_always_was_on_other_threads) {
    auto const before = clock_type::now();
    {
        testing::simulation const world;
        BOOST_TEST((clock_type::now() == clock_type::now()));
        std::thread([before] { BOOST_TEST((clock_type::now() - before < 1h)); }).join();
    }
    BOOST_TEST((clock_type::now() - before < 1h));
    BOOST_TEST((clock_type::now() >= before));
}

BOOST_AUTO_TEST_CASE(one_at_a_time_on_a_thread) {
    testing::simulation const world;
    BOOST_CHECK_EXCEPTION(testing::simulation(), std::logic_error, [](auto const& error) {
        return std::string(error.what()).find("already") != std::string::npos;
    });
    std::thread([] { BOOST_TEST(testing::simulation(1).elapsed().count() == 0); }).join();
}

// ---- order ----------------------------------------------------------------------------------

BOOST_AUTO_TEST_CASE(every_order_occurs) {
    std::set<std::string> orders;
    for (std::uint64_t seed = 0; seed != 100; ++seed)
        orders.insert(order_of_three(seed));
    BOOST_TEST(orders.size() == 6u);
}

BOOST_AUTO_TEST_CASE(the_same_seed_gives_the_same_order) {
    for (std::uint64_t seed = 0; seed != 20; ++seed)
        BOOST_TEST(order_of_three(seed) == order_of_three(seed));
}

BOOST_AUTO_TEST_CASE(a_strand_keeps_its_order) {
    for (std::uint64_t seed = 0; seed != 50; ++seed) {
        testing::simulation world(seed);
        auto const strand = asio::make_strand(world.get_executor());
        std::string order;
        for (char const each : {'a', 'b', 'c', 'd'})
            asio::post(strand, [&order, each] { order += each; });
        world.run();
        BOOST_TEST(order == "abcd");
    }
}

BOOST_AUTO_TEST_CASE(dispatch_runs_at_once_from_inside_only) {
    testing::simulation world;
    asio::any_io_executor const executor = world.get_executor();
    std::string order;
    asio::dispatch(executor, [&] {
        order += 'a';
        asio::dispatch(executor, [&] { order += 'b'; });
        asio::post(executor, [&] { order += 'd'; });
        order += 'c';
    });
    BOOST_TEST(order == "");
    world.run();
    BOOST_TEST(order == "abcd");
}

BOOST_AUTO_TEST_CASE(an_exception_leaves_the_step_and_the_next_one_goes_on) {
    testing::simulation world;
    asio::post(world.get_executor(), [] { throw std::runtime_error("boom"); });
    BOOST_CHECK_THROW(world.step(), std::runtime_error);
    bool ran = false;
    asio::post(world.get_executor(), [&] { ran = true; });
    BOOST_TEST(world.step());
    BOOST_TEST(ran);
    BOOST_TEST(world.steps() == 2u);
}

BOOST_AUTO_TEST_CASE(watchers_are_called_after_each_step) {
    testing::simulation world;
    std::string order;
    world.after_each_step([&] { order += '.'; });
    asio::post(world.get_executor(), [&] { order += 'a'; });
    asio::post(world.get_executor(), [&] { order += 'a'; });
    world.run();
    BOOST_TEST(order == "a.a.");
}

// ---- work -----------------------------------------------------------------------------------

BOOST_AUTO_TEST_CASE(work_is_counted) {
    testing::simulation world;
    BOOST_TEST(!world.has_work());
    {
        auto const work =
            asio::prefer(world.get_executor(), asio::execution::outstanding_work.tracked);
        BOOST_TEST(world.has_work());
        auto other = work;
        other = asio::require(work, asio::execution::blocking.never);
        BOOST_TEST((other != work));
        BOOST_TEST(world.has_work());
    }
    BOOST_TEST(!world.has_work());
    asio::post(world.get_executor(), [] {});
    BOOST_TEST(world.has_work());
    world.run();
    BOOST_TEST(!world.has_work());
}

BOOST_AUTO_TEST_CASE(other_threads_may_post) {
    testing::simulation world;
    int ran = 0;
    std::thread([&] { asio::post(world.get_executor(), [&] { ++ran; }); }).join();
    world.run();
    BOOST_TEST(ran == 1);
}

BOOST_AUTO_TEST_CASE(what_has_not_run_is_destroyed) {
    auto const object = std::make_shared<int>();
    {
        testing::simulation world;
        auto const executor = world.get_executor();
        // Destroyed, it posts again.
        struct again {
            ~again() {
                if (object)
                    asio::post(executor, [kept = object] {});
            }
            again(again&&) = default;
            again(testing::simulation::executor_type e, std::shared_ptr<int> o)
                : executor(e), object(std::move(o)) {}
            testing::simulation::executor_type executor;
            std::shared_ptr<int> object;
        };
        asio::post(executor, [kept = object] {});
        asio::post(executor, [kept = again{executor, object}] {});
        asio::co_spawn(
            executor,
            [kept = object]() -> asio::awaitable<void> {
                asio::steady_timer timer(co_await asio::this_coro::executor, 1h);
                auto waiting = timer.async_wait(asio::deferred);
                co_await std::move(waiting);
            },
            asio::detached);
        world.step();
    }
    BOOST_TEST(object.use_count() == 1);
}
