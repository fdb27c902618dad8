// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#define BOOST_TEST_MODULE this_process
#include <arborist/arborist.hpp>
#include <arborist/this_process.hpp>

#include "support/tree.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/test/unit_test.hpp>

#include <atomic>
#include <cstdint>
#include <set>
#include <thread>

using namespace tree_test;

namespace {

struct identity {
    std::uint64_t id = this_process::id();
    std::string name = this_process::name();

    bool none() const { return id == 0 && name.empty(); }
    friend bool operator==(identity const&, identity const&) = default;
};

} // namespace

BOOST_AUTO_TEST_CASE(P1_there_is_none_outside) {
    BOOST_TEST(this_process::id() == 0u);
    BOOST_TEST(this_process::name() == "");
}

BOOST_AUTO_TEST_CASE(P1_is_known_from_the_initialisation_to_the_destructors) {
    std::vector<identity> seen;
    struct sees_at_destruction {
        std::vector<identity>& seen;
        ~sees_at_destruction() { seen.emplace_back(); }
    };
    auto storage = supervisor("storage");
    storage.add(worker("w-a-l",
                       [&](auto) -> asio::awaitable<initialization> {
                           seen.emplace_back();
                           co_return [](auto& list) -> asio::awaitable<result<void>> {
                               sees_at_destruction const last{list};
                               list.emplace_back();
                               asio::steady_timer timer(co_await asio::this_coro::executor);
                               timer.expires_after(0s);
                               co_await timer.async_wait(asio::use_awaitable);
                               list.emplace_back();
                               co_return success();
                           }(seen);
                       }),
                {.restart = transient});
    supervisor root("app", {.auto_shutdown = any_significant});
    root.add(std::move(storage));
    root.add(
        worker("end",
               [](auto shutdown) -> asio::awaitable<void> { co_await shutdown.wait_for(20ms); }),
        {.restart = transient, .significant = true});
    asio::io_context context;
    root.async_run(context, [](run_result) {});
    context.run();

    BOOST_TEST_REQUIRE(seen.size() == 4u);
    BOOST_TEST(seen[0].id != 0u);
    BOOST_TEST(seen[0].name == "app.storage.w_a_l");
    for (identity const& each : seen)
        BOOST_TEST((each == seen[0]));
    BOOST_TEST(this_process::id() == 0u);
}

BOOST_AUTO_TEST_CASE(P1_N1_each_incarnation_has_its_own) {
    std::vector<std::uint64_t> ids;
    supervisor root("app", {.intensity = {3, 1h}});
    root.add(worker("w", [&](auto) -> asio::awaitable<void> {
        ids.push_back(this_process::id());
        co_return;
    }));
    asio::io_context context;
    root.async_run(context, [](run_result) {});
    context.run();
    BOOST_TEST_REQUIRE(ids.size() == 4u);
    BOOST_TEST((std::set(ids.begin(), ids.end()).size() == 4u));
    BOOST_TEST(std::ranges::is_sorted(ids));
}

BOOST_AUTO_TEST_CASE(P1_what_is_spawned_on_another_executor_is_not_in_the_process) {
    asio::io_context context;
    asio::io_context elsewhere;
    identity own;
    identity spawned{.id = 1, .name = "?"};
    supervisor root("app");
    root.add(worker("w",
                    [&](auto) -> asio::awaitable<void> {
                        own = identity();
                        co_spawn(
                            elsewhere,
                            [&]() -> asio::awaitable<void> {
                                spawned = identity();
                                co_return;
                            },
                            asio::detached);
                        co_return;
                    }),
             {.restart = temporary});
    supervisor_handle const handle = root.handle();
    root.async_run(context, [](run_result) {});
    context.poll();
    elsewhere.run();
    handle.request_stop();
    context.run();
    BOOST_TEST(own.name == "app.w");
    BOOST_TEST(spawned.none());
}

