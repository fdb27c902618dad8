// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#include "restart_history.hpp"

namespace arborist::inline v0::policy {

restart_history::restart_history(restart_intensity const& limit)
    : limit_(limit), restarts_(limit == unlimited ? 0 : limit.restarts) {}

bool restart_history::record(time_point now) {
    if (limit_ == unlimited)
        return true;
    // Beyond what R3 asks for: whatever has left the window can go, not only one record. It could
    // never make a difference again.
    while (!restarts_.empty() && now - restarts_.front() >= limit_.period)
        restarts_.pop_front();
    if (restarts_.size() == limit_.restarts)
        return false;
    restarts_.push_back(now);
    return true;
}

std::size_t restart_history::size() const noexcept {
    return restarts_.size();
}

} // namespace arborist::inline v0::policy
