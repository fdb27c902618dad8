// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#define BOOST_TEST_MODULE conformance_t_runtimes
#include "support/threads.hpp"
#include "support/tree.hpp"

#include <boost/asio/dispatch.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/test/unit_test.hpp>
#include <boost/thread/thread.hpp>

#include <atomic>
#include <future>
#include <latch>
#include <mutex>
#include <set>
#include <thread>

using namespace tree_test;

BOOST_TEST_GLOBAL_FIXTURE(quiet_log);

namespace {

// Ends a run from outside, and keeps its result.
class run_on_context {
public:
    explicit run_on_context(supervisor& root) : handle_(root.handle()) {
        root.async_run(context_,
                       asio::bind_cancellation_slot(signal_.slot(), [this](run_result result) {
                           result_.emplace(std::move(result));
                       }));
    }

    template <class Condition>
    void run_until(Condition condition) {
        context_.restart();
        while (!condition() && !context_.stopped())
            context_.run_one();
        BOOST_TEST_REQUIRE(condition());
    }
    void wait_until_ready() {
        answer<void> ready;
        handle_.async_wait_ready(ready.receive());
        run_until([&] { return ready.arrived(); });
    }
    run_result& finish() {
        run_until([this] { return result_.has_value(); });
        return *result_;
    }
    run_result& stop() {
        signal_.emit(asio::cancellation_type::total);
        return finish();
    }
    asio::io_context& context() { return context_; }

private:
    supervisor_handle handle_;
    asio::io_context context_;
    asio::cancellation_signal signal_;
    std::optional<run_result> result_;
};

// What observers of several threads are told.
class events {
public:
    observer write() {
        return [this](event const& what) {
            std::lock_guard lock(mutex_);
            notes_.write(std::string(what.supervisor) + ' ' + to_string(what.kind) +
                         (what.child.empty() ? "" : " " + std::string(what.child)));
        };
    }
    bool has(std::string_view line) {
        std::lock_guard lock(mutex_);
        return notes_.count(line) != 0;
    }
    std::size_t count(std::string_view line) {
        std::lock_guard lock(mutex_);
        return notes_.count(line);
    }

private:
    std::mutex mutex_;
    journal notes_;
};

} // namespace

BOOST_AUTO_TEST_CASE(T2_a_dedicated_supervisor_and_all_below_it_have_exactly_its_threads) {
    std::mutex mutex;
    std::set<std::thread::id> seen;
    auto const meet = [&](std::latch& all) {
        return [&](process_shutdown shutdown) -> asio::awaitable<void> {
            {
                std::lock_guard lock(mutex);
                seen.insert(std::this_thread::get_id());
            }
            all.arrive_and_wait(); // blocks: so many threads there are at least
            co_await idle(std::move(shutdown));
        };
    };
    std::latch all(3);
    supervisor below("below");
    below.add(worker("c", meet(all)));
    supervisor crunch("crunch", {.runtime = dedicated{.threads = 3}});
    crunch.add(worker("a", meet(all))).add(worker("b", meet(all))).add(std::move(below));
    std::thread::id ambient;
    supervisor root("app");
    root.add(worker("here", [&](auto shutdown) -> asio::awaitable<void> {
        ambient = std::this_thread::get_id();
        co_await idle(shutdown);
    }));
    root.add(std::move(crunch));
    run_on_context run(root);
    run.wait_until_ready();
    auto const count_of_runtime = [] {
        return std::ranges::count_if(
            threads(), [](std::string const& name) { return name.starts_with("app.crunch-"); });
    };
    BOOST_TEST(count_of_runtime() == 3);
    BOOST_TEST(run.stop().has_value());
    BOOST_TEST(seen.size() == 3u);
    BOOST_TEST((ambient == std::this_thread::get_id()));
    BOOST_TEST(!seen.contains(ambient));
    while (count_of_runtime() != 0) // T6; they may be listed for a moment
        std::this_thread::yield();
}

BOOST_AUTO_TEST_CASE(T2_none_is_refused) {
    BOOST_CHECK_EXCEPTION(supervisor("crunch", {.runtime = dedicated{.threads = 0}}),
                          boost::system::system_error, [](auto const& error) {
                              return error.code() == errc::invalid_option &&
                                     std::string(error.what()).find("at least 1 thread") !=
                                         std::string::npos;
                          });
    BOOST_CHECK_THROW(supervisor("crunch", {.runtime = dedicated{.stall_timeout = 0s}}),
                      boost::system::system_error);
}

