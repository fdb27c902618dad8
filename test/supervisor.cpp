// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#define BOOST_TEST_MODULE supervisor
#include <arborist/supervisor.hpp>

#include "support/tree.hpp"

#include <boost/asio/append.hpp>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_future.hpp>
#if !defined(ARBORIST_TEST_NO_STACKFUL)
#include <boost/asio/spawn.hpp>
#endif

#include <array>
#include <atomic>
#include <csignal>
#include <exception>
#include <future>
#include <tuple>
#include <type_traits>

using namespace tree_test;

BOOST_TEST_GLOBAL_FIXTURE(quiet_log);

namespace {

using boost::system::system_error;

bool is_already_running(system_error const& error) {
    return error.code() == errc::already_running &&
           std::string(error.what()).find("supervisor 'root'") != std::string::npos;
}

bool has_default_effect(int number) {
    struct sigaction now = {};
    ::sigaction(number, nullptr, &now);
    return now.sa_handler == SIG_DFL;
}

supervisor tree_of(probe const& child) {
    supervisor root("root");
    root.add(child);
    return root;
}

// Runs a coroutine; what it throws, this throws.
template <class Function>
void run_coroutine(asio::io_context& context, Function function) {
    asio::co_spawn(context, std::move(function), [](std::exception_ptr error) {
        if (error)
            std::rethrow_exception(error);
    });
    context.run();
}

// Until the work is done: if it never is, the test fails instead of hanging.
bool finishes(asio::io_context& context) {
    context.restart();
    context.run_for(20s);
    return context.stopped();
}

// An operation that completes when its test says so, with what its test says.
struct manual_operation {
    struct state {
        std::function<void(int, std::string)> complete;
        asio::any_io_executor executor;
        bool cancelled = false;
    };
    std::shared_ptr<state> it = std::make_shared<state>();

    template <class Handler>
    void operator()(Handler&& handler) const {
        it->executor = asio::get_associated_executor(handler);
        if (auto slot = asio::get_associated_cancellation_slot(handler); slot.is_connected())
            slot.assign([state = it](asio::cancellation_type) { state->cancelled = true; });
        auto shared = std::make_shared<std::decay_t<Handler>>(std::forward<Handler>(handler));
        it->complete = [shared](int number, std::string text) {
            std::move (*shared)(number, std::move(text));
        };
    }
};

} // namespace

// ---- declaring ------------------------------------------------------------------------------

BOOST_AUTO_TEST_CASE(is_a_movable_value_with_a_name_and_options) {
    static_assert(std::is_nothrow_move_constructible_v<supervisor>);
    static_assert(std::is_nothrow_move_assignable_v<supervisor>);
    static_assert(!std::is_copy_constructible_v<supervisor>);
    static_assert(!std::is_copy_assignable_v<supervisor>);
    static_assert(!std::is_convertible_v<std::string, supervisor>);

    supervisor first("ctrl-pln", {.strategy = rest_for_one, .intensity = {3, 10s}});
    supervisor second(std::move(first));
    BOOST_TEST(second.name() == "ctrl-pln"); // as declared
    BOOST_TEST(second.options().strategy == rest_for_one);
    BOOST_TEST((second.options().intensity == restart_intensity{3, 10s}));
    first = supervisor("other");
    BOOST_TEST(first.name() == "other");
    first = std::move(second);
    BOOST_TEST(first.name() == "ctrl-pln");
}

BOOST_AUTO_TEST_CASE(children_move_with_their_supervisor) {
    journal notes;
    supervisor first("first");
    first.add(probe("child", &notes));
    supervisor second("second");
    second.add(probe("never", &notes));
    second = std::move(first);
    run_of run(second);
    BOOST_TEST(notes.lines() == lines{"start child"}, boost::test_tools::per_element());
    run.stop();
}

