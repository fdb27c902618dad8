// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#include "stop_bound.hpp"

#include <algorithm>

namespace arborist::inline v0::testing::detail {
namespace {

duration add(duration a, duration b) {
    return a >= duration::max() - b ? duration::max() : a + b;
}

template <class Function>
void for_each_child(snapshot const& shown, std::size_t place, Function function) {
    for (std::size_t i = place + 1; i != shown.nodes.size(); ++i)
        if (shown.nodes[i].parent == place && shown.nodes[i].depth == shown.nodes[place].depth + 1)
            function(i);
}

// How long all below it may take once they are aborted: each its grace, all at the same time.
duration abort_bound(snapshot const& shown, std::size_t place) {
    duration bound = duration::zero();
    for_each_child(shown, place, [&](std::size_t child) {
        duration const grace = shown.nodes[place].supervisor->abort_grace;
        bound = std::max(bound, shown.nodes[child].supervisor ? abort_bound(shown, child) : grace);
    });
    return bound;
}

duration child_bound(snapshot const& shown, std::size_t place) {
    snapshot::node const& child = shown.nodes[place];
    if (child.is_supervisor && child.is_active() && !child.supervisor)
        return duration::max(); // what is below it is not known yet
    duration const aborted = child.supervisor ? abort_bound(shown, place)
                                              : shown.nodes[child.parent].supervisor->abort_grace;
    duration const in_peace = child.supervisor ? stop_bound(shown, place) : duration::max();
    switch (child.shutdown.kind()) {
    case shutdown_strategy::kind_type::brutal:
        return aborted;
    case shutdown_strategy::kind_type::graceful:
        return std::min(in_peace, add(child.shutdown.timeout(), aborted));
    case shutdown_strategy::kind_type::infinite:
        break;
    }
    return in_peace;
}

} // namespace

duration stop_bound(snapshot const& shown, std::size_t place) {
    supervisor_info const& options = *shown.nodes[place].supervisor;
    duration dynamic = duration::zero();
    duration declared = duration::zero();
    for_each_child(shown, place, [&](std::size_t child) {
        duration const bound = child_bound(shown, child);
        if (shown.nodes[child].dynamic)
            dynamic = std::max(dynamic, bound);
        else if (options.shutdown == concurrent)
            declared = std::max(declared, bound);
        else
            declared = add(declared, bound);
    });
    duration const whole =
        options.shutdown == concurrent ? std::max(dynamic, declared) : add(dynamic, declared);
    return std::min(whole, add(options.shutdown_budget, abort_bound(shown, place)));
}

} // namespace arborist::inline v0::testing::detail
