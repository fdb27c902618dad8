// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#ifndef ARBORIST_LIB_LOG_OBSERVER_HPP
#define ARBORIST_LIB_LOG_OBSERVER_HPP

#include <arborist/event.hpp>

#include <memory>

namespace arborist::inline v0::detail {

/// The observer that writes to Boost.Log: the first one of every tree, see `log.hpp`.
[[nodiscard]] std::shared_ptr<observer const> const& log_observer();

} // namespace arborist::inline v0::detail

#endif // ARBORIST_LIB_LOG_OBSERVER_HPP
