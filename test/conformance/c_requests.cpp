// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#define BOOST_TEST_MODULE conformance_c_requests
#include "support/tree.hpp"

#include <boost/asio/bind_executor.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_future.hpp>

#include <array>
#include <future>

using namespace tree_test;

BOOST_TEST_GLOBAL_FIXTURE(quiet_log);

namespace {

asio::awaitable<void> until_shutdown(process_shutdown shutdown) {
    auto wait = shutdown.async_wait(asio::deferred);
    co_await std::move(wait);
}

// An initialisation that ends when its test says so.
struct gate {
    std::shared_ptr<asio::steady_timer*> timer = std::make_shared<asio::steady_timer*>(nullptr);

    child_specification worker(std::string name, bool fails = false) const {
        return arborist::worker(
            std::move(name),
            [timer = timer, fails](process_shutdown shutdown) -> asio::awaitable<initialization> {
                asio::steady_timer wait(co_await asio::this_coro::executor,
                                        asio::steady_timer::time_point::max());
                *timer = &wait;
                boost::system::error_code error;
                co_await wait.async_wait(asio::redirect_error(asio::use_awaitable, error));
                *timer = nullptr;
                if (fails)
                    co_return initialization_error("the gate is shut");
                co_return [](process_shutdown s) -> asio::awaitable<result<void>> {
                    co_await s.async_wait(asio::use_awaitable);
                    co_return success();
                }(shutdown);
            });
    }
    [[nodiscard]] bool is_waited_for() const { return *timer != nullptr; }
    void open() const {
        BOOST_TEST_REQUIRE(is_waited_for());
        (*timer)->cancel();
    }
};

answer<child_id> start(run_of& run, supervisor_handle const& handle, child_specification child,
                       child_options const& options = {}, when_full full = when_full::fail) {
    answer<child_id> got;
    handle.async_start(std::move(child), options, full, got.receive());
    run.settle();
    return got;
}

template <class Child>
answer<void> stop(run_of& run, supervisor_handle const& handle, Child child) {
    answer<void> got;
    handle.async_stop(child, got.receive());
    run.settle();
    return got;
}

template <class Child>
answer<void> restart(run_of& run, supervisor_handle const& handle, Child child) {
    answer<void> got;
    handle.async_restart(child, got.receive());
    run.settle();
    return got;
}

template <class Child>
answer<void> remove(run_of& run, supervisor_handle const& handle, Child child) {
    answer<void> got;
    handle.async_remove(child, got.receive());
    run.settle();
    return got;
}

lines names(run_of& run, supervisor_handle const& handle) {
    answer<std::vector<child_info>> got;
    handle.async_list(got.receive());
    run.settle();
    lines found;
    for (child_info const& child : got.get().value())
        found.push_back(child.name);
    return found;
}

} // namespace

// ---- C1: valid before, during and after a run

BOOST_AUTO_TEST_CASE(C1_before_a_run_and_after_it_requests_fail_and_say_so) {
    supervisor root("app");
    root.add(probe("child"));
    supervisor_handle const handle = root.handle();
    BOOST_TEST(handle.name() == "app");
    {
        answer<child_id> early;
        asio::io_context other(1);
        handle.async_start(probe("x"), asio::bind_executor(other, early.receive()));
        BOOST_TEST(!early.arrived()); // never from within the initiation
        other.run();
        BOOST_TEST(early.failed_with(errc::not_running));
        BOOST_TEST(early.message() == "supervisor 'app': not running");
    }
    run_of run(root);
    BOOST_TEST(start(run, handle, probe("x")).good());
    run.stop();
    BOOST_TEST(run.result().has_value());
    asio::io_context other(1);
    answer<void> late;
    handle.async_stop("child", asio::bind_executor(other, late.receive()));
    handle.request_stop(); // does nothing
    other.run();
    BOOST_TEST(late.failed_with(errc::not_running));
}

