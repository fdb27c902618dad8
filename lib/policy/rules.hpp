// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#ifndef ARBORIST_LIB_POLICY_RULES_HPP
#define ARBORIST_LIB_POLICY_RULES_HPP

#include <arborist/options.hpp>

#include <chrono>

namespace arborist::inline v0::policy {

/// What the machine must know of every child.
struct child_rules {
    restart_type restart = permanent;
    shutdown_strategy shutdown = graceful(std::chrono::seconds(5));
    duration abort_grace = std::chrono::seconds(5);
    duration start_timeout = duration::max();
    /// Whether it has an initialisation whose success is told; otherwise it is ready as it starts.
    bool initializes = true;
    /// A nested supervisor: even before it is ready it has children that must be stopped well (S7),
    /// so it is never aborted for being young (D6).
    bool supervisor = false;
    bool significant = false;
    /// Whether it has a decision function (R11).
    bool decides = false;
    /// Whether a failed initialisation at a restart is an ordinary exit (R6).
    bool retries_initialization = false;
    bool restart_beside_abandoned = false;
    /// It cannot be started a second time.
    bool once = false;
};

/// What few children have of their own, beside their supervisor's.
struct child_limits {
    restart_backoff backoff = inherited_backoff;
    restart_intensity intensity = unlimited;

    friend bool operator==(child_limits const&, child_limits const&) = default;
};

} // namespace arborist::inline v0::policy

#endif // ARBORIST_LIB_POLICY_RULES_HPP