BOOST_AUTO_TEST_CASE(T1_the_root_runs_where_it_is_told_to) {
    supervisor root("app", {.runtime = dedicated{}});
    root.add(worker("w", idle));
    asio::io_context context;
    BOOST_CHECK_EXCEPTION(root.async_run(context, [](run_result) {}), boost::system::system_error,
                          [](auto const& error) { return error.code() == errc::invalid_option; });
}

BOOST_AUTO_TEST_CASE(T3_threads_are_named_and_numbered) {
    std::set<std::string> names;
    std::mutex mutex;
    std::latch all(2);
    auto const meet = [&](process_shutdown shutdown) -> asio::awaitable<void> {
        {
            std::lock_guard lock(mutex);
            names.insert(name_of_this_thread());
        }
        all.arrive_and_wait();
        co_await idle(std::move(shutdown));
    };
    supervisor crunch("crunch", {.runtime = dedicated{.threads = 2}});
    crunch.add(worker("a", meet)).add(worker("b", meet));
    supervisor root("app");
    root.add(std::move(crunch));
    run_on_context run(root);
    run.wait_until_ready();
    run.stop();
    BOOST_TEST((names == std::set<std::string>{"app.crunch-00", "app.crunch-01"}));
}

BOOST_AUTO_TEST_CASE(T2_threads_are_made_as_they_were_ordered) {
    std::size_t stack = 0;
    std::size_t processors = 0;
    std::string name;
    supervisor crunch(
        "crunch", {.runtime = dedicated{
                       .each = {.stack_size = 24 << 20, .processors = {0}, .name = "the-name"}}});
    crunch.add(worker("w", [&](auto shutdown) -> asio::awaitable<void> {
        stack = stack_size_of_this_thread();
        processors = processors_of_this_thread();
        name = name_of_this_thread();
        co_await idle(shutdown);
    }));
    supervisor root("app");
    root.add(std::move(crunch));
    run_on_context run(root);
    run.wait_until_ready();
    run.stop();
    BOOST_TEST(stack == 24u << 20);
    BOOST_TEST(processors == 1u);
    BOOST_TEST(name == "the-name-00");
}

BOOST_AUTO_TEST_CASE(T4_a_runtime_that_cannot_be_made_is_a_failed_initialisation) {
    std::size_t const before = threads_but_the_librarys();
    for (thread_options const& impossible :
         {thread_options{.stack_size = std::size_t(1) << 46}, thread_options{.processors = {1000}},
          thread_options{.processors = {100000}}}) {
        supervisor crunch("crunch", {.runtime = dedicated{.threads = 2, .each = impossible}});
        crunch.add(worker("w", idle));
        supervisor root("app");
        root.add(std::move(crunch));
        run_on_context run(root);
        run_result& result = run.finish();
        BOOST_TEST_REQUIRE(result.has_error());
        BOOST_TEST((result.error().code() == errc::failed_to_initialize));
        BOOST_TEST(result.error().path() == "crunch");
        BOOST_TEST((result.error().exit().why().code() == errc::runtime_unavailable));
        BOOST_TEST(result.error().message().find(
                       "app: child 'crunch' failed to initialise: cannot make 2 threads: ") == 0u,
                   result.error().message());
        BOOST_TEST(exit_code(result) == 71);
    }
    wait_for_threads(before);
}

BOOST_AUTO_TEST_CASE(T4_an_exception_that_escapes_to_a_thread_is_that_supervisors_exit) {
    events told;
    std::string reported;
    supervisor crunch("crunch", {.runtime = dedicated{.threads = 2}});
    crunch.observe([&](event const& what) {
        if (what.kind == event_kind::runtime_panicked)
            reported = std::string(what.supervisor) + ": " + what.exit->message();
    });
    crunch.add(worker("w", [&, first = true](auto shutdown) mutable -> asio::awaitable<void> {
        if (std::exchange(first, false))
            asio::post(co_await asio::this_coro::executor,
                       [] { throw std::runtime_error("stray"); });
        co_await idle(shutdown);
    }));
    exit_reason last;
    supervisor root("app");
    root.observe(told.write()).observe([&](event const& what) {
        if (what.kind == event_kind::child_exited && what.child == "crunch")
            last = *what.exit;
    });
    root.add(std::move(crunch));
    run_on_context run(root);
    run.run_until([&] { return told.count("app child_ready crunch") == 2; });
    BOOST_TEST((last.kind() == exit_kind::panicked));
    BOOST_TEST_REQUIRE(last.why().nested() != nullptr);
    BOOST_TEST((last.why().nested()->code() == errc::runtime_panicked));
    BOOST_TEST(last.why().nested()->message() ==
               "app.crunch: an exception escaped to its runtime: std::runtime_error: stray");
    BOOST_TEST(reported == "app.crunch: panicked: std::runtime_error: stray");
    BOOST_TEST(run.stop().has_value());
}

