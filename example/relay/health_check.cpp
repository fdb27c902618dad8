// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#include "health_check.hpp"

#include "connect.hpp"
#include "log.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/deferred.hpp>

#include <array>
#include <chrono>
#include <utility>

namespace relay {
namespace {

// Ends with the connection, or by the shutdown. What the upstream says meanwhile is not for us.
asio::awaitable<arborist::cause> end_of(tcp::socket& connection,
                                        arborist::process_shutdown const& shutdown) {
    std::array<char, 512> ignored;
    for (;;) {
        auto read = connection.async_read_some(asio::buffer(ignored), asio::deferred);
        auto size = co_await shutdown.until(std::move(read));
        if (!size)
            co_return std::move(size).error();
    }
}

} // namespace

health_check::health_check(host_port upstream, std::shared_ptr<counters> totals)
    : upstream_(std::move(upstream)), totals_(std::move(totals)) {}

// Not here: an upstream that is not there is nothing that the relay could not start without.
asio::awaitable<arborist::initialization>
health_check::initialize(arborist::process_shutdown shutdown) {
    co_return run(std::move(shutdown));
}

asio::awaitable<arborist::result<void>> health_check::run(arborist::process_shutdown shutdown) {
    auto connecting = connect(upstream_, std::chrono::seconds(2));
    auto connected = co_await shutdown.until(std::move(connecting));
    if (shutdown.requested())
        co_return arborist::success();
    if (!connected) {
        totals_->upstream = health::down;
        co_return arborist::cause(connected.error().code(),
                                  "upstream " + to_string(upstream_) + " is down");
    }
    if (totals_->upstream.exchange(health::up) != health::up)
        log(level::info, "upstream ", upstream_, " is up");

    tcp::socket connection = std::move(connected).value();
    boost::system::error_code unimportant;
    connection.set_option(tcp::socket::keep_alive(true), unimportant);
    auto const lost = co_await end_of(connection, shutdown);
    if (shutdown.requested())
        co_return arborist::success();
    totals_->upstream = health::unknown;
    co_return arborist::cause(lost.code(), "upstream " + to_string(upstream_) + " hung up");
}

} // namespace relay
