// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#define BOOST_TEST_MODULE conformance_d12_dropped
#include "support/tree.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>

#include <atomic>

// Interruption at every step: a scenario is run once, counting its handlers; then the context is
// destroyed after each number of them. The sanitizers see what is leaked, and what is used when it
// is gone; `alive` counts what the processes own.

using namespace tree_test;

BOOST_TEST_GLOBAL_FIXTURE(quiet_log);

namespace {

// Waits for the shutdown, and fails by itself after so many rounds of posting.
asio::awaitable<result<void>> rounds(int count, token, process_shutdown shutdown) {
    token const local;
    for (int i = 0; i != count; ++i) {
        auto step = asio::post(asio::deferred);
        co_await std::move(step);
    }
    if (count != 0)
        co_return cause("round over");
    co_await shutdown.async_wait(asio::use_awaitable);
    co_return success();
}

child_specification rounds_of(std::string name, int count) {
    return worker(std::move(name), [count, owned = token()](process_shutdown shutdown) {
        return rounds(count, owned, std::move(shutdown));
    });
}

child_specification slow_start(std::string name) {
    return worker(std::move(name),
                  [owned = token()](process_shutdown shutdown) -> asio::awaitable<initialization> {
                      token const local;
                      for (int i = 0; i != 3; ++i) {
                          auto step = asio::post(asio::deferred);
                          co_await std::move(step);
                      }
                      co_return rounds(0, owned, std::move(shutdown));
                  });
}

// Ends when it is aborted, and not before.
child_specification deaf(std::string name) {
    return worker(std::move(name), [owned = token()]() -> asio::awaitable<void> {
        token const local;
        asio::steady_timer forever(co_await asio::this_coro::executor,
                                   asio::steady_timer::time_point::max());
        co_await forever.async_wait(asio::use_awaitable);
    });
}

// Group restarts, nested supervisors, failing children, an abort, and a stop by a timer.
supervisor scenario() {
    supervisor inner("inner", {.strategy = rest_for_one, .intensity = {3, 1h}});
    inner.add(slow_start("slow")).add(rounds_of("restless", 4)).add(rounds_of("calm", 0));
    supervisor root("root", {.strategy = one_for_all, .intensity = {2, 1h}});
    root.add(rounds_of("first", 0));
    root.add(deaf("deaf"), {.shutdown = brutal});
    root.add(std::move(inner));
    return root;
}

// Performs at most `handlers` handlers; returns how many there were.
template <class Setup>
std::size_t interrupted_after(std::size_t handlers, Setup setup) {
    std::size_t performed = 0;
    {
        asio::io_context context(1);
        [[maybe_unused]] auto const keep = setup(context);
        while (performed != handlers && context.run_one() != 0)
            ++performed;
    }
    return performed;
}

template <class Setup>
void interrupt_at_every_step(Setup setup) {
    std::size_t const all = interrupted_after(std::size_t(-1), setup);
    BOOST_TEST(token::alive == 0);
    BOOST_TEST_REQUIRE(all > 20u);
    for (std::size_t k = 0; k <= all; ++k) {
        BOOST_TEST(interrupted_after(k, setup) == k);
        BOOST_TEST_REQUIRE(token::alive == 0);
    }
}

} // namespace

BOOST_AUTO_TEST_CASE(D12_a_context_may_be_destroyed_at_any_step_of_a_run) {
    interrupt_at_every_step([](asio::io_context& context) {
        supervisor root = scenario();
        root.async_run(context, [](run_result) {});
        return 0; // the supervisor is gone; its run is not
    });
}

BOOST_AUTO_TEST_CASE(D12_while_the_supervisor_outlives_it) {
    interrupt_at_every_step([](asio::io_context& context) {
        supervisor root = scenario();
        root.async_run(context, [](run_result) {});
        return root;
    });
}

BOOST_AUTO_TEST_CASE(D12_at_any_step_of_a_stop) {
    interrupt_at_every_step([](asio::io_context& context) {
        auto signal = std::make_shared<asio::cancellation_signal>();
        supervisor root("root");
        supervisor inner("inner");
        inner.add(rounds_of("a", 0)).add(slow_start("b")).add(rounds_of("c", 0));
        root.add(rounds_of("d", 0)).add(std::move(inner)).add(deaf("e"), {.shutdown = brutal});
        root.async_run(context, asio::bind_cancellation_slot(signal->slot(), [](run_result) {}));
        // After the tree is up.
        asio::co_spawn(
            context,
            [signal]() -> asio::awaitable<void> {
                for (int i = 0; i != 30; ++i) {
                    auto step = asio::post(asio::deferred);
                    co_await std::move(step);
                }
                signal->emit(asio::cancellation_type::total);
            },
            asio::detached);
        return signal;
    });
}

BOOST_AUTO_TEST_CASE(D12_at_any_step_of_an_abort) {
    interrupt_at_every_step([](asio::io_context& context) {
        auto signal = std::make_shared<asio::cancellation_signal>();
        supervisor root("root");
        supervisor inner("inner");
        inner.add(rounds_of("a", 0)).add(slow_start("b")).add(deaf("c"));
        root.add(rounds_of("d", 0)).add(std::move(inner));
        root.async_run(context, asio::bind_cancellation_slot(signal->slot(), [](run_result) {}));
        asio::co_spawn(
            context,
            [signal]() -> asio::awaitable<void> {
                for (int i = 0; i != 5; ++i) {
                    auto step = asio::post(asio::deferred);
                    co_await std::move(step);
                }
                signal->emit(asio::cancellation_type::terminal);
            },
            asio::detached);
        return signal;
    });
}

