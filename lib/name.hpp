// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#ifndef ARBORIST_LIB_NAME_HPP
#define ARBORIST_LIB_NAME_HPP

#include <arborist/config.hpp>

#include <string>
#include <string_view>

// The names of processes.
namespace arborist::inline v0::name {

/// The segment that a name becomes (N3); empty if nothing is left of it.
[[nodiscard]] ARBORIST_DECL std::string sanitize(std::string_view name);

/// Whether anything would be left of it (N4).
[[nodiscard]] ARBORIST_DECL bool is_valid(std::string_view name) noexcept;

/// "parent.segment" (N2)
[[nodiscard]] ARBORIST_DECL std::string below(std::string_view parent, std::string_view name);

/// "parent/child", of raw names (N5)
[[nodiscard]] ARBORIST_DECL std::string path(std::string_view parent, std::string_view child);

} // namespace arborist::inline v0::name

#endif // ARBORIST_LIB_NAME_HPP
