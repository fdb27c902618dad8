// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#ifndef ARBORIST_EXAMPLE_RELAY_HEALTH_CHECK_HPP
#define ARBORIST_EXAMPLE_RELAY_HEALTH_CHECK_HPP

#include <arborist/arborist.hpp>

#include "counters.hpp"
#include "host_port.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/system/error_code.hpp>

#include <memory>
#include <string_view>

namespace relay {

/// Holds a connection to the upstream, to know at once when it goes away. Fails when it cannot have
/// one, or loses it.
///
/// A loop that tries again, with a pause that grows, would be a supervisor with back-off, written
/// by hand. As it is, one process is one connection; that it cannot go on without one is a failure,
/// which a new process mends as soon as the upstream does, and how often that is tried is the
/// policy of whoever adds it. It needs one with back-off and without a limit of restarts: an
/// upstream that is down for a day must not end the relay.
class health_check {
public:
    health_check(host_port upstream, std::shared_ptr<counters> totals);

    std::string_view name() const { return "check"; }
    asio::awaitable<arborist::initialization> initialize(arborist::process_shutdown shutdown);

private:
    asio::awaitable<arborist::result<void>> run(arborist::process_shutdown shutdown);

    host_port upstream_;
    std::shared_ptr<counters> totals_;
};
static_assert(arborist::supervisable<health_check>);

} // namespace relay

#endif // ARBORIST_EXAMPLE_RELAY_HEALTH_CHECK_HPP
