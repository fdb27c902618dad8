// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#ifndef ARBORIST_EXAMPLE_RELAY_RELAY_SESSION_HPP
#define ARBORIST_EXAMPLE_RELAY_RELAY_SESSION_HPP

#include "counters.hpp"
#include "host_port.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <memory>

namespace relay {

/// Connects to `upstream` for `client`, and carries bytes both ways until both sides have ended.
///
/// When one side ends, the other is told so and may go on. Nothing is read that could not be
/// written yet: a slow reader slows its writer, in bounded memory. A session that fails, or is
/// aborted, resets both connections: a regular end would say that all data had arrived.
///
/// Everything runs on the executor of `client`, which must be a strand.
[[nodiscard]] asio::awaitable<void> relay_session(tcp::socket client, host_port upstream,
                                                  std::shared_ptr<counters> totals);

} // namespace relay

#endif // ARBORIST_EXAMPLE_RELAY_RELAY_SESSION_HPP
