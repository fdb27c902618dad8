// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#include "action.hpp"

#include <ostream>

namespace arborist::inline v0::policy {
namespace {

char const* to_string(action_kind kind) noexcept {
    switch (kind) {
    case action_kind::start:
        return "start";
    case action_kind::signal:
        return "signal";
    case action_kind::abort:
        return "abort";
    case action_kind::abandon:
        return "abandon";
    case action_kind::wake_at:
        return "wake at";
    case action_kind::resume:
        return "resume";
    case action_kind::admit:
        return "admit";
    case action_kind::forget:
        return "forget";
    case action_kind::answer:
        return "answer";
    case action_kind::finish:
        return "finish";
    case action_kind::report:
        return "report";
    }
    return "unknown action";
}

} // namespace

std::ostream& operator<<(std::ostream& stream, action const& value) {
    stream << to_string(value.kind);
    if (value.kind == action_kind::wake_at)
        return stream << ' ' << value.at.time_since_epoch().count() << "ns";
    if (value.kind == action_kind::report)
        stream << ' ' << v0::to_string(value.what);
    if (value.request != 0)
        stream << ' ' << value.request;
    if (value.kind == action_kind::finish || value.kind == action_kind::answer)
        stream << ' ' << (value.code == errc{} ? "well" : make_error_code(value.code).message());
    if (value.who != incarnation{})
        stream << ' ' << value.who.child << '#' << value.who.number;
    if (value.restarts != 0)
        stream << " restarts " << value.restarts;
    if (value.own_limit)
        stream << " of its own";
    if (value.delay != duration::zero())
        stream << " in " << value.delay.count() << "ns";
    return stream;
}

} // namespace arborist::inline v0::policy
