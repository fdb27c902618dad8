// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#ifndef ARBORIST_EXAMPLE_RELAY_CONNECT_HPP
#define ARBORIST_EXAMPLE_RELAY_CONNECT_HPP

#include <arborist/result.hpp>

#include "host_port.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <chrono>

namespace relay {

/// Connects to the first endpoint of `where` that answers, with `timed_out` after `limit`. The
/// socket belongs to the executor of the awaiting coroutine, which must be a strand.
[[nodiscard]] asio::awaitable<arborist::result<tcp::socket>>
connect(host_port where, std::chrono::steady_clock::duration limit);

} // namespace relay

#endif // ARBORIST_EXAMPLE_RELAY_CONNECT_HPP
