// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#define BOOST_TEST_MODULE event
#include <arborist/event.hpp>

#include "support/tree.hpp"

#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_future.hpp>

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <thread>

using namespace tree_test;

BOOST_TEST_GLOBAL_FIXTURE(quiet_log);

namespace {

// The lines of one supervisor.
lines those_of(std::string const& supervisor, journal const& notes) {
    lines found;
    for (std::string const& line : notes.lines())
        if (line.starts_with(supervisor + ' '))
            found.push_back(line.substr(supervisor.size() + 1));
    return found;
}

observer throwing(event_kind when) {
    return [when](event const& what) {
        if (what.kind == when)
            throw std::runtime_error("I cannot look");
    };
}

} // namespace

BOOST_AUTO_TEST_CASE(every_kind_has_a_name_of_its_own) {
    std::pair<event_kind, std::string> const names[] = {
        {event_kind::supervisor_starting, "supervisor_starting"},
        {event_kind::supervisor_ready, "supervisor_ready"},
        {event_kind::supervisor_stopping, "supervisor_stopping"},
        {event_kind::supervisor_stopped, "supervisor_stopped"},
        {event_kind::child_starting, "child_starting"},
        {event_kind::child_ready, "child_ready"},
        {event_kind::child_exited, "child_exited"},
        {event_kind::child_failed_to_initialize, "child_failed_to_initialize"},
        {event_kind::child_start_timed_out, "child_start_timed_out"},
        {event_kind::child_restarting, "child_restarting"},
        {event_kind::gave_up, "gave_up"},
        {event_kind::child_stopping, "child_stopping"},
        {event_kind::child_aborting, "child_aborting"},
        {event_kind::child_abandoned, "child_abandoned"},
        {event_kind::child_exited_late, "child_exited_late"},
        {event_kind::child_removed, "child_removed"},
        {event_kind::runtime_stalled, "runtime_stalled"},
        {event_kind::runtime_resumed, "runtime_resumed"},
        {event_kind::runtime_panicked, "runtime_panicked"},
        {event_kind::observer_failed, "observer_failed"},
    };
    int expected = 0;
    for (auto const& [kind, name] : names) {
        BOOST_TEST(static_cast<int>(kind) == expected++); // none is missing
        BOOST_TEST(to_string(kind) == name);
    }
    BOOST_TEST(std::string(to_string(event_kind(expected))) == "unknown event");
    BOOST_TEST(std::string(to_string(event_kind(255))) == "unknown event");
}

// ---- what is told ---------------------------------------------------------------------------

