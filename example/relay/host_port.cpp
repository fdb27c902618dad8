// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#include "host_port.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <charconv>
#include <ostream>
#include <sstream>
#include <utility>

namespace relay {

std::optional<host_port> parse_host_port(std::string_view text) {
    auto const colon = text.rfind(':');
    if (colon == std::string_view::npos)
        return std::nullopt;
    std::string_view host = text.substr(0, colon);
    std::string_view const digits = text.substr(colon + 1);
    bool const bracketed = host.starts_with('[') && host.ends_with(']');
    if (bracketed)
        host = host.substr(1, host.size() - 2);
    else if (host.find(':') != std::string_view::npos)
        return std::nullopt; // ::1:80 would be a guess

    std::uint16_t port = 0;
    auto const [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
    if (host.empty() || error != std::errc() || end != digits.data() + digits.size())
        return std::nullopt;
    return host_port{std::string(host), port};
}

std::ostream& operator<<(std::ostream& stream, host_port const& value) {
    if (value.host.find(':') != std::string::npos)
        return stream << '[' << value.host << "]:" << value.port;
    return stream << value.host << ':' << value.port;
}

std::string to_string(host_port const& value) {
    std::ostringstream stream;
    stream << value;
    return std::move(stream).str();
}

asio::awaitable<arborist::result<std::vector<tcp::endpoint>>> resolve(host_port where) {
    std::vector<tcp::endpoint> endpoints;
    boost::system::error_code not_an_address;
    auto const address = asio::ip::make_address(where.host, not_an_address);
    if (!not_an_address) {
        endpoints.emplace_back(address, where.port);
        co_return endpoints;
    }
    tcp::resolver resolver(co_await asio::this_coro::executor);
    auto const port = std::to_string(where.port);
    auto const [error, found] =
        co_await resolver.async_resolve(where.host, port, asio::as_tuple(asio::use_awaitable));
    if (error)
        co_return error;
    for (auto const& entry : found)
        endpoints.push_back(entry.endpoint());
    co_return endpoints;
}

} // namespace relay
