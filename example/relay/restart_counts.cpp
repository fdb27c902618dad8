// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#include "restart_counts.hpp"

#include <ostream>

namespace relay {

restart_counts::restart_counts(std::initializer_list<char const*> children)
    : entries_(children.begin(), children.end()) {}

void restart_counts::record(arborist::event const& what) noexcept {
    if (what.kind != arborist::event_kind::child_starting)
        return;
    for (entry& each : entries_)
        if (each.name == what.child)
            ++each.starts;
}

std::ostream& operator<<(std::ostream& stream, restart_counts const& value) {
    char const* separator = "";
    for (restart_counts::entry const& each : value.entries_) {
        unsigned const starts = each.starts;
        if (starts < 2)
            continue;
        stream << separator << each.name << ' ' << starts - 1;
        separator = ", ";
    }
    return *separator == '\0' ? stream << "none" : stream;
}

} // namespace relay
