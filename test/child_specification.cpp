// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#define BOOST_TEST_MODULE child_specification
#include <arborist/child_specification.hpp>

#include "support/tree.hpp"

#include <boost/asio/async_result.hpp>
#include <boost/asio/compose.hpp>
#include <boost/asio/consign.hpp>
#include <boost/asio/post.hpp>

using namespace tree_test;

BOOST_TEST_GLOBAL_FIXTURE(quiet_log);

// Workers that are asynchronous operations; coroutines are in many other tests.

namespace {

/// A timer of its own for each start, and what it was cancelled with.
struct long_wait {
    auto operator()() const {
        return asio::async_initiate<asio::deferred_t const&, void(boost::system::error_code)>(
            [](auto handler) {
                auto executor = asio::get_associated_executor(handler);
                auto timer = std::make_shared<asio::steady_timer>(executor, 24h);
                timer->async_wait(asio::consign(std::move(handler), timer));
            },
            asio::deferred);
    }
};

/// Completes at once, with the arguments given.
template <class Signature, class... Args>
auto completes_with(Args... args) {
    return asio::async_initiate<asio::deferred_t const&, Signature>(
        [](auto handler, auto... values) {
            auto executor = asio::get_associated_executor(handler);
            asio::post(executor, [handler = std::move(handler), ... values = values]() mutable {
                std::move(handler)(std::move(values)...);
            });
        },
        asio::deferred, std::move(args)...);
}

struct steps {
    std::vector<std::string>& names;
    int step = 0;

    template <class Self>
    void operator()(Self& self) {
        names.push_back(this_process::name());
        if (++step == 4)
            self.complete(boost::system::error_code(asio::error::eof));
        else
            asio::post(self.get_executor(), std::move(self));
    }
};

/// How a worker of this function ends.
template <class Function>
std::string exit_of(Function function) {
    std::string exit;
    supervisor root("app", {.intensity = {0, 1s}});
    root.observe([&](event const& what) {
        if (what.kind == event_kind::child_exited)
            exit = what.exit->message();
    });
    root.add(worker("w", std::move(function)));
    run_of run(root);
    BOOST_TEST(run.ended());
    return exit;
}

} // namespace

BOOST_AUTO_TEST_CASE(an_operation_ends_as_it_completes) {
    using boost::system::error_code;
    error_code const broken = asio::error::broken_pipe;
    BOOST_TEST(exit_of([] { return completes_with<void()>(); }) == "completed");
    BOOST_TEST(exit_of([] { return completes_with<void(error_code)>(error_code()); }) ==
               "completed");
    BOOST_TEST(exit_of([=] { return completes_with<void(error_code)>(broken); }) ==
               "terminated: Broken pipe");
    BOOST_TEST(exit_of([] {
                   return completes_with<void(error_code, std::size_t)>(error_code(), 7u);
               }) == "completed");
    BOOST_TEST(exit_of([] {
                   return completes_with<void(std::exception_ptr)>(
                       std::make_exception_ptr(std::runtime_error("boom")));
               }) == "panicked: std::runtime_error: boom");
    BOOST_TEST(exit_of([] {
                   return completes_with<void(result<void>)>(result<void>(cause("disk full")));
               }) == "terminated: disk full");
    BOOST_TEST(exit_of([](process_shutdown) { // NOLINT
                   return completes_with<void()>();
               }) == "completed");
}

BOOST_AUTO_TEST_CASE(D5_the_shutdown_cancels_an_operation_which_has_then_completed) {
    std::string exit;
    supervisor root("app");
    root.observe([&](event const& what) {
        if (what.kind == event_kind::child_exited)
            exit = what.exit->message();
    });
    root.add(worker("w", long_wait()));
    run_of run(root);
    BOOST_TEST(!run.ended());
    run.stop();
    BOOST_TEST(run.result().has_value());
    BOOST_TEST(exit == "completed");
}

BOOST_AUTO_TEST_CASE(D7_an_abort_cancels_an_operation) {
    exit_kind exit = exit_kind::completed;
    supervisor root("app");
    root.observe([&](event const& what) {
        if (what.kind == event_kind::child_exited)
            exit = what.exit->kind();
    });
    root.add(worker("w", long_wait()), {.shutdown = brutal});
    run_of run(root);
    run.stop();
    BOOST_TEST(run.result().has_value());
    BOOST_TEST((exit == exit_kind::aborted));
}

BOOST_AUTO_TEST_CASE(R4_an_operation_is_started_anew_at_each_restart) {
    int calls = 0;
    supervisor root("app", {.intensity = {2, 1h}});
    root.add(worker("w", [&] {
        ++calls;
        return completes_with<void()>();
    }));
    run_of run(root);
    BOOST_TEST(run.ended());
    BOOST_TEST(calls == 3);
}

// A callback worker: written with handlers alone.
BOOST_AUTO_TEST_CASE(P1_a_composed_operation_is_in_its_process_in_every_step) {
    std::vector<std::string> names;
    supervisor root("app", {.intensity = {0, 1s}});
    root.add(worker("w", [&] {
        return asio::async_compose<asio::deferred_t const, void(boost::system::error_code)>(
            steps{names}, asio::deferred);
    }));
    run_of run(root);
    BOOST_TEST(run.ended());
    BOOST_TEST((names == lines{"app.w", "app.w", "app.w", "app.w"}));
}

BOOST_AUTO_TEST_CASE(C_an_operation_may_be_started_once) {
    answer<child_id> started;
    supervisor root("app");
    supervisor_handle const handle = root.handle();
    run_of run(root);
    handle.async_start(once("w", [left = std::make_unique<int>(1)] { return long_wait()(); }),
                       started.receive());
    run.settle();
    BOOST_TEST(started.good());
    run.stop();
    BOOST_TEST(run.result().has_value());
}
