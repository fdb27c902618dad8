// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#ifndef ARBORIST_EVENT_HPP
#define ARBORIST_EVENT_HPP

#include <arborist/child_id.hpp>
#include <arborist/config.hpp>
#include <arborist/exit_reason.hpp>
#include <arborist/options.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace arborist::inline v0 {

class supervisor_error;

/// What changed (O1).
enum class event_kind : unsigned char {
    supervisor_starting,
    /// All of its children are initialised.
    supervisor_ready,
    supervisor_stopping,
    /// `error` is set unless it stopped well.
    supervisor_stopped,

    child_starting,
    child_ready,
    /// `exit` says how.
    child_exited,
    /// It could not be started at all; `exit` holds the cause.
    child_failed_to_initialize,
    /// Its initialisation took longer than its start timeout, and is being aborted (S4).
    child_start_timed_out,
    /// `restarts` counts this one, `delay` is how long it waits. In a group restart, `child` is the
    /// one that exited.
    child_restarting,
    /// The restart intensity is used up; `exit` is what could not be mended.
    gave_up,
    /// It was given the shutdown signal.
    child_stopping,
    /// It is being aborted.
    child_aborting,
    /// It did not even end then, and is no longer waited for (D9).
    child_abandoned,
    /// An abandoned child did end; `exit` says how.
    child_exited_late,
    /// It was removed through a handle.
    child_removed,

    /// The runtime of a dedicated supervisor, this child, has not run for its stall timeout (T9).
    runtime_stalled,
    /// It does again.
    runtime_resumed,
    /// An exception has escaped to a thread of the supervisor's own runtime; `exit` holds it (T4).
    runtime_panicked,

    /// Another observer threw; `exit` holds the exception.
    observer_failed,
};

/// "child_restarting" and so on.
[[nodiscard]] ARBORIST_DECL char const* to_string(event_kind kind) noexcept;

/// A change of state, as its observers see it. All views and pointers are valid during the call
/// only.
struct event {
    event_kind kind;
    /// The full name of the supervisor (N2).
    std::string_view supervisor;
    /// The name of the child as it was declared; empty if the event is the supervisor's own.
    std::string_view child = {};
    arborist::child_id child_id = {};
    /// The child's process (N1), or 0.
    std::uint64_t process_id = 0;
    /// How the process ended; the reason of a restart and of giving up. Meaningful for those kinds
    /// that say so, and for these two.
    exit_reason const* exit = nullptr;
    supervisor_error const* error = nullptr;
    /// When the process has ended, also for a restart and for giving up: how long it lived.
    duration uptime = {};
    /// Restarts within the current window, and how many are allowed: for `gave_up` those of the
    /// limit that was exceeded, the supervisor's or the child's own (R12), else the supervisor's.
    std::size_t restarts = 0;
    restart_intensity intensity = {};
    /// How long a restart waits; zero unless there is a back-off.
    duration delay = {};

    /// "app.storage: child 'wal' restarting in 1s, 1 of 3 restarts within 5s", as the log has it.
    [[nodiscard]] ARBORIST_DECL std::string message() const;

    /// How many more restarts the window allows; `no_limit` if there is no limit.
    [[nodiscard]] std::size_t budget_left() const noexcept {
        return intensity == unlimited ? no_limit : intensity.restarts - restarts;
    }
};

/// Called for every event of a supervisor and of all supervisors below it; per supervisor in order
/// and one at a time, for different supervisors possibly at once. Runs on the supervisor's strand:
/// what it takes, the supervisor waits. What it throws is reported to the other observers.
using observer = std::function<void(event const&)>;

} // namespace arborist::inline v0

#endif // ARBORIST_EVENT_HPP
