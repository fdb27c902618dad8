// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#define BOOST_TEST_MODULE conformance_e_errors
#include "support/tree.hpp"

#include <boost/system/system_error.hpp>

using namespace tree_test;

BOOST_TEST_GLOBAL_FIXTURE(quiet_log);

namespace {

// How the children of a tree ended, as its observers see it.
struct exits {
    lines seen;

    observer watch() {
        return [this](event const& what) {
            if (what.kind == event_kind::child_exited ||
                what.kind == event_kind::child_failed_to_initialize)
                seen.push_back(std::string(what.child) + ' ' + what.exit->message());
        };
    }
};

// A child that ends by itself in one way, once.
template <class Function>
std::string exit_of(Function function) {
    exits observed;
    supervisor root("root");
    root.observe(observed.watch());
    root.add(worker("it", std::move(function)), {.restart = temporary});
    run_of run(root);
    run.stop();
    BOOST_TEST_REQUIRE(observed.seen.size() == 1u);
    return observed.seen.front().substr(3);
}

struct strange {};

} // namespace

BOOST_AUTO_TEST_CASE(E1_the_cause_is_a_code_a_message_or_an_exception) {
    initialization_error const by_code(make_error_code(errc::no_children));
    BOOST_TEST((by_code.why().code() == errc::no_children));
    BOOST_TEST(by_code.why().message() == "no children");
    initialization_error const with_text(asio::error::address_in_use, "cannot listen");
    BOOST_TEST(with_text.why().message() == "cannot listen: Address already in use");
    initialization_error const by_message("no configuration");
    BOOST_TEST(by_message.why().message() == "no configuration");
    BOOST_TEST(!by_message.why().code());
    initialization_error const by_exception(
        cause(std::make_exception_ptr(std::logic_error("oops"))));
    BOOST_TEST(by_exception.why().message() == "std::logic_error: oops");
    BOOST_CHECK_THROW(by_exception.why().rethrow(), std::logic_error);
}

BOOST_AUTO_TEST_CASE(E2_the_two_kinds_of_failure_are_distinct_types) {
    static_assert(!std::is_convertible_v<initialization_error, cause>);
    static_assert(!std::is_constructible_v<result<void>, initialization_error>);
    static_assert(!std::is_convertible_v<initialization_error, exit_reason>);
    static_assert(!std::is_convertible_v<exit_reason, initialization_error>);
}

BOOST_AUTO_TEST_CASE(E2_what_fails_after_initialisation_is_restarted_whatever_it_looks_like) {
    // A run phase that fails with the code that stands for a failed initialisation.
    probe child("child");
    supervisor root("root");
    root.add(child);
    run_of run(root);
    child.fail(errc::failed_to_initialize);
    run.settle();
    BOOST_TEST(child.runs() == 2);
    run.stop();
}

BOOST_AUTO_TEST_CASE(E3_an_exception_from_initialize_is_an_initialisation_error) {
    supervisor root("root", {.intensity = unlimited});
    root.add(worker("it", []() -> asio::awaitable<initialization> {
        throw std::out_of_range("too far");
        co_return initialization_error("never");
    }));
    run_of run(root);
    supervisor_error const& error = run.result().error();
    BOOST_TEST((error.code() == errc::failed_to_initialize));
    BOOST_TEST(error.message() ==
               "root: child 'it' failed to initialise: std::out_of_range: too far");
    BOOST_CHECK_THROW(error.exit().why().rethrow(), std::out_of_range);
}

BOOST_AUTO_TEST_CASE(E3_also_if_it_throws_before_it_is_a_coroutine) {
    supervisor root("root");
    root.add(worker("it", []() -> asio::awaitable<initialization> {
        throw boost::system::system_error(make_error_code(errc::invalid_option));
    }));
    run_of run(root);
    BOOST_TEST((run.result().error().code() == errc::failed_to_initialize));
    BOOST_TEST((run.result().error().exit().why().code() == errc::invalid_option));
}

