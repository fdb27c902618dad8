// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#define BOOST_TEST_MODULE conformance_s_starting
#include "support/tree.hpp"

using namespace tree_test;

BOOST_TEST_GLOBAL_FIXTURE(quiet_log);

namespace {

// A worker whose initialisation takes until it is told how it went.
struct gate {
    asio::steady_timer* wait = nullptr; // of the process: it goes with its context
    std::optional<cause> error;

    asio::awaitable<initialization> pass(journal& notes, std::string name) {
        asio::steady_timer closed(co_await asio::this_coro::executor,
                                  asio::steady_timer::time_point::max());
        wait = &closed;
        notes.write("initialize " + name);
        boost::system::error_code opened;
        co_await closed.async_wait(asio::redirect_error(asio::use_awaitable, opened));
        wait = nullptr;
        if (error)
            co_return initialization_error(*error);
        co_return run(notes, name);
    }

    static asio::awaitable<result<void>> run(journal& notes, std::string name) {
        notes.write("run " + name);
        asio::steady_timer forever(co_await asio::this_coro::executor,
                                   asio::steady_timer::time_point::max());
        boost::system::error_code aborted;
        co_await forever.async_wait(asio::redirect_error(asio::use_awaitable, aborted));
        co_return aborted;
    }

    void open() { wait->cancel(); }
};

child_specification gated(std::string name, gate& it, journal& notes) {
    return worker(name, [&it, &notes, name] { return it.pass(notes, name); });
}

lines ready_events(journal const& notes) {
    lines found;
    for (std::string const& line : notes.lines())
        if (line.ends_with("supervisor_ready"))
            found.push_back(line);
    return found;
}

} // namespace

BOOST_AUTO_TEST_CASE(S1_children_initialise_concurrently_in_declaration_order) {
    journal notes;
    gate a, b;
    supervisor root("root");
    root.add(gated("a", a, notes), {.shutdown = brutal});
    root.add(gated("b", b, notes), {.shutdown = brutal});
    run_of run(root);
    BOOST_TEST(notes.take() == (lines{"initialize a", "initialize b"}),
               boost::test_tools::per_element());
    b.open();
    run.settle();
    BOOST_TEST(notes.take() == lines{"run b"}, boost::test_tools::per_element());
    a.open();
    run.settle();
    BOOST_TEST(notes.take() == lines{"run a"}, boost::test_tools::per_element());
    run.stop();
    BOOST_TEST(run.result().has_value());
}

BOOST_AUTO_TEST_CASE(S1_exits_are_handled_while_others_still_initialise) {
    journal notes;
    gate slow;
    probe failing("failing");
    supervisor root("root");
    root.add(gated("slow", slow, notes)).add(failing);
    run_of run(root);
    failing.fail("x");
    run.settle();
    BOOST_TEST(failing.runs() == 2);
    run.stop();
    BOOST_TEST(run.result().has_value());
}

BOOST_AUTO_TEST_CASE(S3_initialisation_runs_in_the_process_on_its_executor) {
    struct seen {
        std::optional<asio::any_io_executor> initialize, run;
    };
    auto const it = std::make_shared<seen>();
    struct worker_type {
        std::shared_ptr<seen> notes;
        std::string_view name() const { return "it"; }
        asio::awaitable<initialization> initialize(process_shutdown shutdown) {
            notes->initialize = co_await asio::this_coro::executor;
            co_return run(std::move(shutdown));
        }
        asio::awaitable<result<void>> run(process_shutdown shutdown) {
            notes->run = co_await asio::this_coro::executor;
            co_await shutdown.async_wait(asio::use_awaitable);
            co_return success();
        }
    };
    supervisor root("root");
    root.add(worker_type{it});
    run_of run(root);
    BOOST_TEST((it->initialize == it->run));
    BOOST_TEST((it->initialize != asio::any_io_executor(run.context().get_executor())));
    run.stop();
    *it = {}; // a strand must not outlive its context
}

BOOST_AUTO_TEST_CASE(S5_ready_propagates_upward_when_all_are_initialised) {
    journal notes, events;
    gate a, b;
    supervisor inner("inner");
    inner.add(gated("b", b, notes), {.shutdown = brutal});
    supervisor root("root");
    root.observe(write_to(events));
    root.add(gated("a", a, notes), {.shutdown = brutal}).add(std::move(inner));
    run_of run(root);
    a.open();
    run.settle();
    BOOST_TEST(ready_events(events).empty());
    b.open();
    run.settle();
    BOOST_TEST(ready_events(events) ==
                   (lines{"root.inner supervisor_ready", "root supervisor_ready"}),
               boost::test_tools::per_element());
    run.stop();
}