BOOST_AUTO_TEST_CASE(T5_names_carry_across) {
    std::string name;
    supervisor inner("inner", {.runtime = dedicated{}});
    inner.add(worker("w", [&](auto shutdown) -> asio::awaitable<void> {
        name = this_process::name();
        co_await idle(shutdown);
    }));
    supervisor outer("outer", {.runtime = dedicated{}});
    outer.add(std::move(inner));
    supervisor root("app");
    root.add(std::move(outer));
    supervisor_handle const handle = root.handle();
    run_on_context run(root);
    run.wait_until_ready();
    auto const shown = handle.snapshot();
    BOOST_TEST(run.stop().has_value());
    BOOST_TEST(name == "app.outer.inner.w");
    BOOST_TEST_REQUIRE(shown.nodes.size() == 4u);
    BOOST_TEST(shown.nodes[1].supervisor.value().threads == 1u);
    BOOST_TEST(!shown.nodes[1].stalled);
}

BOOST_AUTO_TEST_CASE(E5_paths_and_errors_cross_threads_as_they_are) {
    supervisor inner("inner", {.runtime = dedicated{}});
    inner.add(worker("wal", []() -> asio::awaitable<initialization> {
        co_return initialization_error(cause("disk full"));
    }));
    supervisor outer("outer", {.runtime = dedicated{.threads = 2}});
    outer.add(std::move(inner));
    supervisor root("app");
    root.add(std::move(outer));
    run_on_context run(root);
    run_result& result = run.finish();
    BOOST_TEST_REQUIRE(result.has_error());
    BOOST_TEST(result.error().message() ==
               "app: child 'outer/inner/wal' failed to initialise: disk full");
}

BOOST_AUTO_TEST_CASE(T6_the_runtime_is_gone_before_the_parent_hears_of_the_exit) {
    static std::atomic<int> threads_gone;
    threads_gone = 0;
    struct counts_its_thread {
        ~counts_its_thread() { ++threads_gone; }
        bool entered = false;
    };
    std::latch all(3);
    auto const enter = [&] {
        thread_local counts_its_thread here;
        here.entered = true;
        all.arrive_and_wait();
    };
    struct notes_where {
        std::string& name;
        ~notes_where() { name = name_of_this_thread(); }
    };
    std::string dropped_in;
    supervisor crunch("crunch", {.intensity = {0, 1s}, .runtime = dedicated{.threads = 3}});
    for (char const* name : {"a", "b"})
        crunch.add(worker(name, [&](process_shutdown shutdown) -> asio::awaitable<void> {
            enter();
            co_await idle(std::move(shutdown));
        }));
    crunch.add(worker("c", [&]() -> asio::awaitable<void> {
        enter();
        // Unsupervised, and never ready: dropped with the runtime.
        auto where = std::make_shared<notes_where>(dropped_in);
        auto timer = std::make_shared<asio::steady_timer>(co_await asio::this_coro::executor, 24h);
        timer->async_wait([timer, where](auto) {});
        throw std::runtime_error("end");
    }));
    supervisor root("app", {.intensity = {0, 1s}});
    int at_exit = 0;
    root.observe([&](event const& what) {
        if (what.kind == event_kind::child_exited && what.supervisor == "app")
            at_exit = threads_gone;
    });
    root.add(std::move(crunch));
    run_on_context run(root);
    BOOST_TEST((run.finish().error().code() == errc::restart_limit_exceeded));
    BOOST_TEST(at_exit == 3);
    BOOST_TEST(dropped_in == "arborist-reaper");
}