BOOST_AUTO_TEST_CASE(refuses_options_that_cannot_work_and_says_why) {
    auto const refused = [](supervisor_options const& options) -> std::string {
        try {
            supervisor const made("root", options);
        } catch (system_error const& error) {
            BOOST_TEST((error.code() == errc::invalid_option));
            return error.what();
        }
        return "accepted";
    };
    for (duration const period : {duration(0), duration(-1s)}) {
        BOOST_TEST(
            refused({.intensity = {3, period}})
                .starts_with(
                    "supervisor 'root': the period of the restart intensity must be positive"));
        BOOST_TEST(refused({.intensity = {0, period}}) == "accepted");
    }
    BOOST_TEST(refused({.intensity = unlimited}) == "accepted");
    BOOST_TEST(refused({.abort_grace = -1ns})
                   .starts_with("supervisor 'root': the abort grace must not be negative"));
    BOOST_TEST(refused({.abort_grace = 0ns}) == "accepted");
    BOOST_TEST(refused({.abort_grace = duration::max()}) == "accepted");
}

BOOST_AUTO_TEST_CASE(nothing_happens_before_it_is_run) {
    journal notes, events;
    {
        supervisor root("root");
        root.observe(write_to(events)).add(probe("child", &notes));
    }
    BOOST_TEST(notes.lines().empty());
    BOOST_TEST(events.lines().empty());
}

// ---- completion tokens ----------------------------------------------------------------------

BOOST_AUTO_TEST_CASE(with_a_callback) {
    asio::io_context context(1);
    asio::steady_timer soon(context, 0s);
    supervisor root = tree_of(probe("child"));
    int calls = 0;
    root.async_run(context, soon.async_wait(asio::deferred), [&](run_result result) {
        ++calls;
        BOOST_TEST(result.has_value());
    });
    BOOST_TEST(finishes(context));
    BOOST_TEST(calls == 1);
}

BOOST_AUTO_TEST_CASE(with_a_callback_that_can_only_be_moved) {
    asio::io_context context(1);
    supervisor root("root");
    auto owned = std::make_unique<int>(7);
    int seen = 0;
    root.async_run(context,
                   [owned = std::move(owned), &seen](run_result const&) mutable { seen = *owned; });
    BOOST_TEST(finishes(context));
    BOOST_TEST(seen == 7);
}

BOOST_AUTO_TEST_CASE(what_a_callback_throws_leaves_the_context_and_the_supervisor_well) {
    asio::io_context context(1);
    supervisor root("root");
    root.async_run(context, [](run_result const&) { throw std::logic_error("mine"); });
    BOOST_CHECK_THROW(context.run(), std::logic_error);
    bool again = false;
    root.async_run(context, [&again](run_result const&) { again = true; });
    BOOST_TEST(finishes(context));
    BOOST_TEST(again);
}

BOOST_AUTO_TEST_CASE(with_use_awaitable) {
    asio::io_context context(1);
    bool done = false;
    run_coroutine(context, [&]() -> asio::awaitable<void> {
        auto const executor = co_await asio::this_coro::executor;
        asio::steady_timer soon(executor, 0s);
        supervisor root = tree_of(probe("child"));
        auto until = soon.async_wait(asio::deferred);
        auto const stopped =
            co_await root.async_run(executor, std::move(until), asio::use_awaitable);
        BOOST_TEST(stopped.has_value());
        supervisor empty("empty");
        auto const failed = co_await empty.async_run(executor, asio::use_awaitable);
        BOOST_TEST((failed.error().code() == errc::no_children));
        done = true;
    });
    BOOST_TEST(done);
}

BOOST_AUTO_TEST_CASE(with_as_tuple) {
    asio::io_context context(1);
    bool done = false;
    run_coroutine(context, [&]() -> asio::awaitable<void> {
        supervisor root("root");
        auto const executor = co_await asio::this_coro::executor;
        auto const [result] =
            co_await root.async_run(executor, asio::as_tuple(asio::use_awaitable));
        BOOST_TEST((result.error().code() == errc::no_children));
        done = true;
    });
    BOOST_TEST(done);
}

BOOST_AUTO_TEST_CASE(with_a_token_adapter_that_adds_an_argument) {
    asio::io_context context(1);
    supervisor root("root");
    int seen = 0;
    root.async_run(context, asio::append([&seen](run_result const&, int n) { seen = n; }, 7));
    BOOST_TEST(finishes(context));
    BOOST_TEST(seen == 7);
}

BOOST_AUTO_TEST_CASE(with_use_future_on_a_thread_pool) {
    asio::thread_pool pool(2);
    shutdown_source stop(pool);
    supervisor root = tree_of(probe("child"));
    auto ended =
        root.async_run(pool, stop.get_shutdown().async_wait(asio::deferred), asio::use_future);
    static_assert(std::is_same_v<decltype(ended), std::future<run_result>>);
    stop.request();
    BOOST_TEST(ended.get().has_value());
    supervisor empty("empty");
    BOOST_TEST((empty.async_run(pool, asio::use_future).get().error().code() == errc::no_children));
    pool.join();
}

