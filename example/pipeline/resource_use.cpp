// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#include "resource_use.hpp"

#include <arborist/accounting.hpp>

#include "amount.hpp"

#include <chrono>
#include <iomanip>
#include <ios>

namespace pipeline {

// Its group is there until this returns; then it may be one among those that were.
void resource_use::record(arborist::event const& what) {
    if (what.kind != arborist::event_kind::supervisor_stopped)
        return;
    std::lock_guard lock(mutex_);
    for (auto const& each : arborist::accounting::groups()) {
        if (each.kind != arborist::accounting::supervisor || each.name != what.supervisor)
            continue;
        arborist::resource_usage& sum = used_[each.name];
        sum.allocated_bytes += each.usage.allocated_bytes;
        sum.allocated_objects += each.usage.allocated_objects;
        sum.cpu_time += each.usage.cpu_time;
    }
}

std::ostream& operator<<(std::ostream& stream, resource_use const& value) {
    std::lock_guard lock(value.mutex_);
    for (auto const& [supervisor, used] : value.used_)
        stream << "  " << std::left << std::setw(21) << supervisor << " used " << std::right
               << std::fixed << std::setprecision(2) << std::setw(6)
               << std::chrono::duration<double>(used.cpu_time).count() << " s of a processor, "
               << amount{used.allocated_bytes} << " in " << used.allocated_objects
               << " allocations\n";
    return stream;
}

} // namespace pipeline
