// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#define BOOST_TEST_MODULE stress_children_at_run_time
#include "support/tree.hpp"

#include <boost/asio/bind_executor.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/thread/thread.hpp>

#include <atomic>
#include <functional>
#include <set>
#include <thread>

// Many children, deep trees, many threads.

using namespace tree_test;

BOOST_TEST_GLOBAL_FIXTURE(quiet_log);

namespace {

// Runs `what` in a thread with a stack that leaves no room for recursion.
void on_a_small_stack(std::size_t bytes, std::function<void()> const& what) {
    boost::thread::attributes attributes;
    attributes.set_stack_size(bytes);
    boost::thread(attributes, what).join();
}

struct census {
    int alive = 0;
    int started = 0;
};

struct citizen {
    explicit citizen(census& c) : where(&c) {
        ++where->alive;
        ++where->started;
    }
    citizen(citizen&& other) noexcept : where(std::exchange(other.where, nullptr)) {}
    ~citizen() {
        if (where != nullptr)
            --where->alive;
    }
    census* where;
};

asio::awaitable<void> live([[maybe_unused]] citizen here, process_shutdown shutdown) {
    auto wait = shutdown.async_wait(asio::deferred);
    co_await std::move(wait);
}

auto inhabitant(census& where) {
    return
        [&where](process_shutdown shutdown) { return live(citizen(where), std::move(shutdown)); };
}

} // namespace

BOOST_AUTO_TEST_CASE(C7_a_shutdown_in_the_middle_of_a_burst_of_100_000_starts) {
    constexpr int burst = 100'000;
    journal order;
    census population;
    supervisor root("root");
    root.add(probe("first", &order)).add(probe("second", &order));
    supervisor_handle const handle = root.handle();
    int answered = 0;
    int refused = 0;
    int alive_when_the_stop_was_asked_for = 0;
    run_of run(root);
    order.take();
    for (int i = 0; i != burst; ++i) {
        handle.async_start(once("it", inhabitant(population)), [&](result<child_id> started) {
            ++answered;
            refused += started ? 0 : 1;
            if (!started)
                BOOST_TEST((started.error().code() == errc::not_running));
        });
    }
    run.context().restart();
    while (population.started < burst / 2)
        run.context().run_one();
    alive_when_the_stop_was_asked_for = population.alive;

    run.stop();
    BOOST_TEST(run.result().has_value());
    BOOST_TEST(answered == burst);
    BOOST_TEST(refused > 0); // so both happened
    BOOST_TEST(alive_when_the_stop_was_asked_for > 0);
    BOOST_TEST(population.alive == 0);
    // It overtook what was waiting.
    BOOST_TEST(population.started < alive_when_the_stop_was_asked_for + 1000);
    BOOST_TEST(order.lines() == (lines{"stop second", "stop first"}),
               boost::test_tools::per_element()); // D3, D2
}

BOOST_AUTO_TEST_CASE(C1_lists_and_counts_agree_with_what_is_alive) {
    census population;
    supervisor root("root");
    supervisor_handle const handle = root.handle();
    run_of run(root);
    std::vector<child_id> ids;
    auto const check = [&] {
        answer<std::vector<child_info>> listed;
        answer<child_count> counted;
        handle.async_list(listed.receive());
        handle.async_count(counted.receive());
        run.settle();
        BOOST_TEST(listed.get().value().size() == static_cast<std::size_t>(population.alive));
        BOOST_TEST(counted.get().value().active == static_cast<std::size_t>(population.alive));
        std::vector<child_id> listed_ids;
        for (child_info const& child : listed.get().value())
            listed_ids.push_back(child.id);
        BOOST_TEST((listed_ids == ids)); // in the order of their starts
    };
    for (int round = 0; round != 20; ++round) {
        for (int i = 0; i != 500; ++i)
            handle.async_start(once("it", inhabitant(population)),
                               [&ids](result<child_id> id) { ids.push_back(id.value()); });
        run.settle();
        check();
        std::size_t const leap = 2 + static_cast<std::size_t>(round);
        for (std::size_t i = 0; i < ids.size(); i += leap) {
            handle.async_stop(ids[i], [](result<void> stopped) { BOOST_TEST(!!stopped); });
            ids[i] = {};
        }
        std::erase(ids, child_id());
        run.settle();
        check();
    }
    run.stop();
    BOOST_TEST(population.alive == 0);
}

