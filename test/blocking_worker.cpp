// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#define BOOST_TEST_MODULE blocking_worker
#include <arborist/blocking_worker.hpp>

#include "support/threads.hpp"
#include "support/tree.hpp"

#include <boost/thread/condition_variable.hpp>
#include <boost/thread/mutex.hpp>

#include <atomic>
#include <condition_variable>
#include <future>
#include <mutex>
#include <stop_token>
#include <thread>

using namespace tree_test;

BOOST_TEST_GLOBAL_FIXTURE(quiet_log);

namespace {

/// A tree on the context of this thread.
class tree {
public:
    explicit tree(supervisor& root) {
        root.observe([this](event const& what) {
            if (what.kind == event_kind::child_exited || what.kind == event_kind::child_exited_late)
                exits.push_back(*what.exit);
            notes.write(to_string(what.kind));
        });
        root.async_run(context, asio::bind_cancellation_slot(signal.slot(), [this](run_result r) {
                           result.emplace(std::move(r));
                       }));
    }
    template <class Condition>
    void run_until(Condition condition) {
        context.restart();
        while (!condition() && !context.stopped())
            context.run_one();
        BOOST_TEST_REQUIRE(condition());
    }
    run_result& stop() {
        signal.emit(asio::cancellation_type::total);
        run_until([this] { return result.has_value(); });
        return *result;
    }

    asio::io_context context;
    asio::cancellation_signal signal;
    std::optional<run_result> result;
    std::vector<exit_reason> exits;
    journal notes;
};

/// Waits for a stop, as plain C++ does.
void wait_for(std::stop_token stop) {
    std::mutex mutex;
    std::condition_variable_any wake;
    std::unique_lock lock(mutex);
    wake.wait(lock, stop, [] { return false; });
}

/// Waits for an interruption.
void wait_for_interruption() {
    boost::mutex mutex;
    boost::condition_variable wake;
    boost::unique_lock<boost::mutex> lock(mutex);
    for (;;)
        wake.wait(lock);
}

} // namespace

BOOST_AUTO_TEST_CASE(T7_runs_on_a_thread_of_its_own_in_its_process_and_stops_when_told) {
    std::size_t const before = threads_but_the_librarys();
    std::promise<void> reached;
    std::thread::id thread;
    std::string thread_name, name;
    std::uint64_t id = 0;
    supervisor root("app");
    root.add(blocking_worker("the-long-named-indexer", [&](std::stop_token stop) {
        thread = std::this_thread::get_id();
        thread_name = name_of_this_thread();
        name = this_process::name();
        id = this_process::id();
        reached.set_value();
        wait_for(stop);
    }));
    tree run(root);
    run.context.poll();
    reached.get_future().wait();
    BOOST_TEST(std::ranges::count(threads(), "the_long_named_") == 1);
    BOOST_TEST(run.stop().has_value());
    BOOST_TEST((thread != std::this_thread::get_id()));
    BOOST_TEST(thread_name == "the_long_named_"); // the last segment, cut
    BOOST_TEST(name == "app.the_long_named_indexer");
    BOOST_TEST(id != 0u);
    BOOST_TEST_REQUIRE(run.exits.size() == 1u);
    BOOST_TEST((run.exits[0].kind() == exit_kind::completed));
    wait_for_threads(before);
}

BOOST_AUTO_TEST_CASE(T7_its_result_is_its_exit) {
    int start = 0;
    supervisor root("app", {.intensity = unlimited});
    root.add(blocking_worker("w", [&](std::stop_token stop) -> result<void> {
        switch (++start) {
        case 1:
            return cause("disk full");
        case 2:
            throw std::runtime_error("boom");
        case 3:
            throw boost::system::system_error(asio::error::broken_pipe);
        case 4:
            return success();
        default:
            wait_for(stop);
            return errc::shutdown_requested; // as `until` says it
        }
    }));
    tree run(root);
    run.run_until([&] { return run.exits.size() == 4; });
    BOOST_TEST(run.stop().has_value());
    BOOST_TEST_REQUIRE(run.exits.size() == 5u);
    BOOST_TEST(run.exits[0].message() == "terminated: disk full");
    BOOST_TEST(run.exits[1].message() == "panicked: std::runtime_error: boom");
    BOOST_TEST((run.exits[2].kind() == exit_kind::panicked));
    BOOST_TEST((run.exits[2].why().code() == asio::error::broken_pipe));
    BOOST_TEST(run.exits[3].message() == "completed");
    BOOST_TEST(run.exits[4].message() == "completed");
}

BOOST_AUTO_TEST_CASE(T7_the_abort_is_an_interruption) {
    supervisor root("app");
    root.add(blocking_worker("w", [] { wait_for_interruption(); }), {.shutdown = brutal});
    tree run(root);
    run.context.poll();
    BOOST_TEST(run.stop().has_value());
    BOOST_TEST_REQUIRE(run.exits.size() == 1u);
    BOOST_TEST((run.exits[0].kind() == exit_kind::aborted));
}

