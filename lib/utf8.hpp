// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#ifndef ARBORIST_LIB_UTF8_HPP
#define ARBORIST_LIB_UTF8_HPP

#include <arborist/config.hpp>

#include <cstddef>
#include <string>
#include <string_view>

// Names and messages are bytes of unknown origin. What is shown or handed on must be sound UTF-8.
namespace arborist::inline v0::utf8 {

/// The text with U+FFFD for every byte that is no part of a code point: what JSON can hold.
[[nodiscard]] ARBORIST_DECL std::string repaired(std::string_view text);

/// The text as a terminal may have it, in one line: what could move the cursor, change colours or
/// turn the direction of writing is escaped, as "\n", "\x1b" or "\u{202e}", and so are bytes that
/// are no part of a code point. For the eye: a backslash itself is not escaped.
[[nodiscard]] ARBORIST_DECL std::string printable(std::string_view text);

/// The number of code points; a byte that is no part of one counts as one.
[[nodiscard]] ARBORIST_DECL std::size_t length(std::string_view text) noexcept;

} // namespace arborist::inline v0::utf8

#endif // ARBORIST_LIB_UTF8_HPP
