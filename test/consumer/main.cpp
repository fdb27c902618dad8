// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

// A program outside the project. Its tree fails once, is restarted, greets, and is stopped. Another
// worker blocks, as Boost.Thread has it: whose headers call Boost.Chrono, which must be linked too.

#include <arborist/arborist.hpp>
#include <arborist/log.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/thread/thread.hpp>

#include <chrono>
#include <iostream>
#include <stdexcept>
#include <stop_token>

namespace asio = boost::asio;

int main() {
    asio::io_context context;
    asio::steady_timer done(context, std::chrono::seconds(30));
    int starts = 0;

    arborist::supervisor root("consumer");
    root.add(arborist::worker("greeter",
                              [&](arborist::process_shutdown shutdown) -> asio::awaitable<void> {
                                  if (++starts == 1)
                                      throw std::runtime_error("on purpose");
                                  std::cout << "hello from a supervised process\n";
                                  done.expires_after(std::chrono::seconds(0));
                                  co_await shutdown.async_wait();
                              }));

    root.add(arborist::blocking_worker("sleeper", [](std::stop_token stop) {
        while (!stop.stop_requested()) // nobody waits for it: what is tested is that it links
            boost::this_thread::sleep_for(boost::chrono::milliseconds(1));
    }));

    bool stopped = false;
    root.async_run(context, done.async_wait(asio::deferred), [&](arborist::run_result result) {
        stopped = result.has_value();
        if (!result)
            std::cerr << result.error() << '\n';
    });
    context.run();
    return stopped && starts == 2 ? 0 : 1;
}
