// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#ifndef ARBORIST_LIB_CHILD_RULES_HPP
#define ARBORIST_LIB_CHILD_RULES_HPP

#include <arborist/child_specification.hpp>
#include <arborist/options.hpp>

#include "policy/rules.hpp"

// What the policy must know of a child, out of what its user has said.
namespace arborist::inline v0::detail {

[[nodiscard]] policy::child_rules rules_of(child_specification const& child, bool dynamic,
                                           supervisor_options const& options);
[[nodiscard]] policy::child_limits limits_of(child_specification const& child);

} // namespace arborist::inline v0::detail

#endif // ARBORIST_LIB_CHILD_RULES_HPP
