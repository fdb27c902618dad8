// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#ifndef ARBORIST_LIB_POLICY_BACKOFF_HPP
#define ARBORIST_LIB_POLICY_BACKOFF_HPP

#include <arborist/config.hpp>
#include <arborist/options.hpp>

#include <cstdint>
#include <functional>

namespace arborist::inline v0::policy {

/// The delay of the nth restart in a row, counted from 1 (R8). `random` is asked only if there is a
/// jitter; if it throws, there is none.
[[nodiscard]] ARBORIST_DECL duration delay_of(restart_backoff const& backoff, std::uint32_t nth,
                                              std::function<double()> const& random) noexcept;

} // namespace arborist::inline v0::policy

#endif // ARBORIST_LIB_POLICY_BACKOFF_HPP
