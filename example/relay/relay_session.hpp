// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#ifndef ARBORIST_EXAMPLE_RELAY_RELAY_SESSION_HPP
#define ARBORIST_EXAMPLE_RELAY_RELAY_SESSION_HPP

#include <arborist/arborist.hpp>

#include "counters.hpp"
#include "host_port.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <chrono>
#include <memory>

namespace relay {

/// What all sessions have in common.
struct session_options {
    host_port upstream;
    /// How long a session may go on when the relay ends.
    std::chrono::seconds drain;
    std::shared_ptr<counters> totals;
};

/// Connects to the upstream for `client`, and carries bytes both ways until both sides have ended.
///
/// When one side ends, the other is told so and may go on. Nothing is read that could not be
/// written yet: a slow reader slows its writer, in bounded memory. A session that fails, or is
/// ended by us, resets both connections: a regular end would say that all data had arrived.
///
/// Asked to shut down while the relay ends, it lets both sides finish for as long as `drain`; they
/// are the last clients. Asked at any other time, because it or its supervisor is stopped or
/// restarted, it ends at once: new clients wait for that, and a client that keeps its connection
/// for days would use up the `drain` every time.
///
/// Fails only if the upstream cannot be reached. That a client goes away is not worth a line in the
/// log of an operator; it is counted.
///
/// Runs on a strand, that of the awaiting coroutine; the executor of `client` may be any other.
[[nodiscard]] asio::awaitable<arborist::result<void>>
relay_session(tcp::socket client, session_options options, arborist::process_shutdown shutdown);

} // namespace relay

#endif // ARBORIST_EXAMPLE_RELAY_RELAY_SESSION_HPP
