// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#define BOOST_TEST_MODULE run
#include <arborist/run.hpp>

#include "support/tree.hpp"

#include <boost/system/system_error.hpp>

#include <csignal>
#include <iostream>
#include <sstream>

using namespace tree_test;

BOOST_TEST_GLOBAL_FIXTURE(quiet_log);

namespace {

// Standard error, as far as the program writes to it through the stream.
class captured_errors {
public:
    captured_errors() : previous_(std::cerr.rdbuf(text_.rdbuf())) {}
    captured_errors(captured_errors const&) = delete;
    captured_errors& operator=(captured_errors const&) = delete;
    ~captured_errors() { std::cerr.rdbuf(previous_); }

    [[nodiscard]] std::string text() const { return text_.str(); }

private:
    std::ostringstream text_;
    std::streambuf* previous_;
};

bool has_default_effect(int number) {
    struct sigaction now = {};
    ::sigaction(number, nullptr, &now);
    return now.sa_handler == SIG_DFL;
}

// Sends a signal to its own program, and then does `then`.
template <class Then>
child_specification raising(int number, Then then) {
    return worker("raising", [number, then](process_shutdown shutdown) -> asio::awaitable<void> {
        std::raise(number);
        co_await then(std::move(shutdown));
    });
}

asio::awaitable<void> obedient(process_shutdown shutdown) {
    co_await shutdown.async_wait(asio::use_awaitable);
}

asio::awaitable<void> deaf(process_shutdown /*shutdown*/) {
    asio::steady_timer forever(co_await asio::this_coro::executor,
                               asio::steady_timer::time_point::max());
    co_await forever.async_wait(asio::use_awaitable);
}

} // namespace

BOOST_AUTO_TEST_CASE(a_signal_stops_the_tree_and_the_code_is_0) {
    for (int const number : {SIGTERM, SIGINT}) {
        captured_errors const errors;
        journal events;
        supervisor root("app");
        root.observe(write_to(events));
        root.add(probe("sibling")).add(raising(number, obedient));
        BOOST_TEST(run(root) == 0);
        BOOST_TEST(errors.text() == "");
        BOOST_TEST(events.count("app child_stopping raising") == 1u);
        BOOST_TEST(events.count("app child_stopping sibling") == 1u);
        BOOST_TEST(has_default_effect(number)); // a second one would end the program
    }
}

BOOST_AUTO_TEST_CASE(a_child_that_cannot_be_started_is_69) {
    captured_errors const errors;
    probe broken("listener");
    broken.break_initialization(cause(asio::error::address_in_use, "cannot listen on port 80"));
    supervisor root("app");
    root.add(broken);
    BOOST_TEST(run(root) == 69);
    BOOST_TEST(errors.text() == "app: child 'listener' failed to initialise: cannot listen on port "
                                "80: Address already in use\n");
    BOOST_TEST(has_default_effect(SIGTERM));
}

BOOST_AUTO_TEST_CASE(giving_up_is_70) {
    captured_errors const errors;
    supervisor root("app");
    root.add(
        worker("wal", []() -> asio::awaitable<result<void>> { co_return cause("disk full"); }));
    BOOST_TEST(run(root) == 70);
    BOOST_TEST(errors.text() ==
               "app: gave up on child 'wal' after 1 restart within 5s; it terminated: disk full\n");
}

BOOST_AUTO_TEST_CASE(a_shutdown_that_timed_out_is_75) {
    captured_errors const errors;
    supervisor root("app");
    root.add(raising(SIGTERM, deaf), {.shutdown = graceful(1ms)});
    BOOST_TEST(run(root) == 75);
    BOOST_TEST(errors.text() == "app: shutdown timed out: aborted raising\n");
}

BOOST_AUTO_TEST_CASE(a_tree_without_children_is_78) {
    captured_errors const errors;
    supervisor root("app");
    BOOST_TEST(run(root) == 78);
    BOOST_TEST(errors.text() == "app: there are no children to run\n");
}

BOOST_AUTO_TEST_CASE(it_may_be_run_again) {
    captured_errors const errors;
    supervisor root("app");
    root.add(raising(SIGTERM, obedient));
    BOOST_TEST(run(root) == 0);
    BOOST_TEST(run(root) == 0);
}

BOOST_AUTO_TEST_CASE(a_supervisor_that_runs_already_is_refused) {
    supervisor root("app");
    root.add(probe("child"));
    run_of other(root);
    BOOST_CHECK_EXCEPTION((void)run(root), boost::system::system_error,
                          [](auto const& error) { return error.code() == errc::already_running; });
    BOOST_TEST(has_default_effect(SIGTERM));
    other.stop();
    BOOST_TEST(other.result().has_value());
}

BOOST_AUTO_TEST_CASE(every_result_has_an_exit_code) {
    auto const code = [](errc error) {
        return exit_code(supervisor_error(error, {.supervisor = "app"}));
    };
    BOOST_TEST(exit_code(boost::outcome_v2::success()) == 0);
    BOOST_TEST(code(errc::failed_to_initialize) == 69);
    BOOST_TEST(code(errc::restart_limit_exceeded) == 70);
    BOOST_TEST(code(errc::escalated) == 70);
    auto const after = [](exit_reason exit) {
        return exit_code(supervisor_error(errc::significant_child_exited,
                                          {.supervisor = "app", .path = "job", .exit = exit}));
    };
    BOOST_TEST(after(exit_reason()) == 0); // its work is done
    BOOST_TEST(after(exit_reason(exit_kind::terminated, cause("x"))) == 70);
    BOOST_TEST(code(errc::runtime_panicked) == 70);
    BOOST_TEST(exit_code(supervisor_error(
                   errc::failed_to_initialize,
                   {.supervisor = "app",
                    .path = "crunch",
                    .exit = exit_reason(exit_kind::terminated, errc::runtime_unavailable)})) == 71);
    BOOST_TEST(code(errc::shutdown_timed_out) == 75);
    BOOST_TEST(code(errc::no_children) == 78);
    BOOST_TEST(code(errc::invalid_name) == 78);
}

BOOST_AUTO_TEST_CASE(R10_a_program_whose_work_is_done_ends_well_and_says_nothing) {
    captured_errors const errors;
    supervisor root("app", {.auto_shutdown = any_significant});
    root.add(worker("job", []() -> asio::awaitable<void> { co_return; }),
             {.restart = transient, .significant = true});
    BOOST_TEST(run(root) == 0);
    BOOST_TEST(errors.text() == "");
}

BOOST_AUTO_TEST_CASE(D9_an_abandoned_child_does_not_keep_run_from_returning) {
    captured_errors const errors;
    auto const stubborn = [](process_shutdown /*shutdown*/) -> asio::awaitable<void> {
        co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
        asio::steady_timer forever(co_await asio::this_coro::executor,
                                   asio::steady_timer::time_point::max());
        co_await forever.async_wait(asio::use_awaitable);
    };
    supervisor root("app", {.abort_grace = 1ms});
    root.add(raising(SIGTERM, stubborn), {.shutdown = brutal});
    BOOST_TEST(run(root) == 75);
    BOOST_TEST(errors.text() == "app: shutdown timed out: abandoned raising\n");
}
