// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#ifndef ARBORIST_EXAMPLE_RELAY_COMMANDS_HPP
#define ARBORIST_EXAMPLE_RELAY_COMMANDS_HPP

#include "connections.hpp"
#include "counters.hpp"
#include "fault.hpp"
#include "restart_counts.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace relay {

/// The language of the control socket. May be used from several threads.
class commands {
public:
    commands(std::shared_ptr<counters const> totals, std::shared_ptr<restart_counts const> restarts,
             std::shared_ptr<fault_triggers const> triggers,
             std::shared_ptr<connections_inbox> connections);

    /// Performs one command. The reply is a line, which begins with "error: " if it was refused;
    /// that to "help" is several.
    [[nodiscard]] std::string perform(std::string_view line) const;

private:
    using words = std::vector<std::string>;

    [[nodiscard]] std::string fail(words const& arguments) const;
    [[nodiscard]] std::string cut_connections(words const& arguments) const;

    std::shared_ptr<counters const> totals_;
    std::shared_ptr<restart_counts const> restarts_;
    std::shared_ptr<fault_triggers const> triggers_;
    std::shared_ptr<connections_inbox> connections_;
};

} // namespace relay

#endif // ARBORIST_EXAMPLE_RELAY_COMMANDS_HPP
