// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#ifndef ARBORIST_EXAMPLE_RELAY_HEALTH_CHECK_HPP
#define ARBORIST_EXAMPLE_RELAY_HEALTH_CHECK_HPP

#include <arborist/arborist.hpp>

#include "counters.hpp"
#include "host_port.hpp"

#include <boost/asio/awaitable.hpp>

#include <memory>
#include <string_view>

namespace relay {

/// Looks every second whether the upstream accepts connections. That it does not is a finding and
/// no failure of the one who looks: restarting *us* would not mend it.
class health_check {
public:
    health_check(host_port upstream, std::shared_ptr<counters> totals);

    std::string_view name() const { return "upstream"; }
    asio::awaitable<arborist::initialization> initialize(arborist::process_shutdown shutdown);

private:
    asio::awaitable<arborist::result<void>> run(arborist::process_shutdown shutdown);
    void tell(arborist::result<tcp::socket> const& connected);

    host_port upstream_;
    std::shared_ptr<counters> totals_;
};
static_assert(arborist::supervisable<health_check>);

} // namespace relay

#endif // ARBORIST_EXAMPLE_RELAY_HEALTH_CHECK_HPP
