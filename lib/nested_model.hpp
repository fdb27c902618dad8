// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#ifndef ARBORIST_LIB_NESTED_MODEL_HPP
#define ARBORIST_LIB_NESTED_MODEL_HPP

#include <arborist/config.hpp>
#include <arborist/detail/child_model.hpp>

#include <memory>

namespace arborist::inline v0::detail {

/// What is behind the specification of a nested supervisor.
[[nodiscard]] std::shared_ptr<child_model> make_nested_model(std::shared_ptr<declaration> what);

} // namespace arborist::inline v0::detail

#endif // ARBORIST_LIB_NESTED_MODEL_HPP