BOOST_AUTO_TEST_CASE(C1_a_handle_outlives_its_supervisor_and_serves_its_next_run) {
    std::optional<supervisor_handle> handle;
    {
        supervisor root("app");
        handle = root.handle();
        run_of first(root);
        BOOST_TEST(start(first, *handle, probe("x")).good());
        first.stop();
        run_of second(root);
        BOOST_TEST(names(second, *handle).empty()); // C4
        BOOST_TEST(start(second, *handle, probe("y")).good());
        second.stop();
    }
    answer<void> late;
    asio::io_context other(1);
    handle->async_wait_ready(asio::bind_executor(other, late.receive()));
    other.run();
    BOOST_TEST(late.failed_with(errc::not_running));
    BOOST_TEST(handle->snapshot().nodes.size() == 1u);
}

BOOST_AUTO_TEST_CASE(C1_requests_that_come_before_the_first_turn_are_not_lost) {
    supervisor root("app");
    supervisor_handle const handle = root.handle();
    asio::io_context context(1);
    asio::cancellation_signal signal;
    root.async_run(context, asio::bind_cancellation_slot(signal.slot(), [](run_result) {}));
    answer<child_id> got;
    handle.async_start(probe("x"), got.receive());
    context.poll();
    BOOST_TEST(got.good());
    signal.emit(asio::cancellation_type::terminal);
    context.run();
}

BOOST_AUTO_TEST_CASE(C1_a_nested_supervisor_is_asked_through_its_own_handle_or_a_path_to_it) {
    journal notes;
    supervisor inner("storage/1"); // a name may hold what joins names
    inner.add(probe("index", &notes));
    supervisor_handle const below = inner.handle();
    supervisor root("app");
    root.add(std::move(inner));
    supervisor_handle const above = root.handle();
    run_of run(root);
    BOOST_TEST(stop(run, above, "storage/1/index").good());
    BOOST_TEST((state_of(below, "index") == child_state::stopped));
    BOOST_TEST(restart(run, below, "index").good());
    BOOST_TEST((state_of(below, "index") == child_state::running));
    BOOST_TEST(stop(run, above, "storage/1/indx").failed_with(errc::no_such_child));
    BOOST_TEST(stop(run, above, "storage/1/indx").message() ==
               "'indx' in supervisor 'storage/1': no such child");
    BOOST_TEST(stop(run, above, "storage/1").good());
    BOOST_TEST(stop(run, above, "storage/1/index").failed_with(errc::not_running));
}

BOOST_AUTO_TEST_CASE(C1_after_a_restart_of_the_supervisor_its_handle_reaches_the_new_run) {
    probe child("child");
    supervisor inner("inner", {.intensity = {0, 1s}});
    inner.add(child);
    supervisor_handle const handle = inner.handle();
    supervisor root("root");
    root.add(std::move(inner));
    run_of run(root);
    BOOST_TEST(start(run, handle, probe("dynamic")).good());
    child.fail("x");
    run.settle();
    BOOST_TEST(names(run, handle) == lines{"child"}, boost::test_tools::per_element()); // C4
    BOOST_TEST(start(run, handle, probe("again")).good());
    run.stop();
}

BOOST_AUTO_TEST_CASE(C1_names_that_several_have_are_told_apart_by_ids) {
    supervisor root("app");
    root.add(probe("twin")).add(probe("twin"));
    supervisor_handle const handle = root.handle();
    run_of run(root);
    BOOST_TEST(stop(run, handle, "twin").failed_with(errc::ambiguous_name));
    BOOST_TEST(stop(run, handle, "twin").message() == "'twin' in supervisor 'app': ambiguous name");
    child_id const second = handle.snapshot().nodes[2].id;
    BOOST_TEST(stop(run, handle, second).good());
    BOOST_TEST((handle.snapshot().nodes[1].state == child_state::running));
    BOOST_TEST((handle.snapshot().nodes[2].state == child_state::stopped));
}

// ---- C2: starting

