// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#define BOOST_TEST_MODULE conformance_r_policies
#include "support/tree.hpp"

#include <random>

using namespace tree_test;

BOOST_TEST_GLOBAL_FIXTURE(quiet_log);

namespace {

constexpr restart_backoff an_hour{.first = 1h, .most = 1h, .jitter = 0};

// The delays of the restarts, as the events tell them.
observer write_delays(std::vector<duration>& to) {
    return [&to](event const& what) {
        if (what.kind == event_kind::child_restarting)
            to.push_back(what.delay);
    };
}

} // namespace

// ---- R1: the order

BOOST_AUTO_TEST_CASE(R1_the_order_of_rest_for_one_is_that_of_declaration_whatever_the_names) {
    journal notes;
    std::vector<probe> children;
    supervisor root("root", {.strategy = rest_for_one});
    for (char const* name : {"4", "1", "5", "3", "2"}) {
        children.emplace_back(name, &notes);
        root.add(children.back());
    }
    run_of run(root);
    notes.take();
    children[2].fail("x");
    run.settle();
    BOOST_TEST(notes.take() ==
                   (lines{"fail 5", "stop 2", "stop 3", "start 5", "start 3", "start 2"}),
               boost::test_tools::per_element());
    run.stop();
    BOOST_TEST(notes.take() == (lines{"stop 2", "stop 3", "stop 5", "stop 1", "stop 4"}),
               boost::test_tools::per_element());
}

// ---- R5, R6: groups that do not come up

BOOST_AUTO_TEST_CASE(
    R5_while_a_group_restart_cannot_succeed_the_handle_answers_and_a_stop_ends_it) {
    // The database's initialisation blocks, then fails, for ever; nobody waits for it but its
    // group.
    journal notes;
    asio::steady_timer* blocked = nullptr;
    int attempts = 0;
    probe other("other", &notes);
    supervisor root("root", {.strategy = one_for_all, .intensity = unlimited});
    root.add(other);
    root.add(worker("database",
                    [&](process_shutdown shutdown) -> asio::awaitable<initialization> {
                        if (++attempts > 1) {
                            asio::steady_timer wait(co_await asio::this_coro::executor,
                                                    asio::steady_timer::time_point::max());
                            blocked = &wait;
                            boost::system::error_code error;
                            co_await wait.async_wait(
                                asio::redirect_error(asio::use_awaitable, error));
                            blocked = nullptr;
                            co_return initialization_error("still not there");
                        }
                        co_return [](process_shutdown s) -> asio::awaitable<result<void>> {
                            co_await s.async_wait(asio::use_awaitable);
                            co_return success();
                        }(shutdown);
                    }),
             {.failed_initialization = initialization_failure::restart});
    supervisor_handle const handle = root.handle();
    run_of run(root);
    other.fail("x");
    run.settle();
    for (int i = 0; i != 3; ++i) {
        BOOST_TEST_REQUIRE(blocked != nullptr);
        answer<child_count> counted;
        handle.async_count(counted.receive());
        run.settle();
        BOOST_TEST(counted.good());
        BOOST_TEST((state_of(handle, "database") == child_state::starting));
        blocked->cancel();
        run.settle();
    }
    BOOST_TEST(attempts == 5);
    BOOST_TEST(other.runs() == 5); // each attempt is one of the whole group

    answer<void> stopped;
    handle.async_stop("database", stopped.receive());
    run.settle();
    BOOST_TEST(stopped.good());
    BOOST_TEST(blocked == nullptr);
    BOOST_TEST((state_of(handle, "database") == child_state::stopped));
    BOOST_TEST((state_of(handle, "other") == child_state::running));
    other.fail("again"); // it stays stopped when its group is restarted
    run.settle();
    BOOST_TEST(attempts == 5);
    BOOST_TEST(other.runs() == 6);

    answer<void> restarted;
    handle.async_restart("database", restarted.receive());
    run.settle();
    BOOST_TEST(!restarted.arrived());
    run.stop(); // at once, though it initialises
    BOOST_TEST(run.ended());
    BOOST_TEST(run.result().has_value());
    BOOST_TEST(restarted.failed_with(errc::not_running));
}

