// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#ifndef ARBORIST_EXAMPLE_RELAY_COMMANDS_HPP
#define ARBORIST_EXAMPLE_RELAY_COMMANDS_HPP

#include <arborist/arborist.hpp>

#include "counters.hpp"
#include "fault.hpp"
#include "restart_counts.hpp"

#include <boost/asio/awaitable.hpp>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace relay {

/// The language of the control socket. May be used from several threads.
class commands {
public:
    commands(arborist::supervisor_handle root, std::shared_ptr<counters const> totals,
             std::shared_ptr<restart_counts const> restarts, std::shared_ptr<faults const> faults);

    /// Performs one command. The reply is one or more lines, none of them empty, and without the
    /// last newline. It begins with "error: " if the command was refused, or failed.
    [[nodiscard]] asio::awaitable<std::string> perform(std::string_view line) const;

private:
    using words = std::vector<std::string>;

    [[nodiscard]] std::string tree(words const& arguments) const;
    [[nodiscard]] asio::awaitable<std::string> stop(words const& arguments) const;
    [[nodiscard]] asio::awaitable<std::string> restart(words const& arguments) const;
    [[nodiscard]] asio::awaitable<std::string> fail(words const& arguments) const;

    arborist::supervisor_handle root_;
    std::shared_ptr<counters const> totals_;
    std::shared_ptr<restart_counts const> restarts_;
    std::shared_ptr<faults const> faults_;
};

} // namespace relay

#endif // ARBORIST_EXAMPLE_RELAY_COMMANDS_HPP
