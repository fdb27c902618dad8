// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#define BOOST_TEST_MODULE stress_runtimes
#include <arborist/blocking_worker.hpp>
#include <arborist/dataspace.hpp>
#include <arborist/this_process.hpp>

#include "support/threads.hpp"
#include "support/tree.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_future.hpp>

#include <atomic>
#include <future>
#include <stop_token>
#include <thread>

// Runtimes and threads that come and go while they are used. What is wrong here is seen by the
// thread sanitizer; the numbers prove that both sides of each race did occur.

using namespace tree_test;

BOOST_TEST_GLOBAL_FIXTURE(quiet_log);

namespace {

// However slow the machine is: what ends does so because it was asked to.
child_options const unhurried{.shutdown = infinite};
dedicated const two_threads{.threads = 2, .stall_timeout = duration::max()};

struct counts {
    std::atomic<int> starts = 0;
    std::atomic<int> ends = 0;
};

// On the stack of each worker: every start has exactly one end.
struct presence {
    explicit presence(counts& c) : where(c) { ++where.starts; }
    presence(presence const&) = delete;
    presence& operator=(presence const&) = delete;
    ~presence() { ++where.ends; }

    counts& where;
};

auto patient(counts& where) {
    return [&where](process_shutdown shutdown) -> asio::awaitable<void> {
        presence const here(where);
        auto wait = shutdown.async_wait(asio::deferred);
        co_await std::move(wait);
    };
}

auto restless(counts& where) {
    return [&where](process_shutdown shutdown) -> asio::awaitable<void> {
        presence const here(where);
        for (int i = 0; i != 20 && !shutdown.requested(); ++i) {
            auto step = asio::post(asio::deferred);
            co_await std::move(step);
        }
        throw std::runtime_error("tired");
    };
}

// Waits until it is asked to stop.
auto blocked(counts& where) {
    return [&where](std::stop_token stop) {
        presence const here(where);
        std::promise<void> asked;
        std::stop_callback const tell(stop, [&asked] { asked.set_value(); });
        asked.get_future().wait();
    };
}

// What has become of the requests: each is answered once.
struct answers {
    template <class T>
    void count(result<T> const& answer) {
        if (answer)
            ++good;
        else if (answer.error().code() == errc::not_running)
            ++not_running;
        else
            ++refused;
    }
    int total() const { return good + not_running + refused; }

    std::atomic<int> good = 0;
    std::atomic<int> not_running = 0;
    std::atomic<int> refused = 0;
};

supervisor crunching(counts& where) {
    supervisor result("crunching", {.intensity = unlimited, .runtime = two_threads});
    result.add(worker("patient", patient(where)), unhurried)
        .add(worker("restless", restless(where)), unhurried)
        .add(blocking_worker("blocked", blocked(where)), unhurried);
    return result;
}

} // namespace

BOOST_AUTO_TEST_CASE(T6_a_runtime_is_torn_down_while_requests_arrive) {
    constexpr int users = 3, requests = 100, restarts = 25;
    counts where;
    answers seen;
    {
        supervisor inner = crunching(where);
        supervisor_handle const below = inner.handle();
        supervisor root("root", {.intensity = unlimited});
        root.add(std::move(inner));
        supervisor_handle const handle = root.handle();
        asio::thread_pool pool(2);
        auto ended = root.async_run(pool, asio::use_future);
        {
            std::vector<std::jthread> threads;
            for (int user = 0; user != users; ++user)
                threads.emplace_back([&, user] {
                    for (int i = 0; i != requests; ++i) {
                        auto const id =
                            below
                                .async_start(once("it", patient(where), {.shutdown = infinite}),
                                             asio::use_future)
                                .get();
                        seen.count(id);
                        if (id && (i + user) % 3 == 0)
                            seen.count(below.async_stop(id.value(), asio::use_future).get());
                        if (i % 4 == user)
                            seen.count(below.async_restart("blocked", asio::use_future).get());
                        (void)below.snapshot();
                        (void)handle.snapshot();
                    }
                });
            for (int i = 0; i != restarts; ++i)
                BOOST_TEST(!!handle.async_restart("crunching", asio::use_future).get());
        }
        BOOST_TEST(seen.good > 0);
        handle.request_stop();
        BOOST_TEST(ended.get().has_value());
        pool.join();
    }
    BOOST_TEST(seen.total() >= users * requests);
    BOOST_TEST(where.starts > restarts);
    BOOST_TEST(where.starts == where.ends);
}

