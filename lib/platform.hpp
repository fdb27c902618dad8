// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#ifndef ARBORIST_LIB_PLATFORM_HPP
#define ARBORIST_LIB_PLATFORM_HPP

#include <boost/thread/thread.hpp>

#include <cstddef>
#include <cstdio>
#include <exception>
#include <string>
#include <vector>

// The one place for what differs between compilers and operating systems.
namespace arborist::inline v0::platform {

/// "std::runtime_error: boom"; for an exception that is no `std::exception`, its type alone.
[[nodiscard]] std::string describe(std::exception_ptr const& exception);

/// Whether what is written there goes to a terminal. Where we do not know how to ask: no.
[[nodiscard]] bool is_terminal(std::FILE* file) noexcept;

/// How many bytes the name of a thread may have.
inline constexpr std::size_t thread_name_limit = 15;

/// For debuggers and the like. Where we do not know how: does nothing.
void name_this_thread(char const* name) noexcept;

/// Threads made with `attributes` run on these processors only; see `thread_options`.
/// @throws boost::system::system_error if that cannot be; where we do not know how, of
/// `not_supported`.
void set_processors(boost::thread::attributes& attributes, std::vector<unsigned> const& processors);

} // namespace arborist::inline v0::platform

#endif // ARBORIST_LIB_PLATFORM_HPP