BOOST_AUTO_TEST_CASE(S6_no_children_fails_before_anything_starts) {
    journal events;
    supervisor root("root");
    root.observe(write_to(events));
    run_of run(root);
    BOOST_TEST((run.result().error().code() == errc::no_children));
    BOOST_TEST(events.lines() == (lines{"root supervisor_starting", "root supervisor_stopped"}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(S7_a_failed_start_stops_what_runs_gracefully_and_aborts_what_initialises) {
    journal notes;
    gate broken, slow;
    supervisor root("root");
    root.add(probe("a", &notes)).add(gated("broken", broken, notes));
    root.add(gated("slow", slow, notes)).add(probe("d", &notes));
    run_of run(root);
    notes.take();
    broken.error = cause("no licence");
    broken.open();
    run.settle();
    BOOST_TEST(notes.lines() == (lines{"stop d", "stop a"}), boost::test_tools::per_element());
    BOOST_TEST(run.result().error().path() == "broken");
}

BOOST_AUTO_TEST_CASE(S7_also_below_a_nested_supervisor_that_is_not_ready) {
    journal notes;
    gate broken, slow;
    supervisor inner("inner");
    inner.add(probe("runs", &notes)).add(gated("slow", slow, notes));
    supervisor root("root");
    root.add(std::move(inner)).add(gated("broken", broken, notes));
    run_of run(root);
    notes.take();
    broken.error = cause("x");
    broken.open();
    run.settle();
    BOOST_TEST(notes.lines() == lines{"stop runs"}, boost::test_tools::per_element());
    BOOST_TEST(run.ended());
}

BOOST_AUTO_TEST_CASE(R9_a_stop_that_was_asked_for_before_the_start_starts_nothing) {
    for (auto type : {asio::cancellation_type::total, asio::cancellation_type::terminal}) {
        probe child("child");
        supervisor root("root");
        root.add(child);
        asio::io_context context(1);
        asio::cancellation_signal signal;
        std::optional<run_result> ended;
        root.async_run(context, asio::bind_cancellation_slot(signal.slot(), [&](run_result result) {
                           ended.emplace(std::move(result));
                       }));
        signal.emit(type);
        context.run();
        BOOST_TEST_REQUIRE(ended.has_value());
        BOOST_TEST(ended->has_value());
        BOOST_TEST(child.initializations() == 0);
    }
}

BOOST_AUTO_TEST_CASE(a_lambda_with_captures_is_alive_as_long_as_its_coroutine) {
    auto const token = std::make_shared<int>(7);
    int seen = 0;
    {
        asio::io_context context(1);
        asio::steady_timer soon(context, 0s);
        {
            supervisor root("root");
            root.add(
                worker("it", [token, &seen](process_shutdown shutdown) -> asio::awaitable<void> {
                    co_await shutdown.async_wait(asio::use_awaitable);
                    seen = *token;
                }));
            root.async_run(context, soon.async_wait(asio::deferred), [](run_result) {});
        } // the run keeps what it needs
        BOOST_TEST(token.use_count() == 2);
        context.run();
    }
    BOOST_TEST(seen == 7);
    BOOST_TEST(token.use_count() == 1);
}

// ---- S2: one after the other

BOOST_AUTO_TEST_CASE(S2_the_next_child_starts_when_the_one_before_is_initialised) {
    journal notes;
    gate a, b, below;
    supervisor inner("inner");
    inner.add(gated("below", below, notes));
    supervisor root("root", {.start = sequential});
    root.add(gated("a", a, notes)).add(std::move(inner)).add(gated("b", b, notes));
    run_of run(root);
    BOOST_TEST(notes.take() == lines{"initialize a"}, boost::test_tools::per_element());
    a.open();
    run.settle();
    BOOST_TEST(notes.take() == (lines{"run a", "initialize below"}),
               boost::test_tools::per_element());
    below.open(); // all children of a nested supervisor
    run.settle();
    BOOST_TEST(notes.take() == (lines{"run below", "initialize b"}),
               boost::test_tools::per_element());
    b.open();
    run.settle();
    BOOST_TEST(notes.take() == lines{"run b"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(S2_if_one_fails_those_before_are_stopped_in_reverse_order) {
    journal notes;
    gate broken;
    broken.error = cause("no licence");
    supervisor root("root", {.start = sequential});
    root.add(probe("a", &notes)).add(probe("b", &notes)).add(gated("broken", broken, notes));
    root.add(probe("never", &notes));
    run_of run(root);
    broken.open();
    run.settle();
    BOOST_TEST(notes.lines() ==
                   (lines{"start a", "start b", "initialize broken", "stop b", "stop a"}),
               boost::test_tools::per_element());
    BOOST_TEST(run.result().error().message() ==
               "root: child 'broken' failed to initialise: no licence");
}

// ---- S4: start timeouts

BOOST_AUTO_TEST_CASE(S4_an_initialisation_that_takes_too_long_has_failed) {
    journal notes, events;
    gate slow;
    supervisor root("root");
    root.observe(write_to(events));
    root.add(probe("other", &notes)).add(gated("slow", slow, notes), {.start_timeout = 1ms});
    run_of run(root);
    supervisor_error const& error = run.finish().error();
    BOOST_TEST((error.code() == errc::failed_to_initialize));
    BOOST_TEST((error.exit().why().code() == asio::error::timed_out));
    BOOST_TEST(error.message() == "root: child 'slow' failed to initialise: not initialised within "
                                  "1ms: Connection timed out");
    BOOST_TEST(events.count("root child_start_timed_out slow") == 1u);
    BOOST_TEST(notes.count("stop other") == 1u); // S7
}

BOOST_AUTO_TEST_CASE(S4_a_nested_supervisor_that_is_late_stops_its_children_well) {
    journal notes;
    gate slow;
    supervisor inner("inner");
    inner.add(probe("ready", &notes)).add(gated("slow", slow, notes));
    supervisor root("root");
    root.add(std::move(inner), {.start_timeout = 1ms});
    run_of run(root);
    supervisor_error const& error = run.finish().error();
    BOOST_TEST(error.path() == "inner");
    BOOST_TEST((error.exit().why().code() == asio::error::timed_out));
    BOOST_TEST(notes.lines() == (lines{"start ready", "initialize slow", "stop ready"}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(S4_who_is_in_time_is_left_alone) {
    journal notes;
    gate slow;
    supervisor root("root");
    root.add(gated("slow", slow, notes), {.start_timeout = 1h});
    run_of run(root);
    slow.open();
    run.settle();
    BOOST_TEST(notes.count("run slow") == 1u);
    BOOST_TEST(!run.ended());
}
