// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#ifndef ARBORIST_EXAMPLE_RELAY_HOST_PORT_HPP
#define ARBORIST_EXAMPLE_RELAY_HOST_PORT_HPP

#include <arborist/result.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <cstdint>
#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace relay {

namespace asio = boost::asio;
using asio::ip::tcp;

/// A host, by name or address, and a port on it.
struct host_port {
    std::string host;
    std::uint16_t port;
};

/// "example.org:80", "127.0.0.1:80" or "[::1]:80".
[[nodiscard]] std::optional<host_port> parse_host_port(std::string_view text);
std::ostream& operator<<(std::ostream& stream, host_port const& value);
[[nodiscard]] std::string to_string(host_port const& value);

/// The endpoints behind it, at least one. An address is not looked up.
[[nodiscard]] asio::awaitable<arborist::result<std::vector<tcp::endpoint>>>
resolve(host_port where);

} // namespace relay

#endif // ARBORIST_EXAMPLE_RELAY_HOST_PORT_HPP