BOOST_AUTO_TEST_CASE(S7_a_thousand_that_fail_at_the_same_instant) {
    constexpr std::size_t children = 1000;
    for (bool const enough : {true, false}) {
        journal events;
        std::vector<probe> probes;
        supervisor root("root", {.intensity = {enough ? children : children - 1, 1h}});
        root.observe(write_to(events));
        for (std::size_t i = 0; i != children; ++i) {
            probes.emplace_back("it");
            root.add(probes.back());
        }
        run_of run(root);
        for (probe const& each : probes)
            each.fail("all at once");
        run.settle();
        BOOST_TEST(run.ended() == !enough);
        BOOST_TEST(events.count("root gave_up it") == (enough ? 0u : 1u));
        BOOST_TEST(events.count("root child_restarting it") == (enough ? children : children - 1));
        if (!enough)
            BOOST_TEST((run.result().error().code() == errc::restart_limit_exceeded));
    }
}

BOOST_AUTO_TEST_CASE(a_depth_of_10_000_does_not_grow_the_stack) {
    static constexpr std::size_t depth = 10'000;
    on_a_small_stack(256 * 1024, [] {
        int runs = 0;
        supervisor root("s");
        root.add(worker("leaf", [&runs](process_shutdown s) -> asio::awaitable<void> {
            ++runs;
            auto wait = s.async_wait(asio::deferred);
            co_await std::move(wait);
        }));
        for (std::size_t i = 1; i != depth; ++i) {
            supervisor above("s");
            above.add(std::move(root));
            root = std::move(above);
        }
        supervisor_handle const handle = root.handle();
        for (bool const dropped : {false, true}) {
            run_of run(root);
            BOOST_TEST(runs == (dropped ? 2 : 1));
            snapshot const seen = handle.snapshot();
            BOOST_TEST(seen.nodes.size() == depth + 1);
            BOOST_TEST(seen.totals().running == depth);
            if (dropped)
                break; // with its context
            run.stop();
            BOOST_TEST(run.result().has_value());
        }
    });
}

BOOST_AUTO_TEST_CASE(O2_a_snapshot_is_a_state_that_the_tree_really_had) {
    // With one_for_all, children run all together or not at all.
    constexpr int enough = 2000;
    std::atomic<int> starts = 0;
    supervisor group("group", {.strategy = one_for_all, .intensity = unlimited});
    for (int i = 0; i != 4; ++i)
        group.add(worker("it", [&starts, i](process_shutdown shutdown) -> asio::awaitable<void> {
            ++starts;
            if (i == 2) {
                auto step = asio::post(asio::deferred);
                co_await std::move(step);
                throw std::runtime_error("again");
            }
            auto wait = shutdown.async_wait(asio::deferred);
            co_await std::move(wait);
        }));
    supervisor root("root");
    root.add(std::move(group)).add(probe("bystander"));
    supervisor_handle const handle = root.handle();
    asio::thread_pool pool(2);
    auto ended = root.async_run(pool, asio::use_future);

    std::set<child_state> seen;
    std::size_t last_restarts = 0;
    while (starts < enough) {
        snapshot const taken = handle.snapshot();
        for (auto const& node : taken.nodes) {
            if (!node.supervisor || node.name != "group")
                continue;
            supervisor_state const state = node.supervisor->state;
            std::size_t up = 0, children = 0;
            std::size_t fewest = no_limit, most = 0;
            for (auto const& child : taken.nodes) {
                if (child.depth != 2)
                    continue;
                ++children;
                seen.insert(child.state);
                up += child.state == child_state::running ? 1 : 0;
                fewest = std::min(fewest, child.restarts);
                most = std::max(most, child.restarts);
                if (child.state == child_state::running)
                    BOOST_TEST(child.process_id != 0u);
                if (child.state == child_state::waiting)
                    BOOST_TEST((state == supervisor_state::restarting));
            }
            BOOST_TEST(children == 4u);
            BOOST_TEST(most == fewest); // one decision for all of them
            BOOST_TEST(most >= last_restarts);
            last_restarts = most;
            if (state == supervisor_state::ready)
                BOOST_TEST(up == 4u);
            if (up == 4)
                BOOST_TEST((state == supervisor_state::ready));
        }
    }
    BOOST_TEST(seen.count(child_state::running) == 1u);
    BOOST_TEST(seen.size() > 1u); // so some were taken in the middle of it
    handle.request_stop();
    BOOST_TEST(ended.get().has_value());
    pool.join();
}

