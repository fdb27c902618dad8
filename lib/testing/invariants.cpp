// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#include "invariants.hpp"

#include "../name.hpp"
#include "../text.hpp"
#include "stop_bound.hpp"

#include <algorithm>
#include <chrono>
#include <sstream>
#include <utility>

namespace arborist::inline v0::testing::detail {
namespace {

// Timers expire up to a microsecond late, one after the other.
constexpr duration tolerance = std::chrono::milliseconds(1);

template <class... T>
std::string say(T const&... words) {
    std::ostringstream stream;
    (stream << ... << words);
    return stream.str();
}

} // namespace

void invariants::take(event const& what, duration now) {
    if (is_out_of_control(what.supervisor)) {
        if (what.kind == event_kind::child_exited_late)
            abandoned_.erase(what.process_id);
        return;
    }
    switch (what.kind) {
    case event_kind::supervisor_starting:
        return supervisor_starts(what);
    case event_kind::supervisor_stopping:
        return supervisor_stops(what, now);
    case event_kind::supervisor_stopped:
        return supervisor_has_stopped(what, now);
    case event_kind::child_starting:
        return child_starts(what);
    case event_kind::child_ready:
        return expect_state(what, child_state::running);
    case event_kind::child_exited:
    case event_kind::child_failed_to_initialize:
        return child_exits(what);
    case event_kind::child_restarting:
        return child_restarts(what, now);
    case event_kind::gave_up:
        if (what.restarts < what.intensity.restarts)
            violated(what, say("gave up after ", what.restarts, " of ", what.intensity.restarts,
                               " restarts"));
        return;
    case event_kind::child_stopping:
        check_order(what);
        return expect_state(what, child_state::stopping);
    case event_kind::child_aborting:
        return expect_state(what, child_state::aborting);
    case event_kind::child_abandoned:
        abandoned_.insert(what.process_id);
        expect_state(what, child_state::abandoned);
        children_[what.child_id].process = 0;
        out_of_control_.push_back(name::below(what.supervisor, what.child));
        return;
    case event_kind::child_exited_late:
        if (abandoned_.erase(what.process_id) == 0)
            violated(what, "exited late, and was not abandoned");
        return;
    case event_kind::observer_failed:
        return violated(what, "an observer threw");
    case event_kind::supervisor_ready:
    case event_kind::child_start_timed_out:
    case event_kind::child_removed:
    case event_kind::runtime_stalled:
    case event_kind::runtime_resumed:
    case event_kind::runtime_panicked:
        return;
    }
}

// ---- supervisors

// Its children are as they were declared, and those that were not are forgotten (C4).
void invariants::supervisor_starts(event const& what) {
    std::string const name(what.supervisor);
    if (supervisors_[name].running)
        violated(what, "started while it runs");
    supervisors_[name] = {.running = true, .restarts = {}};
    std::erase_if(children_, [&](auto const& it) { return it.second.supervisor == name; });
}

void invariants::supervisor_stops(event const& what, duration now) {
    auto& it = supervisors_[std::string(what.supervisor)];
    if (!it.running || it.stopping)
        violated(what, "stops, and was not running");
    it.stopping = true;
    std::size_t const place = find_shown(what.supervisor);
    if (place == shown_.nodes.size())
        return; // before anything of it was seen
    if (duration const bound = stop_bound(shown_, place); bound < duration::max() - now - tolerance)
        it.deadline = now + bound + tolerance;
}

void invariants::supervisor_has_stopped(event const& what, duration now) {
    auto& it = supervisors_[std::string(what.supervisor)];
    if (!it.running)
        violated(what, "has stopped, and was not running");
    if (now > it.deadline)
        violated(what, "took " + text::of(now - it.deadline) + " longer to stop than it may");
    it.running = it.stopping = false;
    it.deadline = duration::max();
    for (auto const& [id, child] : children_)
        if (child.supervisor == what.supervisor && child.process != 0)
            violated(what, "has stopped, and its child '" + child.name + "' lives");
}

// ---- children

bool invariants::lives(child_id id) const {
    auto const it = children_.find(id);
    return it != children_.end() && it->second.process != 0;
}

void invariants::child_starts(event const& what) {
    auto const& supervisor = supervisors_[std::string(what.supervisor)];
    if (!supervisor.running)
        violated(what, "started, and its supervisor does not run");
    if (supervisor.stopping)
        violated(what, "started while its supervisor stops");
    if (lives(what.child_id))
        violated(what, "started while its predecessor lives");
    known_child& it = children_[what.child_id];
    it.supervisor = what.supervisor;
    it.name = what.child;
    it.process = what.process_id;
    it.state = child_state::starting;
    ++it.starts;
}

void invariants::child_exits(event const& what) {
    if (!exited_.insert(what.process_id).second)
        violated(what, "exited twice");
    auto const it = children_.find(what.child_id);
    if (it == children_.end() || it->second.process != what.process_id) {
        // What could not be made at all was not announced.
        if (what.kind != event_kind::child_failed_to_initialize)
            violated(what, "exited, and was not running");
        return;
    }
    it->second.process = 0;
    std::string const own = name::below(what.supervisor, what.child);
    if (auto const below = supervisors_.find(own);
        below != supervisors_.end() && below->second.running && !is_out_of_control(own))
        violated(what, "exited, and what is below it still runs");
}

void invariants::expect_state(event const& what, child_state state) {
    auto const it = children_.find(what.child_id);
    if (it == children_.end() || it->second.process != what.process_id)
        return violated(what, "is not running");
    it->second.state = state;
}

std::size_t invariants::restarts_in_window(known_supervisor const& of,
                                           restart_intensity const& limit, duration now) const {
    return static_cast<std::size_t>(
        std::ranges::count_if(of.restarts, [&](duration at) { return now - at < limit.period; }));
}

void invariants::child_restarts(event const& what, duration now) {
    auto& it = supervisors_[std::string(what.supervisor)];
    if (it.stopping)
        violated(what, "is restarted while its supervisor stops");
    if (what.intensity == unlimited)
        return;
    it.restarts.push_back(now);
    std::size_t const counted = restarts_in_window(it, what.intensity, now);
    if (counted > what.intensity.restarts)
        violated(what, say("is restart ", counted, " of ", what.intensity));
    if (counted != what.restarts)
        violated(what, say("is restart ", counted, ", not ", what.restarts));
}

// While everything is being stopped.
void invariants::check_order(event const& what) {
    auto const it = supervisors_.find(what.supervisor);
    std::size_t const place = find_shown(what.supervisor);
    if (aborted_ || it == supervisors_.end() || !it->second.stopping ||
        place == shown_.nodes.size() || shown_.nodes[place].supervisor->shutdown == concurrent)
        return;
    auto const own = std::ranges::find(shown_.nodes, what.child_id, &snapshot::node::id);
    if (own == shown_.nodes.end() || own->dynamic)
        return;
    for (auto node = shown_.nodes.begin(); node != shown_.nodes.end(); ++node)
        if (node != own && node->depth != 0 && node->parent == place &&
            (node > own || node->dynamic) && lives(node->id))
            violated(what, "is stopped before '" + node->name + "' has ended");
}

// ---- snapshots

std::size_t invariants::find_shown(std::string_view supervisor) const {
    auto const it = std::ranges::find_if(shown_.nodes, [&](snapshot::node const& node) {
        return node.supervisor && node.full_name == supervisor;
    });
    return static_cast<std::size_t>(it - shown_.nodes.begin());
}

void invariants::compare(snapshot shown, duration now) {
    shown_ = std::move(shown);
    std::set<child_id> seen;
    for (snapshot::node const& node : shown_.nodes) {
        if (node.depth != 0) {
            std::string const& supervisor = shown_.nodes[node.parent].full_name;
            if (!supervisors_[supervisor].running || is_out_of_control(supervisor))
                continue; // it has not begun, or has ended
            seen.insert(node.id);
            compare(node, supervisor);
        }
        auto const it = supervisors_.find(node.full_name);
        if (!node.supervisor || it == supervisors_.end() || !it->second.running ||
            is_out_of_control(node.full_name))
            continue;
        restart_intensity const& limit = node.supervisor->intensity;
        std::size_t const counted = restarts_in_window(it->second, limit, now);
        if (node.supervisor->restarts != counted)
            violated_(say(node.full_name, ": the snapshot shows ", node.supervisor->restarts,
                          " restarts, and there were ", counted));
        if (now > it->second.deadline) {
            violated_(node.full_name + ": takes longer to stop than it may");
            it->second.deadline = duration::max();
        }
    }
    for (auto const& [id, child] : children_)
        if (child.process != 0 && supervisors_[child.supervisor].running && !seen.contains(id) &&
            !is_out_of_control(child.supervisor))
            violated_(say(child.supervisor, ": child '", child.name, "' lives, and is not shown"));
}

void invariants::compare(snapshot::node const& node, std::string const& supervisor) {
    auto const fail = [&](auto const&... words) {
        violated_(say(supervisor, ": child '", node.name, "' is shown ", words...));
    };
    auto const it = children_.find(node.id);
    std::uint64_t const process = it != children_.end() ? it->second.process : 0;
    if (node.is_active() != (process != 0))
        return fail("as ", node.state, ", and ", process != 0 ? "lives" : "does not live");
    std::size_t const starts = it != children_.end() ? it->second.starts : 0;
    if (starts != 0 && node.restarts != starts - 1)
        fail("with ", node.restarts, " restarts, and was started ", starts, " times");
    if (process == 0)
        return;
    if (node.process_id != process)
        fail("with another process");
    if (node.state != it->second.state)
        fail("as ", node.state, ", and is ", it->second.state);
}

void invariants::expect_nothing_left() const {
    for (auto const& [id, child] : children_)
        if (child.process != 0 && !is_out_of_control(child.supervisor))
            violated_(say(child.supervisor, ": child '", child.name,
                          "' was started, and its exit was never told"));
    if (!abandoned_.empty())
        violated_(say(abandoned_.size(), " were abandoned, and their exits were never told"));
}

bool invariants::is_out_of_control(std::string_view supervisor) const {
    return std::ranges::any_of(out_of_control_, [&](std::string const& each) {
        return supervisor.starts_with(each) &&
               (supervisor.size() == each.size() || supervisor[each.size()] == '.');
    });
}

void invariants::violated(event const& what, std::string const& how) {
    violated_(what.child.empty() ? say(what.supervisor, ": ", how)
                                 : say(what.supervisor, ": child '", what.child, "' ", how));
}

} // namespace arborist::inline v0::testing::detail
