// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#define BOOST_TEST_MODULE accounting_trees
#include <arborist/accounting.hpp>

#include "accounting/charging.hpp"
#include "support/tree.hpp"
#include "thread.hpp"

#include <boost/asio/post.hpp>
#include <boost/test/unit_test.hpp>

#include <atomic>
#include <ctime>
#include <future>
#include <memory>
#include <optional>
#include <vector>

// What is charged when supervisors run (P4).

using namespace tree_test;
namespace accounting = arborist::accounting;

BOOST_TEST_GLOBAL_FIXTURE(quiet_log);

namespace {

resource_usage usage_of(std::string const& name) {
    for (accounting::group const& each : accounting::groups())
        if (each.name == name && each.kind != accounting::ended)
            return each.usage;
    return {};
}

// Allocates nothing.
resource_usage usage_of(arborist::detail::resource_group* group) {
    return arborist::detail::tracker()->usage(*group);
}

/// Runs a tree until a condition holds, and stops it.
template <class Condition>
void run_until(supervisor& root, Condition condition) {
    asio::io_context context;
    asio::cancellation_signal stop;
    bool ended = false;
    root.async_run(context,
                   asio::bind_cancellation_slot(stop.slot(), [&](run_result) { ended = true; }));
    while (!condition() && !ended)
        context.run_one_for(1ms);
    stop.emit(asio::cancellation_type::total);
    context.run();
    BOOST_TEST(ended);
}

} // namespace

BOOST_AUTO_TEST_CASE(P4_exact_to_the_byte_whatever_thread_frees_it) {
    using arborist::detail::charged_group;
    constexpr std::size_t size = 123'457;
    std::atomic<char*> handed_over = nullptr;
    std::atomic<arborist::detail::resource_group*> of_a = nullptr;
    std::atomic<bool> done = false;
    supervisor a("a", {.runtime = dedicated{}});
    a.add(worker("makes", [&](process_shutdown shutdown) -> asio::awaitable<void> {
        of_a = charged_group();
        auto const before = usage_of(charged_group());
        char* const made = test::seen(new char[size]);
        auto const after = usage_of(charged_group());
        BOOST_TEST(after.allocated_bytes == before.allocated_bytes + size);
        BOOST_TEST(after.allocated_objects == before.allocated_objects + 1);
        BOOST_TEST(after.freed_bytes == before.freed_bytes);
        handed_over = made;
        co_await idle(std::move(shutdown));
    }));
    supervisor b("b", {.runtime = dedicated{}});
    b.add(worker("frees", [&](process_shutdown shutdown) -> asio::awaitable<void> {
        asio::any_io_executor const own = co_await asio::this_coro::executor;
        while (handed_over == nullptr) {
            auto turn = asio::post(own, asio::deferred);
            co_await std::move(turn)(asio::use_awaitable);
        }
        auto const own_before = usage_of(charged_group());
        auto const a_before = usage_of(of_a);
        delete[] handed_over.load();
        auto const own_after = usage_of(charged_group());
        auto const a_after = usage_of(of_a);
        BOOST_TEST(own_after.freed_bytes == own_before.freed_bytes);
        BOOST_TEST(own_after.allocated_bytes == own_before.allocated_bytes);
        BOOST_TEST(a_after.freed_bytes - a_before.freed_bytes >= size); // it may free more itself
        BOOST_TEST(a_after.freed_bytes - a_before.freed_bytes < size + 1000);
        done = true;
        co_await idle(std::move(shutdown));
    }));
    supervisor root("app");
    root.add(std::move(a)).add(std::move(b));
    run_until(root, [&] { return done.load(); });
}

