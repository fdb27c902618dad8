// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#include <arborist/child_state.hpp>

#include <ostream>

namespace arborist::inline v0 {

char const* to_string(child_state value) noexcept {
    switch (value) {
    case child_state::not_started:
        return "not started";
    case child_state::starting:
        return "starting";
    case child_state::running:
        return "running";
    case child_state::waiting:
        return "waiting";
    case child_state::stopping:
        return "stopping";
    case child_state::aborting:
        return "aborting";
    case child_state::abandoned:
        return "abandoned";
    case child_state::ended:
        return "ended";
    case child_state::stopped:
        return "stopped";
    }
    return "unknown state";
}

std::ostream& operator<<(std::ostream& stream, child_state value) {
    return stream << to_string(value);
}

char const* to_string(supervisor_state value) noexcept {
    switch (value) {
    case supervisor_state::not_running:
        return "not running";
    case supervisor_state::starting:
        return "starting";
    case supervisor_state::ready:
        return "ready";
    case supervisor_state::restarting:
        return "restarting";
    case supervisor_state::stopping:
        return "stopping";
    }
    return "unknown state";
}

std::ostream& operator<<(std::ostream& stream, supervisor_state value) {
    return stream << to_string(value);
}

} // namespace arborist::inline v0
