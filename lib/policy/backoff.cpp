// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#include "backoff.hpp"

#include <algorithm>
#include <cmath>

namespace arborist::inline v0::policy {
namespace {

// It may be the user's, and the library's own asks the system.
double draw(std::function<double()> const& random) noexcept {
    try {
        return std::clamp(random(), 0.0, 1.0);
    } catch (...) {
        return 0;
    }
}

} // namespace

duration delay_of(restart_backoff const& backoff, std::uint32_t nth,
                  std::function<double()> const& random) noexcept {
    if (backoff.first == duration::zero())
        return duration::zero();
    // As a floating point number it may become infinite, but does not overflow.
    auto const most = static_cast<double>(backoff.most.count());
    double const grown = static_cast<double>(backoff.first.count()) *
                         std::pow(backoff.multiplier, static_cast<double>(nth - 1));
    double const taken = backoff.jitter == 0 ? 0 : backoff.jitter * draw(random);
    double const delay = std::min(grown, most) * (1 - taken);
    return delay < most ? duration(std::llround(delay)) : backoff.most;
}

} // namespace arborist::inline v0::policy