BOOST_AUTO_TEST_CASE(D7_an_abort_reaches_a_dedicated_supervisor) {
    exit_reason worker_exit;
    exit_reason crunch_exit;
    supervisor crunch("crunch", {.runtime = dedicated{}});
    crunch.observe([&](event const& what) {
        if (what.kind == event_kind::child_exited)
            worker_exit = *what.exit;
    });
    crunch.add(worker("deaf",
                      [](process_shutdown) -> asio::awaitable<void> {
                          asio::steady_timer timer(co_await asio::this_coro::executor, 24h);
                          co_await timer.async_wait(asio::use_awaitable);
                      }),
               {.shutdown = infinite});
    supervisor root("app");
    root.observe([&](event const& what) {
        if (what.kind == event_kind::child_exited && what.child == "crunch")
            crunch_exit = *what.exit;
    });
    root.add(std::move(crunch), {.shutdown = brutal});
    run_on_context run(root);
    run.wait_until_ready();
    (void)run.stop();
    BOOST_TEST((worker_exit.kind() == exit_kind::aborted));
    BOOST_TEST((crunch_exit.kind() == exit_kind::aborted));
}

BOOST_AUTO_TEST_CASE(T8_a_child_can_be_placed_on_another_executor) {
    asio::thread_pool pool(1);
    std::thread::id of_pool;
    asio::post(pool, [&] { of_pool = std::this_thread::get_id(); });
    std::thread::id placed;
    std::thread::id below;
    std::thread::id beside;
    std::string name;
    supervisor nested("nested");
    nested.add(worker("w", [&](auto shutdown) -> asio::awaitable<void> {
        below = std::this_thread::get_id();
        co_await idle(shutdown);
    }));
    supervisor root("app");
    root.add(worker("placed",
                    [&](auto shutdown) -> asio::awaitable<void> {
                        placed = std::this_thread::get_id();
                        name = this_process::name();
                        co_await idle(shutdown);
                    }),
             {.executor = pool.get_executor()});
    root.add(std::move(nested), {.executor = pool.get_executor()});
    root.add(worker("beside", [&](auto shutdown) -> asio::awaitable<void> {
        beside = std::this_thread::get_id();
        co_await idle(shutdown);
    }));
    run_on_context run(root);
    run.wait_until_ready();
    std::promise<void> turn; // a worker is ready as it starts, so it may not have run yet
    asio::post(pool, [&] { turn.set_value(); });
    turn.get_future().wait();
    BOOST_TEST(run.stop().has_value());
    pool.join();
    BOOST_TEST((placed == of_pool));
    BOOST_TEST((below == of_pool));
    BOOST_TEST((beside == std::this_thread::get_id()));
    BOOST_TEST(name == "app.placed");
}

BOOST_AUTO_TEST_CASE(T8_it_keeps_that_context_running_as_long_as_it_lives) {
    asio::io_context elsewhere; // with nothing else to do
    std::promise<void> reached;
    supervisor root("app");
    root.add(worker("placed",
                    [&](auto shutdown) -> asio::awaitable<void> {
                        reached.set_value();
                        co_await idle(shutdown);
                    }),
             {.executor = elsewhere.get_executor()});
    run_on_context run(root);
    run.context().poll();
    std::thread thread([&] { elsewhere.run(); });
    reached.get_future().wait();
    BOOST_TEST(run.stop().has_value());
    thread.join(); // and no longer
}

BOOST_AUTO_TEST_CASE(D12_what_is_placed_elsewhere_is_asked_to_end_when_the_context_goes) {
    asio::thread_pool pool(1);
    std::promise<void> reached;
    std::promise<void> ended;
    {
        supervisor root("app");
        root.add(worker("placed",
                        [&](auto shutdown) -> asio::awaitable<void> {
                            reached.set_value();
                            co_await idle(shutdown);
                            ended.set_value();
                        }),
                 {.executor = pool.get_executor()});
        run_on_context run(root);
        run.context().poll();
        reached.get_future().wait();
    }
    ended.get_future().wait();
    pool.join();
}

BOOST_AUTO_TEST_CASE(D12_so_is_a_supervisor_that_is_placed_elsewhere) {
    asio::thread_pool pool(2);
    std::promise<void> reached;
    std::promise<void> ended;
    {
        supervisor nested("nested");
        nested.add(worker("w", [&](auto shutdown) -> asio::awaitable<void> {
            reached.set_value();
            co_await idle(shutdown);
            ended.set_value();
        }));
        supervisor root("app");
        root.add(std::move(nested), {.executor = pool.get_executor()});
        run_on_context run(root);
        run.context().poll();
        reached.get_future().wait();
    }
    ended.get_future().wait();
    pool.join();
}

