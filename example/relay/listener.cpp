// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#include "listener.hpp"

#include "log.hpp"

#include <boost/asio/deferred.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/system/errc.hpp>

#include <chrono>
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

// It concerns one client, or goes by when others leave: no reason to stop listening.
bool is_passing(error_code const& error) {
    namespace errc = boost::system::errc;
    return error == asio::error::connection_aborted || error == errc::too_many_files_open ||
           error == errc::too_many_files_open_in_system || error == errc::no_buffer_space ||
           error == errc::not_enough_memory;
}

} // namespace

listener::listener(asio::any_io_executor executor, host_port where,
                   std::shared_ptr<connections_inbox> connections, std::shared_ptr<counters> totals)
    : executor_(std::move(executor)), where_(std::move(where)),
      connections_(std::move(connections)), totals_(std::move(totals)) {}

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
        asio::any_io_executor const strand = asio::make_strand(executor_);
        auto accept = acceptor.async_accept(strand, asio::deferred);
        auto client = co_await shutdown.until(std::move(accept));
        if (!client && is_passing(client.error().code())) {
            log(level::warning, "cannot accept a connection: ", client.error());
            co_await shutdown.wait_for(std::chrono::milliseconds(100));
            continue;
        }
        if (!client)
            co_return std::move(client).error();
        ++totals_->accepted;
        auto send =
            connections_->async_send(error_code(), std::move(client).value(), asio::deferred);
        auto sent = co_await shutdown.until(std::move(send));
        if (!sent)
            co_return std::move(sent).error();
    }
}

} // namespace relay
