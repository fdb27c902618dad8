// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#include "statistics.hpp"

#include "log.hpp"

#include <array>
#include <cstdint>
#include <iomanip>
#include <ostream>
#include <sstream>
#include <utility>

namespace relay {
namespace {

struct amount {
    std::uint64_t bytes;

    friend std::ostream& operator<<(std::ostream& stream, amount value) {
        static constexpr std::array units{"B", "kB", "MB", "GB", "TB"};
        auto number = static_cast<double>(value.bytes);
        std::size_t unit = 0;
        for (; number >= 1000 && unit + 1 < units.size(); ++unit)
            number /= 1000;
        return stream << std::fixed << std::setprecision(unit == 0 ? 0 : 1) << number << ' '
                      << units[unit];
    }
};

char const* to_string(health value) {
    switch (value) {
    case health::up:
        return "up";
    case health::down:
        return "down";
    case health::unknown:
        break;
    }
    return "unknown";
}

} // namespace

std::string to_line(counters const& totals, restart_counts const& restarts) {
    std::ostringstream line;
    line << totals.open << " open of " << totals.accepted << " connections, " << totals.failed
         << " failed, " << totals.refused << " refused; " << amount{totals.bytes_to_upstream}
         << " to upstream, " << amount{totals.bytes_to_clients} << " to clients; upstream "
         << to_string(totals.upstream) << "; restarts: " << restarts;
    return std::move(line).str();
}

statistics::statistics(std::chrono::seconds period, std::shared_ptr<counters> totals,
                       std::shared_ptr<restart_counts> restarts)
    : period_(period), totals_(std::move(totals)), restarts_(std::move(restarts)) {}

asio::awaitable<arborist::initialization>
statistics::initialize(arborist::process_shutdown shutdown) {
    co_return run(std::move(shutdown));
}

asio::awaitable<arborist::result<void>> statistics::run(arborist::process_shutdown shutdown) {
    bool last = false;
    do {
        last = co_await shutdown.wait_for(period_);
        log(level::info, to_line(*totals_, *restarts_));
    } while (!last);
    co_return arborist::success();
}

} // namespace relay
