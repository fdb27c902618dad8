// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#include <arborist/event.hpp>

namespace arborist::inline v0 {

char const* to_string(event_kind kind) noexcept {
    switch (kind) {
    case event_kind::supervisor_starting:
        return "supervisor_starting";
    case event_kind::supervisor_ready:
        return "supervisor_ready";
    case event_kind::supervisor_stopping:
        return "supervisor_stopping";
    case event_kind::supervisor_stopped:
        return "supervisor_stopped";
    case event_kind::child_starting:
        return "child_starting";
    case event_kind::child_ready:
        return "child_ready";
    case event_kind::child_exited:
        return "child_exited";
    case event_kind::child_failed_to_initialize:
        return "child_failed_to_initialize";
    case event_kind::child_start_timed_out:
        return "child_start_timed_out";
    case event_kind::child_restarting:
        return "child_restarting";
    case event_kind::gave_up:
        return "gave_up";
    case event_kind::child_stopping:
        return "child_stopping";
    case event_kind::child_aborting:
        return "child_aborting";
    case event_kind::child_abandoned:
        return "child_abandoned";
    case event_kind::child_exited_late:
        return "child_exited_late";
    case event_kind::child_removed:
        return "child_removed";
    case event_kind::runtime_stalled:
        return "runtime_stalled";
    case event_kind::runtime_resumed:
        return "runtime_resumed";
    case event_kind::runtime_panicked:
        return "runtime_panicked";
    case event_kind::observer_failed:
        return "observer_failed";
    }
    return "unknown event";
}

} // namespace arborist::inline v0