BOOST_AUTO_TEST_CASE(with_deferred_it_is_stored_and_started_later) {
    asio::io_context context(1);
    probe first("first"), second("second");
    supervisor root = tree_of(first);
    asio::steady_timer soon(context, 0s);
    auto later = root.async_run(context, soon.async_wait(asio::deferred), asio::deferred);
    auto never = root.async_run(context, asio::deferred);
    context.poll();
    BOOST_TEST(first.initializations() == 0);
    root.add(second); // nothing runs yet

    bool ended = false;
    std::move(later)([&ended](run_result result) { ended = result.has_value(); });
    BOOST_CHECK_EXCEPTION(std::move(never)([](run_result const&) {}), system_error,
                          is_already_running);
    BOOST_TEST(finishes(context));
    BOOST_TEST(ended);
    BOOST_TEST(first.runs() == 1);
    BOOST_TEST(second.runs() == 1);
}

BOOST_AUTO_TEST_CASE(a_deferred_run_outlives_the_supervisor_object) {
    asio::io_context context(1);
    probe child("child");
    asio::steady_timer soon(context, 0s);
    auto later = tree_of(child).async_run(context, soon.async_wait(asio::deferred), asio::deferred);
    bool ended = false;
    std::move(later)([&ended](run_result result) { ended = result.has_value(); });
    BOOST_TEST(finishes(context));
    BOOST_TEST(ended);
    BOOST_TEST(child.runs() == 1);
}

BOOST_AUTO_TEST_CASE(the_default_token_is_awaited_by_a_coroutine) {
    asio::io_context context(1);
    bool done = false;
    run_coroutine(context, [&]() -> asio::awaitable<void> {
        supervisor root("root");
        auto by_executor = root.async_run(co_await asio::this_coro::executor);
        auto const first = co_await std::move(by_executor);
        BOOST_TEST((first.error().code() == errc::no_children));
        auto by_context = root.async_run(context);
        auto const second = co_await std::move(by_context);
        BOOST_TEST((second.error().code() == errc::no_children));
        done = true;
    });
    BOOST_TEST(done);
}

#if !defined(ARBORIST_TEST_NO_STACKFUL)
BOOST_AUTO_TEST_CASE(with_a_stackful_coroutine) {
    asio::io_context context(1);
    bool done = false;
    asio::spawn(
        context,
        [&](asio::yield_context yield) {
            asio::steady_timer soon(context, 0s);
            probe child("child");
            supervisor root = tree_of(child);
            run_result const stopped =
                root.async_run(context, soon.async_wait(asio::deferred), yield);
            BOOST_TEST(stopped.has_value());
            BOOST_TEST(child.runs() == 1);
            run_result const failed = supervisor("empty").async_run(yield.get_executor(), yield);
            BOOST_TEST((failed.error().code() == errc::no_children));
            done = true;
        },
        [](std::exception_ptr error) {
            if (error)
                std::rethrow_exception(error);
        });
    BOOST_TEST(finishes(context));
    BOOST_TEST(done);
}
#endif