BOOST_AUTO_TEST_CASE(E3_an_exception_from_the_run_phase_is_a_panic_with_type_and_text) {
    BOOST_TEST(exit_of([]() -> asio::awaitable<void> {
                   throw std::runtime_error("boom");
                   co_return;
               }) == "panicked: std::runtime_error: boom");
    BOOST_TEST(exit_of([]() -> asio::awaitable<void> {
                   throw 42; // NOLINT
                   co_return;
               }) == "panicked: int");
    BOOST_TEST(exit_of([]() -> asio::awaitable<void> {
                   throw strange();
                   co_return;
               }).find("strange") != std::string::npos);
    BOOST_TEST(exit_of([]() -> asio::awaitable<void> { throw std::runtime_error("early"); }) ==
               "panicked: std::runtime_error: early");
}

BOOST_AUTO_TEST_CASE(the_kinds_of_exit) {
    BOOST_TEST(exit_of([]() -> asio::awaitable<void> { co_return; }) == "completed");
    BOOST_TEST(exit_of([]() -> asio::awaitable<result<void>> { co_return success(); }) ==
               "completed");
    BOOST_TEST(exit_of([]() -> asio::awaitable<result<void>> {
                   co_return asio::error::connection_refused;
               }) == "terminated: Connection refused");
    BOOST_TEST(exit_of([]() -> asio::awaitable<result<void>> {
                   co_return cause("out of paper");
               }) == "terminated: out of paper");
    BOOST_TEST(exit_of([]() -> asio::awaitable<result<void>> {
                   co_return cause(asio::error::eof, "reading the header");
               }) == "terminated: reading the header: End of file");
    // OTP's `shutdown`: whoever gives up because of the shutdown has completed.
    BOOST_TEST(exit_of([]() -> asio::awaitable<result<void>> {
                   co_return errc::shutdown_requested;
               }) == "completed");
    // Nobody asked for an abort.
    BOOST_TEST(exit_of([]() -> asio::awaitable<result<void>> {
                   co_return asio::error::operation_aborted;
               }) == "terminated: Operation canceled");
    BOOST_TEST(exit_of([](process_shutdown shutdown) -> asio::awaitable<void> {
                   co_await shutdown.async_wait(asio::use_awaitable);
               }) == "completed");
}

BOOST_AUTO_TEST_CASE(an_aborted_child_exits_as_aborted) {
    exits observed;
    supervisor root("root");
    root.observe(observed.watch());
    root.add(probe("it"), {.shutdown = brutal});
    run_of run(root);
    run.stop();
    BOOST_TEST(observed.seen == lines{"it aborted"}, boost::test_tools::per_element());
    BOOST_TEST(run.result().has_value());
}

BOOST_AUTO_TEST_CASE(E4_the_limit_carries_the_child_its_exit_and_the_numbers) {
    probe child("wal");
    supervisor inner("storage", {.intensity = {1, 1h}});
    inner.add(child);
    supervisor root("app", {.intensity = {0, 1h}});
    root.add(std::move(inner));
    run_of run(root);
    child.fail("first");
    run.settle();
    child.panic("second");
    run.settle();
    supervisor_error const& error = run.result().error();
    BOOST_TEST((error.code() == errc::restart_limit_exceeded));
    BOOST_TEST(error.supervisor() == "app");
    BOOST_TEST(error.path() == "storage");
    BOOST_TEST(error.restarts() == 0u);
    BOOST_TEST((error.exit().kind() == exit_kind::terminated));
    supervisor_error const* below = error.exit().why().nested();
    BOOST_TEST_REQUIRE(below != nullptr);
    BOOST_TEST((below->code() == errc::restart_limit_exceeded));
    BOOST_TEST(below->supervisor() == "app.storage");
    BOOST_TEST(below->path() == "wal");
    BOOST_TEST(below->restarts() == 1u);
    BOOST_TEST((below->intensity() == restart_intensity{1, 1h}));
    BOOST_TEST(below->exit().message() == "panicked: std::runtime_error: second");
}