BOOST_AUTO_TEST_CASE(T8_not_what_has_threads_of_its_own) {
    asio::thread_pool pool(1);
    supervisor root("app");
    auto const refused = [](auto const& error) {
        return error.code() == errc::invalid_option &&
               std::string(error.what()).find("threads of its own") != std::string::npos;
    };
    supervisor crunch("crunch", {.runtime = dedicated{}});
    crunch.add(worker("w", idle));
    BOOST_CHECK_EXCEPTION(root.add(std::move(crunch), {.executor = pool.get_executor()}),
                          boost::system::system_error, refused);
    BOOST_CHECK_EXCEPTION(root.add(blocking_worker("b", [] {}), {.executor = pool.get_executor()}),
                          boost::system::system_error, refused);
}

// ---- a runtime that does not run (T9) --------------------------------------------------------

BOOST_AUTO_TEST_CASE(T9_a_stall_is_told_and_so_is_its_end) {
    events told;
    std::promise<void> block;
    auto blocked = block.get_future().share();
    supervisor crunch("crunch", {.runtime = dedicated{.stall_timeout = 20ms}});
    crunch.add(worker("w", [&](auto shutdown) -> asio::awaitable<void> {
        blocked.wait();
        co_await idle(shutdown);
    }));
    supervisor root("app");
    root.observe(told.write());
    root.add(std::move(crunch));
    supervisor_handle const handle = root.handle();
    run_on_context run(root);
    run.run_until([&] { return told.has("app runtime_stalled crunch"); });
    BOOST_TEST(handle.snapshot().nodes.at(1).stalled);
    block.set_value();
    run.run_until([&] { return told.has("app runtime_resumed crunch"); });
    BOOST_TEST(!handle.snapshot().nodes.at(1).stalled);
    BOOST_TEST(run.stop().has_value());
}

BOOST_AUTO_TEST_CASE(T9_D9_a_stalled_runtime_does_not_hold_up_its_parent) {
    events told;
    auto block = std::make_shared<std::promise<void>>();
    auto blocked = block->get_future().share();
    std::size_t beats = 0;
    supervisor crunch("crunch", {.abort_grace = 10ms, .runtime = dedicated{.stall_timeout = 20ms}});
    crunch.add(worker("deaf", [blocked](process_shutdown) -> asio::awaitable<void> {
        blocked.wait();
        co_return;
    }));
    supervisor root("app", {.abort_grace = 10ms});
    root.observe(told.write());
    root.add(worker("beat", [&](auto shutdown) -> asio::awaitable<void> {
        while (!co_await shutdown.wait_for(1ms))
            ++beats;
    }));
    root.add(std::move(crunch));
    {
        run_on_context run(root);
        run.run_until([&] { return told.has("app runtime_stalled crunch"); });
        std::size_t const so_far = beats;
        run.run_until([&] { return beats > so_far; }); // the others are well
        run_result& result = run.stop();
        BOOST_TEST_REQUIRE(result.has_error());
        BOOST_TEST((result.error().code() == errc::shutdown_timed_out));
        BOOST_TEST(result.error().message() == "app: shutdown timed out: abandoned crunch");
        BOOST_TEST(told.has("app child_abandoned crunch"));
        // Its late end is told as long as there is somebody to tell.
        block->set_value();
        run.run_until([&] { return told.has("app child_exited_late crunch"); });
    }
}

BOOST_AUTO_TEST_CASE(T9_a_stall_while_it_is_being_stopped_ends_the_wait) {
    events told;
    auto block = std::make_shared<std::promise<void>>();
    auto blocked = block->get_future().share();
    std::atomic<bool> reached = false;
    supervisor crunch("crunch", {.abort_grace = 10ms, .runtime = dedicated{.stall_timeout = 20ms}});
    crunch.add(worker("deaf", [&](process_shutdown shutdown) -> asio::awaitable<void> {
        co_await idle(shutdown);
        reached = true;
        blocked.wait();
    }));
    supervisor root("app", {.abort_grace = 10ms});
    root.observe(told.write());
    root.add(std::move(crunch));
    run_on_context run(root);
    run.wait_until_ready();
    BOOST_TEST((run.stop().error().code() == errc::shutdown_timed_out));
    BOOST_TEST(reached);
    BOOST_TEST(told.has("app runtime_stalled crunch"));
    block->set_value();
    run.run_until([&] { return told.has("app child_exited_late crunch"); });
}

