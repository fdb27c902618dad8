// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#include "child_rules.hpp"

#include "declaration.hpp"

namespace arborist::inline v0::detail {

policy::child_rules rules_of(child_specification const& child, bool dynamic,
                             supervisor_options const& options) {
    child_model const& model = child.model();
    child_options const& own = child.options();
    return {
        .restart = restart_of(child, dynamic),
        .shutdown = child.shutdown(),
        .abort_grace = model.abort_grace(options.abort_grace),
        .start_timeout = own.start_timeout,
        .initializes = model.initializes(),
        .supervisor = model.is_supervisor(),
        .significant = own.significant,
        .decides = own.decide != nullptr,
        .retries_initialization = own.failed_initialization == initialization_failure::restart,
        .restart_beside_abandoned = own.restart_beside_abandoned,
        .once = model.is_once(),
    };
}

policy::child_limits limits_of(child_specification const& child) {
    return {.backoff = child.options().backoff, .intensity = child.options().intensity};
}

} // namespace arborist::inline v0::detail