BOOST_AUTO_TEST_CASE(E5_an_initialisation_failure_reaches_every_ancestor_with_its_path) {
    probe broken("c");
    broken.break_initialization(make_error_code(asio::error::access_denied));
    lines paths;
    observer const watch = [&paths](event const& what) {
        if (what.kind == event_kind::supervisor_stopped && what.error != nullptr)
            paths.push_back(what.error->supervisor() + ": " + what.error->path());
    };
    supervisor b("b", {.intensity = unlimited});
    b.add(broken);
    supervisor a("a", {.intensity = unlimited});
    a.add(std::move(b));
    supervisor root("root", {.intensity = unlimited});
    root.observe(watch);
    root.add(std::move(a));
    run_of run(root);
    BOOST_TEST(paths == (lines{"root.a.b: c", "root.a: b/c", "root: a/b/c"}),
               boost::test_tools::per_element());
    BOOST_TEST((run.result().error().code() == errc::failed_to_initialize));
    BOOST_TEST((run.result().error().exit().why().code() == asio::error::access_denied));
    BOOST_TEST(broken.initializations() == 1);
}

BOOST_AUTO_TEST_CASE(E6_giving_up_is_an_abnormal_exit_of_a_nested_supervisor) {
    probe child("child");
    supervisor inner("inner", {.intensity = {0, 1h}});
    inner.add(child);
    supervisor root("root");
    root.add(std::move(inner), {.restart = transient});
    run_of run(root);
    child.fail("x");
    run.settle();
    BOOST_TEST(child.runs() == 2); // by a new run of the inner one
    BOOST_TEST(!run.ended());
    run.stop();
    BOOST_TEST(run.result().has_value());
}

BOOST_AUTO_TEST_CASE(E6_a_nested_supervisor_without_children_is_an_ordinary_exit) {
    supervisor root("root", {.intensity = {1, 1h}});
    root.add(supervisor("empty"));
    run_of run(root);
    BOOST_TEST((run.result().error().code() == errc::restart_limit_exceeded));
    BOOST_TEST(run.result().error().restarts() == 1u);
}

BOOST_AUTO_TEST_CASE(results_throw_what_they_hold) {
    result<void> const failed = cause(asio::error::eof, "reading");
    BOOST_CHECK_EXCEPTION(failed.value(), boost::system::system_error,
                          [](auto const& e) { return e.code() == asio::error::eof; });
    result<int> const thrown = cause(std::make_exception_ptr(std::logic_error("x")));
    BOOST_CHECK_THROW((void)thrown.value(), std::logic_error);
    run_result const ended = supervisor_error(errc::no_children, {.supervisor = "app"});
    BOOST_CHECK_EXCEPTION(ended.value(), boost::system::system_error, [](auto const& e) {
        return e.code() == errc::no_children &&
               std::string(e.what()).find("app: there are no children") != std::string::npos;
    });
}

BOOST_AUTO_TEST_CASE(E7_all_children_that_failed_in_the_same_start_are_reported) {
    probe first("first"), second("second"), third("third");
    first.break_initialization("no port");
    second.break_initialization("no disk");
    third.break_initialization("no memory");
    // The news from below takes some turns longer: one that comes with it is in the same start.
    bool met = false;
    for (int turns = 0; turns != 20; ++turns) {
        supervisor inner("inner");
        inner.add(second).add(third);
        supervisor root("root");
        root.add(probe("good"));
        root.add(worker("first", [turns]() -> asio::awaitable<initialization> {
            for (int i = 0; i != turns; ++i) {
                auto turn = asio::post(asio::deferred);
                co_await std::move(turn);
            }
            co_return initialization_error(cause("no port"));
        }));
        root.add(std::move(inner));
        run_of run(root);
        supervisor_error const& error = run.result().error();
        BOOST_TEST((error.code() == errc::failed_to_initialize));
        if (error.path() != "first" || error.also().size() != 2u)
            continue;
        met = true;
        BOOST_TEST(
            error.message() ==
            "root: child 'first' failed to initialise: no port; so did 'inner/second': no disk; "
            "so did 'inner/third': no memory");
    }
    BOOST_TEST(met);

    supervisor flat("flat");
    flat.add(first).add(second).add(third);
    supervisor above("above");
    above.add(std::move(flat));
    run_of again(above);
    supervisor_error const& all = again.result().error();
    BOOST_TEST(all.path() == "flat/first");
    BOOST_TEST_REQUIRE(all.also().size() == 2u);
    BOOST_TEST(all.also()[0].path() == "flat/second");
    BOOST_TEST(all.also()[1].path() == "flat/third");
    BOOST_TEST(all.message() ==
               "above: child 'flat/first' failed to initialise: no port; so did 'flat/second': no "
               "disk; so did 'flat/third': no memory");
}
