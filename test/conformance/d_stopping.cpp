// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#define BOOST_TEST_MODULE conformance_d_stopping
#include <arborist/testing.hpp>

#include "support/tree.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/thread_pool.hpp>

#include <array>
#include <future>

using namespace tree_test;

BOOST_TEST_GLOBAL_FIXTURE(quiet_log);

namespace {

using timer = asio::steady_timer;

// Ignores the shutdown signal and obeys an abort.
asio::awaitable<void> deaf() {
    timer forever(co_await asio::this_coro::executor, timer::time_point::max());
    co_await forever.async_wait(asio::use_awaitable);
}

// Ignores everything, until somebody gives up in its place: swallows every cancellation.
asio::awaitable<void> stubborn(timer*& inside) {
    co_await asio::this_coro::throw_if_cancelled(false);
    co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
    timer forever(co_await asio::this_coro::executor, timer::time_point::max());
    inside = &forever;
    boost::system::error_code ignored;
    co_await forever.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
    inside = nullptr;
}

lines kinds(journal const& notes, std::string_view child) {
    lines found;
    for (std::string const& line : notes.lines())
        if (line.ends_with(std::string(" ") + std::string(child)))
            found.push_back(line.substr(5, line.size() - 6 - child.size()));
    return found;
}

constexpr auto soon = 1ms; // a deadline of a test whose run waits for it

} // namespace

BOOST_AUTO_TEST_CASE(D1_a_worker_is_graceful_and_a_nested_supervisor_infinite_by_default) {
    BOOST_TEST((child_specification(probe("p")).shutdown() == graceful(5s)));
    BOOST_TEST((child_specification(supervisor("s")).shutdown() == infinite));
}

BOOST_AUTO_TEST_CASE(D1_options_that_cannot_work_are_refused) {
    auto const refused = [](boost::system::system_error const& error) {
        return error.code() == errc::invalid_option;
    };
    BOOST_CHECK_EXCEPTION((void)graceful(-1s), boost::system::system_error, refused);
    BOOST_CHECK_EXCEPTION(supervisor("s", {.intensity = {1, 0s}}), boost::system::system_error,
                          refused);
    BOOST_CHECK_EXCEPTION(supervisor("s", {.abort_grace = -1s}), boost::system::system_error,
                          refused);
}