BOOST_AUTO_TEST_CASE(C1_a_handle_is_used_by_many_threads_at_once) {
    supervisor inner("inner", {.intensity = unlimited});
    supervisor_handle const below = inner.handle();
    supervisor root("root", {.intensity = unlimited, .max_dynamic_children = 20});
    root.add(std::move(inner)).add(worker("restless", []() -> asio::awaitable<void> {
        auto step = asio::post(asio::deferred);
        co_await std::move(step);
        throw std::runtime_error("again");
    }));
    supervisor_handle const handle = root.handle();
    asio::thread_pool pool(2);
    auto ended = root.async_run(pool, asio::use_future);
    std::atomic<int> started = 0, refused = 0, stopped = 0;
    {
        std::vector<std::jthread> users;
        for (int user = 0; user != 3; ++user)
            users.emplace_back([&, user] {
                supervisor_handle const mine = user == 0 ? below : handle;
                for (int i = 0; i != 200; ++i) {
                    auto const id =
                        mine.async_start(once("it",
                                              [](process_shutdown s) -> asio::awaitable<void> {
                                                  auto wait = s.async_wait(asio::deferred);
                                                  co_await std::move(wait);
                                              }),
                                         asio::use_future)
                            .get();
                    (id ? started : refused) += 1;
                    if (id && i % 10 != 0)
                        stopped += mine.async_stop(id.value(), asio::use_future).get() ? 1 : 0;
                    if (i % 50 == 0)
                        (void)handle.async_restart("inner", asio::use_future).get();
                    (void)mine.snapshot();
                }
            });
    }
    BOOST_TEST(started > 0);
    BOOST_TEST(stopped > 0);
    BOOST_TEST(refused > 0); // by a restart of `inner`, or for want of a place
    handle.request_stop();
    BOOST_TEST(ended.get().has_value());
    pool.join();
}

BOOST_AUTO_TEST_CASE(C2_starts_that_are_cancelled_while_the_supervisor_comes_to_them) {
    // A regression: the supervisor let go of an operation that was still being cancelled.
    constexpr int rounds = 3000;
    supervisor root("root", {.max_dynamic_children = 1});
    supervisor_handle const handle = root.handle();
    asio::thread_pool pool(2);
    auto ended = root.async_run(pool, asio::use_future);
    auto const idle = [](process_shutdown shutdown) -> asio::awaitable<void> {
        auto wait = shutdown.async_wait(asio::deferred);
        co_await std::move(wait);
    };
    BOOST_TEST(!!handle.async_start(once("only", idle), asio::use_future).get());
    int given_up = 0;
    auto clients = asio::co_spawn(
        asio::make_strand(pool),
        [&]() -> asio::awaitable<void> {
            auto const executor = co_await asio::this_coro::executor;
            for (int i = 0; i != rounds; ++i) {
                shutdown_source stop(executor);
                asio::post(executor, [&stop] { stop.request(); });
                auto start = handle.async_start(once("never", idle), when_full::wait);
                auto until = stop.get_shutdown().until(std::move(start));
                auto const started = co_await std::move(until);
                given_up += started ? 0 : 1;
            }
        },
        asio::use_future);
    clients.get();
    BOOST_TEST(given_up == rounds);
    handle.request_stop();
    BOOST_TEST(ended.get().has_value());
    pool.join();
}
