// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#include "connect.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <tuple>
#include <utility>
#include <variant>

namespace relay {
namespace {

// Returns the error, since `||` goes on waiting when one of its operands throws.
asio::awaitable<boost::system::error_code> connect_any(tcp::socket& socket, host_port where) {
    auto const endpoints = co_await resolve(std::move(where));
    if (!endpoints)
        co_return endpoints.error().code();
    auto const connected = co_await asio::async_connect(socket, endpoints.value(),
                                                        asio::as_tuple(asio::use_awaitable));
    co_return std::get<0>(connected);
}

} // namespace

asio::awaitable<arborist::result<tcp::socket>> connect(host_port where,
                                                       std::chrono::steady_clock::duration limit) {
    using namespace asio::experimental::awaitable_operators;

    auto const executor = co_await asio::this_coro::executor;
    tcp::socket socket(executor);
    asio::steady_timer timer(executor, limit);
    auto connecting = connect_any(socket, std::move(where));
    auto waiting = timer.async_wait(asio::use_awaitable);
    auto race = std::move(connecting) || std::move(waiting);
    auto const first = co_await std::move(race);
    if (first.index() == 1)
        co_return asio::error::make_error_code(asio::error::timed_out);
    if (auto const error = std::get<0>(first))
        co_return error;
    co_return socket;
}

} // namespace relay
