// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#define BOOST_TEST_MODULE on_signal

#include <arborist/on_signal.hpp>
#include <arborist/process_shutdown.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/test/unit_test.hpp>

#include <csignal>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <tuple>

namespace asio = boost::asio;
using arborist::on_signal;
using boost::system::error_code;

namespace {

bool has_default_effect(int number) {
    struct sigaction now = {};
    ::sigaction(number, nullptr, &now);
    return now.sa_handler == SIG_DFL;
}

} // namespace

BOOST_AUTO_TEST_CASE(completes_with_the_signal_that_arrives) {
    for (int const number : {SIGUSR1, SIGUSR2}) {
        asio::io_context context;
        auto const strand = asio::make_strand(context);
        auto const either = on_signal(SIGUSR1, SIGUSR2);
        BOOST_TEST(has_default_effect(SIGUSR1)); // nothing happens before the call
        int arrived = 0;
        either(asio::bind_executor(strand, [&](error_code error, int n) {
            BOOST_TEST(!error);
            BOOST_TEST(strand.running_in_this_thread());
            BOOST_TEST(has_default_effect(SIGUSR1));
            BOOST_TEST(has_default_effect(SIGUSR2));
            arrived = n;
        }));
        BOOST_TEST(!has_default_effect(SIGUSR1));
        BOOST_TEST(!has_default_effect(SIGUSR2));
        context.poll();
        BOOST_TEST(arrived == 0);
        BOOST_TEST(!context.stopped()); // waiting is outstanding work
        std::raise(number);
        context.run();
        BOOST_TEST(arrived == number);
    }
}

BOOST_AUTO_TEST_CASE(may_be_called_again_and_concurrently) {
    asio::io_context context;
    auto const wait = on_signal(SIGUSR1);
    int arrived = 0;
    for (int round = 1; round != 4; ++round) {
        for (int n = 0; n != 2; ++n)
            wait(asio::bind_executor(context, [&](error_code error, int) { arrived += !error; }));
        std::raise(SIGUSR1);
        context.restart();
        context.run();
        BOOST_TEST(arrived == 2 * round);
    }
}

BOOST_AUTO_TEST_CASE(cancellation) {
    for (auto const type : {asio::cancellation_type::terminal, asio::cancellation_type::partial,
                            asio::cancellation_type::total}) {
        asio::io_context context;
        asio::cancellation_signal signal;
        std::optional<error_code> outcome;
        on_signal(SIGUSR1)(asio::bind_cancellation_slot(
            signal.slot(),
            asio::bind_executor(context, [&](error_code error, int) { outcome = error; })));
        context.poll();
        BOOST_TEST(!outcome.has_value());
        signal.emit(type);
        context.run();
        BOOST_TEST((outcome == error_code(asio::error::operation_aborted)));
        BOOST_TEST(has_default_effect(SIGUSR1));
        signal.emit(type);
    }
}

BOOST_AUTO_TEST_CASE(in_a_coroutine_and_until_the_shutdown) {
    asio::io_context context;
    auto source = std::make_unique<arborist::shutdown_source>(context);
    int ended = 0;
    auto const coroutine = [&](arborist::process_shutdown shutdown) -> asio::awaitable<void> {
        auto const wait = on_signal(SIGUSR1);
        auto const first = co_await wait(asio::use_awaitable);
        BOOST_TEST(first == SIGUSR1);
        ++ended;
        auto const second = co_await shutdown.until(wait);
        BOOST_REQUIRE(second.has_value());
        BOOST_TEST(second.value() == SIGUSR1);
        ++ended;
        auto const third = co_await shutdown.until(wait());
        BOOST_REQUIRE(third.has_error());
        BOOST_TEST((third.error().code() == arborist::errc::shutdown_requested));
        ++ended;
    };
    asio::co_spawn(context, coroutine(source->get_shutdown()), asio::detached);
    for (int n = 0; n != 2; ++n) {
        context.poll();
        BOOST_TEST(ended == n);
        std::raise(SIGUSR1);
        while (ended == n)
            context.run_one();
    }
    source.reset();
    context.run();
    BOOST_TEST(ended == 3);
    BOOST_TEST(has_default_effect(SIGUSR1));
}

BOOST_AUTO_TEST_CASE(handler_without_executor) {
    auto future = on_signal(SIGUSR1)(asio::use_future);
    std::raise(SIGUSR1);
    BOOST_TEST(future.get() == SIGUSR1);
}

BOOST_AUTO_TEST_CASE(moveonly_handler) {
    asio::io_context context;
    auto value = std::make_unique<int>(7);
    int seen = 0;
    on_signal(SIGUSR1)(asio::bind_executor(
        context, [value = std::move(value), &seen](error_code, int) { seen = *value; }));
    std::raise(SIGUSR1);
    context.run();
    BOOST_TEST(seen == 7);
}

BOOST_AUTO_TEST_CASE(context_destroyed_while_waiting) {
    auto const witness = std::make_shared<int>();
    {
        asio::io_context context;
        auto const keep = [witness](error_code, int) { BOOST_TEST(false); };
        on_signal(SIGUSR1)(asio::bind_executor(context, keep));
        on_signal(SIGUSR1, SIGUSR2)(asio::bind_executor(asio::make_strand(context), keep));
        std::raise(SIGUSR2); // delivered or not
        BOOST_TEST(witness.use_count() > 2);
    }
    BOOST_TEST(witness.use_count() == 1);
    BOOST_TEST(has_default_effect(SIGUSR1));
    BOOST_TEST(has_default_effect(SIGUSR2));
}

BOOST_AUTO_TEST_CASE(numbers_that_cannot_work) {
    auto const message = [](int number) -> std::string {
        try {
            (void)on_signal(SIGUSR1, number);
        } catch (std::invalid_argument const& error) {
            return error.what();
        }
        return "accepted";
    };
    BOOST_TEST(message(0) == "on_signal: 0 is not the number of a signal");
    BOOST_TEST(message(-1) == "on_signal: -1 is not the number of a signal");
    BOOST_TEST(message(4711) == "on_signal: 4711 is not the number of a signal");
    BOOST_TEST(message(SIGKILL) == "on_signal: SIGKILL cannot be waited for");
    BOOST_TEST(message(SIGSTOP) == "on_signal: SIGSTOP cannot be waited for");
    BOOST_TEST(message(SIGTERM) == "accepted");
}

#if defined(__GLIBC__)
// glibc keeps this one for itself: the operating system's answer arrives as the error.
BOOST_AUTO_TEST_CASE(refused_by_the_operating_system) {
    asio::io_context context;
    std::optional<std::tuple<error_code, int>> outcome;
    bool inside = true;
    on_signal(SIGUSR1, 32)(asio::bind_executor(context, [&](error_code error, int number) {
        BOOST_TEST(!inside);
        outcome.emplace(error, number);
    }));
    inside = false;
    context.run();
    BOOST_REQUIRE(outcome.has_value());
    BOOST_TEST(std::get<0>(*outcome) == asio::error::invalid_argument);
    BOOST_TEST(std::get<1>(*outcome) == 32);
    BOOST_TEST(has_default_effect(SIGUSR1));
}
#endif