BOOST_AUTO_TEST_CASE(T9_a_tear_down_that_is_held_up_is_a_stall) {
    events told;
    std::promise<void> block;
    auto blocked = block.get_future().share();
    std::promise<void> go;
    supervisor crunch("crunch", {.intensity = {0, 1s},
                                 .runtime = dedicated{.threads = 2, .stall_timeout = 20ms}});
    crunch.add(worker("litterer",
                      [&](process_shutdown) -> asio::awaitable<void> {
                          auto step = asio::post(asio::deferred); // so that it can end first
                          co_await std::move(step);
                          asio::post(co_await asio::this_coro::executor, [&] {
                              go.set_value();
                              blocked.wait();
                          });
                      }),
               {.restart = temporary});
    crunch.add(worker("fails", [&](process_shutdown) -> asio::awaitable<void> {
        go.get_future().wait();
        throw std::runtime_error("end");
        co_return;
    }));
    supervisor root("app", {.intensity = {0, 1s}});
    root.observe(told.write());
    root.add(std::move(crunch));
    run_on_context run(root);
    run.run_until([&] { return told.has("app runtime_stalled crunch"); });
    BOOST_TEST(told.has("app.crunch supervisor_stopped"));
    BOOST_TEST(!told.has("app child_exited crunch"));
    block.set_value();
    BOOST_TEST((run.finish().error().code() == errc::restart_limit_exceeded));
    BOOST_TEST(told.has("app child_exited crunch"));
}

BOOST_AUTO_TEST_CASE(D12_an_abandoned_runtime_outlives_the_context_and_touches_nothing_of_it) {
    std::size_t const before = threads_but_the_librarys();
    auto block = std::make_shared<std::promise<void>>();
    auto blocked = block->get_future().share();
    {
        events told;
        supervisor crunch("crunch",
                          {.abort_grace = 1ms, .runtime = dedicated{.stall_timeout = 5ms}});
        crunch.add(worker("deaf", [blocked](process_shutdown) -> asio::awaitable<void> {
            blocked.wait();
            co_return;
        }));
        supervisor root("app", {.abort_grace = 1ms});
        root.observe(told.write());
        root.add(std::move(crunch));
        run_on_context run(root);
        run.run_until([&] { return told.has("app runtime_stalled crunch"); });
        BOOST_TEST((run.stop().error().code() == errc::shutdown_timed_out));
    }
    // The context and the tree are gone, and now it ends.
    block->set_value();
    wait_for_threads(before);
}

BOOST_AUTO_TEST_CASE(D12_destroying_the_context_ends_its_runtimes_first) {
    std::size_t const before = threads_but_the_librarys();
    for (std::size_t steps = 0; steps != 12; ++steps) {
        std::atomic<int> inside = 0;
        supervisor crunch("crunch", {.runtime = dedicated{.threads = 2, .stall_timeout = 1ms}});
        crunch.add(worker("w", [&](auto shutdown) -> asio::awaitable<void> {
            ++inside;
            co_await idle(shutdown);
        }));
        crunch.add(worker("busy", [&](auto shutdown) -> asio::awaitable<void> {
            while (!shutdown.requested()) {
                ++inside;
                auto turn = asio::post(co_await asio::this_coro::executor, asio::deferred);
                co_await std::move(turn)(asio::use_awaitable);
            }
        }));
        supervisor root("app");
        root.add(std::move(crunch));
        asio::io_context context;
        root.async_run(context, [](run_result) {});
        for (std::size_t i = 0; i != steps; ++i)
            context.run_one();
    }
    wait_for_threads(before);
}

BOOST_AUTO_TEST_CASE(R_a_dedicated_supervisor_that_is_restarted_leaks_no_thread) {
    constexpr std::size_t times = 1000;
    std::size_t const before = threads_but_the_librarys();
    std::atomic<std::size_t> runs = 0;
    std::size_t most = 0;
    supervisor crunch("crunch", {.intensity = {0, 1s}, .runtime = dedicated{.threads = 2}});
    crunch.add(worker("w", [&](process_shutdown shutdown) -> asio::awaitable<void> {
        if (++runs <= times)
            throw std::runtime_error("again");
        co_await idle(std::move(shutdown));
    }));
    supervisor root("app", {.intensity = unlimited});
    root.observe([&](event const& what) {
        if (what.kind == event_kind::child_starting && what.supervisor == "app")
            most = std::max(most, threads_but_the_librarys());
    });
    root.add(std::move(crunch));
    run_on_context run(root);
    run.run_until([&] { return runs == times + 1; });
    BOOST_TEST(run.stop().has_value());
    BOOST_TEST(most <= before + 2u); // those that were just joined may still be listed
    wait_for_threads(before);
}