BOOST_AUTO_TEST_CASE(R6_a_failed_initialisation_may_be_restarted_but_not_at_the_first_start) {
    for (bool const first : {true, false}) {
        probe child("child");
        supervisor root("root", {.intensity = {3, 1h}});
        root.add(child, {.failed_initialization = initialization_failure::restart});
        if (first)
            child.break_initialization("port in use");
        run_of run(root);
        if (first) {
            BOOST_TEST((run.result().error().code() == errc::failed_to_initialize));
            continue;
        }
        child.break_initialization("port in use");
        child.fail("x");
        run.settle();
        BOOST_TEST((run.result().error().code() == errc::restart_limit_exceeded));
        BOOST_TEST(run.result().error().message() ==
                   "root: gave up on child 'child' after 3 restarts within 1h; it terminated: port "
                   "in use");
        BOOST_TEST(child.initializations() == 4);
    }
}

// ---- R8: back-off

BOOST_AUTO_TEST_CASE(R8_delays_grow_to_a_ceiling_and_are_told) {
    std::vector<duration> delays;
    probe child("child");
    supervisor root("root", {.intensity = unlimited,
                             .backoff = {.first = 1ms, .multiplier = 2, .most = 5ms, .jitter = 0}});
    root.observe(write_delays(delays));
    root.add(child);
    run_of run(root);
    for (int i = 1; i <= 5; ++i) {
        child.fail("x");
        while (child.runs() != i + 1) // time is real here, and short
            run.context().restart(), run.context().run_one();
    }
    BOOST_TEST((delays == std::vector<duration>{1ms, 2ms, 4ms, 5ms, 5ms}));
    run.stop();
}

BOOST_AUTO_TEST_CASE(R8_the_jitter_is_injected) {
    std::vector<duration> delays;
    double next = 0;
    probe child("child");
    supervisor root("root", {.intensity = unlimited,
                             .backoff = {.first = 1000h, .most = 1000h, .jitter = 0.5},
                             .random = [&next] { return next; }});
    root.observe(write_delays(delays));
    root.add(child);
    supervisor_handle const handle = root.handle();
    run_of run(root);
    for (double const random : {0.0, 0.5, 0.9}) {
        next = random;
        child.fail("x");
        run.settle();
        BOOST_TEST((state_of(handle, "child") == child_state::waiting));
        answer<void> restarted;
        handle.async_restart("child", restarted.receive());
        run.settle();
        BOOST_TEST(restarted.good());
    }
    BOOST_TEST((delays == std::vector<duration>{1000h, 750h, 550h}));
}

BOOST_AUTO_TEST_CASE(R8_a_shutdown_ends_the_wait_at_once) {
    for (restart_strategy const strategy : {one_for_one, one_for_all}) {
        probe child("child");
        supervisor root("root", {.strategy = strategy, .backoff = an_hour});
        root.add(child).add(probe("other"));
        run_of run(root);
        child.fail("x");
        run.settle();
        BOOST_TEST(!run.ended());
        run.stop();
        BOOST_TEST(run.ended());
        BOOST_TEST(run.result().has_value());
    }
}

BOOST_AUTO_TEST_CASE(R8_a_group_is_stopped_before_the_delay_and_is_seen_to_wait) {
    journal notes;
    probe child("child");
    supervisor root("root", {.strategy = one_for_all, .backoff = an_hour});
    root.add(probe("other", &notes)).add(child);
    supervisor_handle const handle = root.handle();
    run_of run(root);
    child.fail("x");
    run.settle();
    BOOST_TEST(notes.lines() == (lines{"start other", "stop other"}),
               boost::test_tools::per_element());
    auto const seen = handle.snapshot();
    BOOST_TEST((seen.nodes[0].supervisor->state == supervisor_state::restarting));
    for (std::size_t i : {1u, 2u}) {
        BOOST_TEST((seen.nodes[i].state == child_state::waiting));
        BOOST_TEST((seen.nodes[i].remaining_delay > 59min));
    }
    BOOST_TEST((seen.nodes[2].last_exit->message() == "terminated: x"));
}

