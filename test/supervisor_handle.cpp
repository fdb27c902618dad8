// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#define BOOST_TEST_MODULE supervisor_handle
#include <arborist/supervisor_handle.hpp>

#include "support/tree.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/system_executor.hpp>
#include <boost/asio/use_future.hpp>

#include <string_view>
#include <type_traits>

// What it does is in conformance/c_requests.cpp; here is how it feels.

using namespace tree_test;

BOOST_TEST_GLOBAL_FIXTURE(quiet_log);

static_assert(std::is_nothrow_copy_constructible_v<supervisor_handle>);
static_assert(std::is_nothrow_default_constructible_v<supervisor_handle>);
static_assert(std::is_nothrow_move_assignable_v<supervisor_handle>);

BOOST_AUTO_TEST_CASE(a_child_is_named_by_its_id_or_its_path) {
    BOOST_TEST(child_ref("a/b").path() == "a/b");
    BOOST_TEST(child_ref(std::string("a")).path() == "a");
    BOOST_TEST(child_ref(std::string_view("a")).path() == "a");
    BOOST_TEST((child_ref("a").id() == child_id()));
    BOOST_TEST((child_ref(child_id(7)).id() == child_id(7)));
    BOOST_TEST(child_ref(child_id(7)).path().empty());
}

BOOST_AUTO_TEST_CASE(copies_refer_to_the_same_supervisor) {
    supervisor root("app");
    supervisor_handle const first = root.handle();
    supervisor_handle second;
    second = first;
    supervisor_handle third = std::move(second);
    BOOST_TEST(third.name() == "app");
    second = third;
    BOOST_TEST(second.name() == "app");
}

BOOST_AUTO_TEST_CASE(nothing_happens_before_the_operation_is_initiated) {
    supervisor root("app");
    supervisor_handle const handle = root.handle();
    run_of run(root);
    {
        auto const dropped = handle.async_stop_supervisor();
        (void)dropped;
    }
    run.settle();
    BOOST_TEST(!run.ended());
}

BOOST_AUTO_TEST_CASE(any_completion_token_will_do) {
    supervisor root("app");
    root.add(probe("child"));
    supervisor_handle const handle = root.handle();
    run_of run(root);

    auto future = handle.async_list(asio::use_future);
    bool called = false;
    handle.async_count([&called](result<child_count> count) {
        called = true;
        BOOST_TEST(count.value().all == 1u);
    });
    auto awaited = asio::co_spawn(
        run.context(),
        [handle]() -> asio::awaitable<std::size_t> {
            auto const by_token = co_await handle.async_list(asio::use_awaitable);
            auto counting = handle.async_count();
            auto const by_default = co_await std::move(counting);
            co_return by_token.value().size() + by_default.value().all;
        },
        asio::use_future);
    auto deferred = handle.async_restart("child", asio::deferred);
    bool restarted = false;
    std::move(deferred)([&restarted](result<void> r) { restarted = r.has_value(); });
    run.settle();
    BOOST_TEST(future.get().value().size() == 1u);
    BOOST_TEST(called);
    BOOST_TEST(awaited.get() == 2u);
    BOOST_TEST(restarted);
}

BOOST_AUTO_TEST_CASE(errors_may_be_thrown_by_whoever_prefers_that) {
    supervisor root("app");
    supervisor_handle const handle = root.handle();
    run_of run(root);
    answer<void> got;
    handle.async_stop("nobody", got.receive());
    run.settle();
    BOOST_CHECK_EXCEPTION(
        got.get().value(), boost::system::system_error,
        [](boost::system::system_error const& error) {
            return error.code() == errc::no_such_child &&
                   std::string(error.what()).find("'nobody' in supervisor 'app'") !=
                       std::string::npos;
        });
}

BOOST_AUTO_TEST_CASE(a_cancelled_request_that_was_begun_goes_on) {
    probe child("child");
    supervisor root("app");
    root.add(child);
    supervisor_handle const handle = root.handle();
    run_of run(root);
    asio::cancellation_signal signal;
    answer<void> got;
    handle.async_restart("child", asio::bind_cancellation_slot(signal.slot(), got.receive()));
    while (state_of(handle, "child") != child_state::stopping)
        run.context().restart(), run.context().run_one();
    signal.emit(asio::cancellation_type::partial);
    run.settle();
    BOOST_TEST(got.failed_with(asio::error::operation_aborted));
    BOOST_TEST(child.runs() == 2);
}

BOOST_AUTO_TEST_CASE(a_cancelled_request_that_nobody_has_come_to_is_not_performed) {
    probe child("child");
    supervisor root("app");
    root.add(child);
    supervisor_handle const handle = root.handle();
    run_of run(root);
    asio::cancellation_signal signal;
    answer<void> got;
    handle.async_restart("child", asio::bind_cancellation_slot(signal.slot(), got.receive()));
    signal.emit(asio::cancellation_type::terminal);
    run.settle();
    BOOST_TEST(got.failed_with(asio::error::operation_aborted));
    BOOST_TEST(child.runs() == 1);
}

BOOST_AUTO_TEST_CASE(a_handler_without_an_executor_runs_on_that_of_the_run) {
    supervisor root("app");
    supervisor_handle const handle = root.handle();
    run_of run(root);
    bool called = false;
    handle.async_count([&](result<child_count>) {
        called = true;
        BOOST_TEST(run.context().get_executor().running_in_this_thread());
    });
    run.settle();
    BOOST_TEST(called);
}
