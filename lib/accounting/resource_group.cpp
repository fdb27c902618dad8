// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#include "resource_group.hpp"

namespace arborist::inline v0::detail {

resource_usage resource_group::usage() const noexcept {
    resource_usage sum;
    std::uint64_t cpu_time = 0;
    // First what was freed: an allocation that is missed must not be seen being freed.
    for (tally const& each : tallies_) {
        sum.freed_objects += each.freed_objects.value();
        sum.freed_bytes += each.freed_bytes.value();
    }
    for (tally const& each : tallies_) {
        sum.allocated_objects += each.allocated_objects.value();
        sum.allocated_bytes += each.allocated_bytes.value();
        cpu_time += each.cpu_time.value();
    }
    sum.cpu_time = duration(cpu_time);
    return sum;
}

} // namespace arborist::inline v0::detail