BOOST_AUTO_TEST_CASE(R8_a_child_may_have_its_own_or_none) {
    std::vector<duration> delays;
    probe patient("patient"), eager("eager"), usual("usual");
    supervisor root("root", {.intensity = unlimited, .backoff = an_hour});
    root.observe(write_delays(delays));
    root.add(patient, {.backoff = {.first = 2h, .most = 2h, .jitter = 0}})
        .add(eager, {.backoff = no_backoff})
        .add(usual);
    run_of run(root);
    for (probe const* each : {&patient, &eager, &usual}) {
        each->fail("x");
        run.settle();
    }
    BOOST_TEST((delays == std::vector<duration>{2h, 0h, 1h}));
    BOOST_TEST(eager.runs() == 2);
}

// ---- R10: significant children

BOOST_AUTO_TEST_CASE(R10_the_end_of_a_significant_child_stops_the_supervisor) {
    journal notes;
    probe job("job");
    supervisor root("root", {.auto_shutdown = any_significant});
    root.add(probe("helper", &notes)).add(job, {.restart = transient, .significant = true});
    run_of run(root);
    job.fail("not yet"); // is restarted
    run.settle();
    BOOST_TEST(!run.ended());
    job.complete();
    run.settle();
    BOOST_TEST(notes.lines().back() == "stop helper");
    supervisor_error const& error = run.result().error();
    BOOST_TEST((error.code() == errc::significant_child_exited));
    BOOST_TEST(error.message() == "root: significant child 'job' completed");
}

BOOST_AUTO_TEST_CASE(R10_all_significant_waits_for_the_last_and_a_handle_does_not_count) {
    probe first("first"), second("second"), third("third");
    supervisor root("root", {.auto_shutdown = all_significant});
    for (probe const* each : {&first, &second, &third})
        root.add(*each, {.restart = temporary, .significant = true});
    supervisor_handle const handle = root.handle();
    run_of run(root);
    first.complete();
    run.settle();
    answer<void> stopped;
    handle.async_stop("third", stopped.receive());
    run.settle();
    BOOST_TEST(!run.ended());
    second.fail("x");
    run.settle();
    BOOST_TEST(run.result().error().message() == "root: significant child 'second' terminated: x");
}

BOOST_AUTO_TEST_CASE(R10a_a_nested_supervisor_that_ends_with_its_work_has_completed) {
    probe job("job");
    supervisor inner("inner", {.auto_shutdown = any_significant});
    inner.add(job, {.restart = temporary, .significant = true});
    supervisor root("root", {.intensity = {0, 1s}});
    root.add(std::move(inner), {.restart = transient});
    supervisor_handle const handle = root.handle();
    run_of run(root);
    job.complete();
    run.settle();
    BOOST_TEST(!run.ended());
    BOOST_TEST((state_of(handle, "inner") == child_state::ended));
}

// ---- R11: decisions

BOOST_AUTO_TEST_CASE(R11_a_child_may_decide_by_its_exit) {
    probe child("child");
    lines asked;
    supervisor root("root", {.intensity = {10, 1h}});
    root.add(child, {.restart = transient, .decide = [&asked](exit_reason const& exit) {
                         asked.push_back(exit.message());
                         if (exit.why().code() == asio::error::connection_reset)
                             return exit_decision::restart;
                         if (exit.why().code() == asio::error::no_memory)
                             return exit_decision::escalate;
                         return exit_decision::do_not_restart;
                     }});
    supervisor_handle const handle = root.handle();
    run_of run(root);
    child.fail(asio::error::make_error_code(asio::error::connection_reset));
    run.settle();
    BOOST_TEST(child.runs() == 2);
    child.fail(asio::error::make_error_code(asio::error::no_memory));
    run.settle();
    supervisor_error const& error = run.result().error();
    BOOST_TEST((error.code() == errc::escalated));
    BOOST_TEST(error.message() ==
               "root: child 'child' escalated its exit: it terminated: Cannot allocate memory");
    BOOST_TEST(asked.size() == 2u);
}

