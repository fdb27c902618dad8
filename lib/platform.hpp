// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#ifndef ARBORIST_LIB_PLATFORM_HPP
#define ARBORIST_LIB_PLATFORM_HPP

#include <cstdio>
#include <exception>
#include <string>

// The one place for what differs between compilers and operating systems.
namespace arborist::inline v0::platform {

/// "std::runtime_error: boom"; for an exception that is no `std::exception`, its type alone.
[[nodiscard]] std::string describe(std::exception_ptr const& exception);

/// Whether what is written there goes to a terminal. Where we do not know how to ask: no.
[[nodiscard]] bool is_terminal(std::FILE* file) noexcept;

} // namespace arborist::inline v0::platform

#endif // ARBORIST_LIB_PLATFORM_HPP
