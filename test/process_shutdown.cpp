// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#define BOOST_TEST_MODULE process_shutdown

#include <arborist/process_shutdown.hpp>

#include <boost/asio/bind_allocator.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/experimental/channel.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/spawn.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/thread_pool.hpp>
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized" // inside of use_future, g++ 12 at -O1
#endif
#include <boost/asio/use_future.hpp>
#include <boost/test/unit_test.hpp>

#include <array>
#include <atomic>
#include <chrono>
#include <deque>
#include <functional>
#include <latch>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <tuple>
#include <vector>

namespace asio = boost::asio;
using arborist::errc;
using arborist::process_shutdown;
using arborist::result;
using arborist::shutdown_source;
using arborist::detail::shutdown_state;
using boost::system::error_code;
using namespace std::chrono_literals;

namespace {

using state_ptr = boost::intrusive_ptr<shutdown_state>;

// Lives in coroutine frames and handlers: all of them must be gone in the end.
struct witness {
    static inline std::atomic<int> alive = 0;
    witness() { ++alive; }
    witness(witness const&) { ++alive; }
    ~witness() { --alive; }
};

template <class T>
struct counting_allocator {
    using value_type = T;
    std::atomic<long>* bytes;
    std::atomic<long>* calls;

    counting_allocator(std::atomic<long>& b, std::atomic<long>& c) : bytes(&b), calls(&c) {}
    template <class U>
    counting_allocator(counting_allocator<U> const& other)
        : bytes(other.bytes), calls(other.calls) {}
    T* allocate(std::size_t n) {
        *bytes += static_cast<long>(n * sizeof(T));
        ++*calls;
        return std::allocator<T>().allocate(n);
    }
    void deallocate(T* p, std::size_t n) {
        *bytes -= static_cast<long>(n * sizeof(T));
        std::allocator<T>().deallocate(p, n);
    }
    template <class U>
    bool operator==(counting_allocator<U> const& other) const {
        return bytes == other.bytes;
    }
};

// Runs a coroutine to its end in a context with nothing else to do.
void run(asio::io_context& context, asio::awaitable<void> coroutine) {
    bool ended = false;
    asio::co_spawn(context, std::move(coroutine), [&](std::exception_ptr error) {
        ended = true;
        if (error)
            std::rethrow_exception(error);
    });
    context.restart();
    context.run();
    BOOST_TEST(ended);
}

// An operation of which the test decides what starting it does.
template <class Signature, class Start>
auto operation(Start start) {
    return asio::async_initiate<asio::deferred_t const&, Signature>(std::move(start),
                                                                    asio::deferred);
}

bool is(arborist::cause const& why, errc code) {
    return why.code() == code;
}

bool aborted(arborist::cause const& why) {
    return why.code() == asio::error::operation_aborted;
}

} // namespace

BOOST_AUTO_TEST_SUITE(waiting)

BOOST_AUTO_TEST_CASE(signal_is_latched) {
    asio::io_context context;
    shutdown_source source(context);
    auto const shutdown = source.get_shutdown();
    BOOST_TEST(!shutdown.requested());
    BOOST_TEST(!source.requested());

    source.request();
    source.request();
    BOOST_TEST(shutdown.requested());
    BOOST_TEST(source.requested());

    int completed = 0;
    for (int n = 0; n != 3; ++n) {
        bool inside = true;
        shutdown.async_wait([&](error_code error) {
            BOOST_TEST(!error);
            BOOST_TEST(!inside);
            ++completed;
        });
        inside = false;
        context.restart();
        context.run();
        BOOST_TEST(completed == n + 1);
    }
}

BOOST_AUTO_TEST_CASE(early_waiter_completes_on_request_but_not_inside) {
    asio::io_context context;
    shutdown_source source(context);
    bool completed = false;
    source.get_shutdown().async_wait([&](error_code error) {
        BOOST_TEST(!error);
        completed = true;
    });
    context.poll();
    BOOST_TEST(!completed);
    source.request();
    BOOST_TEST(!completed);
    context.poll();
    BOOST_TEST(completed);
}

BOOST_AUTO_TEST_CASE(any_number_of_waiters) {
    asio::io_context context;
    state_ptr const state(new shutdown_state(context.get_executor()));
    int completed = 0;
    for (int n = 0; n != 1000; ++n)
        process_shutdown(state).async_wait([&](error_code error) {
            BOOST_TEST(!error);
            ++completed;
        });
    context.poll();
    BOOST_TEST(state->waiting() == 1000u);
    BOOST_TEST(completed == 0);
    state->request();
    BOOST_TEST(state->waiting() == 0u);
    context.poll();
    BOOST_TEST(completed == 1000);
    BOOST_TEST(state->use_count() == 1u);
}

BOOST_AUTO_TEST_CASE(destroying_the_source_gives_the_signal) {
    asio::io_context context;
    std::optional<shutdown_source> source(context);
    auto const shutdown = source->get_shutdown();
    bool completed = false;
    shutdown.async_wait([&](error_code error) { completed = !error; });
    source.reset();
    BOOST_TEST(shutdown.requested());
    context.run();
    BOOST_TEST(completed);
}

BOOST_AUTO_TEST_CASE(moving_the_source) {
    asio::io_context context;
    shutdown_source a(context);
    shutdown_source b(context);
    auto const first = a.get_shutdown();
    auto const second = b.get_shutdown();
    shutdown_source c(std::move(a));
    BOOST_TEST(!first.requested());
    c = std::move(b); // gives the signal of the old one
    BOOST_TEST(first.requested());
    BOOST_TEST(!second.requested());
    c.request();
    BOOST_TEST(second.requested());
}

BOOST_AUTO_TEST_CASE(every_completion_token) {
    asio::io_context context;
    shutdown_source source(context);
    auto const shutdown = source.get_shutdown();
    int completed = 0;

    shutdown.async_wait([&](error_code error) { completed += !error; });

    auto future = shutdown.async_wait(asio::use_future);

    auto deferred = shutdown.async_wait(asio::deferred);
    std::move(deferred)([&](error_code error) { completed += !error; });
    shutdown.async_wait()([&](error_code error) { completed += !error; });

    auto const coroutine = [](process_shutdown s, int& count) -> asio::awaitable<void> {
        co_await s.async_wait(asio::use_awaitable);
        ++count;
    };
    asio::co_spawn(context, coroutine(shutdown, completed), asio::detached);

    asio::spawn(
        context,
        [&](asio::yield_context yield) {
            error_code error;
            shutdown.async_wait(yield[error]);
            completed += !error;
        },
        [](std::exception_ptr error) { BOOST_TEST(!error); });

    context.poll();
    BOOST_TEST(completed == 0);
    source.request();
    context.run();
    BOOST_TEST(completed == 5);
    future.get(); // use_future brings an executor of its own
}