BOOST_AUTO_TEST_CASE(O1_the_life_of_a_small_tree) {
    journal events;
    probe child("wal");
    supervisor root("app");
    root.observe(write_to(events));
    root.add(probe("index")).add(child);
    run_of run(root);
    BOOST_TEST(events.take() == (lines{"app supervisor_starting", "app child_starting index",
                                       "app child_starting wal", "app child_ready index",
                                       "app child_ready wal", "app supervisor_ready"}),
               boost::test_tools::per_element());
    child.fail("disk full");
    run.settle();
    BOOST_TEST(events.take() == (lines{"app child_exited wal", "app child_restarting wal",
                                       "app child_starting wal", "app child_ready wal"}),
               boost::test_tools::per_element());
    child.fail("disk full");
    run.settle();
    BOOST_TEST(events.take() == (lines{"app child_exited wal", "app gave_up wal",
                                       "app supervisor_stopping", "app child_stopping index",
                                       "app child_exited index", "app supervisor_stopped"}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(O1_events_carry_what_their_kind_needs) {
    struct seen {
        std::uint64_t first = 0, second = 0;
        int restarts = 0, gave_up = 0, stopped = 0;
    } it;
    probe child("wal");
    supervisor root("app", {.intensity = {1, 1h}});
    root.observe([&it](event const& what) {
        BOOST_TEST(what.supervisor == "app");
        switch (what.kind) {
        case event_kind::child_starting:
            BOOST_TEST(what.child == "wal");
            BOOST_TEST(what.process_id != 0u);
            (it.first == 0 ? it.first : it.second) = what.process_id;
            break;
        case event_kind::child_exited:
            BOOST_TEST_REQUIRE(what.exit != nullptr);
            BOOST_TEST(what.process_id == (it.second == 0 ? it.first : it.second));
            BOOST_TEST(
                what.exit->message() ==
                (it.second == 0 ? "terminated: disk full" : "panicked: std::runtime_error: x"));
            break;
        case event_kind::child_restarting:
            ++it.restarts;
            BOOST_TEST(what.child == "wal");
            BOOST_TEST(what.restarts == 1u);
            BOOST_TEST((what.intensity == restart_intensity{1, 1h}));
            BOOST_TEST((what.delay == duration::zero()));
            break;
        case event_kind::gave_up:
            ++it.gave_up;
            BOOST_TEST_REQUIRE(what.exit != nullptr);
            BOOST_TEST(what.exit->message() == "panicked: std::runtime_error: x");
            BOOST_TEST(what.restarts == 1u);
            break;
        case event_kind::supervisor_stopped:
            ++it.stopped;
            BOOST_TEST(what.child.empty());
            BOOST_TEST(what.process_id == 0u);
            BOOST_TEST_REQUIRE(what.error != nullptr);
            BOOST_TEST((what.error->code() == errc::restart_limit_exceeded));
            break;
        default:
            BOOST_TEST(what.error == nullptr);
        }
    });
    root.add(child);
    run_of run(root);
    child.fail("disk full");
    run.settle();
    child.panic("x");
    run.settle();
    BOOST_TEST(it.second > it.first); // N1
    BOOST_TEST(it.restarts == 1);
    BOOST_TEST(it.gave_up == 1);
    BOOST_TEST(it.stopped == 1);
}

BOOST_AUTO_TEST_CASE(a_good_stop_has_no_error) {
    int stopped = 0;
    supervisor root("app");
    root.observe([&stopped](event const& what) {
        if (what.kind == event_kind::supervisor_stopped) {
            ++stopped;
            BOOST_TEST(what.error == nullptr);
        }
    });
    root.add(probe("child"));
    run_of run(root);
    run.stop();
    BOOST_TEST(stopped == 1);
}

// ---- who is told ----------------------------------------------------------------------------

BOOST_AUTO_TEST_CASE(observers_are_told_in_the_order_in_which_they_were_registered) {
    lines order;
    supervisor root("app");
    for (char const* name : {"first", "second", "third"})
        root.observe([&order, name](event const& what) {
            if (what.kind == event_kind::supervisor_ready)
                order.emplace_back(name);
        });
    root.add(probe("child"));
    run_of const run(root);
    BOOST_TEST(order == (lines{"first", "second", "third"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(observers_of_the_root_see_all_and_those_of_a_nested_one_what_is_below_it) {
    journal all, middle_and_below, leaf_only;
    supervisor leaf("leaf");
    leaf.observe(write_to(leaf_only));
    leaf.add(probe("worker"));
    supervisor middle("middle");
    middle.observe(write_to(middle_and_below));
    middle.add(std::move(leaf));
    supervisor root("root");
    root.observe(write_to(all));
    root.add(probe("other")).add(std::move(middle));
    run_of run(root);
    run.stop();

    auto const supervisors = [](journal const& notes) {
        std::set<std::string> found;
        for (std::string const& line : notes.lines())
            found.insert(line.substr(0, line.find(' ')));
        return lines(found.begin(), found.end());
    };
    BOOST_TEST(supervisors(leaf_only) == lines{"root.middle.leaf"},
               boost::test_tools::per_element());
    BOOST_TEST(supervisors(middle_and_below) == (lines{"root.middle", "root.middle.leaf"}),
               boost::test_tools::per_element());
    BOOST_TEST(supervisors(all) == (lines{"root", "root.middle", "root.middle.leaf"}),
               boost::test_tools::per_element());
    for (char const* name : {"root.middle.leaf", "root.middle"})
        BOOST_TEST(those_of(name, all) == those_of(name, middle_and_below),
                   boost::test_tools::per_element());
    BOOST_TEST(those_of("root.middle.leaf", all) ==
                   (lines{"supervisor_starting", "child_starting worker", "child_ready worker",
                          "supervisor_ready", "supervisor_stopping", "child_stopping worker",
                          "child_exited worker", "supervisor_stopped"}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_nested_supervisor_is_a_child_for_its_parent_and_tells_of_itself_first) {
    journal events;
    supervisor inner("inner");
    inner.add(probe("worker"));
    supervisor root("root");
    root.observe(write_to(events));
    root.add(std::move(inner));
    run_of run(root);
    BOOST_TEST(events.take() ==
                   (lines{"root supervisor_starting", "root child_starting inner",
                          "root.inner supervisor_starting", "root.inner child_starting worker",
                          "root.inner child_ready worker", "root.inner supervisor_ready",
                          "root child_ready inner", "root supervisor_ready"}),
               boost::test_tools::per_element());
    run.stop();
    BOOST_TEST(events.take() ==
                   (lines{"root supervisor_stopping", "root child_stopping inner",
                          "root.inner supervisor_stopping", "root.inner child_stopping worker",
                          "root.inner child_exited worker", "root.inner supervisor_stopped",
                          "root child_exited inner", "root supervisor_stopped"}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(O1_per_supervisor_in_order_also_on_a_thread_pool) {
    asio::thread_pool pool(3);
    for (int i = 0; i != 50; ++i) {
        std::mutex mutex;
        journal events;
        shutdown_source stop(pool);
        supervisor root("root");
        root.observe([&](event const& what) {
            std::lock_guard const lock(mutex);
            write_to(events)(what);
        });
        for (char const* name : {"a", "b", "c"}) {
            supervisor inner(name);
            inner.add(worker("worker", [](process_shutdown shutdown) -> asio::awaitable<void> {
                co_await shutdown.async_wait(asio::use_awaitable);
            }));
            root.add(std::move(inner));
        }
        root.observe([&stop](event const& what) {
            if (what.kind == event_kind::supervisor_ready && what.supervisor == "root")
                stop.request();
        });
        auto ended =
            root.async_run(pool, stop.get_shutdown().async_wait(asio::deferred), asio::use_future);
        BOOST_TEST_REQUIRE(ended.get().has_value());
        for (char const* name : {"root.a", "root.b", "root.c"})
            BOOST_TEST(
                those_of(name, events) ==
                    (lines{"supervisor_starting", "child_starting worker", "child_ready worker",
                           "supervisor_ready", "supervisor_stopping", "child_stopping worker",
                           "child_exited worker", "supervisor_stopped"}),
                boost::test_tools::per_element());
        BOOST_TEST(those_of("root", events).front() == "supervisor_starting");
        BOOST_TEST(those_of("root", events).back() == "supervisor_stopped");
        BOOST_TEST(events.lines().size() == 3u * 8 + 4 + 3 * 4);
    }
    pool.join();
}

// ---- observers that throw -------------------------------------------------------------------

BOOST_AUTO_TEST_CASE(an_observer_that_throws_is_reported_to_the_others_and_harms_nothing) {
    journal before, after;
    lines reported;
    probe child("child");
    supervisor root("root");
    root.observe(write_to(before));
    root.observe(throwing(event_kind::child_restarting));
    root.observe(write_to(after));
    root.observe([&reported](event const& what) {
        if (what.kind == event_kind::observer_failed) {
            BOOST_TEST_REQUIRE(what.exit != nullptr);
            reported.push_back(what.exit->message());
        }
    });
    root.add(child);
    run_of run(root);
    child.fail("x");
    run.settle();
    BOOST_TEST(child.runs() == 2);
    BOOST_TEST(reported == lines{"panicked: std::runtime_error: I cannot look"},
               boost::test_tools::per_element());
    for (journal const* notes : {&before, &after}) {
        BOOST_TEST(notes->count("root observer_failed") == 1u);
        BOOST_TEST(notes->count("root child_restarting child") == 1u);
    }
    run.stop();
    BOOST_TEST(run.result().has_value());
}

BOOST_AUTO_TEST_CASE(an_observer_that_throws_at_everything_harms_nothing_either) {
    journal events;
    int calls = 0;
    probe child("child");
    supervisor inner("inner");
    inner.add(child);
    supervisor root("root");
    root.observe([&calls](event const&) {
        ++calls;
        throw 42; // NOLINT
    });
    root.observe(write_to(events));
    root.add(std::move(inner));
    run_of run(root);
    child.fail("x");
    run.settle();
    BOOST_TEST(child.runs() == 2);
    run.stop();
    BOOST_TEST(run.result().has_value());
    std::size_t const failures =
        events.count("root observer_failed") + events.count("root.inner observer_failed");
    BOOST_TEST(failures == events.lines().size() / 2); // each event, and each once
    BOOST_TEST(calls >= static_cast<int>(failures));
}

BOOST_AUTO_TEST_CASE(the_observer_that_threw_is_not_told_that_it_did) {
    int told = 0;
    supervisor root("root");
    root.observe([&told](event const& what) {
        told += what.kind == event_kind::observer_failed;
        if (what.kind == event_kind::supervisor_ready)
            throw std::runtime_error("x");
    });
    root.add(probe("child"));
    run_of const run(root);
    BOOST_TEST(told == 0);
}

// ---- observers that take part ---------------------------------------------------------------

BOOST_AUTO_TEST_CASE(an_observer_may_start_and_stop_children) {
    journal events;
    probe child("child");
    supervisor root("root", {.intensity = unlimited});
    supervisor_handle const handle = root.handle();
    int replaced = 0;
    root.observe([&](event const& what) {
        (void)handle.snapshot();
        if (what.kind == event_kind::child_restarting && what.child == "child") {
            handle.async_start(probe("substitute"), [](result<child_id>) {});
            handle.async_stop(what.child_id,
                              [&replaced](result<void> stopped) { replaced += stopped ? 1 : 0; });
        }
        if (what.kind == event_kind::supervisor_stopping)
            handle.async_start(probe("too late"), [](result<child_id> started) {
                BOOST_TEST((started.error().code() == errc::not_running));
            });
    });
    root.observe(write_to(events)); // after it: the order is the same for everybody
    root.add(child);
    run_of run(root);
    events.take();
    child.fail("x");
    run.settle();
    BOOST_TEST(replaced == 1);
    BOOST_TEST(events.take() ==
                   (lines{"root child_exited child", "root child_restarting child",
                          "root child_starting child", "root child_ready child",
                          "root child_starting substitute", "root child_stopping child",
                          "root child_ready substitute", "root child_exited child"}),
               boost::test_tools::per_element());
    run.stop();
    BOOST_TEST(run.result().has_value());
}

BOOST_AUTO_TEST_CASE(O1_a_slow_observer_delays_its_supervisor_and_changes_no_order) {
    // On two threads, where everything could overtake everything. Each event names the process of
    // which it tells: every process starts, is ready and exits, in this order, one after the other.
    asio::thread_pool pool(2);
    std::map<std::string, lines> seen;
    std::mutex mutex;
    supervisor root("root", {.intensity = unlimited});
    supervisor_handle const handle = root.handle();
    root.observe([&](event const& what) {
        for (int i = 0; i != 50; ++i)
            std::this_thread::yield();
        if (what.child.empty())
            return;
        std::lock_guard const lock(mutex);
        lines& told = seen[std::string(what.child)];
        told.push_back(std::to_string(what.process_id) + ' ' + to_string(what.kind));
        if (told.size() > 200)
            handle.request_stop();
    });
    for (char const* name : {"a", "b", "c"})
        root.add(worker(name, []() -> asio::awaitable<void> {
            auto step = asio::post(asio::deferred);
            co_await std::move(step);
        }));
    BOOST_TEST(root.async_run(pool, asio::use_future).get().has_value());
    pool.join();
    for (auto const& [name, told] : seen) {
        std::uint64_t last = 0;
        lines expected;
        for (std::size_t i = 0; i + 4 <= told.size(); i += 4) {
            std::uint64_t const process = std::stoull(told[i]);
            BOOST_TEST(process > last);
            last = process;
            std::string const id = std::to_string(process) + ' ';
            BOOST_TEST(told[i] == id + "child_starting");
            BOOST_TEST(told[i + 1] == id + "child_ready");
            if (told[i + 2] != id + "child_exited")
                break; // the stop
            BOOST_TEST(told[i + 2] == id + "child_exited");
            if (told[i + 3] != id + "child_restarting")
                break;
        }
    }
}

BOOST_AUTO_TEST_CASE(O1_an_exit_tells_how_long_the_process_lived) {
    std::optional<event> exited;
    probe child("child");
    supervisor root("root");
    root.observe([&exited](event const& what) {
        if (what.kind == event_kind::child_exited)
            exited = what;
    });
    root.add(child);
    supervisor_handle const handle = root.handle();
    run_of run(root);
    auto const before = handle.snapshot().nodes[1];
    child.fail("x");
    run.settle();
    BOOST_TEST_REQUIRE(exited.has_value());
    BOOST_TEST((exited->uptime >= before.uptime));
    BOOST_TEST((exited->child_id == before.id));
    BOOST_TEST(exited->process_id == before.process_id);
    BOOST_TEST(exited->budget_left() == 1u); // of the window before this exit was decided about
}
