// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#include <arborist/error.hpp>
#include <arborist/event.hpp>

#include "text.hpp"

namespace arborist::inline v0 {
namespace {

// After "app.storage: ", or after "app.storage: child 'wal' ".
std::string sentence(event const& what) {
    switch (what.kind) {
    case event_kind::child_starting:
    case event_kind::supervisor_starting:
        return "starting";
    case event_kind::child_ready:
    case event_kind::supervisor_ready:
        return "ready";
    case event_kind::supervisor_stopping:
    case event_kind::child_stopping:
        return "stopping";
    case event_kind::supervisor_stopped:
        // The message begins with the name, as the line does.
        return what.error != nullptr
                   ? what.error->message().substr(what.error->supervisor().size() + 2)
                   : "stopped";
    case event_kind::child_exited:
        return what.exit->message();
    case event_kind::child_failed_to_initialize:
        return "failed to initialise: " + what.exit->why().message();
    case event_kind::child_start_timed_out:
        return "has not been initialised in time";
    case event_kind::child_removed:
        return "removed";
    case event_kind::child_restarting: {
        std::string text = "restarting";
        if (what.delay != duration::zero())
            text += " in " + text::of(what.delay);
        if (what.intensity != unlimited)
            text += ", " + std::to_string(what.restarts) + " of " +
                    text::count(what.intensity.restarts, "restart") + " within " +
                    text::of(what.intensity.period);
        return text;
    }
    case event_kind::gave_up:
        if (what.intensity.restarts == 0)
            return "not restarted: no restarts are allowed";
        return "not restarted: " + text::count(what.restarts, "restart") + " within " +
               text::of(what.intensity.period) + " is the limit";
    case event_kind::child_aborting:
        return "aborting";
    case event_kind::child_abandoned:
        return "ABANDONED: it did not end when it was aborted";
    case event_kind::child_exited_late:
        return "abandoned before, " + what.exit->message() + " at last";
    case event_kind::runtime_stalled:
        return "stalled: its runtime does not run";
    case event_kind::runtime_resumed:
        return "runs again";
    case event_kind::runtime_panicked:
        return "an exception escaped to its runtime: " + what.exit->why().message();
    case event_kind::observer_failed:
        return "an observer failed: " + what.exit->why().message();
    }
    return to_string(what.kind);
}

} // namespace

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

std::string event::message() const {
    std::string text(supervisor);
    text += ": ";
    if (!child.empty())
        text += "child '" + std::string(child) + "' ";
    return text + sentence(*this);
}

} // namespace arborist::inline v0