BOOST_AUTO_TEST_CASE(cancellation) {
    for (auto const type : {asio::cancellation_type::terminal, asio::cancellation_type::partial,
                            asio::cancellation_type::total, asio::cancellation_type::all}) {
        asio::io_context context;
        state_ptr const state(new shutdown_state(context.get_executor()));
        asio::cancellation_signal signal;
        std::optional<error_code> outcome;
        bool inside = true;
        process_shutdown(state).async_wait(
            asio::bind_cancellation_slot(signal.slot(), [&](error_code error) {
                BOOST_TEST(!inside);
                outcome = error;
            }));
        signal.emit(type);
        inside = false;
        BOOST_TEST(state->waiting() == 0u);
        signal.emit(type); // once is enough
        context.run();
        BOOST_TEST((outcome == error_code(asio::error::operation_aborted)));
        BOOST_TEST(state->use_count() == 1u);
        signal.emit(type); // after completion nothing is left to cancel
        BOOST_TEST(!state->requested());
    }
}

BOOST_AUTO_TEST_CASE(cancellation_type_none_does_nothing) {
    asio::io_context context;
    state_ptr const state(new shutdown_state(context.get_executor()));
    asio::cancellation_signal signal;
    int completed = 0;
    process_shutdown(state).async_wait(
        asio::bind_cancellation_slot(signal.slot(), [&](error_code) { ++completed; }));
    signal.emit(asio::cancellation_type::none);
    context.poll();
    BOOST_TEST(completed == 0);
    BOOST_TEST(state->waiting() == 1u);
    state->request();
    context.poll();
    BOOST_TEST(completed == 1);
}

BOOST_AUTO_TEST_CASE(cancellation_after_the_request_is_too_late) {
    asio::io_context context;
    shutdown_source source(context);
    asio::cancellation_signal signal;
    std::optional<error_code> outcome;
    source.get_shutdown().async_wait(
        asio::bind_cancellation_slot(signal.slot(), [&](error_code error) { outcome = error; }));
    source.request();
    signal.emit(asio::cancellation_type::all);
    context.run();
    BOOST_TEST((outcome == error_code()));
}

// Either end of the connection may go first.
BOOST_AUTO_TEST_CASE(signal_destroyed_while_waiting_and_reused_by_another) {
    asio::io_context context;
    state_ptr const state(new shutdown_state(context.get_executor()));
    int completed = 0;
    auto const count = [&](error_code error) { completed += !error; };
    {
        asio::cancellation_signal signal;
        process_shutdown(state).async_wait(asio::bind_cancellation_slot(signal.slot(), count));
    }
    asio::cancellation_signal signal;
    process_shutdown(state).async_wait(asio::bind_cancellation_slot(signal.slot(), count));
    process_shutdown(state).async_wait(asio::bind_cancellation_slot(signal.slot(), count));
    signal.emit(asio::cancellation_type::all); // the last one only
    BOOST_TEST(state->waiting() == 2u);
    state->request();
    context.run();
    BOOST_TEST(completed == 2);
}

BOOST_AUTO_TEST_CASE(lost_race_leaves_nothing_behind) {
    asio::io_context context;
    state_ptr const state(new shutdown_state(context.get_executor()));
    process_shutdown const shutdown(state);
    std::size_t most = 0;
    run(context, [](state_ptr s, std::size_t& m) -> asio::awaitable<void> {
        process_shutdown const own(s);
        auto const executor = co_await asio::this_coro::executor;
        for (int n = 0; n != 1000; ++n) {
            auto group = asio::experimental::make_parallel_group(
                asio::post(executor, asio::deferred), own.async_wait(asio::deferred));
            auto winner = group.async_wait(asio::experimental::wait_for_one(), asio::deferred);
            auto const [order, error] = co_await std::move(winner)(asio::use_awaitable);
            BOOST_TEST(order[0] == 0u);
            BOOST_TEST(error == asio::error::operation_aborted);
            m = std::max(m, s->waiting());

            auto ready = asio::post(executor, asio::deferred);
            auto const value = co_await own.until(std::move(ready));
            BOOST_TEST(value.has_value());
            m = std::max(m, s->waiting());
        }
    }(state, most));
    BOOST_TEST(most == 0u);
    BOOST_TEST(state->use_count() == 2u);

    bool completed = false;
    shutdown.async_wait([&](error_code error) { completed = !error; });
    state->request();
    context.restart();
    context.run();
    BOOST_TEST(completed);
}

BOOST_AUTO_TEST_CASE(memory_comes_from_the_handler_and_is_back_before_it_runs) {
    std::atomic<long> bytes = 0;
    std::atomic<long> calls = 0;
    counting_allocator<void*> const allocator(bytes, calls);
    asio::cancellation_signal signal;
    int completed = 0;
    auto const check = [&](error_code) {
        BOOST_TEST(bytes == 0);
        ++completed;
    };
    {
        asio::io_context context;
        state_ptr const state(new shutdown_state(context.get_executor()));
        process_shutdown const shutdown(state);
        shutdown.async_wait(asio::bind_allocator(allocator, check));
        BOOST_TEST(bytes >= 100);
        BOOST_TEST(bytes <= 176); // one node; the handler itself is 40 of it
        BOOST_TEST(calls == 1);
        state->request();
        context.run();
        shutdown.async_wait(asio::bind_allocator(allocator, check));
        context.restart();
        context.run();
    }
    {
        asio::io_context context;
        state_ptr const state(new shutdown_state(context.get_executor()));
        process_shutdown(state).async_wait(
            asio::bind_cancellation_slot(signal.slot(), asio::bind_allocator(allocator, check)));
        signal.emit(asio::cancellation_type::total);
        context.run();
    }
    BOOST_TEST(completed == 3);
    {
        asio::io_context context;
        state_ptr const state(new shutdown_state(context.get_executor()));
        process_shutdown(state).async_wait(asio::bind_allocator(allocator, check));
        state->request(); // posted, and never run
    }
    {
        asio::io_context context;
        state_ptr const state(new shutdown_state(context.get_executor()));
        process_shutdown(state).async_wait(asio::bind_allocator(allocator, check));
    }
    BOOST_TEST(completed == 3);
    BOOST_TEST(bytes == 0);
}

