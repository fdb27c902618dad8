// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#define BOOST_TEST_MODULE conformance_allocation_failure
#include "support/failing_memory.hpp"
#include "support/tree.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>

#include <cstddef>
#include <initializer_list>
#include <new>

// Memory that fails at every single allocation of a phase: a scenario is run again and again, and
// each time the next allocation fails, alone or with some after it, until the scenario gets by
// without coming that far. Each time the run must end, once, and leave nothing behind.

using namespace tree_test;

BOOST_TEST_GLOBAL_FIXTURE(quiet_log);

namespace {

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

namespace {

// Asks a supervisor; who throws was not asked, and everybody else is answered once.
class questions {
public:
    explicit questions(trial& it) : trial_(it) {}

    template <class Ask>
    void ask(Ask const& operation) {
        std::size_t const number = asked_;
        try {
            operation(asio::bind_executor(trial_.context(), [this](auto const& answer) {
                failing_memory::disarmed const here;
                ++answered_;
                if (answer)
                    return;
                boost::system::error_code const why = answer.error().code();
                BOOST_TEST((why == boost::system::errc::not_enough_memory ||
                            why == errc::failed_to_initialize || why == errc::not_running ||
                            why == errc::no_such_child || why == errc::start_cancelled ||
                            why == errc::child_running),
                           why.message());
            }));
            ++asked_;
        } catch (std::bad_alloc const&) {
            BOOST_TEST(asked_ == number);
        }
    }

