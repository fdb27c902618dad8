// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#ifndef ARBORIST_ERRC_HPP
#define ARBORIST_ERRC_HPP

#include <arborist/config.hpp>

#include <boost/system/error_category.hpp>
#include <boost/system/error_code.hpp>
#include <boost/system/is_error_code_enum.hpp>

#include <type_traits>

namespace arborist::inline v0 {

/// The error codes of this library.
enum class errc {
    /// A name is empty, or nothing of it is left after sanitising (N4).
    invalid_name = 1,
    /// An option has a value that cannot work; the message says which and why.
    invalid_option,
    /// The supervisor has no children to run (S6).
    no_children,
    /// The supervisor is being run already.
    already_running,
    /// A child could not be started at all (E1).
    failed_to_initialize,
    /// More restarts were needed than the restart intensity allows (R7).
    restart_limit_exceeded,
    /// A significant child ended by itself (R10).
    significant_child_exited,
    /// Children outlived their shutdown timeout and had to be aborted or abandoned (D8, D9).
    shutdown_timed_out,
    /// The runtime of a dedicated supervisor could not be made (T4).
    runtime_unavailable,
    /// An operation was given up because the process was asked to shut down. A child that ends with
    /// this code has *completed*.
    shutdown_requested,
    /// A task was destroyed before it could complete, with the executor that it ran on.
    task_dropped,
    /// A child's decision was to escalate its exit (R11).
    escalated,
    /// The supervisor has no run in progress, or is stopping (C2).
    not_running,
    /// There is no such child (C5).
    no_such_child,
    /// Several children have that name; their ids tell them apart (N5).
    ambiguous_name,
    /// The child is running, so that it cannot be removed (C5).
    child_running,
    /// A predecessor of the child was abandoned and still lives (D9).
    child_abandoned,
    /// As many children have been started as the supervisor allows (C3).
    at_capacity,
    /// The child was stopped before it was initialised.
    start_cancelled,
    /// The child is one that is started only once, and cannot be restarted.
    started_once,
    /// An exception has escaped to a thread of a dedicated runtime (T4).
    runtime_panicked,
    /// There is no dataspace here: the code is not in a process (P1).
    no_dataspace,
    /// The dataspace is gone (A7).
    dataspace_gone,
    /// The assertion belongs to another process (A3).
    not_owner,
};

/// The category of @ref errc.
[[nodiscard]] ARBORIST_DECL boost::system::error_category const& arborist_category() noexcept;

/// Makes an error code of this library; found by argument-dependent lookup.
[[nodiscard]] inline boost::system::error_code make_error_code(errc e) noexcept {
    return {static_cast<int>(e), arborist_category()};
}

} // namespace arborist::inline v0

template <>
struct boost::system::is_error_code_enum<arborist::errc> : std::true_type {};

#endif // ARBORIST_ERRC_HPP