// Children of run time, from within and from outside; requests that wait for a place, for an
// initialisation, for readiness, or for a child to end; a back-off; a stop in the end.
supervisor scenario_of_requests(asio::io_context& context) {
    supervisor inner("inner", {.strategy = one_for_all,
                               .intensity = {2, 1h},
                               .backoff = {.first = 1h, .most = 1h, .jitter = 0},
                               .max_dynamic_children = 3});
    supervisor_handle const below = inner.handle();
    inner.add(rounds_of("calm", 0));
    inner.add(worker("asking",
                     [below, owned = token()](process_shutdown s) -> asio::awaitable<result<void>> {
                         token const local;
                         for (int i = 0; i != 5; ++i) {
                             auto starting = below.async_start(
                                 once("shot",
                                      [p = std::make_unique<token>()](process_shutdown shutdown) {
                                          return rounds(0, *p, std::move(shutdown));
                                      }),
                                 when_full::wait);
                             auto const started = co_await s.until(std::move(starting));
                             if (!started)
                                 co_return started.error();
                         }
                         co_return success();
                     }));
    supervisor root("root", {.start = sequential, .shutdown = concurrent, .shutdown_budget = 1h});
    supervisor_handle const above = root.handle();
    root.add(slow_start("slow")).add(std::move(inner)).add(rounds_of("last", 0));
    asio::co_spawn(
        context,
        [above, below, owned = token()]() -> asio::awaitable<void> {
            token const local;
            auto ready = above.async_wait_ready();
            (void)co_await std::move(ready);
            for (auto const& handle : {above, below}) {
                auto starting = handle.async_start(slow_start("late"));
                (void)co_await std::move(starting);
                auto listing = handle.async_list();
                (void)co_await std::move(listing);
            }
            auto restarting = above.async_restart("inner/calm");
            (void)co_await std::move(restarting);
            auto stopping = above.async_stop("last");
            (void)co_await std::move(stopping);
            auto removing = above.async_remove("last");
            (void)co_await std::move(removing);
            auto ending = above.async_stop_supervisor();
            (void)co_await std::move(ending);
        },
        asio::detached);
    return root;
}

BOOST_AUTO_TEST_CASE(D12_with_requests_on_their_way) {
    bool ended = false;
    interrupt_at_every_step([&ended](asio::io_context& context) {
        supervisor root = scenario_of_requests(context);
        root.async_run(context, [&ended](run_result result) {
            BOOST_TEST(result.has_value());
            ended = true;
        });
        return root.handle();
    });
    BOOST_TEST(ended); // the first time, so that all of it was interrupted
}

BOOST_AUTO_TEST_CASE(D12_with_requests_whose_handlers_have_another_context) {
    std::size_t const enough = 200;
    for (std::size_t k = 0; k != enough; ++k) {
        asio::io_context other(1);
        {
            asio::io_context context(1);
            supervisor root = scenario_of_requests(other);
            root.async_run(context, [](run_result) {});
            for (std::size_t i = 0; i != k; ++i) {
                context.poll_one();
                other.poll_one();
            }
        }
        other.run(); // whoever asked is answered
    }
    BOOST_TEST(token::alive == 0);
}

BOOST_AUTO_TEST_CASE(D12_a_run_that_is_awaited_by_a_coroutine_goes_with_it) {
    interrupt_at_every_step([](asio::io_context& context) {
        asio::co_spawn(
            context,
            []() -> asio::awaitable<void> {
                token const local;
                supervisor root = scenario();
                auto run = root.async_run(co_await asio::this_coro::executor);
                auto const result = co_await std::move(run);
                BOOST_TEST(result.has_error());
            },
            asio::detached);
        return 0;
    });
}

BOOST_AUTO_TEST_CASE(D12_a_kept_shutdown_signal_may_outlive_the_context) {
    std::optional<process_shutdown> living, ended;
    {
        asio::io_context context(1);
        supervisor root("root");
        root.add(worker("living", [&living](process_shutdown shutdown) -> asio::awaitable<void> {
            living = shutdown;
            co_await shutdown.async_wait(asio::use_awaitable);
        }));
        root.add(worker("ended",
                        [&ended](process_shutdown shutdown) -> asio::awaitable<void> {
                            ended = shutdown;
                            co_return;
                        }),
                 {.restart = temporary});
        root.async_run(context, [](run_result) {});
        context.poll();
    }
    BOOST_TEST(living.has_value());
    BOOST_TEST(ended.has_value());
}

BOOST_AUTO_TEST_CASE(D12_a_pool_may_be_stopped_and_destroyed_in_the_middle) {
    for (int i = 0; i != 50; ++i) {
        asio::thread_pool pool(3);
        supervisor root("root", {.strategy = one_for_all, .intensity = unlimited});
        for (int j = 0; j != 5; ++j)
            root.add(rounds_of("child", 20 + j));
        root.async_run(pool, [](run_result) {});
        for (int j = 0; j != i; ++j) {
            std::atomic<bool> passed = false;
            asio::post(pool, [&passed] {
                passed = true;
                passed.notify_one();
            });
            passed.wait(false);
        }
        pool.stop();
    }
    BOOST_TEST(token::alive == 0);
}
