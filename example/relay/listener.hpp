// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#ifndef ARBORIST_EXAMPLE_RELAY_LISTENER_HPP
#define ARBORIST_EXAMPLE_RELAY_LISTENER_HPP

#include <arborist/arborist.hpp>

#include "host_port.hpp"
#include "relay_session.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <string_view>

namespace relay {

/// Accepts clients, and starts a child of `connections` for each. If that has as many as it may
/// have, the listener waits with the next client in hand, and the backlog of the system fills up:
/// clients that are too many wait rather than being refused.
class listener {
public:
    /// Accepted sockets belong to `executor`; each is used on the strand of its connection.
    listener(asio::any_io_executor executor, host_port where,
             arborist::supervisor_handle connections, session_options sessions);

    std::string_view name() const { return "listener"; }
    asio::awaitable<arborist::initialization> initialize(arborist::process_shutdown shutdown);

private:
    asio::awaitable<arborist::result<void>> run(tcp::acceptor acceptor,
                                                arborist::process_shutdown shutdown);
    asio::awaitable<arborist::result<void>> serve_next(tcp::acceptor& acceptor,
                                                       arborist::process_shutdown const& shutdown);
    [[nodiscard]] arborist::one_shot connection(tcp::socket client,
                                                tcp::endpoint const& from) const;

    asio::any_io_executor executor_;
    host_port where_;
    arborist::supervisor_handle connections_;
    session_options sessions_;
};
static_assert(arborist::supervisable<listener>);

} // namespace relay

#endif // ARBORIST_EXAMPLE_RELAY_LISTENER_HPP
