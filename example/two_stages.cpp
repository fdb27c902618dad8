// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

// To ask and to abort: a worker that listens to its shutdown signal, and one that does not.

// tag::all[]
#include <arborist/arborist.hpp>
#include <arborist/log.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <chrono>
#include <iostream>
#include <string>
#include <vector>

namespace asio = boost::asio;
using namespace std::chrono_literals;

// tag::workers[]
struct on_exit_say {
    char const* what;
    ~on_exit_say() { std::cout << what << '\n'; }
};

// Stage one is enough: the signal is given, the worker has its 5 s to end as it likes.
asio::awaitable<void> polite(arborist::process_shutdown shutdown) {
    co_await shutdown.async_wait(asio::use_awaitable);
    auto const executor = co_await asio::this_coro::executor;
    asio::steady_timer flushing(executor, 50ms);
    co_await flushing.async_wait(asio::use_awaitable);
    std::cout << "polite: flushed, bye\n";
}

// Does not look at the signal. Stage two, the abort, cancels what it waits for: the wait throws,
// and the coroutine is unwound as by any other exception.
asio::awaitable<void> deaf() {
    on_exit_say const resource{"deaf: destroyed"};
    auto const executor = co_await asio::this_coro::executor;
    asio::steady_timer forever(executor, 24h);
    co_await forever.async_wait(asio::use_awaitable);
}
// end::workers[]

// tag::main[]
int main() {
    arborist::log::to_console();
    arborist::log::enable(boost::log::trivial::debug); // every step

    arborist::supervisor root("stages");
    root.add(arborist::worker("polite", polite)); // graceful(5s) is the default
    root.add(arborist::worker("deaf", deaf), {.shutdown = arborist::graceful(200ms)});

    asio::io_context context;
    asio::steady_timer soon(context, 100ms);
    std::vector<std::string> aborted;
    root.async_run(context, soon.async_wait(asio::deferred), [&](arborist::run_result result) {
        if (result)
            return;
        std::cout << result.error() << '\n'; // stages: shutdown timed out: aborted deaf
        aborted = result.error().aborted();
    });
    context.run();
    return aborted == std::vector<std::string>{"deaf"} ? 0 : 1;
}
// end::main[]
// end::all[]