BOOST_AUTO_TEST_CASE(C1_many_threads_ask_while_the_tree_stops) {
    // Those that come too late are told so; nobody is left without an answer.
    constexpr int rounds = 20;
    answers seen;
    counts where;
    for (int round = 0; round != rounds; ++round) {
        supervisor inner = crunching(where);
        supervisor_handle const below = inner.handle();
        supervisor root("root", {.intensity = unlimited});
        root.add(std::move(inner));
        supervisor_handle const handle = root.handle();
        asio::thread_pool pool(2);
        auto ended = root.async_run(pool, asio::use_future);
        BOOST_TEST(!!handle.async_wait_ready(asio::use_future).get());
        std::atomic<int> asked = 0;
        {
            std::vector<std::jthread> threads;
            for (auto const& mine : {below, handle, below})
                threads.emplace_back([&, mine] {
                    for (result<child_count> counted = child_count(); counted;) {
                        auto const id =
                            mine.async_start(once("it", patient(where), {.shutdown = infinite}),
                                             asio::use_future)
                                .get();
                        seen.count(id);
                        counted = mine.async_count(asio::use_future).get();
                        seen.count(counted);
                        ++asked;
                    }
                });
            while (asked < 10 + round)
                std::this_thread::yield();
            handle.request_stop();
        }
        BOOST_TEST(ended.get().has_value());
        pool.join();
    }
    BOOST_TEST(seen.good > 0);
    BOOST_TEST(seen.not_running >= rounds);
    BOOST_TEST(where.starts == where.ends);
}

BOOST_AUTO_TEST_CASE(C2_supervisors_are_started_and_stopped_by_many_threads) {
    constexpr int users = 3, rounds = 40;
    counts where;
    answers seen;
    supervisor root("root", {.intensity = unlimited});
    supervisor_handle const handle = root.handle();
    asio::thread_pool pool(2);
    auto ended = root.async_run(pool, asio::use_future);
    {
        std::vector<std::jthread> threads;
        for (int user = 0; user != users; ++user)
            threads.emplace_back([&, user] {
                for (int i = 0; i != rounds; ++i) {
                    supervisor group("group", {.strategy = one_for_all, .intensity = unlimited});
                    group.add(worker("patient", patient(where)), unhurried)
                        .add(worker("restless", restless(where)), unhurried);
                    supervisor_handle const inside = group.handle();
                    auto const id = handle.async_start(std::move(group), asio::use_future).get();
                    seen.count(id);
                    if (!id)
                        continue;
                    seen.count(inside.async_restart("restless", asio::use_future).get());
                    if (i % 3 == user)
                        seen.count(handle.async_restart(id.value(), asio::use_future).get());
                    (void)handle.snapshot();
                    seen.count(
                        handle.async_stop(id.value(), asio::use_future).get()); // C5: and forgotten
                }
            });
    }
    BOOST_TEST(seen.good >= 2 * users * rounds);
    BOOST_TEST(handle.snapshot().nodes.size() == 1u);
    handle.request_stop();
    BOOST_TEST(ended.get().has_value());
    pool.join();
    BOOST_TEST(where.starts == where.ends);
}

BOOST_AUTO_TEST_CASE(A4_a_runtime_ends_while_its_workers_publish) {
    // What a process has published is gone before its successor starts, whatever the threads.
    constexpr int restarts = 20;
    std::atomic<int> published = 0;
    supervisor inner("inner", {.intensity = unlimited, .runtime = two_threads});
    for (int i = 0; i != 3; ++i)
        inner.add(worker("publisher-" + std::to_string(i),
                         [&published, i](process_shutdown shutdown) -> asio::awaitable<void> {
                             dataspace const space = this_process::dataspace();
                             for (int n = 0; !shutdown.requested(); ++n) {
                                 (void)space.publish("value-" + std::to_string(i), n);
                                 ++published;
                                 auto step = asio::post(asio::deferred);
                                 co_await std::move(step);
                             }
                         }),
                  unhurried);
    supervisor root("root", {.intensity = unlimited});
    root.add(std::move(inner));
    dataspace const space = root.dataspace();
    supervisor_handle const handle = root.handle();
    asio::thread_pool pool(2);
    auto ended = root.async_run(pool, asio::use_future);
    for (int i = 0; i != restarts; ++i) {
        int const before = published;
        while (published < before + 20)
            std::this_thread::yield();
        BOOST_TEST(!!handle.async_restart("inner", asio::use_future).get());
    }
    handle.request_stop();
    BOOST_TEST(ended.get().has_value());
    pool.join();
    for (int i = 0; i != 3; ++i)
        BOOST_TEST(space.find<int>("value-" + std::to_string(i)) == nullptr);
}