BOOST_AUTO_TEST_CASE(D2_restarts_and_early_exits_of_every_child_do_not_disturb_the_order) {
    journal notes;
    std::vector<probe> children;
    supervisor root("root", {.intensity = unlimited});
    for (char const* name : {"c", "a", "e", "b", "d"}) {
        children.emplace_back(name, &notes);
        root.add(children.back());
    }
    run_of run(root);
    for (std::size_t first = 0; first != children.size(); ++first) {
        for (std::size_t i = 0; i != children.size(); ++i) {
            children[(first + i) % children.size()].fail("x");
            run.settle();
            children[first].complete();
            run.settle();
        }
    }
    notes.take();
    run.stop();
    BOOST_TEST(notes.lines() == (lines{"stop d", "stop b", "stop e", "stop a", "stop c"}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(D2_each_waits_for_the_one_after_it) {
    journal notes;
    supervisor root("root");
    root.add(probe("first", &notes));
    timer* inside = nullptr;
    root.add(worker("second", [&inside] { return stubborn(inside); }));
    run_of run(root);
    notes.take();
    run.stop();
    BOOST_TEST(notes.lines().empty());
    inside->cancel();
    run.settle();
    BOOST_TEST(notes.lines() == lines{"stop first"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(D2_concurrent_asks_all_at_once) {
    journal notes;
    std::array<timer*, 2> inside{};
    supervisor root("root", {.shutdown = concurrent});
    root.add(probe("first", &notes));
    for (timer*& each : inside)
        root.add(worker("slow", [&each] { return stubborn(each); }));
    root.add(probe("last", &notes));
    run_of run(root);
    notes.take();
    run.stop();
    BOOST_TEST(notes.lines() == (lines{"stop last", "stop first"}), // nobody waits for the slow
               boost::test_tools::per_element());
    BOOST_TEST(!run.ended());
    for (timer* each : inside)
        each->cancel();
    run.settle();
    BOOST_TEST(run.ended());
}

BOOST_AUTO_TEST_CASE(D3_children_of_run_time_are_stopped_first_and_at_once) {
    journal notes;
    timer* inside = nullptr;
    supervisor root("root");
    root.add(probe("declared", &notes));
    supervisor_handle const handle = root.handle();
    run_of run(root);
    answer<child_id> a, b, c;
    handle.async_start(probe("a", &notes), a.receive());
    handle.async_start(worker("slow", [&inside] { return stubborn(inside); }), b.receive());
    handle.async_start(probe("c", &notes), c.receive());
    run.settle();
    notes.take();
    run.stop();
    BOOST_TEST(notes.take() == (lines{"stop a", "stop c"}), boost::test_tools::per_element());
    inside->cancel();
    run.settle();
    BOOST_TEST(notes.take() == lines{"stop declared"}, boost::test_tools::per_element());
    BOOST_TEST(run.ended());
}

BOOST_AUTO_TEST_CASE(D4_a_budget_caps_the_whole_stop_nested_supervisors_included) {
    journal notes;
    supervisor inner("inner");
    inner.add(probe("never asked", &notes)).add(worker("deaf", deaf), {.shutdown = infinite});
    supervisor root("root", {.shutdown_budget = soon});
    root.add(probe("nor this one", &notes)).add(std::move(inner));
    run_of run(root);
    notes.take();
    run.stop();
    BOOST_TEST(!run.ended());
    run_result const& result = run.finish();
    BOOST_TEST((result.error().code() == errc::shutdown_timed_out));
    BOOST_TEST(result.error().aborted() ==
                   (lines{"inner/deaf", "inner/never asked", "nor this one"}),
               boost::test_tools::per_element());
    BOOST_TEST(notes.lines().empty());
}

BOOST_AUTO_TEST_CASE(D6_only_initialising_workers_are_aborted_by_an_ordinary_stop) {
    journal events;
    supervisor root("root");
    root.observe(write_to(events));
    root.add(worker("young",
                    []() -> asio::awaitable<initialization> {
                        co_await deaf();
                        co_return initialization_error("unreachable");
                    }),
             {.shutdown = infinite});
    run_of run(root);
    run.stop();
    BOOST_TEST(run.result().has_value());
    BOOST_TEST(kinds(events, "young") ==
                   (lines{"child_starting", "child_aborting", "child_exited"}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(D7_an_abort_ends_what_does_not_listen) {
    journal events;
    supervisor root("root");
    root.observe(write_to(events));
    root.add(worker("deaf", deaf), {.shutdown = graceful(soon)});
    run_of run(root);
    run.stop();
    BOOST_TEST(!run.ended());
    run_result const& result = run.finish();
    BOOST_TEST((result.error().code() == errc::shutdown_timed_out));
    BOOST_TEST(result.error().aborted() == lines{"deaf"}, boost::test_tools::per_element());
    BOOST_TEST(result.error().abandoned().empty());
    BOOST_TEST(result.error().message() == "root: shutdown timed out: aborted deaf");
    BOOST_TEST(kinds(events, "deaf") == (lines{"child_starting", "child_ready", "child_stopping",
                                               "child_aborting", "child_exited"}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(D8_names_come_from_the_whole_tree) {
    supervisor inner("inner", {.abort_grace = soon});
    timer* inside = nullptr;
    inner.add(worker("stubborn", [&inside] { return stubborn(inside); }),
              {.shutdown = graceful(soon)});
    inner.add(worker("deaf", deaf), {.shutdown = graceful(soon)});
    supervisor root("root");
    root.add(std::move(inner)).add(worker("deaf too", deaf), {.shutdown = graceful(soon)});
    std::optional<run_result> result;
    asio::cancellation_signal signal;
    asio::io_context context(1);
    root.async_run(context, asio::bind_cancellation_slot(signal.slot(), [&](run_result ended) {
                       result.emplace(std::move(ended));
                       inside->cancel(); // it holds the context
                   }));
    context.poll();
    signal.emit(asio::cancellation_type::total);
    context.run();
    supervisor_error const& error = result->error();
    BOOST_TEST((error.code() == errc::shutdown_timed_out));
    BOOST_TEST(error.aborted() == (lines{"deaf too", "inner/deaf"}),
               boost::test_tools::per_element());
    BOOST_TEST(error.abandoned() == lines{"inner/stubborn"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(D8_an_error_that_caused_the_stop_wins) {
    probe broken("broken");
    supervisor root("root", {.intensity = {0, 1s}});
    root.add(worker("deaf", deaf), {.shutdown = graceful(soon)}).add(broken);
    run_of run(root);
    broken.fail("x");
    run.settle();
    BOOST_TEST((run.finish().error().code() == errc::restart_limit_exceeded));
}

BOOST_AUTO_TEST_CASE(
    D9_a_child_that_swallows_cancellation_is_abandoned_and_its_late_exit_reported) {
    journal events;
    supervisor root("root", {.abort_grace = soon});
    root.observe(write_to(events));
    timer* inside = nullptr;
    root.add(worker("stubborn", [&inside] { return stubborn(inside); }), {.shutdown = brutal});
    asio::cancellation_signal signal;
    std::optional<run_result> result;
    asio::io_context context(1);
    root.async_run(context, asio::bind_cancellation_slot(signal.slot(), [&](run_result ended) {
                       result.emplace(std::move(ended));
                   }));
    context.poll();
    signal.emit(asio::cancellation_type::total);
    while (!result)
        context.run_one();
    BOOST_TEST((result->error().code() == errc::shutdown_timed_out));
    BOOST_TEST(result->error().aborted().empty());
    BOOST_TEST(result->error().abandoned() == lines{"stubborn"}, boost::test_tools::per_element());
    BOOST_TEST(result->error().message() == "root: shutdown timed out: abandoned stubborn");

    // What it references is still there.
    BOOST_TEST_REQUIRE(inside != nullptr);
    inside->cancel();
    context.run();
    BOOST_TEST(inside == nullptr);
    BOOST_TEST(kinds(events, "stubborn") ==
                   (lines{"child_starting", "child_ready", "child_aborting", "child_abandoned",
                          "child_exited_late"}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(D9_a_child_that_blocks_its_thread_is_abandoned) {
    std::promise<void> release;
    auto const blocked = release.get_future().share();
    std::promise<void> blocking;
    std::promise<run_result> ended;
    asio::thread_pool pool(2);
    supervisor root("root", {.abort_grace = soon});
    probe sibling("sibling");
    root.add(sibling);
    root.add(worker("blocking",
                    [&blocking, blocked]() -> asio::awaitable<void> {
                        blocking.set_value();
                        blocked.wait();
                        co_return;
                    }),
             {.shutdown = graceful(soon)});
    asio::cancellation_signal signal;
    root.async_run(pool, asio::bind_cancellation_slot(signal.slot(), [&](run_result result) {
                       ended.set_value(std::move(result));
                   }));
    blocking.get_future().wait();
    signal.emit(asio::cancellation_type::total);
    run_result const result = ended.get_future().get();
    BOOST_TEST((result.error().code() == errc::shutdown_timed_out));
    BOOST_TEST(result.error().abandoned() == lines{"blocking"}, boost::test_tools::per_element());
    release.set_value();
    pool.join();
}

// In virtual time: in a real one the two deadlines may pass before anybody looks.
BOOST_AUTO_TEST_CASE(D9_a_nested_supervisor_is_given_the_time_to_abandon_its_own) {
    testing::simulation world;
    world.inject(
        [](testing::process_start const& /*start*/) { return testing::fault{.lingers = 1min}; });
    supervisor inner("inner", {.abort_grace = 5s});
    inner.add(worker("stubborn", [](process_shutdown shutdown) -> asio::awaitable<void> {
        co_await shutdown.async_wait(asio::use_awaitable);
    }));
    supervisor root("root", {.abort_grace = 5s});
    root.add(std::move(inner), {.shutdown = brutal});
    testing::trial tree(world, std::move(root));
    world.run_for(1s);
    tree.stop();
    world.run_until([&] { return tree.has_ended(); });
    BOOST_TEST((world.elapsed() == 6s));
    BOOST_TEST(tree.log().find("inner' ABANDONED") == std::string::npos);
    BOOST_TEST(tree.log().find("6s  root.inner: child 'stubborn' ABANDONED") != std::string::npos);
    BOOST_TEST(tree.log().find("6s  root: child 'inner' aborted") != std::string::npos);
    BOOST_TEST(tree.violations() == "");
}

BOOST_AUTO_TEST_CASE(D10_an_error_while_stopping_is_reported_and_restarts_nothing) {
    lines seen;
    supervisor root("root", {.intensity = unlimited});
    root.observe([&seen](event const& what) {
        if (what.kind == event_kind::child_exited)
            seen.push_back(what.exit->message());
    });
    root.add(worker("it", [](process_shutdown shutdown) -> asio::awaitable<result<void>> {
        co_await shutdown.async_wait(asio::use_awaitable);
        co_return cause("could not flush");
    }));
    run_of run(root);
    run.stop();
    BOOST_TEST(run.result().has_value());
    BOOST_TEST(seen == lines{"terminated: could not flush"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(D11_a_shutdown_is_heard_before_exits_that_are_waiting) {
    // Both are there before the supervisor looks: the exit restarts nothing any more.
    probe child("child");
    supervisor root("root", {.intensity = unlimited});
    root.add(child);
    asio::io_context context(1);
    asio::cancellation_signal signal;
    bool ended = false;
    root.async_run(context, asio::bind_cancellation_slot(signal.slot(), [&](run_result result) {
                       ended = result.has_value();
                   }));
    context.poll();
    child.fail("x");
    signal.emit(asio::cancellation_type::total);
    context.restart();
    context.run();
    BOOST_TEST(ended);
    BOOST_TEST(child.runs() == 1);
}

BOOST_AUTO_TEST_CASE(D12_terminal_cancellation_aborts_the_tree_at_once) {
    journal notes;
    supervisor inner("inner");
    inner.add(probe("b", &notes));
    supervisor root("root");
    root.add(probe("a", &notes))
        .add(std::move(inner))
        .add(worker("deaf", deaf), {.shutdown = infinite});
    run_of run(root);
    notes.take();
    run.abort();
    BOOST_TEST(run.ended());
    BOOST_TEST(notes.lines().empty()); // nobody was asked
    BOOST_TEST((run.result().error().code() == errc::shutdown_timed_out));
    BOOST_TEST(run.result().error().aborted() == (lines{"deaf", "inner/b", "a"}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(D12_partial_and_total_cancellation_are_a_graceful_stop) {
    for (auto type : {asio::cancellation_type::partial, asio::cancellation_type::total}) {
        journal notes;
        supervisor root("root");
        root.add(probe("a", &notes));
        asio::io_context context(1);
        asio::cancellation_signal signal;
        std::optional<run_result> ended;
        root.async_run(context, asio::bind_cancellation_slot(signal.slot(), [&](run_result result) {
                           ended.emplace(std::move(result));
                       }));
        context.poll();
        signal.emit(type);
        context.run();
        BOOST_TEST(ended->has_value());
        BOOST_TEST(notes.lines() == (lines{"start a", "stop a"}), boost::test_tools::per_element());
    }
}
