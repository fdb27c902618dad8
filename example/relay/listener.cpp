// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#include "listener.hpp"

#include "log.hpp"

#include <boost/asio/deferred.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/system/errc.hpp>

#include <chrono>
#include <sstream>
#include <string>
#include <utility>

namespace relay {
namespace {

using boost::system::error_code;

error_code listen(tcp::acceptor& acceptor, tcp::endpoint const& where) {
    error_code error;
    acceptor.open(where.protocol(), error);
    if (!error)
        acceptor.set_option(tcp::acceptor::reuse_address(true), error);
    if (!error)
        acceptor.bind(where, error);
    if (!error)
        acceptor.listen(tcp::acceptor::max_listen_connections, error);
    return error;
}

// It concerns one client, or goes by when others leave or come back: no reason to stop listening.
bool is_passing(error_code const& error) {
    namespace errc = boost::system::errc;
    return error == asio::error::connection_aborted || error == errc::too_many_files_open ||
           error == errc::too_many_files_open_in_system || error == errc::no_buffer_space ||
           error == errc::not_enough_memory || error == arborist::errc::not_running;
}

} // namespace

listener::listener(asio::any_io_executor executor, host_port where,
                   arborist::supervisor_handle connections, session_options sessions)
    : executor_(std::move(executor)), where_(std::move(where)),
      connections_(std::move(connections)), sessions_(std::move(sessions)) {}

asio::awaitable<arborist::initialization>
listener::initialize(arborist::process_shutdown shutdown) {
    std::string const what = "cannot listen on " + to_string(where_);
    auto const endpoints = co_await resolve(where_);
    if (!endpoints)
        co_return arborist::initialization_error(endpoints.error().code(), what);
    tcp::acceptor acceptor(co_await asio::this_coro::executor);
    if (auto const error = listen(acceptor, endpoints.value().front()))
        co_return arborist::initialization_error(error, what);

    where_.port = acceptor.local_endpoint().port(); // what the system chose for 0 is kept
    log(level::info, "listening on ", where_);
    co_return run(std::move(acceptor), std::move(shutdown));
}

asio::awaitable<arborist::result<void>> listener::run(tcp::acceptor acceptor,
                                                      arborist::process_shutdown shutdown) {
    for (;;) {
        auto served = co_await serve_next(acceptor, shutdown);
        if (served)
            continue;
        if (!is_passing(served.error().code()))
            co_return std::move(served).error(); // the shutdown among others: a clean end
        log(level::warning, "cannot serve a client: ", served.error());
        co_await shutdown.wait_for(std::chrono::milliseconds(100));
    }
}

asio::awaitable<arborist::result<void>>
listener::serve_next(tcp::acceptor& acceptor, arborist::process_shutdown const& shutdown) {
    tcp::endpoint from;
    auto accept = acceptor.async_accept(executor_, from, asio::deferred);
    auto client = co_await shutdown.until(std::move(accept));
    if (!client)
        co_return std::move(client).error();
    ++sessions_.totals->accepted;

    auto start = connections_.async_start(connection(std::move(client).value(), from),
                                          arborist::when_full::wait);
    auto started = co_await shutdown.until(std::move(start));
    if (!started)
        co_return std::move(started).error();
    co_return arborist::success();
}

// It sees to its deadline itself; that of the supervisor is for one that does not.
arborist::one_shot listener::connection(tcp::socket client, tcp::endpoint const& from) const {
    std::ostringstream name;
    name << from;
    auto serve = [client = std::move(client),
                  options = sessions_](arborist::process_shutdown shutdown) mutable {
        return relay_session(std::move(client), std::move(options), std::move(shutdown));
    };
    return arborist::once(
        std::move(name).str(), std::move(serve),
        {.shutdown = arborist::graceful(sessions_.drain + std::chrono::seconds(2))});
}

} // namespace relay