BOOST_AUTO_TEST_CASE(C2_a_start_completes_when_the_child_is_initialised) {
    gate slow;
    supervisor root("app");
    supervisor_handle const handle = root.handle();
    run_of run(root);
    auto const got = start(run, handle, slow.worker("slow"));
    BOOST_TEST(!got.arrived());
    BOOST_TEST((state_of(handle, "slow") == child_state::starting));
    slow.open();
    run.settle();
    BOOST_TEST_REQUIRE(got.good());
    BOOST_TEST((handle.snapshot().nodes[1].id == got.get().value()));
}

BOOST_AUTO_TEST_CASE(C2_a_failed_initialisation_is_its_starters_to_handle) {
    probe steady("steady");
    supervisor root("app", {.intensity = {0, 1s}});
    root.add(steady);
    supervisor_handle const handle = root.handle();
    run_of run(root);
    probe broken("broken");
    broken.break_initialization(asio::error::address_in_use);
    auto const got = start(run, handle, broken);
    BOOST_TEST(got.failed_with(errc::failed_to_initialize));
    BOOST_TEST(got.message() == "app: child 'broken' failed to initialise: Address already in use");
    supervisor_error const* why = got.get().error().nested();
    BOOST_TEST_REQUIRE(why != nullptr);
    BOOST_TEST((why->exit().why().code() == asio::error::address_in_use));
    BOOST_TEST(!run.ended());
    BOOST_TEST(names(run, handle) == lines{"steady"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(C2_what_a_specification_holds_is_released) {
    auto const resource = std::make_shared<int>(1);
    auto const holding = [&resource] {
        return worker("x", [resource](process_shutdown s) { return until_shutdown(s); });
    };
    supervisor root("app", {.max_dynamic_children = 1});
    supervisor_handle const handle = root.handle();
    {
        answer<child_id> refused;
        asio::io_context other(1);
        handle.async_start(holding(), asio::bind_executor(other, refused.receive()));
        other.run();
        BOOST_TEST(refused.failed_with(errc::not_running));
        BOOST_TEST(resource.use_count() == 1);
    }
    run_of run(root);
    BOOST_TEST(start(run, handle, holding()).good());
    BOOST_TEST(start(run, handle, holding()).failed_with(errc::at_capacity));
    BOOST_TEST(resource.use_count() == 2);
    BOOST_TEST(stop(run, handle, "x").good());
    BOOST_TEST(resource.use_count() == 1);
}

BOOST_AUTO_TEST_CASE(C2_a_child_that_cannot_be_as_it_is_declared_is_a_returned_error) {
    supervisor root("app");
    supervisor_handle const handle = root.handle();
    run_of run(root);
    BOOST_TEST(start(run, handle, probe("---")).failed_with(errc::invalid_name)); // N4
    auto const got = start(run, handle, probe("x"), {.backoff = {.first = 1s}});
    BOOST_TEST(got.failed_with(errc::invalid_option));
    BOOST_TEST(
        got.message() ==
        "child 'x' of supervisor 'app': a temporary child is never restarted, so a back-off "
        "means nothing; say .restart = arborist::transient, or leave it out: invalid option");
}

BOOST_AUTO_TEST_CASE(C2_a_stop_of_the_supervisor_answers_whoever_waits) {
    gate slow;
    supervisor root("app", {.max_dynamic_children = 1});
    supervisor_handle const handle = root.handle();
    run_of run(root);
    auto const starting = start(run, handle, slow.worker("slow"));
    auto const waiting = start(run, handle, probe("x"), {}, when_full::wait);
    answer<void> ready;
    handle.async_wait_ready(ready.receive());
    run.stop();
    BOOST_TEST(run.ended());
    BOOST_TEST(starting.failed_with(errc::not_running));
    BOOST_TEST(waiting.failed_with(errc::not_running));
    BOOST_TEST(ready.failed_with(errc::not_running));
}

BOOST_AUTO_TEST_CASE(C2_no_more_starts_are_in_progress_than_the_supervisor_can_have) {
    std::vector<gate> gates(3);
    supervisor root("app", {.max_pending_starts = 2});
    supervisor_handle const handle = root.handle();
    run_of run(root);
    std::vector<answer<child_id>> started;
    for (gate const& each : gates)
        started.push_back(start(run, handle, each.worker("slow")));
    BOOST_TEST(gates[1].is_waited_for());
    BOOST_TEST(!gates[2].is_waited_for());
    BOOST_TEST(names(run, handle).size() == 2u); // other requests overtake it
    gates[0].open();
    run.settle();
    BOOST_TEST(started[0].good());
    BOOST_TEST(gates[2].is_waited_for());
    gates[1].open();
    gates[2].open();
    run.settle();
    BOOST_TEST(started[2].good());
}

BOOST_AUTO_TEST_CASE(C2_a_start_that_is_given_up_makes_room_for_the_next) {
    gate slow;
    supervisor root("app", {.max_pending_starts = 1});
    supervisor_handle const handle = root.handle();
    run_of run(root);
    auto const first = start(run, handle, slow.worker("slow"));
    std::array<asio::cancellation_signal, 2> signals;
    std::array<answer<child_id>, 2> given_up;
    for (std::size_t i : {0u, 1u})
        handle.async_start(probe("never"),
                           asio::bind_cancellation_slot(signals[i].slot(), given_up[i].receive()));
    auto const last = start(run, handle, probe("last"));
    for (auto& each : signals)
        each.emit(asio::cancellation_type::terminal);
    slow.open();
    run.settle();
    BOOST_TEST(first.good());
    BOOST_TEST(given_up[1].failed_with(asio::error::operation_aborted));
    BOOST_TEST(last.good());
}

// ---- C3: capacity

BOOST_AUTO_TEST_CASE(C3_a_supervisor_that_is_full_says_so_or_lets_wait) {
    supervisor root("app", {.max_dynamic_children = 2});
    root.add(probe("declared")); // does not count
    supervisor_handle const handle = root.handle();
    run_of run(root);
    BOOST_TEST(start(run, handle, probe("a")).good());
    BOOST_TEST(start(run, handle, probe("b")).good());
    auto const refused = start(run, handle, probe("c"));
    BOOST_TEST(refused.failed_with(errc::at_capacity));
    BOOST_TEST(refused.message() ==
               "supervisor 'app' has 2 children that were started at run time: at capacity");
    auto const waiting = start(run, handle, probe("d"), {}, when_full::wait);
    BOOST_TEST(!waiting.arrived());
    BOOST_TEST(stop(run, handle, "a").good());
    BOOST_TEST(waiting.good());
    BOOST_TEST(names(run, handle) == (lines{"declared", "b", "d"}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(C3_who_waits_for_a_place_keeps_nobody_else_waiting) {
    supervisor root("app", {.max_dynamic_children = 1, .max_pending_starts = 2});
    supervisor_handle const handle = root.handle();
    run_of run(root);
    BOOST_TEST(start(run, handle, probe("only")).good());
    std::vector<answer<child_id>> waiting;
    for (int i = 0; i != 4; ++i) // more than may be pending
        waiting.push_back(start(run, handle, probe("waits"), {}, when_full::wait));
    BOOST_TEST(start(run, handle, probe("fails")).failed_with(errc::at_capacity));
    BOOST_TEST(stop(run, handle, "only").good());
    for (answer<child_id> const& each : waiting) { // each in its turn
        BOOST_TEST(each.good());
        BOOST_TEST(stop(run, handle, "waits").good());
    }
}

BOOST_AUTO_TEST_CASE(C3_a_start_that_is_cancelled_while_it_waits_starts_nothing) {
    probe never("never");
    supervisor root("app", {.max_dynamic_children = 1});
    supervisor_handle const handle = root.handle();
    run_of run(root);
    BOOST_TEST(start(run, handle, probe("a")).good());
    answer<child_id> got;
    asio::cancellation_signal signal;
    handle.async_start(never, when_full::wait,
                       asio::bind_cancellation_slot(signal.slot(), got.receive()));
    run.settle();
    signal.emit(asio::cancellation_type::total);
    BOOST_TEST(!got.arrived()); // never from within
    run.settle();
    BOOST_TEST(got.failed_with(asio::error::operation_aborted));
    BOOST_TEST(stop(run, handle, "a").good());
    BOOST_TEST(never.initializations() == 0);
    BOOST_TEST(start(run, handle, probe("b")).good());
}

// ---- C5: stopping, restarting, removing

BOOST_AUTO_TEST_CASE(C5_a_declared_child_that_was_stopped_can_be_started_again) {
    probe child("child");
    supervisor root("app", {.intensity = {0, 1s}}); // none of this costs budget
    root.add(child);
    supervisor_handle const handle = root.handle();
    run_of run(root);
    BOOST_TEST(remove(run, handle, "child").failed_with(errc::child_running));
    BOOST_TEST(stop(run, handle, "child").good());
    BOOST_TEST(stop(run, handle, "child").good()); // what is stopped
    BOOST_TEST((state_of(handle, "child") == child_state::stopped));
    BOOST_TEST(restart(run, handle, "child").good());
    BOOST_TEST(restart(run, handle, "child").good()); // what runs
    BOOST_TEST(child.runs() == 3);
    BOOST_TEST(stop(run, handle, "child").good());
    BOOST_TEST(remove(run, handle, "child").good());
    BOOST_TEST(names(run, handle).empty());
    BOOST_TEST(stop(run, handle, "child").failed_with(errc::no_such_child));
    BOOST_TEST(!run.ended());
}

BOOST_AUTO_TEST_CASE(C5_a_child_that_was_started_at_run_time_is_forgotten_when_it_is_stopped) {
    supervisor root("app");
    supervisor_handle const handle = root.handle();
    run_of run(root);
    child_id const id = start(run, handle, probe("child")).get().value();
    BOOST_TEST(stop(run, handle, id).good());
    BOOST_TEST(names(run, handle).empty());
    BOOST_TEST(restart(run, handle, id).failed_with(errc::no_such_child));
    BOOST_TEST(restart(run, handle, id).message() ==
               "child " + std::to_string(id.value()) + " in supervisor 'app': no such child");
}

BOOST_AUTO_TEST_CASE(C5_who_initialises_can_be_stopped) {
    gate slow;
    supervisor root("app");
    root.add(slow.worker("slow"));
    supervisor_handle const handle = root.handle();
    run_of run(root);
    BOOST_TEST(stop(run, handle, "slow").good());
    BOOST_TEST((state_of(handle, "slow") == child_state::stopped));
    BOOST_TEST(!run.ended());
}

BOOST_AUTO_TEST_CASE(C5_who_waits_for_its_back_off_can_be_stopped_or_started_at_once) {
    probe child("child");
    supervisor root("app", {.intensity = unlimited, .backoff = {.first = 1h, .most = 1h}});
    root.add(child);
    supervisor_handle const handle = root.handle();
    run_of run(root);
    child.fail("x");
    run.settle();
    BOOST_TEST((state_of(handle, "child") == child_state::waiting));
    BOOST_TEST(remove(run, handle, "child").failed_with(errc::child_running));
    BOOST_TEST(restart(run, handle, "child").good());
    BOOST_TEST(child.runs() == 2);
    child.fail("x");
    run.settle();
    BOOST_TEST(stop(run, handle, "child").good());
    BOOST_TEST((state_of(handle, "child") == child_state::stopped));
    run.stop();
    BOOST_TEST(run.ended());
}

BOOST_AUTO_TEST_CASE(C5_a_one_shot_child_cannot_be_restarted) {
    supervisor root("app");
    supervisor_handle const handle = root.handle();
    run_of run(root);
    answer<child_id> started;
    handle.async_start(once("shot", [p = std::make_unique<int>(1)](
                                        process_shutdown s) { return until_shutdown(s); }),
                       started.receive());
    run.settle();
    BOOST_TEST(started.good());
    BOOST_TEST(restart(run, handle, "shot").failed_with(errc::started_once));
    BOOST_TEST((state_of(handle, "shot") == child_state::running));
}

// ---- C6: from within

BOOST_AUTO_TEST_CASE(C6_a_child_may_stop_its_own_supervisor_and_wait_for_the_answer) {
    supervisor root("app");
    supervisor_handle const handle = root.handle();
    lines said;
    root.add(worker("child", [handle, &said](process_shutdown shutdown) -> asio::awaitable<void> {
        auto stopping = handle.async_stop_supervisor();
        auto const stopped = co_await std::move(stopping);
        said.emplace_back(stopped ? "asked" : stopped.error().message());
        auto wait = shutdown.async_wait();
        co_await std::move(wait);
        said.emplace_back("stopped");
    }));
    run_of run(root);
    BOOST_TEST(run.ended());
    BOOST_TEST(run.result().has_value());
    BOOST_TEST(said == (lines{"asked", "stopped"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(C6_a_child_may_stop_or_restart_itself_and_wait_for_the_answer) {
    supervisor root("app");
    supervisor_handle const handle = root.handle();
    int runs = 0;
    lines said;
    root.add(worker("child", [&](process_shutdown shutdown) -> asio::awaitable<void> {
        auto asking = ++runs == 1 ? handle.async_restart("child") : handle.async_stop("child");
        auto const answered = co_await std::move(asking);
        said.emplace_back(answered ? "asked" : answered.error().message());
        auto wait = shutdown.async_wait();
        co_await std::move(wait);
    }));
    run_of run(root);
    BOOST_TEST(runs == 2);
    BOOST_TEST(said == (lines{"asked", "asked"}), boost::test_tools::per_element());
    BOOST_TEST((state_of(handle, "child") == child_state::stopped));
}

BOOST_AUTO_TEST_CASE(C6_a_child_may_start_siblings_while_it_initialises) {
    supervisor root("app");
    supervisor_handle const handle = root.handle();
    root.add(worker("leader", [handle](process_shutdown s) -> asio::awaitable<initialization> {
        auto starting = handle.async_start(probe("follower"));
        auto const started = co_await std::move(starting);
        if (!started)
            co_return initialization_error(started.error());
        co_return [](process_shutdown shutdown) -> asio::awaitable<result<void>> {
            co_await shutdown.async_wait(asio::use_awaitable);
            co_return success();
        }(s);
    }));
    run_of run(root);
    BOOST_TEST(names(run, handle) == (lines{"leader", "follower"}),
               boost::test_tools::per_element());
    run.stop();
    BOOST_TEST(run.result().has_value());
}

BOOST_AUTO_TEST_CASE(C6_an_abort_ends_a_child_that_waits_for_an_answer) {
    gate slow;
    supervisor root("app");
    supervisor_handle const handle = root.handle();
    root.add(worker("child", [handle, &slow]() -> asio::awaitable<void> {
        auto starting = handle.async_start(slow.worker("slow"));
        (void)co_await std::move(starting);
    }));
    run_of run(root);
    BOOST_TEST(slow.is_waited_for());
    run.abort();
    BOOST_TEST(run.ended());
}

// ---- readiness, lists and counts

BOOST_AUTO_TEST_CASE(S5_readiness_can_be_awaited) {
    gate slow;
    supervisor root("app");
    root.add(slow.worker("slow"));
    supervisor_handle const handle = root.handle();
    run_of run(root);
    answer<void> ready;
    handle.async_wait_ready(ready.receive());
    run.settle();
    BOOST_TEST(!ready.arrived());
    slow.open();
    run.settle();
    BOOST_TEST(ready.good());
    answer<void> at_once;
    handle.async_wait_ready(at_once.receive());
    run.settle();
    BOOST_TEST(at_once.good());
}

BOOST_AUTO_TEST_CASE(C1_counts_agree_with_what_is_alive) {
    probe ends("ends");
    supervisor inner("inner");
    inner.add(probe("leaf"));
    supervisor root("app");
    root.add(ends, {.restart = temporary}).add(std::move(inner));
    supervisor_handle const handle = root.handle();
    run_of run(root);
    BOOST_TEST(start(run, handle, probe("dynamic")).good());
    ends.complete();
    run.settle();
    answer<child_count> got;
    handle.async_count(got.receive());
    run.settle();
    child_count const count = got.get().value();
    BOOST_TEST(count.all == 3u);
    BOOST_TEST(count.active == 2u);
    BOOST_TEST(count.supervisors == 1u);
    BOOST_TEST(count.workers == 2u);
    BOOST_TEST(count.dynamic == 1u);
}

// ---- S6

BOOST_AUTO_TEST_CASE(S6_a_supervisor_of_which_somebody_has_a_handle_idles_without_children) {
    supervisor root("app");
    {
        run_of run(root);
        BOOST_TEST((run.result().error().code() == errc::no_children));
    }
    supervisor_handle const handle = root.handle();
    run_of run(root);
    BOOST_TEST(!run.ended());
    BOOST_TEST((handle.snapshot().nodes[0].supervisor->state == supervisor_state::ready));
    BOOST_TEST(start(run, handle, probe("late")).good());
    run.stop();
    BOOST_TEST(run.result().has_value());
}

// ---- who is told, and where

BOOST_AUTO_TEST_CASE(handlers_run_on_their_executors) {
    supervisor root("app");
    supervisor_handle const handle = root.handle();
    asio::thread_pool pool(1);
    std::promise<run_result> ended;
    asio::cancellation_signal signal;
    auto strand = asio::make_strand(pool);
    root.async_run(pool, asio::bind_cancellation_slot(
                             signal.slot(), asio::bind_executor(strand, [&](run_result r) {
                                 ended.set_value(std::move(r));
                             })));
    asio::io_context other(1);
    bool here = false;
    handle.async_start(probe("x"), asio::bind_executor(other, [&](result<child_id> started) {
                           BOOST_TEST(started.has_value());
                           here = other.get_executor().running_in_this_thread();
                       }));
    other.run(); // has work until the answer is there
    BOOST_TEST(here);
    auto listed = handle.async_list(asio::use_future);
    BOOST_TEST(listed.get().value().size() == 1u);
    handle.request_stop();
    BOOST_TEST(ended.get_future().get().has_value());
    pool.join();
}

BOOST_AUTO_TEST_CASE(a_request_of_another_context_is_answered_when_that_of_the_run_is_destroyed) {
    gate slow;
    asio::io_context other(1);
    answer<child_id> theirs;
    answer<child_id> ours;
    supervisor root("app");
    supervisor_handle const handle = root.handle();
    {
        asio::io_context context(1);
        root.async_run(context, [](run_result) { BOOST_FAIL("dropped"); });
        context.poll();
        handle.async_start(slow.worker("slow"), asio::bind_executor(other, theirs.receive()));
        handle.async_start(slow.worker("slow"), ours.receive());
        context.poll();
    }
    other.run();
    BOOST_TEST(theirs.failed_with(errc::not_running));
    BOOST_TEST(!ours.arrived());
}

BOOST_AUTO_TEST_CASE(a_request_is_dropped_with_the_context_of_its_handler) {
    gate slow;
    supervisor root("app");
    supervisor_handle const handle = root.handle();
    run_of run(root);
    auto const owned = std::make_shared<int>(1);
    {
        asio::io_context other(1);
        handle.async_start(slow.worker("slow"),
                           asio::bind_executor(other, [owned](result<child_id>) {}));
        run.settle();
        BOOST_TEST(owned.use_count() == 2);
    }
    BOOST_TEST(owned.use_count() == 1);
    slow.open();
    run.settle();
    BOOST_TEST((state_of(handle, "slow") == child_state::running)); // what was begun goes on
}
