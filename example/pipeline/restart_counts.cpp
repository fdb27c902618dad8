// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#include "restart_counts.hpp"

namespace pipeline {

void restart_counts::record(arborist::event const& what) {
    if (what.kind != arborist::event_kind::child_starting)
        return;
    std::lock_guard lock(mutex_);
    ++starts_[std::string(what.supervisor)][std::string(what.child)];
}

std::size_t restart_counts::of(std::string const& supervisor) const {
    std::lock_guard lock(mutex_);
    auto const found = starts_.find(supervisor);
    if (found == starts_.end())
        return 0;
    std::size_t sum = 0;
    for (auto const& [child, starts] : found->second)
        sum += starts - 1;
    return sum;
}

} // namespace pipeline
