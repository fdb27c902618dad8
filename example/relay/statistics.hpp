// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#ifndef ARBORIST_EXAMPLE_RELAY_STATISTICS_HPP
#define ARBORIST_EXAMPLE_RELAY_STATISTICS_HPP

#include <arborist/arborist.hpp>

#include "counters.hpp"
#include "restart_counts.hpp"

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

namespace relay {

namespace asio = boost::asio;

/// "2 open of 7 connections, 1 failed, 0 refused; 1.5 MB to upstream, 20 kB to clients; upstream
/// up; restarts: none"
[[nodiscard]] std::string to_line(counters const& totals, restart_counts const& restarts);

/// Logs that line every `period`, and at the end.
class statistics {
public:
    statistics(std::chrono::seconds period, std::shared_ptr<counters> totals,
               std::shared_ptr<restart_counts> restarts);

    std::string_view name() const { return "statistics"; }
    asio::awaitable<arborist::initialization> initialize(arborist::process_shutdown shutdown);

private:
    asio::awaitable<arborist::result<void>> run(arborist::process_shutdown shutdown);

    std::chrono::seconds period_;
    std::shared_ptr<counters> totals_;
    std::shared_ptr<restart_counts> restarts_;
};
static_assert(arborist::supervisable<statistics>);

} // namespace relay

#endif // ARBORIST_EXAMPLE_RELAY_STATISTICS_HPP
