// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#ifndef ARBORIST_EXAMPLE_RELAY_LISTENER_HPP
#define ARBORIST_EXAMPLE_RELAY_LISTENER_HPP

#include <arborist/arborist.hpp>

#include "connections.hpp"
#include "counters.hpp"
#include "host_port.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <memory>
#include <string_view>

namespace relay {

/// Accepts clients and hands them over. If `connections` is busy it waits, and the backlog of the
/// system fills up: that is the limit for all who come too fast.
class listener {
public:
    /// Accepted sockets belong to strands on `executor`, one each, so that all threads serve them.
    listener(asio::any_io_executor executor, host_port where,
             std::shared_ptr<connections_inbox> connections, std::shared_ptr<counters> totals);

    std::string_view name() const { return "listener"; }
    asio::awaitable<arborist::initialization> initialize(arborist::process_shutdown shutdown);

private:
    asio::awaitable<arborist::result<void>> run(tcp::acceptor acceptor,
                                                arborist::process_shutdown shutdown);

    asio::any_io_executor executor_;
    host_port where_;
    std::shared_ptr<connections_inbox> connections_;
    std::shared_ptr<counters> totals_;
};
static_assert(arborist::supervisable<listener>);

} // namespace relay

#endif // ARBORIST_EXAMPLE_RELAY_LISTENER_HPP
