// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#ifndef ARBORIST_EXAMPLE_RELAY_CONNECTIONS_HPP
#define ARBORIST_EXAMPLE_RELAY_CONNECTIONS_HPP

#include <arborist/arborist.hpp>

#include "counters.hpp"
#include "host_port.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/experimental/concurrent_channel.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <chrono>
#include <cstddef>
#include <memory>
#include <string_view>
#include <variant>

namespace relay {

/// Asks for some relayed connections to be cut.
struct cut {
    std::size_t count = 1;
};

/// What others send to `connections`: an accepted socket, whose executor is a strand of its own, or
/// an order. It waits while its receiver is being restarted.
using connections_inbox = asio::experimental::concurrent_channel<void(
    boost::system::error_code, std::variant<cut, tcp::socket>)>;

/// The worker that owns all relayed connections: when it fails they are reset, and only they.
/// Stopping, it lets them end for as long as `drain`.
class connections {
public:
    connections(std::shared_ptr<connections_inbox> inbox, host_port upstream,
                std::chrono::seconds drain, std::shared_ptr<counters> totals);

    std::string_view name() const { return "connections"; }
    arborist::shutdown_strategy shutdown() const;
    asio::awaitable<arborist::initialization> initialize(arborist::process_shutdown shutdown);

private:
    class session_set;

    asio::awaitable<arborist::result<void>> run(arborist::process_shutdown shutdown);

    std::shared_ptr<connections_inbox> inbox_;
    host_port upstream_;
    std::chrono::seconds drain_;
    std::shared_ptr<counters> totals_;
};
static_assert(arborist::supervisable<connections>);

} // namespace relay

#endif // ARBORIST_EXAMPLE_RELAY_CONNECTIONS_HPP
