// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#ifndef ARBORIST_LIB_TESTING_STOP_BOUND_HPP
#define ARBORIST_LIB_TESTING_STOP_BOUND_HPP

#include <arborist/options.hpp>
#include <arborist/snapshot.hpp>
#include <arborist/testing/config.hpp>

#include <cstddef>

namespace arborist::inline v0::testing::detail {

/// How long the supervisor at `place` in `shown`, which runs, may take to stop, with everything
/// below it (D1 to D4, D9); `duration::max()` if that is not limited.
[[nodiscard]] ARBORIST_TESTING_DECL duration stop_bound(snapshot const& shown, std::size_t place);

} // namespace arborist::inline v0::testing::detail

#endif // ARBORIST_LIB_TESTING_STOP_BOUND_HPP
