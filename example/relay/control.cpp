// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#include "control.hpp"

#include "command_lines.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <array>
#include <cerrno>
#include <cstddef>
#include <iostream>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace relay {
namespace {

using asio::local::stream_protocol;
using boost::system::error_code;

constexpr std::string_view end_of_reply = "\n\n";

// What a relay left behind that was killed: a socket at which nobody answers.
bool is_stale(std::string const& path) {
    struct stat status = {};
    if (::lstat(path.c_str(), &status) != 0 || !S_ISSOCK(status.st_mode))
        return false;
    asio::io_context context;
    stream_protocol::socket probe(context);
    error_code error;
    probe.connect(path, error);
    return error == asio::error::connection_refused;
}

error_code listen(stream_protocol::acceptor& acceptor, std::string const& path) {
    if (path.size() >= sizeof(sockaddr_un::sun_path))
        return asio::error::name_too_long;
    if (is_stale(path))
        ::unlink(path.c_str());
    error_code error;
    acceptor.open(stream_protocol(), error);
    if (!error)
        acceptor.bind(path, error);
    // Nobody can connect before listen().
    if (!error && ::chmod(path.c_str(), S_IRUSR | S_IWUSR) != 0)
        error.assign(errno, boost::system::system_category());
    if (!error)
        acceptor.listen(stream_protocol::acceptor::max_listen_connections, error);
    return error;
}

asio::awaitable<void> serve(stream_protocol::socket client,
                            std::shared_ptr<commands const> commands) {
    constexpr auto as_error = asio::as_tuple(asio::use_awaitable);
    std::array<char, command_lines::longest> piece;
    command_lines lines;
    for (;;) {
        auto const line = lines.next();
        if (!line && !lines.is_too_long()) {
            auto const [error, size] =
                co_await client.async_read_some(asio::buffer(piece), as_error);
            if (error)
                co_return;
            lines.append(std::string_view(piece.data(), size));
            continue;
        }
        std::string reply = "error: the line is too long";
        if (line) {
            auto performing = commands->perform(*line);
            reply = co_await std::move(performing);
        }
        reply += end_of_reply;
        auto const [lost, written] =
            co_await asio::async_write(client, asio::buffer(reply), as_error);
        if (!line || lost)
            co_return;
    }
}

} // namespace

control::control(std::string path, std::shared_ptr<commands const> commands)
    : path_(std::move(path)), commands_(std::move(commands)) {}

asio::awaitable<arborist::initialization> control::initialize(arborist::process_shutdown shutdown) {
    acceptor_type acceptor(co_await asio::this_coro::executor);
    if (auto const error = listen(acceptor, path_))
        co_return arborist::initialization_error(error, "cannot listen on " + path_);
    co_return run(std::move(acceptor), std::move(shutdown));
}

asio::awaitable<arborist::result<void>> control::run(acceptor_type acceptor,
                                                     arborist::process_shutdown shutdown) {
    struct unlink_at_end {
        std::string path;
        ~unlink_at_end() { ::unlink(path.c_str()); }
    } const cleaner(path_);

    arborist::join_set<> clients(co_await asio::this_coro::executor);
    for (;;) {
        auto accept = acceptor.async_accept(asio::deferred);
        auto client = co_await shutdown.until(std::move(accept));
        if (!client)
            co_return std::move(client).error();
        while (clients.try_join_next())
            ;
        clients.spawn(serve(std::move(client).value(), commands_));
    }
}

int ask(std::string const& path, std::string const& command) {
    asio::io_context context;
    stream_protocol::socket relay(context);
    error_code error;
    std::string reply;
    std::size_t size = 0;
    if (path.size() < sizeof(sockaddr_un::sun_path))
        relay.connect(path, error);
    else
        error = asio::error::name_too_long;
    if (!error)
        asio::write(relay, asio::buffer(command + '\n'), error);
    if (!error)
        size = asio::read_until(relay, asio::dynamic_buffer(reply), end_of_reply, error);
    if (error) {
        std::cerr << "relay: no answer at " << path << ": " << error.message() << '\n';
        return 69; // EX_UNAVAILABLE
    }
    std::cout << reply.substr(0, size - 1);
    return reply.starts_with("error") ? 1 : 0;
}

} // namespace relay
