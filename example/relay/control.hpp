// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#ifndef ARBORIST_EXAMPLE_RELAY_CONTROL_HPP
#define ARBORIST_EXAMPLE_RELAY_CONTROL_HPP

#include <arborist/arborist.hpp>

#include "commands.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/local/stream_protocol.hpp>

#include <memory>
#include <string>
#include <string_view>

namespace relay {

/// Answers commands on a Unix domain socket that only our user may connect to. A command is a line.
/// A reply is one or more lines, and an empty one, so that its end is seen whatever it is.
class control {
public:
    control(std::string path, std::shared_ptr<commands const> commands);

    std::string_view name() const { return "control"; }
    asio::awaitable<arborist::initialization> initialize(arborist::process_shutdown shutdown);

private:
    using acceptor_type = asio::local::stream_protocol::acceptor;

    asio::awaitable<arborist::result<void>> run(acceptor_type acceptor,
                                                arborist::process_shutdown shutdown);

    std::string path_;
    std::shared_ptr<commands const> commands_;
};
static_assert(arborist::supervisable<control>);

/// The other end: sends one command to a running relay and prints the reply. Returns the exit code.
[[nodiscard]] int ask(std::string const& path, std::string const& command);

} // namespace relay

#endif // ARBORIST_EXAMPLE_RELAY_CONTROL_HPP