BOOST_AUTO_TEST_CASE(in_a_parallel_group_the_loser_is_stopped) {
    asio::io_context context(1);
    journal notes;
    supervisor root("root");
    root.add(probe("child", &notes));
    asio::steady_timer other(context, 1h);
    std::optional<run_result> ended;
    asio::experimental::make_parallel_group(root.async_run(context),
                                            other.async_wait(asio::deferred))
        .async_wait(
            asio::experimental::wait_for_one(asio::cancellation_type::total),
            [&](std::array<std::size_t, 2> order, run_result result, boost::system::error_code) {
                BOOST_TEST(order[0] == 1u);
                ended.emplace(std::move(result));
            });
    context.poll();
    other.cancel();
    BOOST_TEST(finishes(context));
    BOOST_TEST_REQUIRE(ended.has_value());
    BOOST_TEST(ended->has_value());
    BOOST_TEST(notes.lines() == (lines{"start child", "stop child"}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(cancelling_the_coroutine_that_awaits_it_stops_it) {
    asio::io_context context(1);
    journal notes;
    asio::cancellation_signal signal;
    std::optional<bool> well;
    asio::co_spawn(
        context,
        [&]() -> asio::awaitable<void> {
            co_await asio::this_coro::reset_cancellation_state(asio::enable_total_cancellation());
            supervisor root("root");
            root.add(probe("child", &notes));
            auto run = root.async_run(co_await asio::this_coro::executor);
            auto const result = co_await std::move(run);
            well = result.has_value();
        },
        asio::bind_cancellation_slot(signal.slot(), [](std::exception_ptr) {}));
    context.poll();
    signal.emit(asio::cancellation_type::total);
    BOOST_TEST(finishes(context));
    BOOST_TEST((well == true));
    BOOST_TEST(notes.lines() == (lines{"start child", "stop child"}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_cancellation_after_the_end_finds_nothing) {
    asio::io_context context(1);
    asio::cancellation_signal signal;
    supervisor root("root");
    int calls = 0;
    root.async_run(
        context, asio::bind_cancellation_slot(signal.slot(), [&](run_result const&) { ++calls; }));
    context.run();
    signal.emit(asio::cancellation_type::total);
    signal.emit(asio::cancellation_type::terminal);
    context.restart();
    BOOST_TEST(context.poll() == 0u);
    BOOST_TEST(calls == 1);
}

// ---- executors ------------------------------------------------------------------------------

BOOST_AUTO_TEST_CASE(the_handler_runs_on_its_associated_executor) {
    asio::io_context context(1), others(1);
    auto const strand = asio::make_strand(others);
    supervisor root("root");
    bool called = false;
    root.async_run(context, asio::bind_executor(strand, [&](run_result const&) {
                       called = true;
                       BOOST_TEST(strand.running_in_this_thread());
                       BOOST_TEST(!context.get_executor().running_in_this_thread());
                   }));
    BOOST_TEST(finishes(context)); // its part is done
    BOOST_TEST(!called);
    BOOST_TEST(finishes(others));
    BOOST_TEST(called);
}

BOOST_AUTO_TEST_CASE(the_handler_runs_by_default_on_the_executor_of_the_run) {
    asio::io_context context(1);
    auto const strand = asio::make_strand(context);
    supervisor root = tree_of(probe("child"));
    asio::steady_timer soon(context, 0s);
    bool called = false;
    root.async_run(strand, soon.async_wait(asio::deferred), [&](run_result const&) {
        called = true;
        BOOST_TEST(strand.running_in_this_thread());
    });
    BOOST_TEST(finishes(context));
    BOOST_TEST(called);
}

BOOST_AUTO_TEST_CASE(the_handler_of_a_coroutine_resumes_it_on_its_own_executor) {
    asio::io_context context(1);
    asio::thread_pool pool(2);
    bool done = false;
    asio::co_spawn(
        context,
        [&]() -> asio::awaitable<void> {
            supervisor root("root");
            auto const result = co_await root.async_run(pool, asio::use_awaitable);
            BOOST_TEST((result.error().code() == errc::no_children));
            BOOST_TEST(context.get_executor().running_in_this_thread());
            done = true;
        },
        [](std::exception_ptr) {});
    BOOST_TEST(finishes(context));
    BOOST_TEST(done);
    pool.join();
}

BOOST_AUTO_TEST_CASE(the_children_run_on_strands_of_the_executor_given) {
    asio::io_context context(1);
    auto const strand = asio::make_strand(context);
    int seen = 0;
    supervisor root("root");
    for (char const* name : {"a", "b"})
        root.add(worker(name,
                        [&]() -> asio::awaitable<void> {
                            auto const executor = co_await asio::this_coro::executor;
                            BOOST_TEST(strand.running_in_this_thread());
                            BOOST_TEST((executor != asio::any_io_executor(strand)));
                            ++seen;
                        }),
                 {.restart = temporary});
    root.async_run(strand, [](run_result const&) {});
    context.poll();
    BOOST_TEST(seen == 2);
}

BOOST_AUTO_TEST_CASE(the_handler_is_never_called_by_the_initiating_function) {
    asio::io_context context(1);
    supervisor root("root");
    int calls = 0;
    bool inside = false;
    asio::post(context, [&] { // where a dispatch would be inline
        inside = true;
        root.async_run(context, [&](run_result const&) {
            ++calls;
            BOOST_TEST(!inside);
        });
        inside = false;
    });
    BOOST_TEST(finishes(context));
    BOOST_TEST(calls == 1);
}

BOOST_AUTO_TEST_CASE(both_contexts_have_work_until_the_end_even_if_no_child_lives) {
    asio::io_context context(1), others(1);
    supervisor root("root");
    probe child("child");
    root.add(child, {.restart = temporary});
    asio::cancellation_signal signal;
    bool called = false;
    root.async_run(context, asio::bind_executor(others, asio::bind_cancellation_slot(
                                                            signal.slot(), [&](run_result const&) {
                                                                called = true;
                                                            })));
    context.poll();
    child.complete();
    context.poll();
    others.poll();
    BOOST_TEST(!context.stopped());
    BOOST_TEST(!others.stopped());

    signal.emit(asio::cancellation_type::total);
    context.poll();
    BOOST_TEST(context.stopped());
    BOOST_TEST(!others.stopped()); // there is the handler
    others.poll();
    BOOST_TEST(called);
    BOOST_TEST(others.stopped());
}

BOOST_AUTO_TEST_CASE(executor_and_context_are_interchangeable) {
    asio::thread_pool pool(1);
    asio::any_io_executor const any = pool.get_executor();
    supervisor root("root");
    auto const code = [](std::future<run_result> ended) { return ended.get().error().code(); };
    BOOST_TEST((code(root.async_run(pool, asio::use_future)) == errc::no_children));
    BOOST_TEST((code(root.async_run(pool.get_executor(), asio::use_future)) == errc::no_children));
    BOOST_TEST((code(root.async_run(any, asio::use_future)) == errc::no_children));
    shutdown_source stop(pool);
    auto const until = [&stop] { return stop.get_shutdown().async_wait(asio::deferred); };
    BOOST_TEST((code(root.async_run(pool, until(), asio::use_future)) == errc::no_children));
    BOOST_TEST((code(root.async_run(any, until(), asio::use_future)) == errc::no_children));
    stop.request(); // nobody waits any more
    pool.join();
}

// ---- until ----------------------------------------------------------------------------------

BOOST_AUTO_TEST_CASE(until_a_timer) {
    asio::io_context context(1);
    asio::steady_timer timer(context, 1ms);
    probe child("child");
    supervisor root = tree_of(child);
    std::optional<bool> well;
    root.async_run(context, timer.async_wait(asio::deferred),
                   [&](run_result result) { well = result.has_value(); });
    BOOST_TEST(finishes(context));
    BOOST_TEST((well == true));
    BOOST_TEST(child.runs() == 1);
}

BOOST_AUTO_TEST_CASE(until_a_signal_of_the_operating_system) {
    asio::io_context context(1);
    probe child("child");
    supervisor root = tree_of(child);
    std::optional<bool> well;
    root.async_run(context, on_signal(SIGUSR1, SIGUSR2),
                   [&](run_result result) { well = result.has_value(); });
    context.poll();
    BOOST_TEST_REQUIRE(!has_default_effect(SIGUSR1));
    BOOST_TEST(child.runs() == 1);
    BOOST_TEST(!well.has_value());
    std::raise(SIGUSR1);
    BOOST_TEST(finishes(context));
    BOOST_TEST((well == true));
    BOOST_TEST(has_default_effect(SIGUSR1));
}

BOOST_AUTO_TEST_CASE(until_the_shutdown_of_something_else) {
    asio::io_context context(1);
    shutdown_source source(context);
    probe child("child");
    supervisor root = tree_of(child);
    std::optional<bool> well;
    root.async_run(context, source.get_shutdown().async_wait(asio::deferred),
                   [&](run_result result) { well = result.has_value(); });
    context.poll();
    BOOST_TEST(child.runs() == 1);
    source.request();
    BOOST_TEST(finishes(context));
    BOOST_TEST((well == true));
}

BOOST_AUTO_TEST_CASE(until_whatever_it_completes_with_also_an_error) {
    asio::io_context context(1);
    asio::steady_timer timer(context, 1h);
    supervisor root = tree_of(probe("child"));
    std::optional<bool> well;
    root.async_run(context, timer.async_wait(asio::deferred),
                   [&](run_result result) { well = result.has_value(); });
    context.poll();
    timer.cancel(); // by its owner
    BOOST_TEST(finishes(context));
    BOOST_TEST((well == true));
}

BOOST_AUTO_TEST_CASE(until_runs_on_the_strand_of_the_supervisor_and_may_complete_with_anything) {
    asio::io_context context(1);
    auto const strand = asio::make_strand(context);
    manual_operation until;
    supervisor root = tree_of(probe("child"));
    std::optional<bool> well;
    root.async_run(strand, until, [&](run_result result) { well = result.has_value(); });
    BOOST_TEST(!until.it->complete); // not in the initiating function
    context.poll();
    BOOST_TEST_REQUIRE((until.it->complete != nullptr));
    BOOST_TEST((until.it->executor != asio::any_io_executor(strand)));
    asio::post(until.it->executor, [&] {
        BOOST_TEST(strand.running_in_this_thread()); // the one is above the other
        std::exchange(until.it->complete, nullptr)(7, "seven");
    });
    BOOST_TEST(finishes(context));
    BOOST_TEST((well == true));
    BOOST_TEST(!until.it->cancelled);
}

BOOST_AUTO_TEST_CASE(what_until_waited_for_may_go_when_it_has_completed) {
    asio::io_context context(1);
    auto timer = std::make_unique<asio::steady_timer>(context, 0s);
    supervisor root("root");
    root.add(worker("child", [&timer](process_shutdown shutdown) -> asio::awaitable<void> {
        co_await shutdown.async_wait(asio::use_awaitable);
        timer.reset(); // while the run goes on
    }));
    std::optional<bool> well;
    root.async_run(context, timer->async_wait(asio::deferred),
                   [&](run_result result) { well = result.has_value(); });
    BOOST_TEST(finishes(context));
    BOOST_TEST((well == true));
    BOOST_TEST((timer == nullptr));
}

BOOST_AUTO_TEST_CASE(until_completes_before_anything_is_started) { // R9
    asio::io_context context(1);
    probe child("child");
    supervisor root = tree_of(child);
    std::optional<bool> well;
    root.async_run(
        context, [](auto handler) { std::move(handler)(); }, // inline
        [&](run_result result) { well = result.has_value(); });
    BOOST_TEST(finishes(context));
    BOOST_TEST((well == true));
    BOOST_TEST(child.initializations() == 0);
}

BOOST_AUTO_TEST_CASE(until_is_cancelled_when_the_run_ends_first) {
    // A timer of an hour, a signal, and a shutdown that never comes: none keeps the context.
    asio::io_context context(1);
    asio::steady_timer timer(context, 1h);
    shutdown_source source(context);
    supervisor root("root");
    int calls = 0;
    auto const count = [&calls](run_result const& result) { calls += result.has_error(); };
    root.async_run(context, timer.async_wait(asio::deferred), count);
    BOOST_TEST(finishes(context));
    root.async_run(context, on_signal(SIGUSR1), count);
    BOOST_TEST(finishes(context));
    BOOST_TEST(has_default_effect(SIGUSR1));
    root.async_run(context, source.get_shutdown().async_wait(asio::deferred), count);
    BOOST_TEST(finishes(context));
    BOOST_TEST(calls == 3);
}

BOOST_AUTO_TEST_CASE(until_that_ignores_its_cancellation_delays_nothing) {
    asio::io_context context(1);
    manual_operation until;
    probe broken("broken");
    broken.break_initialization("x");
    supervisor root = tree_of(broken);
    bool called = false;
    root.async_run(context, until, [&](run_result const&) { called = true; });
    BOOST_TEST(finishes(context));
    BOOST_TEST(called);
    BOOST_TEST(until.it->cancelled);
    std::exchange(until.it->complete, nullptr)(0, "too late");
    BOOST_TEST(finishes(context));
}

BOOST_AUTO_TEST_CASE(until_and_a_cancellation_may_both_come) {
    asio::io_context context(1);
    manual_operation until;
    asio::cancellation_signal signal;
    journal notes;
    supervisor root("root");
    root.add(probe("child", &notes));
    int calls = 0;
    root.async_run(context, until,
                   asio::bind_cancellation_slot(signal.slot(), [&](run_result const& result) {
                       ++calls;
                       BOOST_TEST(result.has_value());
                   }));
    context.poll();
    signal.emit(asio::cancellation_type::total);
    asio::post(until.it->executor,
               [&] { std::exchange(until.it->complete, nullptr)(0, "as well"); });
    BOOST_TEST(finishes(context));
    BOOST_TEST(calls == 1);
    BOOST_TEST(notes.lines() == (lines{"start child", "stop child"}),
               boost::test_tools::per_element());
}

// ---- one run at a time ----------------------------------------------------------------------

BOOST_AUTO_TEST_CASE(a_supervisor_that_runs_refuses_to_be_changed_or_run) {
    supervisor root = tree_of(probe("child"));
    run_of run(root);
    asio::io_context context(1);
    BOOST_CHECK_EXCEPTION(root.async_run(context, [](run_result const&) {}), system_error,
                          is_already_running);
    BOOST_CHECK_EXCEPTION(root.add(probe("late")), system_error, is_already_running);
    BOOST_CHECK_EXCEPTION(root.observe([](event const&) {}), system_error, is_already_running);
    BOOST_TEST(context.poll() == 0u);
    BOOST_TEST(context.stopped()); // nothing was left there
    BOOST_TEST(!run.ended());      // and nothing was disturbed
    run.stop();
    BOOST_TEST(run.result().has_value());
}

BOOST_AUTO_TEST_CASE(already_running_leaves_the_context_on_which_a_coroutine_initiates_it) {
    // Asio initiates after the coroutine is suspended: what is thrown there cannot reach it.
    asio::io_context context(1);
    supervisor root = tree_of(probe("child"));
    run_of run(root);
    bool reached = false;
    auto const second = [&]() -> asio::awaitable<void> {
        auto operation = root.async_run(context);
        (void)co_await std::move(operation);
        reached = true;
    };
    BOOST_CHECK_EXCEPTION(run_coroutine(context, second), system_error, is_already_running);
    BOOST_TEST(!reached);
    BOOST_TEST(!run.ended());
    run.stop();
    BOOST_TEST(run.result().has_value());
}

BOOST_AUTO_TEST_CASE(it_runs_again_and_may_be_changed_between) {
    journal notes;
    supervisor root("root");
    root.add(probe("a", &notes));
    {
        run_of run(root);
        run.stop();
        BOOST_TEST(run.result().has_value());
    }
    root.add(probe("b", &notes));
    root.observe([&](event const& what) {
        if (what.kind == event_kind::supervisor_ready)
            notes.write("ready");
    });
    notes.take();
    run_of run(root);
    run.stop();
    BOOST_TEST(notes.lines() == (lines{"start a", "start b", "ready", "stop b", "stop a"}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(the_completion_handler_may_run_it_again) {
    asio::io_context context(1);
    supervisor root("root");
    int runs = 0;
    std::function<void()> const run = [&] {
        root.async_run(context, [&](run_result const&) {
            if (++runs != 3)
                run();
        });
    };
    run();
    BOOST_TEST(finishes(context));
    BOOST_TEST(runs == 3);
}

BOOST_AUTO_TEST_CASE(the_restart_budget_is_that_of_one_run) {
    probe child("child");
    supervisor root = tree_of(child);
    for (int i = 1; i != 4; ++i) {
        run_of run(root);
        child.fail("x");
        run.settle();
        BOOST_TEST(!run.ended());
        BOOST_TEST(child.runs() == 2 * i);
        run.stop();
    }
}

BOOST_AUTO_TEST_CASE(a_context_that_is_destroyed_ends_the_run) { // D12
    supervisor root = tree_of(probe("child"));
    { run_of const run(root); }
    run_of run(root); // it does not throw
    BOOST_TEST(!run.ended());
    run.stop();
    BOOST_TEST(run.result().has_value());
}

BOOST_AUTO_TEST_CASE(the_object_may_be_moved_while_it_runs) {
    probe child("child");
    supervisor first = tree_of(child);
    run_of run(first);
    supervisor second(std::move(first));
    BOOST_CHECK_EXCEPTION(second.add(probe("late")), system_error, is_already_running);
    run.stop();
    BOOST_TEST(run.result().has_value());
    second.add(probe("in time"));
    run_of again(second);
    BOOST_TEST(child.runs() == 2);
    again.stop();
}

BOOST_AUTO_TEST_CASE(the_object_may_be_destroyed_or_assigned_to_while_it_runs) {
    probe child("child"), other("other");
    auto root = std::make_unique<supervisor>(tree_of(child));
    run_of run(*root);
    *root = tree_of(other);
    run_of second(*root);
    root.reset();
    child.fail("x"); // it is supervised all the same
    run.settle();
    BOOST_TEST(child.runs() == 2);
    BOOST_TEST(other.runs() == 1);
    run.stop();
    second.stop();
    BOOST_TEST(run.result().has_value());
    BOOST_TEST(second.result().has_value());
}

BOOST_AUTO_TEST_CASE(two_supervisors_on_one_context_know_nothing_of_each_other) {
    asio::io_context context(1);
    probe a("a"), b("b");
    supervisor first("first", {.intensity = {0, 1h}});
    first.add(a);
    supervisor second("second");
    second.add(b);
    asio::cancellation_signal signal;
    std::optional<run_result> ended_first, ended_second;
    first.async_run(context, [&](run_result result) { ended_first.emplace(std::move(result)); });
    second.async_run(context, asio::bind_cancellation_slot(signal.slot(), [&](run_result result) {
                         ended_second.emplace(std::move(result));
                     }));
    context.poll();
    a.fail("x");
    context.poll();
    BOOST_TEST_REQUIRE(ended_first.has_value());
    BOOST_TEST(ended_first->error().supervisor() == "first");
    BOOST_TEST(!ended_second.has_value());
    BOOST_TEST(b.runs() == 1);
    signal.emit(asio::cancellation_type::total);
    BOOST_TEST(finishes(context));
    BOOST_TEST_REQUIRE(ended_second.has_value());
    BOOST_TEST(ended_second->has_value());
}

// ---- threads --------------------------------------------------------------------------------

BOOST_AUTO_TEST_CASE(a_run_may_end_in_another_thread_before_the_initiating_function_returns) {
    asio::thread_pool pool(3);
    for (int i = 0; i != 2000; ++i) {
        std::promise<errc> ended;
        asio::cancellation_signal signal; // to be connected and disconnected
        supervisor root("root");
        root.async_run(pool, asio::bind_cancellation_slot(signal.slot(), [&](run_result result) {
                           ended.set_value(result.error().code());
                       }));
        BOOST_TEST_REQUIRE((ended.get_future().get() == errc::no_children));
    }
    pool.join();
}

BOOST_AUTO_TEST_CASE(a_nested_run_may_end_in_another_thread_at_once) {
    asio::thread_pool pool(3);
    for (int i = 0; i != 300; ++i) {
        supervisor root("root", {.intensity = {3, 1h}});
        root.add(supervisor("empty"));
        auto const ended = root.async_run(pool, asio::use_future).get();
        BOOST_TEST_REQUIRE((ended.error().code() == errc::restart_limit_exceeded));
        BOOST_TEST_REQUIRE((ended.error().exit().why().nested()->code() == errc::no_children));
    }
    pool.join();
}

BOOST_AUTO_TEST_CASE(trees_of_a_pool_do_not_disturb_each_other) {
    asio::thread_pool pool(3);
    std::atomic<int> ran = 0;
    std::vector<std::future<run_result>> ended;
    for (int i = 0; i != 20; ++i) {
        supervisor inner("inner");
        for (int j = 0; j != 5; ++j)
            inner.add(worker("child", [&ran](process_shutdown shutdown) -> asio::awaitable<void> {
                ++ran;
                co_await shutdown.async_wait(asio::use_awaitable);
            }));
        supervisor root("root", {.intensity = {0, 1h}});
        root.add(std::move(inner));
        // Fails when the others are up, by itself.
        root.add(worker("failing", [i]() -> asio::awaitable<result<void>> {
            co_return cause(std::to_string(i));
        }));
        ended.push_back(root.async_run(pool, asio::use_future));
    }
    for (int i = 0; i != 20; ++i) {
        run_result const result = ended[static_cast<std::size_t>(i)].get();
        BOOST_TEST((result.error().code() == errc::restart_limit_exceeded));
        BOOST_TEST(result.error().exit().why().message() == std::to_string(i));
    }
    pool.join();
    BOOST_TEST(ran <= 100);
}