BOOST_AUTO_TEST_CASE(R11_it_is_not_asked_about_what_is_not_to_be_restarted) {
    probe child("child");
    int asked = 0;
    supervisor root("root");
    root.add(child, {.restart = transient, .decide = [&asked](exit_reason const&) {
                         ++asked;
                         return exit_decision::do_not_restart;
                     }});
    supervisor_handle const handle = root.handle();
    run_of run(root);
    child.complete();
    run.settle();
    BOOST_TEST(asked == 0);
    answer<void> restarted;
    handle.async_restart("child", restarted.receive());
    run.settle();
    child.fail("x");
    run.settle();
    BOOST_TEST(asked == 1);
    BOOST_TEST((state_of(handle, "child") == child_state::ended));
}

BOOST_AUTO_TEST_CASE(R11_a_decision_that_throws_escalates) {
    probe child("child");
    supervisor root("root", {.intensity = unlimited});
    root.add(child, {.decide = [](exit_reason const&) -> exit_decision {
                 throw std::logic_error("what now?");
             }});
    run_of run(root);
    child.fail("x");
    run.settle();
    BOOST_TEST((run.result().error().code() == errc::escalated));
    BOOST_TEST(run.result().error().exit().message() == "panicked: std::logic_error: what now?");
}

// ---- R12: a limit of its own

BOOST_AUTO_TEST_CASE(R12_exceeding_either_limit_gives_up_and_the_error_tells_which) {
    probe child("child");
    supervisor root("root", {.intensity = {10, 1h}});
    std::optional<event> last;
    root.observe([&last](event const& what) {
        if (what.kind == event_kind::gave_up)
            last = what;
    });
    root.add(child, {.intensity = {2, 30min}});
    run_of run(root);
    for (int i = 0; i != 3; ++i) {
        child.fail("x");
        run.settle();
    }
    BOOST_TEST(run.result().error().message() ==
               "root: gave up on child 'child' after 2 restarts within 1800s; it terminated: x");
    BOOST_TEST_REQUIRE(last.has_value());
    BOOST_TEST((last->intensity == restart_intensity{2, 30min}));
    BOOST_TEST(last->restarts == 2u);
    BOOST_TEST(last->budget_left() == 0u);
}

// ---- a storm

BOOST_AUTO_TEST_CASE(R8_a_child_that_fails_at_once_never_exceeds_the_rate) {
    // The delays bound the restarts in any window; as many fit as the policy's own arithmetic says.
    using clock = asio::steady_timer::clock_type;
    std::vector<clock::time_point> starts;
    supervisor root("root", {.intensity = unlimited,
                             .backoff = {.first = 4ms, .multiplier = 1, .most = 4ms, .jitter = 0.5},
                             .random = [engine = std::minstd_rand(7)]() mutable {
                                 return std::generate_canonical<double, 32>(engine);
                             }});
    supervisor_handle const handle = root.handle();
    root.add(worker("stormy", [&]() -> asio::awaitable<void> {
        starts.push_back(clock::now());
        if (starts.size() == 30)
            handle.request_stop();
        throw std::runtime_error("at once");
        co_return; // which makes it a coroutine
    }));
    run_of run(root);
    BOOST_TEST(run.finish().has_value());
    BOOST_TEST(starts.size() == 30u);
    for (std::size_t i = 1; i != starts.size(); ++i)
        BOOST_TEST((starts[i] - starts[i - 1] >= 2ms)); // never too early; late is the machine's
}
