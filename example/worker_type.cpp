// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

// A worker type whose initialisation can fail: run twice, first while its port is taken.

// tag::all[]
#include <arborist/arborist.hpp>
#include <arborist/log.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>

#include <chrono>
#include <iostream>
#include <string>
#include <string_view>
#include <utility>

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
using namespace std::chrono_literals;

// tag::type[]
class door {
public:
    explicit door(tcp::endpoint where) : where_(where) {}

    std::string_view name() const { return "door"; }

    // Until this returns the run phase, the door has not started; nothing restarts it if it fails.
    asio::awaitable<arborist::initialization> initialize(arborist::process_shutdown shutdown) {
        auto const executor = co_await asio::this_coro::executor;
        tcp::acceptor acceptor(executor);
        std::string const what = "cannot listen on port " + std::to_string(where_.port());
        if (error_code const error = listen(acceptor))
            co_return arborist::initialization_error(error, what);
        co_return run(std::move(acceptor), std::move(shutdown));
    }

private:
    // From here on a failure is one of a running child, and the restart policy decides.
    asio::awaitable<arborist::result<void>> run(tcp::acceptor acceptor,
                                                arborist::process_shutdown shutdown) {
        for (;;) {
            auto accept = acceptor.async_accept(asio::deferred);
            auto client = co_await shutdown.until(std::move(accept));
            if (!client)
                co_return client.error(); // it failed; or the shutdown came, which is a clean end
            std::cout << "somebody knocked\n";
        }
    }

    error_code listen(tcp::acceptor& acceptor) const {
        error_code error;
        acceptor.open(where_.protocol(), error);
        if (!error)
            acceptor.bind(where_, error);
        if (!error)
            acceptor.listen(tcp::acceptor::max_listen_connections, error);
        return error;
    }

    tcp::endpoint where_; // a member survives restarts; the acceptor, a local, does not
};
static_assert(arborist::supervisable<door>);
// end::type[]

// tag::main[]
int main() {
    arborist::log::to_console();
    asio::io_context context;
    tcp::acceptor other(context, {asio::ip::address_v4::loopback(), 0}); // takes the port

    arborist::supervisor root("app");
    root.add(door(other.local_endpoint()));

    bool refused = false;
    root.async_run(context, [&](arborist::run_result result) {
        refused = !result && result.error().code() == arborist::errc::failed_to_initialize;
        if (!result) // app: child 'door' failed to initialise: cannot listen on port 41234: ...
            std::cout << result.error() << '\n';
    });
    context.run();

    // The declaration is a value: it can be run again.
    other.close();
    bool stopped = false;
    asio::steady_timer soon(context, 200ms);
    root.async_run(context, soon.async_wait(asio::deferred),
                   [&](arborist::run_result result) { stopped = result.has_value(); });
    context.restart();
    context.run();
    return refused && stopped ? 0 : 1;
}
// end::main[]
// end::all[]
