// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#ifndef ARBORIST_CHILD_STATE_HPP
#define ARBORIST_CHILD_STATE_HPP

#include <arborist/config.hpp>

#include <iosfwd>

namespace arborist::inline v0 {

/// What a child is doing.
enum class child_state : unsigned char {
    /// Its supervisor has not come to it yet.
    not_started,
    /// It initialises.
    starting,
    running,
    /// It is to be started again when its back-off is over, or its group has been stopped (R8).
    waiting,
    /// It was given the shutdown signal.
    stopping,
    /// It is being aborted.
    aborting,
    /// It did not even end when it was aborted, and still lives (D9).
    abandoned,
    /// It has ended, and is not restarted.
    ended,
    /// It was stopped through a handle, and stays so (R5).
    stopped,
};

/// "not started", "starting" and so on.
[[nodiscard]] ARBORIST_DECL char const* to_string(child_state value) noexcept;
ARBORIST_DECL std::ostream& operator<<(std::ostream& stream, child_state value);

/// What a supervisor is doing.
enum class supervisor_state : unsigned char {
    /// It has no run at the moment, or none yet.
    not_running,
    /// Not all of its children are initialised yet, for the first time or after a restart.
    starting,
    /// Its children are running, as far as they are to.
    ready,
    /// A group is being stopped, or waits, to be started again.
    restarting,
    stopping,
};

/// "not running", "starting" and so on.
[[nodiscard]] ARBORIST_DECL char const* to_string(supervisor_state value) noexcept;
ARBORIST_DECL std::ostream& operator<<(std::ostream& stream, supervisor_state value);

} // namespace arborist::inline v0

#endif // ARBORIST_CHILD_STATE_HPP