BOOST_AUTO_TEST_CASE(P1_observers_and_decisions_are_outside) {
    std::vector<identity> seen;
    supervisor root("app");
    root.observe([&](event const&) { seen.emplace_back(); });
    root.add(worker("w",
                    [](auto) -> asio::awaitable<result<void>> {
                        co_return asio::error::make_error_code(asio::error::fault);
                    }),
             {.decide = [&](exit_reason const&) {
                 seen.emplace_back();
                 return exit_decision::escalate;
             }});
    asio::io_context context;
    root.async_run(context, [](run_result) {});
    context.run();
    BOOST_TEST(seen.size() > 4u);
    BOOST_TEST(std::ranges::all_of(seen, &identity::none));
}

BOOST_AUTO_TEST_CASE(P1_what_outlives_the_process_on_its_executor_is_outside) {
    identity own;
    identity inside;
    identity late;
    asio::io_context context;
    asio::any_io_executor kept;
    supervisor root("app");
    root.add(worker("w",
                    [&](auto) -> asio::awaitable<void> {
                        own = identity();
                        kept = co_await asio::this_coro::executor;
                        asio::post(kept, [&] { inside = identity(); });
                        auto turn = asio::post(kept, asio::deferred);
                        co_await std::move(turn)(asio::use_awaitable);
                    }),
             {.restart = temporary});
    supervisor_handle const handle = root.handle();
    root.async_run(context, [](run_result) {});
    context.poll();
    late = own;
    asio::post(kept, [&] { late = identity(); });
    context.poll();
    handle.request_stop();
    context.run();
    BOOST_TEST(own.id != 0u);
    BOOST_TEST((inside == own));
    BOOST_TEST(late.none());
}

BOOST_AUTO_TEST_CASE(P1_an_executor_that_tracks_work_keeps_the_context_running_after_the_run) {
    asio::io_context context;
    std::optional<asio::executor_work_guard<asio::any_io_executor>> guard;
    bool reached = false;
    bool ended = false;
    supervisor root("app");
    root.add(worker("w",
                    [&](auto) -> asio::awaitable<void> {
                        guard.emplace(co_await asio::this_coro::executor);
                    }),
             {.restart = temporary});
    supervisor_handle const handle = root.handle();
    root.async_run(context, [&](run_result) { ended = true; });
    context.poll();
    BOOST_TEST_REQUIRE(guard.has_value());
    handle.request_stop();
    while (!ended)
        context.run_one();
    context.poll();
    BOOST_TEST(!context.stopped());
    asio::post(guard->get_executor(), [&] {
        reached = true;
        guard.reset();
    });
    context.run(); // ends, since there is no work any more
    BOOST_TEST(reached);
    BOOST_TEST(context.stopped());
}

BOOST_AUTO_TEST_CASE(D12_an_executor_that_outlives_the_context_does_nothing) {
    std::optional<asio::executor_work_guard<asio::any_io_executor>> guard;
    bool called = false;
    bool dropped = false;
    {
        asio::io_context context;
        supervisor root("app");
        root.add(worker("w", [&](auto shutdown) -> asio::awaitable<void> {
            guard.emplace(co_await asio::this_coro::executor);
            auto wait = shutdown.async_wait(asio::deferred);
            co_await std::move(wait)(asio::use_awaitable);
        }));
        root.async_run(context, [](run_result) {});
        context.poll();
        BOOST_TEST_REQUIRE(guard.has_value());
    }
    struct notes_its_end {
        bool* dropped;
        explicit notes_its_end(bool& d) : dropped(&d) {}
        notes_its_end(notes_its_end&& other) noexcept
            : dropped(std::exchange(other.dropped, nullptr)) {}
        ~notes_its_end() {
            if (dropped != nullptr)
                *dropped = true;
        }
    };
    asio::dispatch(guard->get_executor(),
                   [&called, end = notes_its_end(dropped)] { called = true; });
    BOOST_TEST(!called);
    BOOST_TEST(dropped);
}
