// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

// A tree that tends itself: one worker ticks, another fails twice and is started again.

// tag::all[]
#include <arborist/arborist.hpp>
#include <arborist/log.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <iostream>
#include <stdexcept>
#include <string>

namespace asio = boost::asio;
using namespace std::chrono_literals;

asio::awaitable<void> tick(arborist::process_shutdown shutdown) {
    for (int n = 1; !co_await shutdown.wait_for(200ms); ++n) // false: the time is over
        std::cout << "tick " << n << '\n';
}

int main() {
    arborist::log::to_console();

    // What a lambda captures survives a restart, what is local to it does not.
    auto fetch = [attempt = 0](auto shutdown) mutable -> asio::awaitable<void> {
        ++attempt;
        co_await shutdown.wait_for(150ms);
        if (attempt < 3)
            throw std::runtime_error("no answer to attempt " + std::to_string(attempt));
        std::cout << "fetched at attempt " << attempt << '\n';
    };

    arborist::supervisor root("hello", {.intensity = {.restarts = 3, .period = 5s}});
    root.add(arborist::worker("ticker", tick));
    root.add(arborist::worker("fetcher", fetch), {.restart = arborist::transient});

    asio::io_context context;
    asio::steady_timer second(context, 1s);
    int code = 0;
    root.async_run(context, second.async_wait(asio::deferred),
                   [&](arborist::run_result result) { code = arborist::exit_code(result); });
    context.run();
    return code;
}
// end::all[]
