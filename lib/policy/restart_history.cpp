// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#include "restart_history.hpp"

#include <algorithm>
#include <new>
#include <utility>

namespace arborist::inline v0::policy {

namespace {

// What there is memory for from the beginning.
constexpr std::size_t a_few = 4;

} // namespace

restart_history::restart_history(restart_intensity const& limit)
    : limit_(limit), restarts_(limit == unlimited ? 0 : std::min(limit.restarts, a_few)) {}

bool restart_history::allows(time_point now) noexcept {
    if (limit_ == unlimited)
        return true;
    // Beyond what R3 asks for: whatever has left the window can go, not only one record. It could
    // never make a difference again.
    while (size_ != 0 && now - at(0) >= limit_.period) {
        first_ = (first_ + 1) % restarts_.size();
        --size_;
    }
    return size_ != limit_.restarts;
}

void restart_history::record(time_point now) noexcept {
    if (limit_ == unlimited)
        return;
    if (size_ != restarts_.size() || grow())
        ++size_;
    at(size_ - 1) = now;
}

time_point& restart_history::at(std::size_t i) noexcept {
    return restarts_[(first_ + i) % restarts_.size()];
}

bool restart_history::grow() noexcept {
    try {
        std::vector<time_point> larger(std::min(2 * size_, limit_.restarts));
        for (std::size_t i = 0; i != size_; ++i)
            larger[i] = at(i);
        restarts_ = std::move(larger);
        first_ = 0;
        return true;
    } catch (std::bad_alloc const&) {
        return false;
    }
}

std::size_t restart_history::size() const noexcept {
    return size_;
}

std::size_t restart_history::size(time_point now) const noexcept {
    std::size_t within = 0;
    for (std::size_t i = 0; i != size_; ++i)
        within += now - restarts_[(first_ + i) % restarts_.size()] < limit_.period ? 1 : 0;
    return within;
}

} // namespace arborist::inline v0::policy
