// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#ifndef ARBORIST_LIB_POLICY_ACTION_HPP
#define ARBORIST_LIB_POLICY_ACTION_HPP

#include <arborist/config.hpp>
#include <arborist/errc.hpp>
#include <arborist/event.hpp>

#include "event.hpp"
#include "time.hpp"

#include <cstddef>
#include <cstdint>
#include <iosfwd>

namespace arborist::inline v0::policy {

/// What the shell is to do.
enum class action_kind : std::uint8_t {
    /// Start this process.
    start,
    /// Give it the shutdown signal.
    signal,
    /// Abort it.
    abort,
    /// Wait for it no longer (D9).
    abandon,
    /// Feed `time_passed` at this time or soon after. A later one replaces it.
    wake_at,
    /// Feed `resume` after whatever is waiting: there is more to do than fits into one step.
    resume,
    /// Tell the observers.
    report,
    /// `who.child` is the place of the child whose start was asked for with `request`.
    admit,
    /// This child is known no longer; its place may be given to another one.
    forget,
    /// Answer `request`: `code` is zero for success. `who` is the child, if there is one.
    answer,
    /// The run is over; always last. `code` is zero for success.
    finish,
};

/// One thing to do. Which members have a meaning depends on the kind; the factories show it.
struct action {
    action_kind kind;
    incarnation who = {};
    event_kind what = {};
    errc code = {};
    std::size_t restarts = 0;
    /// Whether it is the child's own restart intensity that is meant, and not the supervisor's.
    bool own_limit = false;
    time_point at = {};
    duration delay = {};
    request_id request = 0;

    static constexpr action on(action_kind kind, incarnation who) {
        return {.kind = kind, .who = who};
    }
    static constexpr action wake_at(time_point at) {
        return {.kind = action_kind::wake_at, .at = at};
    }
    static constexpr action resume() { return {.kind = action_kind::resume}; }
    static constexpr action report(event_kind what, incarnation who = {},
                                   std::size_t restarts = 0) {
        return {.kind = action_kind::report, .who = who, .what = what, .restarts = restarts};
    }
    static constexpr action restarting(incarnation who, std::size_t restarts, duration delay) {
        return {.kind = action_kind::report,
                .who = who,
                .what = event_kind::child_restarting,
                .restarts = restarts,
                .delay = delay};
    }
    static constexpr action gave_up(incarnation who, std::size_t restarts, bool own_limit) {
        return {.kind = action_kind::report,
                .who = who,
                .what = event_kind::gave_up,
                .restarts = restarts,
                .own_limit = own_limit};
    }
    static constexpr action admit(request_id request, incarnation who) {
        return {.kind = action_kind::admit, .who = who, .request = request};
    }
    static constexpr action answer(request_id request, errc code, incarnation who = {}) {
        return {.kind = action_kind::answer, .who = who, .code = code, .request = request};
    }
    static constexpr action finish(errc code, incarnation culprit = {}, std::size_t restarts = 0,
                                   bool own_limit = false) {
        return {.kind = action_kind::finish,
                .who = culprit,
                .code = code,
                .restarts = restarts,
                .own_limit = own_limit};
    }

    friend bool operator==(action const&, action const&) = default;
};

/// "start 2#1", for logs and tests.
ARBORIST_DECL std::ostream& operator<<(std::ostream& stream, action const& value);

} // namespace arborist::inline v0::policy

#endif // ARBORIST_LIB_POLICY_ACTION_HPP
