// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#define BOOST_TEST_MODULE stress_threads
#include "support/tree.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/thread_pool.hpp>

#include <atomic>
#include <future>
#include <limits>
#include <thread>

// Trees on a pool of several threads: restarts, stops and aborts that meet. What is wrong here is
// seen by the thread sanitizer; the numbers prove that both sides of each race did occur.

using namespace tree_test;

BOOST_TEST_GLOBAL_FIXTURE(quiet_log);

namespace {

constexpr std::size_t threads = 4;

struct counts {
    // Tells when so many processes have been started, or when the run is over before that.
    explicit counts(int target) : enough(target) {}

    void wait() { go_on.get_future().wait(); }
    void tell() {
        if (!told.exchange(true))
            go_on.set_value();
    }

    int const enough;
    std::promise<void> go_on;
    std::atomic<bool> told = false;
    std::atomic<int> starts = 0;
    std::atomic<int> ends = 0;
};

// On the stack of each coroutine: every start has exactly one end.
struct presence {
    explicit presence(counts& c) : where(c) {
        if (++where.starts == where.enough)
            where.tell();
    }
    presence(presence const&) = delete;
    presence& operator=(presence const&) = delete;
    ~presence() { ++where.ends; }

    counts& where;
};

asio::awaitable<result<void>> restless(counts& where, int rounds, process_shutdown shutdown) {
    presence const here(where);
    for (int i = 0; i != rounds && !shutdown.requested(); ++i) {
        auto step = asio::post(asio::deferred);
        co_await std::move(step);
    }
    if (rounds % 3 == 0)
        throw std::runtime_error("tired");
    co_return cause("tired");
}

asio::awaitable<void> patient(counts& where, process_shutdown shutdown) {
    presence const here(where);
    co_await shutdown.async_wait(asio::use_awaitable);
}

asio::awaitable<void> deaf(counts& where) {
    presence const here(where);
    asio::steady_timer forever(co_await asio::this_coro::executor,
                               asio::steady_timer::time_point::max());
    co_await forever.async_wait(asio::use_awaitable);
}

supervisor tree(counts& where, restart_strategy strategy, restart_intensity intensity) {
    supervisor root("root", {.strategy = strategy, .intensity = intensity});
    for (int group = 0; group != 3; ++group) {
        supervisor inner("inner", {.strategy = strategy, .intensity = intensity});
        for (int child = 0; child != 4; ++child)
            inner.add(worker("restless", [&where, rounds = 1 + group + child](process_shutdown s) {
                return restless(where, rounds, std::move(s));
            }));
        inner.add(worker("patient",
                         [&where](process_shutdown s) { return patient(where, std::move(s)); }));
        inner.add(worker("deaf", [&where] { return deaf(where); }), {.shutdown = brutal});
        root.add(std::move(inner));
    }
    return root;
}

// Runs a tree on a pool, and ends it from outside as soon as `enough` processes were started.
run_result ended_from_outside(restart_strategy strategy, asio::cancellation_type how, int enough) {
    counts where(enough);
    asio::thread_pool pool(threads);
    // Emissions on the executor of the handler, as Asio wants it.
    auto strand = asio::make_strand(pool);
    asio::cancellation_signal signal;
    std::promise<run_result> ended;
    supervisor root = tree(where, strategy, unlimited);
    asio::post(strand, [&] {
        root.async_run(pool,
                       asio::bind_cancellation_slot(
                           signal.slot(), asio::bind_executor(strand, [&ended](run_result result) {
                               ended.set_value(std::move(result));
                           })));
    });
    where.wait();
    asio::post(strand, [&] { signal.emit(how); });
    run_result result = ended.get_future().get();
    pool.join();
    BOOST_TEST(where.starts == where.ends);
    return result;
}

} // namespace

BOOST_AUTO_TEST_CASE(a_graceful_stop_meets_restarts) {
    for (auto strategy : {one_for_one, one_for_all, rest_for_one})
        for (int i = 0; i != 10; ++i) {
            auto const result =
                ended_from_outside(strategy, asio::cancellation_type::total, 100 + 37 * i);
            BOOST_TEST(result.has_value());
        }
}

BOOST_AUTO_TEST_CASE(an_abort_meets_restarts) {
    for (auto strategy : {one_for_one, one_for_all, rest_for_one})
        for (int i = 0; i != 10; ++i) {
            auto const result =
                ended_from_outside(strategy, asio::cancellation_type::terminal, 100 + 37 * i);
            BOOST_TEST((result.has_value() || result.error().code() == errc::shutdown_timed_out));
            if (result.has_error())
                BOOST_TEST(result.error().abandoned().empty());
        }
}

// Every third time it certainly gives up before anybody stops it, every third time it cannot give
// up, and every third time it is a race.
BOOST_AUTO_TEST_CASE(giving_up_meets_a_stop) {
    int gave_up = 0, stopped = 0;
    for (int i = 0; i != 90; ++i) {
        counts where(i % 3 == 0 ? std::numeric_limits<int>::max() : 15 + i % 7);
        restart_intensity const limit{static_cast<std::size_t>(i % 40), 1h};
        asio::thread_pool pool(threads);
        asio::io_context context(1);
        auto stop = std::make_shared<shutdown_source>(context);
        std::promise<run_result> ended;
        supervisor root = tree(where, one_for_one, i % 3 == 1 ? unlimited : limit);
        root.async_run(pool, stop->get_shutdown().async_wait(asio::deferred),
                       [&](run_result result) {
                           ended.set_value(std::move(result));
                           where.tell();
                       });
        where.wait();
        stop->request();
        auto const result = ended.get_future().get();
        pool.join();
        BOOST_TEST(where.starts == where.ends);
        if (result.has_value())
            ++stopped;
        else {
            BOOST_TEST((result.error().code() == errc::restart_limit_exceeded));
            ++gave_up;
        }
    }
    BOOST_TEST(gave_up >= 30);
    BOOST_TEST(stopped >= 30);
}

BOOST_AUTO_TEST_CASE(many_trees_share_a_pool) {
    counts where(5000);
    asio::thread_pool pool(threads);
    constexpr int trees = 20;
    std::vector<std::promise<run_result>> ended(trees);
    std::vector<std::unique_ptr<shutdown_source>> stops;
    for (int i = 0; i != trees; ++i) {
        stops.push_back(std::make_unique<shutdown_source>(pool));
        supervisor root = tree(where, one_for_all, unlimited);
        root.async_run(
            pool, stops.back()->get_shutdown().async_wait(asio::deferred),
            [&promise = ended[i]](run_result result) { promise.set_value(std::move(result)); });
    }
    where.wait();
    std::vector<std::thread> stoppers;
    for (int i = 0; i != trees; ++i)
        stoppers.emplace_back([&stops, i] { stops[i]->request(); });
    for (auto& thread : stoppers)
        thread.join();
    for (auto& each : ended)
        BOOST_TEST(each.get_future().get().has_value());
    pool.join();
    BOOST_TEST(where.starts == where.ends);
}
