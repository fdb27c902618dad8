// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#ifndef ARBORIST_LIB_DRAWING_HPP
#define ARBORIST_LIB_DRAWING_HPP

#include <arborist/snapshot.hpp>

#include <cstddef>
#include <string>

// A snapshot as a tree of lines, for a terminal.
namespace arborist::inline v0::drawing {

/// Of more dynamic children of one supervisor than these, some are only counted. Children that were
/// declared are always drawn: they are what the program is made of, dynamic ones are its load.
inline constexpr std::size_t most_dynamic_children = 20;

/// What is further down is not moved any further to the right, but given its level.
inline constexpr std::size_t most_levels = 40;

/// Longer names move the rest of their line to the right, not that of every line.
inline constexpr std::size_t widest_name = 40;

[[nodiscard]] ARBORIST_DECL std::string draw(snapshot const& value, bool in_colour);

} // namespace arborist::inline v0::drawing

#endif // ARBORIST_LIB_DRAWING_HPP
