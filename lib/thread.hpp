// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#ifndef ARBORIST_LIB_THREAD_HPP
#define ARBORIST_LIB_THREAD_HPP

#include <arborist/config.hpp>
#include <arborist/runtime.hpp>

#include <boost/thread/thread.hpp>

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

// The threads that the library makes.
namespace arborist::inline v0::thread {

/// The name of a thread of the process of this full name (N2), within the limit of the platform:
/// "app.crunch", with a number "app.crunch-03" (T3). If it is too long, the last segment alone, cut
/// if need be: it tells more than the first.
[[nodiscard]] ARBORIST_DECL std::string name_of(std::string_view process,
                                                std::optional<std::size_t> number = std::nullopt);

/// @throws boost::thread_resource_error, or another `boost::system::system_error`
[[nodiscard]] boost::thread make(thread_options const& options, std::string name,
                                 std::function<void()> function);

/// Calls `function`, in which threads that are about to end may be waited for. In order, in one
/// thread of the library; there is one when the first thread is made, and none before. What would
/// wait for long does not belong here.
ARBORIST_DECL void call_in_reaper(std::function<void()> function);

} // namespace arborist::inline v0::thread

#endif // ARBORIST_LIB_THREAD_HPP