BOOST_AUTO_TEST_CASE(P4_each_supervisor_has_a_group_and_the_groups_add_up) {
    std::vector<test::bytes> kept;
    supervisor inner("inner");
    inner.add(worker("w", [&](process_shutdown shutdown) -> asio::awaitable<void> {
        kept.push_back(test::make_bytes(1'000'000));
        co_await idle(std::move(shutdown));
    }));
    supervisor root("app");
    root.add(std::move(inner));
    root.add(blocking_worker("blocking", [&](std::stop_token stop) {
        auto const held = test::make_bytes(2'000'000);
        std::promise<void> stopped;
        std::stop_callback const on_stop(stop, [&] { stopped.set_value(); });
        stopped.get_future().wait();
    }));
    supervisor_handle const handle = root.handle();
    run_until(root, [&] {
        return usage_of("app.inner").live_bytes() >= 1'000'000 &&
               usage_of("app").live_bytes() >= 2'000'000;
    });
    resource_usage sum;
    for (accounting::group const& each : accounting::groups()) {
        sum.allocated_bytes += each.usage.allocated_bytes;
        sum.freed_bytes += each.usage.freed_bytes;
    }
    resource_usage const total = accounting::total();
    BOOST_TEST(sum.live_bytes() == total.live_bytes());
    // What outlives its supervisor is still charged to it.
    auto const groups = accounting::groups();
    auto const ended = std::ranges::find_if(groups, [](accounting::group const& each) {
        return each.name == "app.inner" && each.kind == accounting::ended;
    });
    BOOST_TEST_REQUIRE((ended != groups.end()));
    BOOST_TEST(ended->usage.live_bytes() >= 1'000'000u);
}

BOOST_AUTO_TEST_CASE(P4_groups_of_ended_supervisors_are_reclaimed) {
    for (int i = 0; i != 3; ++i) {
        std::atomic<bool> up = false;
        supervisor root("short_lived");
        root.add(worker("w", [&](process_shutdown shutdown) -> asio::awaitable<void> {
            up = true;
            co_await idle(std::move(shutdown));
        }));
        run_until(root, [&] { return up.load(); });
    }
    for (accounting::group const& each : accounting::groups())
        BOOST_TEST(each.name != "short_lived");
}

BOOST_AUTO_TEST_CASE(P4_snapshots_show_it_and_cpu_time) {
    std::atomic<bool> done = false;
    supervisor crunch("crunch", {.runtime = dedicated{}});
    crunch.add(worker("w", [&](process_shutdown shutdown) -> asio::awaitable<void> {
        for (std::clock_t const end = std::clock() + CLOCKS_PER_SEC / 50; std::clock() < end;)
            ;
        auto turn = asio::post(co_await asio::this_coro::executor, asio::deferred);
        co_await std::move(turn)(asio::use_awaitable);
        done = true;
        co_await idle(std::move(shutdown));
    }));
    supervisor root("app");
    root.add(std::move(crunch));
    supervisor_handle const handle = root.handle();
    snapshot shown;
    run_until(root, [&] {
        shown = handle.snapshot();
        return done && shown.nodes.size() == 3;
    });
    BOOST_TEST_REQUIRE(shown.nodes.at(1).supervisor.has_value());
    BOOST_TEST_REQUIRE(shown.nodes.at(1).supervisor->resources.has_value());
    resource_usage const used = *shown.nodes.at(1).supervisor->resources;
    BOOST_TEST(used.allocated_objects != 0u);
    BOOST_TEST(used.cpu_time.count() > 0);
    BOOST_TEST((shown.nodes.at(0).supervisor->resources->cpu_time < used.cpu_time));
}

BOOST_AUTO_TEST_CASE(T6_a_dedicated_tree_that_is_restarted_leaves_no_memory_behind) {
    // What is alive when a tree has ended that was restarted so often.
    auto const alive_after = [](int restarts) {
        {
            std::atomic<int> runs = 0;
            supervisor below("below");
            below.add(worker("idle", idle));
            supervisor crunch("crunch", {.intensity = {0, 1s}, .runtime = dedicated{.threads = 2}});
            crunch.add(worker("w", [&](process_shutdown shutdown) -> asio::awaitable<void> {
                BOOST_TEST(this_process::dataspace().publish("key", 1).has_value());
                if (++runs <= restarts)
                    throw 1;
                co_await idle(std::move(shutdown));
            }));
            crunch.add(blocking_worker("blocks", [](std::stop_token stop) {
                std::promise<void> stopped;
                std::stop_callback const on_stop(stop, [&] { stopped.set_value(); });
                stopped.get_future().wait();
            }));
            crunch.add(std::move(below));
            supervisor root("app", {.intensity = unlimited});
            root.add(std::move(crunch));
            run_until(root, [&] { return runs > restarts; });
        }
        // What the library's thread is still about to free.
        std::promise<void> turn;
        arborist::thread::call_in_reaper([&] { turn.set_value(); });
        turn.get_future().wait();
        return accounting::total().live_bytes();
    };
    (void)alive_after(10);
    auto const few = alive_after(10);
    auto const many = alive_after(1000);
    BOOST_TEST(many < few + 1000, "bytes alive: " << few << ", then " << many);
}
