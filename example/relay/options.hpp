// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#ifndef ARBORIST_EXAMPLE_RELAY_OPTIONS_HPP
#define ARBORIST_EXAMPLE_RELAY_OPTIONS_HPP

#include <arborist/log.hpp>

#include "host_port.hpp"

#include <chrono>
#include <cstddef>
#include <optional>
#include <stdexcept>
#include <string>

namespace relay {

/// What the command line says.
struct options {
    host_port listen;
    host_port upstream;
    /// Empty: no control socket.
    std::string control;
    std::size_t threads;
    /// Zero: never.
    std::chrono::seconds statistics;
    std::chrono::seconds drain;
    std::size_t max_connections;
    /// Restarts within ten seconds, for each supervisor.
    std::size_t restarts;
    /// Nothing: no log.
    std::optional<arborist::log::severity> log;
    /// Not empty: a command for a relay that runs already, at `control`.
    std::string ask;
    /// Not empty: to be printed, and nothing else to be done.
    std::string information;
};

/// One sentence, which names the option and its value.
struct usage_error : std::runtime_error {
    using runtime_error::runtime_error;
};

/// @throws usage_error
[[nodiscard]] options parse_options(int argc, char const* const* argv);

} // namespace relay

#endif // ARBORIST_EXAMPLE_RELAY_OPTIONS_HPP
