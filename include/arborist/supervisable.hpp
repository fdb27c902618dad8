// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#ifndef ARBORIST_SUPERVISABLE_HPP
#define ARBORIST_SUPERVISABLE_HPP

#include <arborist/config.hpp>
#include <arborist/error.hpp>
#include <arborist/options.hpp>
#include <arborist/process_shutdown.hpp>
#include <arborist/result.hpp>

#include <boost/asio/awaitable.hpp>

#include <concepts>
#include <string_view>
#include <type_traits>
#include <utility>

namespace arborist::inline v0 {

/// What `initialize` returns: the run phase, or why there will be none. `RunResult` is what the run
/// phase yields: a `result<void>`, or `void`.
template <class RunResult = result<void>>
using basic_initialization = result<boost::asio::awaitable<RunResult>, initialization_error>;

/// The usual one: the run phase yields `result<void>`.
using initialization = basic_initialization<>;

namespace detail {

template <class T>
inline constexpr bool is_run_result = std::is_void_v<T>;
template <class Error, class Policy>
inline constexpr bool is_run_result<boost::outcome_v2::basic_result<void, Error, Policy>> =
    std::is_convertible_v<Error, cause>;

template <class T>
inline constexpr bool is_initialization = false;
template <class Run, class Policy>
inline constexpr bool is_initialization<
    boost::outcome_v2::basic_result<boost::asio::awaitable<Run>, initialization_error, Policy>> =
    is_run_result<Run>;

template <class T>
struct awaited {
    static constexpr bool is_awaitable = false;
    using type = void;
};
template <class T, class Executor>
struct awaited<boost::asio::awaitable<T, Executor>> {
    static constexpr bool is_awaitable = true;
    using type = T;
};

/// An awaitable that is a run phase.
template <class T>
concept run_awaitable = awaited<T>::is_awaitable && is_run_result<typename awaited<T>::type>;

/// An awaitable that yields a run phase, or an initialization_error.
template <class T>
concept initialization_awaitable =
    awaited<T>::is_awaitable && is_initialization<typename awaited<T>::type>;

} // namespace detail

/// Has `name() const`, which converts to `std::string_view`.
template <class T>
concept has_name = requires(T const& object) {
    { object.name() } -> std::convertible_to<std::string_view>;
};

/// Has `initialize(process_shutdown)`.
template <class T>
concept has_initialize = requires(T& object, process_shutdown shutdown) {
    object.initialize(std::move(shutdown));
};

/// Its `initialize` returns `asio::awaitable<initialization>`, or another `basic_initialization`.
template <class T>
concept initializes_into_a_run_phase = requires(T& object, process_shutdown shutdown) {
    { object.initialize(std::move(shutdown)) } -> detail::initialization_awaitable;
};

/// A worker type: what a supervisor can run.
///
/// One object serves all incarnations of the child, one after the other: its members are what
/// survives a restart, the locals of its coroutines are what does not. It lives as long as any of
/// those coroutines.
///
/// - `name() const`: read once, when the object is added.
/// - `initialize(process_shutdown)`: runs inside the process (S3). Fails with an @ref
///   initialization_error, or by throwing (E3). Otherwise it returns the run phase, which is
///   awaited next. The run phase completes, fails with an error, or throws: see @ref exit_kind.
/// - `restart() const -> restart_type` and `shutdown() const -> shutdown_strategy`, both optional:
///   the type's own defaults, read when it is added; @ref child_options have the last word.
///
/// Say `static_assert(arborist::supervisable<my_worker>);` below the type: what is missing is then
/// named there.
template <class T>
concept supervisable = std::is_class_v<T> && std::move_constructible<T> && has_name<T> &&
    has_initialize<T> && initializes_into_a_run_phase<T>;

namespace detail {

template <class T>
concept prefers_restart = requires(T const& object) {
    { object.restart() } -> std::convertible_to<restart_type>;
};

template <class T>
concept prefers_shutdown = requires(T const& object) {
    { object.shutdown() } -> std::convertible_to<shutdown_strategy>;
};

} // namespace detail

} // namespace arborist::inline v0

#endif // ARBORIST_SUPERVISABLE_HPP
