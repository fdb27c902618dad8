// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#include "restart_history.hpp"

#include <algorithm>

namespace arborist::inline v0::policy {

restart_history::restart_history(restart_intensity const& limit)
    : limit_(limit), restarts_(limit == unlimited ? 0 : limit.restarts) {}

bool restart_history::allows(time_point now) {
    if (limit_ == unlimited)
        return true;
    // Beyond what R3 asks for: whatever has left the window can go, not only one record. It could
    // never make a difference again.
    while (!restarts_.empty() && now - restarts_.front() >= limit_.period)
        restarts_.pop_front();
    return restarts_.size() != limit_.restarts;
}

void restart_history::record(time_point now) {
    if (limit_ != unlimited)
        restarts_.push_back(now);
}

std::size_t restart_history::size() const noexcept {
    return restarts_.size();
}

std::size_t restart_history::size(time_point now) const noexcept {
    auto const within = [&](time_point at) { return now - at < limit_.period; };
    return static_cast<std::size_t>(std::ranges::count_if(restarts_, within));
}

} // namespace arborist::inline v0::policy
