// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#define BOOST_TEST_MODULE conformance_allocation_failure
#include "support/failing_memory.hpp"
#include "support/tree.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>

#include <atomic>
#include <cstddef>
#include <initializer_list>
#include <new>

// Memory that fails at every single allocation of a phase: a scenario is run again and again, and
// each time the next allocation fails, alone or with some after it, until the scenario gets by
// without coming that far. Each time the run must end, once, and leave nothing behind.

using namespace tree_test;

BOOST_TEST_GLOBAL_FIXTURE(quiet_log);

namespace {

// Owned by every coroutine of a scenario.
class token {
public:
    token() { ++alive; }
    token(token const&) { ++alive; }
    token(token&&) noexcept { ++alive; }
    token& operator=(token const&) = default;
    token& operator=(token&&) = default;
    ~token() { --alive; }

    static inline int alive = 0;
};

asio::awaitable<void> pause(int steps) {
    for (int i = 0; i != steps; ++i) {
        auto step = asio::post(asio::deferred);
        co_await std::move(step);
    }
}

// Waits for the shutdown.
asio::awaitable<result<void>> calm(token, process_shutdown shutdown) {
    token const local;
    co_await shutdown.async_wait(asio::use_awaitable);
    co_return success();
}

asio::awaitable<result<void>> fail_soon(token) {
    token const local;
    auto pausing = pause(2);
    co_await std::move(pausing);
    co_return cause("round over");
}

// What a child does, and how often it has been started.
struct child {
    int rounds = 0;
    int starts = 0;
};

// Is initialised after some steps; the first times it fails after some more.
child_specification worker_of(std::string name, std::shared_ptr<child> state) {
    return worker(
        std::move(name),
        [state, owned = token()](process_shutdown shutdown) -> asio::awaitable<initialization> {
            token const local;
            ++state->starts;
            auto pausing = pause(2);
            co_await std::move(pausing);
            if (state->starts > state->rounds)
                co_return calm(owned, std::move(shutdown));
            co_return fail_soon(owned);
        });
}
child_specification calm_worker(std::string name) {
    return worker_of(std::move(name), std::make_shared<child>());
}
child_specification restless_worker(std::string name, int rounds) {
    return worker_of(std::move(name), std::make_shared<child>(child{.rounds = rounds}));
}

// Ends when it is aborted, and not before; or not even then.
child_specification deaf_worker(std::string name) {
    return worker(std::move(name), [owned = token()]() -> asio::awaitable<void> {
        token const local;
        asio::steady_timer forever(co_await asio::this_coro::executor,
                                   asio::steady_timer::time_point::max());
        co_await forever.async_wait(asio::use_awaitable);
    });
}
child_specification stubborn_worker(std::string name) {
    return worker(std::move(name), [owned = token()]() -> asio::awaitable<void> {
        token const local;
        co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
        asio::steady_timer some_time(co_await asio::this_coro::executor, 20ms);
        co_await some_time.async_wait(asio::use_awaitable);
    });
}

/// A run on a context of its own. What it is told to do under `armed` may lack memory.
class trial {
public:
    explicit trial(supervisor root) : root_(std::move(root)), handle_(root_.handle()) {}
    trial(trial const&) = delete;
    trial& operator=(trial const&) = delete;

    void start() {
        try {
            root_.async_run(context_,
                            asio::bind_cancellation_slot(signal_.slot(), [this](run_result got) {
                                failing_memory::disarmed const here;
                                ++completions_;
                                result_.emplace(std::move(got));
                            }));
            started_ = true;
        } catch (std::bad_alloc const&) { // as of any initiating function (M6)
        }
    }

    // Whatever is ready.
    void settle() {
        std::size_t const enough = 10'000;
        for (std::size_t i = 0; i != enough; ++i) {
            try {
                context_.restart();
                if (context_.poll_one() == 0)
                    return;
            } catch (std::bad_alloc const&) { // Asio could not deliver a completion (M5)
                ++escaped_;
            }
        }
        BOOST_FAIL("it does not come to rest");
    }

    // For a timer.
    void wait() {
        try {
            context_.restart();
            context_.run_one_for(20ms);
        } catch (std::bad_alloc const&) {
            ++escaped_;
        }
    }

    void stop() { signal_.emit(asio::cancellation_type::total); }
    void abort() { signal_.emit(asio::cancellation_type::terminal); }

    // Until it has ended. Nothing takes seconds, unless somebody waits for what has been lost.
    void run_to_its_end() {
        auto const limit = std::chrono::steady_clock::now() + 20s;
        for (bool again = true; std::exchange(again, false);) {
            try {
                context_.restart();
                context_.run_until(limit);
            } catch (std::bad_alloc const&) {
                ++escaped_;
                again = true;
            }
        }
        failing_memory::disarmed const look;
        BOOST_TEST_REQUIRE((std::chrono::steady_clock::now() < limit));
        BOOST_TEST_REQUIRE(completions_ == (started_ ? 1 : 0));
    }

