// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#ifndef ARBORIST_LIB_POLICY_RESTART_HISTORY_HPP
#define ARBORIST_LIB_POLICY_RESTART_HISTORY_HPP

#include <arborist/config.hpp>
#include <arborist/options.hpp>

#include "time.hpp"

#include <cstddef>
#include <vector>

namespace arborist::inline v0::policy {

/// The sliding window of R3. Holds the restarts of the last period and nothing else, so its memory
/// grows with use and never with the configured number; unlimited holds none.
///
/// Recording allocates only if more than a few restarts lie within the period. If there is no
/// memory for that, the record is merged with the newest one: counting one restart too few is
/// better than giving up (M4).
class ARBORIST_DECL restart_history {
public:
    explicit restart_history(restart_intensity const& limit);

    /// Whether the intensity allows a restart at `now`.
    [[nodiscard]] bool allows(time_point now) noexcept;
    /// Records one that was allowed.
    void record(time_point now) noexcept;

    /// How many restarts are on record: what an unlimited history never has.
    [[nodiscard]] std::size_t size() const noexcept;
    /// How many of them lie in the window that ends at `now`.
    [[nodiscard]] std::size_t size(time_point now) const noexcept;

private:
    [[nodiscard]] time_point& at(std::size_t i) noexcept;
    [[nodiscard]] bool grow() noexcept;

    restart_intensity limit_;
    // A ring.
    std::vector<time_point> restarts_;
    std::size_t first_ = 0;
    std::size_t size_ = 0;
};

} // namespace arborist::inline v0::policy

#endif // ARBORIST_LIB_POLICY_RESTART_HISTORY_HPP