BOOST_AUTO_TEST_CASE(T7_who_ignores_the_token_is_interrupted_when_his_time_is_over) {
    supervisor root("app");
    root.add(blocking_worker("w", [] { wait_for_interruption(); }), {.shutdown = graceful(1ms)});
    tree run(root);
    run.context.poll();
    run_result& result = run.stop();
    BOOST_TEST_REQUIRE(result.has_error());
    BOOST_TEST(result.error().message() == "app: shutdown timed out: aborted w");
    BOOST_TEST((run.exits.at(0).kind() == exit_kind::aborted));
}

BOOST_AUTO_TEST_CASE(T7_an_interruption_that_nobody_asked_for_is_a_failure) {
    supervisor root("app", {.intensity = {0, 1s}});
    root.add(blocking_worker("w", []() { throw boost::thread_interrupted(); }));
    tree run(root);
    run.run_until([&] { return run.result.has_value(); });
    BOOST_TEST((run.exits.at(0).kind() == exit_kind::terminated));
    BOOST_TEST((run.exits.at(0).why().code() == asio::error::operation_aborted));
}

BOOST_AUTO_TEST_CASE(T7_D9_who_heeds_neither_is_abandoned_and_his_late_end_is_told) {
    std::promise<void> end;
    auto ended = end.get_future().share();
    supervisor root("app", {.abort_grace = 1ms});
    root.add(blocking_worker("deaf", [ended] { ended.wait(); }), {.shutdown = graceful(1ms)});
    tree run(root);
    run.context.poll();
    BOOST_TEST(run.stop().error().message() == "app: shutdown timed out: abandoned deaf");
    end.set_value();
    run.run_until([&] { return run.notes.count("child_exited_late") == 1; });
    BOOST_TEST(run.exits.back().message() == "completed");
}

BOOST_AUTO_TEST_CASE(T7_a_thread_that_cannot_be_made_is_a_failed_initialisation) {
    supervisor root("app");
    root.add(blocking_worker("w", [] {}, {.stack_size = std::size_t(1) << 46}));
    tree run(root);
    run.run_until([&] { return run.result.has_value(); });
    BOOST_TEST_REQUIRE(run.result->has_error());
    BOOST_TEST(run.result->error().message().find(
                   "app: child 'w' failed to initialise: cannot make a thread: ") == 0u,
               run.result->error().message());
    BOOST_TEST((run.result->error().exit().why().code() == errc::runtime_unavailable));
}

BOOST_AUTO_TEST_CASE(D12_destroying_the_context_stops_interrupts_and_waits) {
    std::size_t const before = threads_but_the_librarys();
    std::atomic<bool> stopped = false;
    std::atomic<bool> interrupted = false;
    {
        supervisor root("app");
        root.add(blocking_worker("token", [&](std::stop_token stop) {
            wait_for(stop);
            stopped = true;
        }));
        root.add(blocking_worker("interruption", [&] {
            try {
                wait_for_interruption();
            } catch (boost::thread_interrupted const&) {
                interrupted = true;
            }
        }));
        tree run(root);
        run.context.poll();
    }
    BOOST_TEST(stopped);
    BOOST_TEST(interrupted);
    wait_for_threads(before);
}

BOOST_AUTO_TEST_CASE(D12_an_abandoned_one_outlives_the_context) {
    auto end = std::make_shared<std::promise<void>>();
    std::size_t const before = threads_but_the_librarys();
    {
        supervisor root("app", {.abort_grace = 1ms});
        root.add(blocking_worker("deaf", [ended = end->get_future().share()] { ended.wait(); }),
                 {.shutdown = graceful(1ms)});
        tree run(root);
        run.context.poll();
        BOOST_TEST((run.stop().error().code() == errc::shutdown_timed_out));
    }
    end->set_value();
    wait_for_threads(before);
}

BOOST_AUTO_TEST_CASE(T7_restarted_often_it_leaves_no_thread_behind) {
    std::size_t const before = threads_but_the_librarys();
    std::size_t most = 0;
    int runs = 0;
    supervisor root("app", {.intensity = unlimited});
    root.observe([&](event const& what) {
        if (what.kind == event_kind::child_starting)
            most = std::max(most, threads_but_the_librarys());
    });
    root.add(blocking_worker("w", [&](std::stop_token stop) {
        if (++runs <= 300)
            throw 1;
        wait_for(stop);
    }));
    tree run(root);
    run.run_until([&] { return run.exits.size() == 300; });
    run.context.poll();
    BOOST_TEST(run.stop().has_value());
    BOOST_TEST(most <= before + 1); // the one that was just joined may still be listed
    wait_for_threads(before);
}