    [[nodiscard]] bool running() const { return started_ && !result_; }
    [[nodiscard]] bool started() const { return started_; }
    [[nodiscard]] std::optional<run_result> const& result() const { return result_; }
    [[nodiscard]] supervisor_handle const& handle() const { return handle_; }
    [[nodiscard]] asio::io_context& context() { return context_; }
    [[nodiscard]] std::size_t escaped() const { return escaped_; }

private:
    asio::io_context context_{1};
    asio::cancellation_signal signal_;
    supervisor root_;
    supervisor_handle handle_;
    std::optional<run_result> result_;
    bool started_ = false;
    int completions_ = 0;
    std::size_t escaped_ = 0;
};

// How many allocations in a row fail.
constexpr std::initializer_list<std::size_t> failures = {1, 2, 5, 20};

template <class Scenario>
void at_every_allocation(Scenario const& scenario, std::size_t at_least) {
    failing_memory::fail(std::size_t(-1));
    scenario(); // what is made once in a program
    for (std::size_t const many : failures) {
        std::size_t first = 1;
        for (;; ++first) {
            BOOST_TEST_CONTEXT("from allocation " << first << " on, " << many << " fail") {
                auto const before = failing_memory::alive.load();
                failing_memory::fail(first, many);
                scenario();
                bool const reached = failing_memory::failed() != 0;
                failing_memory::fail(std::size_t(-1));
                BOOST_TEST_REQUIRE(token::alive == 0);
                BOOST_TEST_REQUIRE(failing_memory::alive.load() == before);
                if (!reached)
                    break;
            }
        }
        BOOST_TEST_MESSAGE(first - 1 << " allocations");
        BOOST_TEST(first > at_least);
    }
}

supervisor tree() {
    supervisor inner("inner", {.start = sequential});
    inner.add(calm_worker("b")).add(calm_worker("c"));
    supervisor root("root", {.intensity = unlimited});
    root.add(calm_worker("a")).add(std::move(inner)).add(calm_worker("d"));
    return root;
}

void end(trial& it) {
    if (it.running())
        it.stop();
    it.run_to_its_end();
}

} // namespace

BOOST_AUTO_TEST_CASE(M1_at_every_allocation_of_a_start) {
    std::size_t failed_cleanly = 0;
    std::size_t carried_on = 0;
    at_every_allocation(
        [&] {
            trial it(tree());
            {
                failing_memory::armed const here;
                it.start();
                it.settle();
            }
            BOOST_TEST(it.escaped() <= failing_memory::failed());
            if (it.result()) {
                BOOST_TEST_REQUIRE(it.result()->has_error());
                BOOST_TEST((it.result()->error().code() == errc::failed_to_initialize));
                ++failed_cleanly;
            } else if (it.started()) {
                ++carried_on;
                for (auto const& node : it.handle().snapshot().nodes)
                    BOOST_TEST((node.state == child_state::running));
            }
            end(it);
        },
        100);
    BOOST_TEST(failed_cleanly > 10u);
    BOOST_TEST(carried_on > 10u);
}

BOOST_AUTO_TEST_CASE(M3_at_every_allocation_of_a_graceful_stop) {
    at_every_allocation(
        [&] {
            trial it(tree());
            it.start();
            it.settle();
            {
                failing_memory::armed const here;
                it.stop();
                it.settle();
            }
            BOOST_TEST(!it.running());
            it.run_to_its_end();
        },
        5);
}

BOOST_AUTO_TEST_CASE(M3_at_every_allocation_of_an_abort) {
    at_every_allocation(
        [&] {
            supervisor root = tree();
            root.add(deaf_worker("e"));
            trial it(std::move(root));
            it.start();
            it.settle();
            {
                failing_memory::armed const here;
                it.abort();
                it.settle();
            }
            BOOST_TEST(!it.running());
            it.run_to_its_end();
        },
        5);
}

BOOST_AUTO_TEST_CASE(M3_at_every_allocation_of_a_stop_that_aborts_and_abandons) {
    at_every_allocation(
        [&] {
            supervisor root("root", {.abort_grace = 1ms});
            root.add(calm_worker("a"));
            root.add(deaf_worker("deaf"), {.shutdown = graceful(1ms)});
            root.add(stubborn_worker("stubborn"), {.shutdown = graceful(1ms)});
            trial it(std::move(root));
            it.start();
            it.settle();
            {
                failing_memory::armed const here;
                it.stop();
                it.run_to_its_end();
            }
            BOOST_TEST_REQUIRE(it.result().has_value());
            BOOST_TEST_REQUIRE(it.result()->has_error());
            BOOST_TEST((it.result()->error().code() == errc::shutdown_timed_out));
        },
        5);
}

BOOST_AUTO_TEST_CASE(M1_at_every_allocation_of_restarts) {
    for (restart_strategy const strategy : {one_for_one, one_for_all, rest_for_one}) {
        at_every_allocation(
            [&] {
                supervisor inner("inner", {.strategy = strategy, .intensity = {1, 1h}});
                inner.add(calm_worker("b")).add(restless_worker("c", 2)).add(calm_worker("d"));
                supervisor root("root", {.strategy = strategy,
                                         .intensity = unlimited,
                                         .backoff = {.first = 1ms, .most = 1ms, .jitter = 0}});
                root.add(calm_worker("a"));
                root.add(std::move(inner),
                         {.failed_initialization = initialization_failure::restart});
                trial it(std::move(root));
                it.start();
                {
                    failing_memory::armed const here;
                    // As long as somebody waits for its restart.
                    for (int i = 0; it.running() && i != 1000; ++i) {
                        it.settle();
                        failing_memory::disarmed const look;
                        auto const seen = it.handle().snapshot();
                        if (seen.nodes.size() == 6 && seen.nodes[0].supervisor &&
                            seen.nodes[0].supervisor->state == supervisor_state::ready &&
                            seen.nodes[2].restarts != 0)
                            break;
                        failing_memory::armed const again;
                        it.wait();
                    }
                }
                if (it.running()) {
                    it.settle();
                    BOOST_TEST(it.handle().snapshot().nodes.size() == 6u);
                }
                end(it);
            },
            100);
    }
}