BOOST_AUTO_TEST_CASE(moveonly_handler) {
    asio::io_context context;
    shutdown_source source(context);
    auto value = std::make_unique<int>(7);
    int seen = 0;
    source.get_shutdown().async_wait(
        [value = std::move(value), &seen](error_code) { seen = *value; });
    source.request();
    context.run();
    BOOST_TEST(seen == 7);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(executors)

BOOST_AUTO_TEST_CASE(handler_runs_on_its_executor_else_on_that_of_the_state) {
    asio::thread_pool mine(1);
    asio::thread_pool other(1);
    state_ptr const state(new shutdown_state(mine.get_executor()));
    process_shutdown const shutdown(state);
    auto const strand = asio::make_strand(other);
    std::atomic<int> on_mine = 0;
    std::atomic<int> on_strand = 0;
    auto const expect_mine = [&](auto...) {
        on_mine += mine.get_executor().running_in_this_thread();
    };
    auto const expect_strand = [&](auto...) { on_strand += strand.running_in_this_thread(); };
    asio::cancellation_signal signal;

    shutdown.async_wait(expect_mine);
    shutdown.async_wait(asio::bind_executor(strand, expect_strand));
    // Handlers of a group have no executor; the system executor would be a race.
    asio::experimental::make_parallel_group(shutdown.async_wait(asio::deferred([&](error_code) {
        expect_mine();
        return asio::deferred.values();
    }))).async_wait(asio::experimental::wait_for_all(), expect_mine);
    // Cancelled.
    asio::post(strand, [&] {
        shutdown.async_wait(asio::bind_cancellation_slot(
            signal.slot(), asio::bind_executor(strand, [&](error_code error) {
                BOOST_TEST(error == asio::error::operation_aborted);
                expect_strand();
                state->request();
                // Requested before.
                shutdown.async_wait(expect_mine);
                shutdown.async_wait(asio::bind_executor(strand, expect_strand));
            })));
        signal.emit(asio::cancellation_type::total);
    });

    other.join(); // each is kept alive by its pending waits
    mine.join();
    BOOST_TEST(on_mine == 4);
    BOOST_TEST(on_strand == 3);
}

BOOST_AUTO_TEST_CASE(a_pending_wait_is_outstanding_work) {
    asio::io_context mine;
    asio::io_context other;
    shutdown_source source(mine);
    auto const shutdown = source.get_shutdown();
    mine.poll();
    BOOST_TEST(mine.stopped()); // the source alone is not

    mine.restart();
    shutdown.async_wait([](error_code) {});
    shutdown.async_wait(asio::bind_executor(other, [](error_code) {}));
    mine.poll();
    other.poll();
    BOOST_TEST(!mine.stopped());
    BOOST_TEST(!other.stopped());

    source.request();
    mine.poll();
    other.poll();
    BOOST_TEST(mine.stopped());
    BOOST_TEST(other.stopped());
}

BOOST_AUTO_TEST_CASE(process_shutdown_tells_its_executor) {
    asio::io_context context;
    shutdown_source const source(asio::make_strand(context));
    BOOST_TEST((source.get_shutdown().get_executor() != context.get_executor()));
    shutdown_source const plain(context.get_executor());
    BOOST_TEST((plain.get_shutdown().get_executor() == context.get_executor()));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(stop_tokens)

BOOST_AUTO_TEST_CASE(taken_before_the_request) {
    asio::io_context context;
    shutdown_source source(context);
    std::stop_token const token = source.get_shutdown();
    BOOST_TEST(token.stop_possible());
    BOOST_TEST(!token.stop_requested());
    BOOST_TEST((token == source.get_shutdown().stop_token())); // one stop state

    int called = 0;
    std::stop_callback const callback(token, [&] { ++called; });
    source.request();
    BOOST_TEST(called == 1);
    BOOST_TEST(token.stop_requested());
    source.request();
    BOOST_TEST(called == 1);
}

BOOST_AUTO_TEST_CASE(taken_after_the_request) {
    asio::io_context context;
    shutdown_source source(context);
    source.request();
    std::stop_token const token = source.get_shutdown();
    BOOST_TEST(token.stop_requested());
    bool called = false;
    std::stop_callback const callback(token, [&] { called = true; });
    BOOST_TEST(called);
}

BOOST_AUTO_TEST_CASE(callback_may_use_the_signal_and_destroy_the_last_reference) {
    asio::io_context context;
    state_ptr state(new shutdown_state(context.get_executor()));
    auto const token = state->stop_token();
    bool called = false;
    std::stop_callback const callback(token, [&] {
        BOOST_TEST(state->requested());
        BOOST_TEST(state->stop_token().stop_requested());
        process_shutdown(std::move(state)).async_wait([&](error_code) { called = true; });
        context.run();
    });
    shutdown_state* const raw = state.get();
    raw->request();
    BOOST_TEST(called);
    BOOST_TEST(token.stop_requested());
}

BOOST_AUTO_TEST_CASE(stops_a_thread) {
    asio::io_context context;
    shutdown_source source(context);
    std::latch started(1);
    std::jthread thread([&, stop = source.get_shutdown().stop_token()] {
        std::atomic<bool> stopped = false;
        std::stop_callback const callback(stop, [&] {
            stopped = true;
            stopped.notify_one();
        });
        started.count_down();
        stopped.wait(false);
    });
    started.wait();
    source.request();
    thread.join();
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(threads)

BOOST_AUTO_TEST_CASE(many_waiters_on_a_pool_and_a_request_from_outside) {
    asio::thread_pool pool(4);
    for (int round = 0; round != 50; ++round) {
        std::optional<shutdown_source> source(pool);
        auto const shutdown = source->get_shutdown();
        constexpr int count = 64;
        std::latch completed(3 * count);
        std::atomic<int> failed = 0;
        for (int n = 0; n != count; ++n) {
            auto const strand = asio::make_strand(pool);
            asio::post(pool, [&, strand] {
                auto const done = [&](error_code error) {
                    failed += error.failed();
                    completed.count_down();
                };
                shutdown.async_wait(done);
                shutdown.async_wait(asio::bind_executor(strand, done));
                auto const coroutine = [](process_shutdown s,
                                          std::latch& c) -> asio::awaitable<void> {
                    while (!co_await s.wait_for(0s))
                        ;
                    c.count_down();
                };
                asio::co_spawn(strand, coroutine(shutdown, completed), asio::detached);
            });
        }
        if (round % 2 == 0)
            source->request();
        else
            source.reset();
        completed.wait();
        BOOST_TEST(failed == 0);
    }
    pool.join();
}

BOOST_AUTO_TEST_CASE(cancellation_races_with_the_request) {
    asio::thread_pool pool(4);
    long requested = 0;
    long cancelled = 0;
    int contested = 0; // rounds with both outcomes
    for (int round = 0; round != 20'000 && (round < 500 || contested < 10); ++round) {
        state_ptr const state(new shutdown_state(pool.get_executor()));
        process_shutdown const shutdown(state);
        constexpr int count = 16;
        std::deque<asio::cancellation_signal> signals(count);
        std::atomic<int> won = 0;
        std::atomic<int> lost = 0;
        std::latch ready(count);
        std::latch completed(count);
        std::latch emitted(count);
        for (auto& signal : signals) {
            auto const strand = asio::make_strand(pool);
            asio::post(strand, [&, strand] {
                shutdown.async_wait(asio::bind_cancellation_slot(
                    signal.slot(), asio::bind_executor(strand, [&](error_code error) {
                        ++(error ? lost : won);
                        completed.count_down();
                    })));
                asio::post(strand, [&] {
                    signal.emit(asio::cancellation_type::total);
                    emitted.count_down();
                });
                ready.count_down();
            });
        }
        std::thread requester([&] {
            // At another moment in every round.
            while (!ready.try_wait() && state->waiting() < static_cast<unsigned>(round) % count)
                std::this_thread::yield();
            state->request();
        });
        completed.wait();
        requester.join();
        BOOST_REQUIRE(won + lost == count); // each exactly once
        BOOST_REQUIRE(state->waiting() == 0u);
        requested += won;
        cancelled += lost;
        contested += won > 0 && lost > 0;
        emitted.wait();
    }
    pool.join();
    BOOST_TEST(requested > 0);
    BOOST_TEST(cancelled > 0);
    BOOST_TEST(contested > 0);
}

BOOST_AUTO_TEST_CASE(until_races_with_the_request) {
    asio::thread_pool pool(4);
    std::atomic<int> values = 0;
    std::atomic<int> shutdowns = 0;
    std::atomic<int> others = 0;
    for (int round = 0; round != 20'000 && (round < 500 || values == 0 || shutdowns == 0);
         ++round) {
        state_ptr const state(new shutdown_state(pool.get_executor()));
        std::latch started(1);
        std::latch completed(4);
        auto const coroutine = [&](process_shutdown s) -> asio::awaitable<void> {
            auto const executor = co_await asio::this_coro::executor;
            asio::steady_timer timer(executor, 1us);
            started.wait();
            auto wait = timer.async_wait(asio::deferred);
            auto const outcome = co_await s.until(std::move(wait));
            ++(outcome                                         ? values
               : is(outcome.error(), errc::shutdown_requested) ? shutdowns
                                                               : others);
            completed.count_down();
        };
        for (int n = 0; n != 4; ++n) {
            asio::co_spawn(asio::make_strand(pool), coroutine(process_shutdown(state)),
                           asio::detached);
        }
        started.count_down();
        for (int n = 0; n != round % 64; ++n)
            std::this_thread::yield();
        state->request();
        completed.wait();
        BOOST_REQUIRE(state->waiting() == 0u);
    }
    pool.join();
    BOOST_TEST(values > 0);
    BOOST_TEST(shutdowns > 0);
    BOOST_TEST(others == 0);
}

BOOST_AUTO_TEST_CASE(concurrent_requests_and_stop_tokens) {
    for (int round = 0; round != 200; ++round) {
        asio::io_context context;
        state_ptr const state(new shutdown_state(context.get_executor()));
        std::atomic<int> called = 0;
        std::atomic<int> stopped = 0;
        std::latch start(4);
        {
            std::vector<std::jthread> all;
            for (int n = 0; n != 4; ++n)
                all.emplace_back([&, n] {
                    start.arrive_and_wait();
                    if (n % 2 == 0)
                        state->request();
                    auto const token = state->stop_token();
                    std::atomic<bool> mine = false;
                    std::stop_callback const callback(token, [&] {
                        ++called;
                        mine = true;
                    });
                    if (state->requested())
                        stopped += state->stop_token().stop_requested();
                    else
                        ++stopped;
                    while (!mine)
                        std::this_thread::yield();
                });
        }
        BOOST_TEST(called == 4);
        BOOST_TEST(stopped == 4);
    }
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(wait_for)

BOOST_AUTO_TEST_CASE(false_when_the_time_is_over) {
    asio::io_context context;
    shutdown_source source(context);
    run(context, [](process_shutdown s) -> asio::awaitable<void> {
        bool const now = co_await s.wait_for(0s);
        BOOST_TEST(!now);
        bool const past = co_await s.wait_for(-1h);
        BOOST_TEST(!past);
        auto const before = std::chrono::steady_clock::now();
        bool const later = co_await s.wait_for(std::chrono::duration<double, std::milli>(1.5));
        BOOST_TEST(!later);
        BOOST_TEST((std::chrono::steady_clock::now() - before >= 1500us));
    }(source.get_shutdown()));
}

BOOST_AUTO_TEST_CASE(true_on_shutdown) {
    asio::io_context context;
    state_ptr const state(new shutdown_state(context.get_executor()));
    for (bool const before : {false, true}) {
        bool ended = false;
        auto const coroutine = [&](process_shutdown s) -> asio::awaitable<void> {
            bool const requested = co_await s.wait_for(std::chrono::hours::max());
            BOOST_TEST(requested);
            bool const again = co_await s.wait_for(1h);
            BOOST_TEST(again);
            ended = true;
        };
        asio::co_spawn(context, coroutine(process_shutdown(state)), asio::detached);
        if (!before) {
            context.poll();
            BOOST_TEST(!ended);
            BOOST_TEST(state->waiting() == 1u);
            state->request();
        }
        context.restart();
        context.run();
        BOOST_TEST(ended);
    }
}

// Both at once: the shutdown is more important than the time.
BOOST_AUTO_TEST_CASE(true_when_both) {
    asio::io_context context;
    shutdown_source source(context);
    bool outcome = false;
    asio::co_spawn(
        context,
        [&]() -> asio::awaitable<void> { outcome = co_await source.get_shutdown().wait_for(0s); },
        asio::detached);
    context.run_one(); // the timer is set
    source.request();
    context.run();
    BOOST_TEST(outcome);
}

BOOST_AUTO_TEST_CASE(throws_when_the_coroutine_is_cancelled) {
    asio::io_context context;
    state_ptr const state(new shutdown_state(context.get_executor()));
    asio::cancellation_signal signal;
    std::exception_ptr escaped;
    asio::co_spawn(
        context,
        [&]() -> asio::awaitable<void> { (void)co_await process_shutdown(state).wait_for(1h); },
        asio::bind_cancellation_slot(signal.slot(), [&](std::exception_ptr e) { escaped = e; }));
    context.poll();
    signal.emit(asio::cancellation_type::terminal);
    context.run();
    BOOST_REQUIRE(escaped);
    BOOST_CHECK_EXCEPTION(std::rethrow_exception(escaped), boost::system::system_error,
                          [](auto const& e) { return e.code() == asio::error::operation_aborted; });
    BOOST_TEST(state->waiting() == 0u);
    BOOST_TEST(state->use_count() == 1u);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(until)

template <class T>
using value_of =
    typename decltype(std::declval<process_shutdown>().until(std::declval<T>()))::value_type;
template <class... T>
using completing_with = decltype(operation<void(T...)>([](auto&&) {}));

static_assert(std::is_same_v<value_of<completing_with<>>, result<void>>);
static_assert(std::is_same_v<value_of<completing_with<int>>, result<int>>);
static_assert(std::is_same_v<value_of<completing_with<error_code>>, result<void>>);
static_assert(std::is_same_v<value_of<completing_with<error_code, int>>, result<int>>);
static_assert(
    std::is_same_v<value_of<completing_with<error_code const&, int const&>>, result<int>>);
static_assert(std::is_same_v<value_of<completing_with<error_code, int, std::string>>,
                             result<std::tuple<int, std::string>>>);
static_assert(std::is_same_v<value_of<completing_with<std::exception_ptr>>, result<void>>);
static_assert(std::is_same_v<value_of<completing_with<std::exception_ptr, int>>, result<int>>);
static_assert(std::is_same_v<value_of<completing_with<result<int>>>, result<int>>);
static_assert(std::is_same_v<value_of<asio::awaitable<void>>, result<void>>);
static_assert(std::is_same_v<value_of<asio::awaitable<int>>, result<int>>);
static_assert(std::is_same_v<value_of<asio::awaitable<result<int>>>, result<int>>);
static_assert(std::is_same_v<value_of<asio::awaitable<result<void>>>, result<void>>);

BOOST_AUTO_TEST_CASE(value_of_the_operation) {
    asio::io_context context;
    state_ptr const state(new shutdown_state(context.get_executor()));
    run(context, [](process_shutdown s, asio::io_context& c) -> asio::awaitable<void> {
        auto nothing = asio::post(c, asio::deferred);
        auto const r1 = co_await s.until(std::move(nothing));
        BOOST_TEST(r1.has_value());

        auto pointer = operation<void(error_code, std::unique_ptr<int>)>([&](auto handler) {
            asio::post(c, [handler = std::move(handler)]() mutable {
                std::move(handler)(error_code(), std::make_unique<int>(7));
            });
        });
        auto const r2 = co_await s.until(std::move(pointer));
        BOOST_REQUIRE(r2.has_value());
        BOOST_TEST(*r2.value() == 7);

        auto two = operation<void(error_code, int, std::string)>([&](auto handler) {
            asio::post(c, [handler = std::move(handler)]() mutable {
                std::move(handler)(error_code(), 1, std::string("one"));
            });
        });
        auto const r3 = co_await s.until(std::move(two));
        BOOST_REQUIRE(r3.has_value());
        BOOST_TEST((r3.value() == std::tuple(1, std::string("one"))));
    }(process_shutdown(state), context));
    BOOST_TEST(state->waiting() == 0u);
    BOOST_TEST(state->use_count() == 1u);
}

BOOST_AUTO_TEST_CASE(error_of_the_operation) {
    asio::io_context context;
    shutdown_source source(context);
    run(context, [](process_shutdown s, asio::io_context& c) -> asio::awaitable<void> {
        auto eof = operation<void(error_code, std::size_t)>([&](auto handler) {
            asio::post(c, [handler = std::move(handler)]() mutable {
                std::move(handler)(asio::error::eof, 3u);
            });
        });
        auto const r1 = co_await s.until(std::move(eof));
        BOOST_REQUIRE(r1.has_error());
        BOOST_TEST(r1.error().code() == asio::error::eof);

        // Cancelled by somebody else: that is no shutdown.
        asio::steady_timer timer(c, 1h);
        asio::post(c, [&] { timer.cancel(); });
        auto wait = timer.async_wait(asio::deferred);
        auto const r2 = co_await s.until(std::move(wait));
        BOOST_REQUIRE(r2.has_error());
        BOOST_TEST(aborted(r2.error()));

        auto exception = operation<void(std::exception_ptr, int)>([&](auto handler) {
            asio::post(c, [handler = std::move(handler)]() mutable {
                std::move(handler)(std::make_exception_ptr(std::logic_error("no")), 0);
            });
        });
        auto const r3 = co_await s.until(std::move(exception));
        BOOST_REQUIRE(r3.has_error());
        BOOST_CHECK_THROW(r3.error().rethrow(), std::logic_error);
    }(source.get_shutdown(), context));
}

BOOST_AUTO_TEST_CASE(shutdown_cancels_and_awaits_the_operation) {
    asio::io_context context;
    state_ptr const state(new shutdown_state(context.get_executor()));
    asio::steady_timer timer(context, 1h);
    std::optional<result<void>> outcome;
    asio::co_spawn(
        context,
        [&]() -> asio::awaitable<void> {
            auto wait = timer.async_wait(asio::deferred);
            outcome = co_await process_shutdown(state).until(std::move(wait));
        },
        asio::detached);
    context.poll();
    BOOST_TEST(!outcome.has_value());
    BOOST_TEST(state->waiting() == 1u);
    state->request();
    context.run();
    BOOST_REQUIRE(outcome.has_value());
    BOOST_REQUIRE(outcome->has_error());
    BOOST_TEST(is(outcome->error(), errc::shutdown_requested));
    BOOST_TEST(timer.cancel() == 0u); // it did not stay
    BOOST_TEST(state->use_count() == 1u);
}

BOOST_AUTO_TEST_CASE(shutdown_cancels_a_channel) {
    asio::io_context context;
    shutdown_source source(context);
    asio::experimental::channel<void(error_code, int)> channel(context);
    std::optional<result<int>> outcome;
    asio::co_spawn(
        context,
        [&]() -> asio::awaitable<void> {
            auto receive = channel.async_receive(asio::deferred);
            outcome.emplace(co_await source.get_shutdown().until(std::move(receive)));
        },
        asio::detached);
    context.poll();
    source.request();
    context.run();
    BOOST_REQUIRE(outcome.has_value());
    BOOST_REQUIRE(outcome->has_error());
    BOOST_TEST(is(outcome->error(), errc::shutdown_requested));
}

BOOST_AUTO_TEST_CASE(nothing_is_lost_if_both_are_ready) {
    asio::io_context context;
    shutdown_source source(context);
    run(context, [](shutdown_source& source_, asio::io_context& c) -> asio::awaitable<void> {
        auto const s = source_.get_shutdown();
        // The shutdown comes first, and the operation succeeds all the same.
        auto both = operation<void(error_code, int)>([&](auto handler) {
            source_.request();
            asio::post(c, [handler = std::move(handler)]() mutable {
                std::move(handler)(error_code(), 7);
            });
        });
        auto const r1 = co_await s.until(std::move(both));
        BOOST_REQUIRE(r1.has_value());
        BOOST_TEST(r1.value() == 7);

        bool started = false;
        auto next = operation<void(error_code, int)>([&](auto&&) { started = true; });
        auto const r2 = co_await s.until(std::move(next));
        BOOST_REQUIRE(r2.has_error());
        BOOST_TEST(is(r2.error(), errc::shutdown_requested));
        BOOST_TEST(!started);
    }(source, context));
}

BOOST_AUTO_TEST_CASE(real_error_after_the_shutdown_is_not_masked) {
    asio::io_context context;
    shutdown_source source(context);
    run(context, [](shutdown_source& source_, asio::io_context& c) -> asio::awaitable<void> {
        auto both = operation<void(error_code)>([&](auto handler) {
            source_.request();
            asio::post(c, [handler = std::move(handler)]() mutable {
                std::move(handler)(asio::error::no_memory);
            });
        });
        auto const outcome = co_await source_.get_shutdown().until(std::move(both));
        BOOST_REQUIRE(outcome.has_error());
        BOOST_TEST(outcome.error().code() == asio::error::no_memory);
    }(source, context));
}

BOOST_AUTO_TEST_CASE(already_requested_does_not_start_and_does_not_complete_inline) {
    asio::io_context context;
    shutdown_source source(context);
    source.request();
    witness::alive = 0;
    bool started = false;
    run(context, [](process_shutdown s, bool& begun) -> asio::awaitable<void> {
        auto const child = [](bool& flag, witness) -> asio::awaitable<int> {
            flag = true;
            co_return 1;
        };
        auto const r1 = co_await s.until(child(begun, witness()));
        BOOST_REQUIRE(r1.has_error());
        BOOST_TEST(is(r1.error(), errc::shutdown_requested));
    }(source.get_shutdown(), started));
    BOOST_TEST(!started);
    BOOST_TEST(witness::alive == 0);
}

struct no_default {
    explicit no_default(int n) : number(n) {}
    int number;
};

BOOST_AUTO_TEST_CASE(awaitable_operand) {
    asio::io_context context;
    auto const strand = asio::make_strand(context);
    shutdown_source source(context);
    bool ended = false;
    auto const test = [&](process_shutdown s) -> asio::awaitable<void> {
        auto const yielding = [&](int n) -> asio::awaitable<int> {
            auto const executor = co_await asio::this_coro::executor;
            co_await asio::post(executor, asio::use_awaitable);
            BOOST_TEST(strand.running_in_this_thread());
            co_return n;
        };
        auto const r1 = co_await s.until(yielding(7));
        BOOST_TEST(strand.running_in_this_thread());
        BOOST_REQUIRE(r1.has_value());
        BOOST_TEST(r1.value() == 7);

        auto const immediate = []() -> asio::awaitable<void> { co_return; };
        auto const r2 = co_await s.until(immediate());
        BOOST_TEST(r2.has_value());

        auto const without = []() -> asio::awaitable<no_default> { co_return no_default(3); };
        auto const r3 = co_await s.until(without());
        BOOST_REQUIRE(r3.has_value());
        BOOST_TEST(r3.value().number == 3);

        auto const flat = [](bool good) -> asio::awaitable<result<int>> {
            if (!good)
                co_return errc::task_dropped;
            co_return 5;
        };
        auto const r4 = co_await s.until(flat(true));
        BOOST_REQUIRE(r4.has_value());
        BOOST_TEST(r4.value() == 5);
        auto const r5 = co_await s.until(flat(false));
        BOOST_REQUIRE(r5.has_error());
        BOOST_TEST(is(r5.error(), errc::task_dropped));

        auto const failing = []() -> asio::awaitable<int> {
            throw boost::system::system_error(asio::error::eof);
            co_return 0;
        };
        auto const r6 = co_await s.until(failing());
        BOOST_REQUIRE(r6.has_error());
        BOOST_TEST(r6.error().code() == asio::error::eof);
        BOOST_TEST(!!r6.error().exception());

        auto const failing_flat = []() -> asio::awaitable<result<int>> {
            throw std::runtime_error("boom");
            co_return 0;
        };
        auto const r7 = co_await s.until(failing_flat());
        BOOST_REQUIRE(r7.has_error());
        BOOST_CHECK_THROW(r7.error().rethrow(), std::runtime_error);
        ended = true;
    };
    asio::co_spawn(strand, test(source.get_shutdown()), asio::detached);
    context.run();
    BOOST_TEST(ended);
}

BOOST_AUTO_TEST_CASE(shutdown_cancels_an_awaitable) {
    asio::io_context context;
    shutdown_source source(asio::make_strand(context));
    bool cleaned_up = false;
    std::optional<result<void>> outcome;
    asio::co_spawn(
        asio::make_strand(context),
        [&]() -> asio::awaitable<void> {
            auto const child = [&]() -> asio::awaitable<void> {
                asio::steady_timer timer(co_await asio::this_coro::executor, 1h);
                try {
                    co_await timer.async_wait(asio::use_awaitable);
                } catch (boost::system::system_error const&) {
                    cleaned_up = true;
                    throw;
                }
            };
            outcome = co_await source.get_shutdown().until(child());
        },
        asio::detached);
    context.poll();
    source.request();
    context.run();
    BOOST_TEST(cleaned_up);
    BOOST_REQUIRE(outcome.has_value());
    BOOST_REQUIRE(outcome->has_error());
    BOOST_TEST(is(outcome->error(), errc::shutdown_requested));
}

BOOST_AUTO_TEST_CASE(cancelling_the_coroutine) {
    asio::io_context context;
    state_ptr const state(new shutdown_state(context.get_executor()));
    asio::cancellation_signal signal;
    std::optional<result<void>> outcome;
    bool threw = false;
    asio::co_spawn(
        context,
        [&]() -> asio::awaitable<void> {
            asio::steady_timer timer(context, 1h);
            auto wait = timer.async_wait(asio::deferred);
            outcome = co_await process_shutdown(state).until(std::move(wait));
            try {
                co_await asio::post(context, asio::use_awaitable);
            } catch (boost::system::system_error const&) {
                threw = true;
            }
        },
        asio::bind_cancellation_slot(signal.slot(), asio::detached));
    context.poll();
    signal.emit(asio::cancellation_type::terminal);
    context.run();
    BOOST_REQUIRE(outcome.has_value());
    BOOST_REQUIRE(outcome->has_error());
    BOOST_TEST(aborted(outcome->error()));
    BOOST_TEST(threw); // Asio's part
    BOOST_TEST(state->waiting() == 0u);
    BOOST_TEST(state->use_count() == 1u);
}

// Completes inside of the emission, which destroys everything around it.
BOOST_AUTO_TEST_CASE(operation_that_completes_inside_its_cancellation) {
    for (bool const by_shutdown : {false, true}) {
        asio::io_context context;
        shutdown_source source(context);
        asio::cancellation_signal signal;
        std::optional<result<void>> outcome;
        asio::co_spawn(
            context,
            [&]() -> asio::awaitable<void> {
                auto rude = operation<void(error_code)>([](auto handler) {
                    auto slot = asio::get_associated_cancellation_slot(handler);
                    auto shared = std::make_shared<decltype(handler)>(std::move(handler));
                    slot.assign([shared](asio::cancellation_type) {
                        auto own = std::move(*shared);
                        std::move(own)(asio::error::operation_aborted);
                    });
                });
                outcome = co_await source.get_shutdown().until(std::move(rude));
            },
            asio::bind_cancellation_slot(signal.slot(), asio::detached));
        context.poll();
        if (by_shutdown)
            source.request();
        else
            signal.emit(asio::cancellation_type::terminal);
        context.restart();
        context.run();
        BOOST_REQUIRE(outcome.has_value());
        BOOST_REQUIRE(outcome->has_error());
        BOOST_TEST((by_shutdown ? is(outcome->error(), errc::shutdown_requested)
                                : aborted(outcome->error())));
    }
}

BOOST_AUTO_TEST_CASE(operation_that_drops_its_handler_takes_the_coroutine_with_it) {
    witness::alive = 0;
    asio::io_context context;
    state_ptr const state(new shutdown_state(context.get_executor()));
    asio::co_spawn(
        context,
        [](process_shutdown s, witness) -> asio::awaitable<void> {
            auto dropping = operation<void(error_code)>([](auto&&) {});
            (void)co_await s.until(std::move(dropping));
        }(process_shutdown(state), witness()),
        asio::detached);
    context.run();
    BOOST_TEST(witness::alive == 0);
    BOOST_TEST(state->waiting() == 0u);
    BOOST_TEST(state->use_count() == 1u);
}

BOOST_AUTO_TEST_CASE(nested) {
    asio::io_context context;
    shutdown_source outer(context);
    shutdown_source inner(context);
    std::vector<result<void>> outcomes;
    auto const both = [&](process_shutdown a, process_shutdown b) -> asio::awaitable<void> {
        auto const child = [](process_shutdown s) -> asio::awaitable<result<void>> {
            asio::steady_timer timer(co_await asio::this_coro::executor, 1h);
            auto wait = timer.async_wait(asio::deferred);
            co_return co_await s.until(std::move(wait));
        };
        outcomes.push_back(co_await a.until(child(b)));
    };
    asio::co_spawn(context, both(outer.get_shutdown(), inner.get_shutdown()), asio::detached);
    asio::co_spawn(context, both(inner.get_shutdown(), outer.get_shutdown()), asio::detached);
    context.poll();
    inner.request();
    context.run();
    BOOST_TEST(outcomes.size() == 2u);
    for (auto const& outcome : outcomes) {
        BOOST_REQUIRE(outcome.has_error());
        BOOST_TEST(is(outcome.error(), errc::shutdown_requested));
    }
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(lifetimes)

// Everything that can wait, with the cycle state -> waiter -> coroutine -> process_shutdown.
asio::awaitable<void> wait_forever(process_shutdown shutdown, int how, witness = {}) {
    auto const executor = co_await asio::this_coro::executor;
    asio::steady_timer timer(executor, 1h);
    switch (how) {
    case 0:
        co_await shutdown.async_wait(asio::use_awaitable);
        break;
    case 1:
        (void)co_await shutdown.wait_for(1h);
        break;
    case 2: {
        auto wait = timer.async_wait(asio::deferred);
        (void)co_await shutdown.until(std::move(wait));
        break;
    }
    case 3:
        (void)co_await shutdown.until(wait_forever(shutdown, 2));
        break;
    case 4: {
        auto group = asio::experimental::make_parallel_group(timer.async_wait(asio::deferred),
                                                             shutdown.async_wait(asio::deferred));
        auto first = group.async_wait(asio::experimental::wait_for_one(), asio::deferred);
        co_await std::move(first)(asio::use_awaitable);
        break;
    }
    default:
        while (!co_await shutdown.wait_for(0s))
            ;
        break;
    }
    // And waits that begin late.
    bool const requested = co_await shutdown.wait_for(0s);
    BOOST_TEST(requested);
    if (how != 0)
        (void)co_await shutdown.until(wait_forever(shutdown, 0));
}
constexpr int ways = 6;

BOOST_AUTO_TEST_CASE(context_destroyed_with_pending_waiters) {
    for (bool const strands : {false, true}) {
        witness::alive = 0;
        state_ptr state; // survives the context
        std::optional<shutdown_source> source;
        {
            asio::io_context context;
            auto const make = [&]() -> asio::any_io_executor {
                if (strands)
                    return asio::make_strand(context);
                return context.get_executor();
            };
            state = new shutdown_state(make());
            source.emplace(make());
            for (int how = 0; how != ways; ++how) {
                asio::co_spawn(make(), wait_forever(process_shutdown(state), how), asio::detached);
                asio::co_spawn(make(), wait_forever(source->get_shutdown(), how), asio::detached);
            }
            for (int n = 0; n != 200; ++n)
                context.poll_one();
            BOOST_TEST(state->waiting() >= 5u);
            BOOST_TEST(witness::alive >= 12);
        }
        BOOST_TEST(witness::alive == 0);
        BOOST_TEST(state->waiting() == 0u);
        BOOST_TEST(state->use_count() == 1u);
        BOOST_TEST(!state->requested());

        // Late waits do not leak, and do not touch the context.
        bool called = false;
        process_shutdown(state).async_wait([&, w = witness()](error_code) { called = true; });
        BOOST_TEST(witness::alive == 0);
        state->request();
        BOOST_TEST(state->requested());
        process_shutdown(state).async_wait([&, w = witness()](error_code) { called = true; });
        BOOST_TEST(witness::alive == 0);
        BOOST_TEST(!called);
        source->request();
    }
}

BOOST_AUTO_TEST_CASE(unregistered_state_is_cleared_by_its_owner) {
    witness::alive = 0;
    state_ptr state;
    {
        asio::io_context context;
        state = new shutdown_state(asio::make_strand(context), arborist::detail::unregistered);
        for (int how = 0; how != ways; ++how)
            asio::co_spawn(context, wait_forever(process_shutdown(state), how), asio::detached);
        for (int n = 0; n != 100; ++n)
            context.poll_one();
        process_shutdown(state).async_wait([w = witness()](error_code) { BOOST_TEST(false); });
        state->clear();
        BOOST_TEST(state->waiting() == 0u);
    }
    BOOST_TEST(witness::alive == 0);
    BOOST_TEST(state->use_count() == 1u);
}

// A scenario with everything in it is interrupted after each of its handlers.
BOOST_AUTO_TEST_CASE(interrupted_at_every_step) {
    int steps = 0;
    bool finished = false;
    for (; !finished; ++steps) {
        BOOST_REQUIRE(steps < 1000);
        witness::alive = 0;
        std::optional<process_shutdown> outside;
        {
            asio::io_context context;
            auto source = std::make_unique<shutdown_source>(asio::make_strand(context));
            outside = source->get_shutdown();
            for (int how = 0; how != ways - 1; ++how)
                asio::co_spawn(asio::make_strand(context),
                               wait_forever(source->get_shutdown(), how), asio::detached);
            asio::cancellation_signal signal;
            outside->async_wait(
                asio::bind_cancellation_slot(signal.slot(), [w = witness()](error_code) {}));
            // The last: cancels one wait, then gives the signal by destroying the source.
            auto const stop = [&](std::unique_ptr<shutdown_source> own,
                                  witness) -> asio::awaitable<void> {
                for (int n = 0; n != 10; ++n)
                    co_await asio::post(context, asio::use_awaitable);
                signal.emit(asio::cancellation_type::total);
                for (int n = 0; n != 10; ++n)
                    co_await asio::post(context, asio::use_awaitable);
                own.reset();
            };
            asio::co_spawn(context, stop(std::move(source), witness()), asio::detached);
            int done = 0;
            while (done != steps && context.run_one() != 0)
                ++done;
            finished = done != steps;
            BOOST_TEST((witness::alive == 0 || done == 0 || !finished));
        }
        BOOST_TEST(witness::alive == 0);
        if (finished)
            BOOST_TEST(outside->requested());
    }
    BOOST_TEST(steps > 40);
}

BOOST_AUTO_TEST_CASE(reset_and_reuse) {
    asio::io_context context;
    state_ptr const state(
        new shutdown_state(context.get_executor(), arborist::detail::unregistered));
    for (int incarnation = 0; incarnation != 3; ++incarnation) {
        auto const token = state->stop_token();
        BOOST_TEST(!token.stop_requested());
        int completed = 0;
        {
            process_shutdown const shutdown(state);
            BOOST_TEST(!shutdown.requested());
            shutdown.async_wait([&](error_code error) { completed += !error; });
            context.restart();
            context.poll();
            BOOST_TEST(completed == 0);
            if (incarnation == 1)
                state->clear();
            state->request();
            context.poll();
        }
        BOOST_TEST(completed == (incarnation == 1 ? 0 : 1));
        BOOST_TEST(token.stop_requested());
        BOOST_TEST(state->use_count() == 1u);
        state->reset(asio::make_strand(context));
        BOOST_TEST(!state->requested());
        BOOST_TEST(!state->cleared());
    }
}

BOOST_AUTO_TEST_SUITE_END()