    [[nodiscard]] bool all_answered() const { return answered_ == asked_; }

private:
    trial& trial_;
    std::size_t asked_ = 0;
    std::size_t answered_ = 0;
};

} // namespace

BOOST_AUTO_TEST_CASE(M6_at_every_allocation_of_requests) {
    std::size_t refused = 0;
    at_every_allocation(
        [&] {
            supervisor inner("inner", {.max_dynamic_children = 2});
            supervisor_handle const below = inner.handle();
            inner.add(calm_worker("b"));
            supervisor root("root", {.intensity = unlimited});
            root.add(calm_worker("a")).add(std::move(inner));
            trial it(std::move(root));
            questions all(it);
            it.start();
            it.settle();
            supervisor_handle const above = it.handle();
            {
                failing_memory::armed const here;
                all.ask([&](auto then) { above.async_wait_ready(then); });
                all.ask([&](auto then) { above.async_start(calm_worker("x"), then); });
                for (int i = 0; i != 3; ++i)
                    all.ask([&](auto then) {
                        below.async_start(calm_worker("y"), when_full::wait, then);
                    });
                all.ask([&](auto then) { below.async_list(then); });
                all.ask([&](auto then) { above.async_count(then); });
                it.settle();
                all.ask([&](auto then) { above.async_restart("inner/b", then); });
                all.ask([&](auto then) { above.async_restart("a", then); });
                all.ask([&](auto then) { above.async_remove("a", then); });
                it.settle();
                all.ask([&](auto then) { above.async_stop("a", then); });
                all.ask([&](auto then) { above.async_stop("nobody", then); });
                it.settle();
                all.ask([&](auto then) { above.async_remove("a", then); });
                all.ask([&](auto then) { above.async_wait_ready(then); });
                it.settle();
            }
            {
                // It goes on as if nothing had happened.
                bool listed = false;
                if (it.running())
                    above.async_count(asio::bind_executor(it.context(), [&](auto const& count) {
                        listed = true;
                        BOOST_TEST(count.has_value());
                    }));
                it.settle();
                BOOST_TEST(listed == it.running());
            }
            {
                failing_memory::armed const here;
                all.ask([&](auto then) { above.async_stop_supervisor(then); });
                it.settle();
            }
            refused += failing_memory::failed();
            end(it);
            it.settle();
            BOOST_TEST_REQUIRE(all.all_answered());
        },
        100);
    BOOST_TEST(refused > 100u);
}

BOOST_AUTO_TEST_CASE(M6_at_every_allocation_of_a_join_set) {
    at_every_allocation(
        [] {
            asio::io_context context(1);
            std::size_t spawned = 0;
            std::size_t joined_tasks = 0;
            std::size_t thrown = 0;
            bool waiting = false;
            auto const settle = [&] {
                for (bool again = true; std::exchange(again, false);) {
                    try {
                        context.restart();
                        while (context.poll_one() != 0)
                            continue;
                    } catch (std::bad_alloc const&) {
                        again = true;
                    }
                }
            };
            {
                join_set<int> set(context);
                std::function<void()> const join = [&] {
                    waiting = true;
                    set.async_join_next(
                        [&](boost::system::error_code, std::optional<joined<int>> next) {
                            waiting = false;
                            joined_tasks += next ? 1 : 0;
                        });
                };
                {
                    failing_memory::armed const here;
                    for (int i = 0; i != 20; ++i) {
                        try {
                            set.spawn([owned = token()]() -> asio::awaitable<int> {
                                token const local;
                                auto pausing = pause(2);
                                co_await std::move(pausing);
                                co_return 1;
                            });
                            ++spawned;
                        } catch (std::bad_alloc const&) {
                            ++thrown;
                        }
                        if (!waiting) {
                            try {
                                join();
                            } catch (std::bad_alloc const&) {
                                waiting = false;
                            }
                        }
                        settle();
                    }
                }
                for (int i = 0; i != 100 && !set.empty(); ++i) {
                    if (!waiting)
                        join();
                    settle();
                }
                BOOST_TEST(set.empty());
                // One that throws may have come to be.
                BOOST_TEST(joined_tasks >= spawned);
                BOOST_TEST(joined_tasks <= spawned + thrown);
            }
            settle();
        },
        50);
}

BOOST_AUTO_TEST_CASE(M6_at_every_allocation_of_waits_for_a_shutdown) {
    at_every_allocation(
        [] {
            asio::io_context context(1);
            shutdown_source source(context);
            std::size_t begun = 0;
            std::size_t told = 0;
            {
                failing_memory::armed const here;
                for (int i = 0; i != 5; ++i) {
                    try {
                        source.get_shutdown().async_wait(
                            [&, owned = token()](boost::system::error_code error) {
                                told += error ? 0 : 1;
                            });
                        ++begun;
                    } catch (std::bad_alloc const&) {
                        continue;
                    }
                }
                source.request();
            }
            context.run();
            BOOST_TEST(begun == told);
        },
        5);
}

BOOST_AUTO_TEST_CASE(M6_at_every_allocation_of_a_dataspace) {
    at_every_allocation(
        [] {
            asio::io_context context(1);
            dataspace data;
            std::optional<subscription<int>> subscribed;
            std::map<std::string, int> published;
            std::map<std::string, int> received;
            auto const put = [&](std::string const& key, int value) {
                try {
                    failing_memory::armed const here;
                    if (!data.publish(key, value))
                        return;
                } catch (std::bad_alloc const&) {
                    return;
                }
                published[key] = value;
            };
            put("before", 1);
            while (!subscribed) {
                try {
                    failing_memory::armed const here;
                    subscribed.emplace(data.subscribe<int>());
                } catch (std::bad_alloc const&) {
                    continue;
                }
            }
            for (int i = 0; i != 4; ++i) {
                put("a", i);
                put("b", i);
                try {
                    failing_memory::armed const here;
                    if (data.retract<int>("a")) {
                        failing_memory::disarmed const note;
                        published.erase("a");
                    }
                } catch (std::bad_alloc const&) {
                }
            }
            put("after", 1);
            for (int tried = 0; tried != 100;) {
                try {
                    failing_memory::armed const here;
                    auto const next = subscribed->try_receive();
                    failing_memory::disarmed const note;
                    if (!next)
                        break;
                    std::string const key(next->key().name());
                    if (*next)
                        received[key] = **next;
                    else
                        received.erase(key);
                } catch (std::bad_alloc const&) {
                    ++tried;
                }
            }
            BOOST_TEST((published == received));
        },
        10);
}

BOOST_AUTO_TEST_CASE(M6_at_every_allocation_of_a_snapshot) {
    at_every_allocation(
        [] {
            trial it(tree());
            it.start();
            it.settle();
            std::size_t nodes = 0;
            try {
                failing_memory::armed const here;
                nodes = it.handle().snapshot().nodes.size();
            } catch (std::bad_alloc const&) {
                BOOST_TEST(failing_memory::failed() != 0u);
            }
            BOOST_TEST((nodes == 6 || failing_memory::failed() != 0));
            BOOST_TEST(it.handle().snapshot().nodes.size() == 6u);
            end(it);
        },
        5);
}

BOOST_AUTO_TEST_CASE(M5_a_handler_that_lacks_memory_ends_its_process) {
    int starts = 0;
    std::vector<boost::system::error_code> exits;
    supervisor root("root", {.intensity = unlimited});
    root.observe([&](event const& what) {
        if (what.kind == event_kind::child_exited)
            exits.push_back(what.exit->why().code());
    });
    // The coroutine survives that, and is aborted.
    root.add(worker("a", [&](process_shutdown shutdown) -> asio::awaitable<void> {
        if (++starts == 1)
            asio::post(co_await asio::this_coro::executor, [] { throw std::bad_alloc(); });
        co_await shutdown.async_wait(asio::use_awaitable);
    }));
    trial it(std::move(root));
    it.start();
    it.settle();
    BOOST_TEST(it.escaped() == 0u);
    BOOST_TEST(starts == 2);
    BOOST_TEST_REQUIRE(exits.size() == 1u);
    BOOST_TEST((exits[0] == boost::system::errc::not_enough_memory));
    end(it);
}

BOOST_AUTO_TEST_CASE(M1_a_run_that_cannot_be_stopped_does_not_start) {
    asio::io_context context(1);
    int starts = 0;
    supervisor root("root");
    root.add(worker("a", [&starts](process_shutdown shutdown) {
        ++starts;
        return idle(std::move(shutdown));
    }));
    std::optional<run_result> result;
    root.async_run(context,
                   asio::async_initiate<asio::deferred_t const&, void()>(
                       [](auto const& /*handler*/) { throw std::bad_alloc(); }, asio::deferred),
                   [&result](run_result got) { result.emplace(std::move(got)); });
    context.run();
    BOOST_TEST(starts == 0);
    BOOST_TEST_REQUIRE(result.has_value());
    BOOST_TEST_REQUIRE(result->has_error());
    BOOST_TEST((result->error().code() == errc::failed_to_initialize));
    BOOST_TEST(result->error().message() ==
               "root: failed to initialise: std::bad_alloc: std::bad_alloc");
}
