// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#include "name.hpp"
#include "supervision.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

// What a run tells of itself: errors, events, snapshots.
namespace arborist::inline v0::detail {
namespace {

bool is_about_child(event_kind kind) noexcept {
    switch (kind) {
    case event_kind::supervisor_starting:
    case event_kind::supervisor_ready:
    case event_kind::supervisor_stopping:
    case event_kind::supervisor_stopped:
    case event_kind::runtime_panicked:
    case event_kind::observer_failed:
        return false;
    default:
        return true;
    }
}

} // namespace

// ---- errors ---------------------------------------------------------------------------------

run_result supervision::conclude(policy::action const& action) const {
    if (deaf_) {
        return supervisor_error(
            errc::failed_to_initialize,
            {.supervisor = place_.name, .exit = exit_reason(exit_kind::terminated, *deaf_)});
    }
    if (action.code == errc{})
        return success();
    if (action.code == errc::shutdown_timed_out)
        return timed_out();
    supervisor_error::story story{.supervisor = place_.name};
    if (action.code == errc::no_children)
        return supervisor_error(action.code, std::move(story));
    if (action.code == errc::runtime_panicked) {
        story.exit = panic_;
        return supervisor_error(action.code, std::move(story));
    }

    if (action.code == errc::failed_to_initialize)
        return not_initialized(action.who.child);

    child_specification const& child = specification(action.who.child);
    story.path = child.name();
    story.restarts = action.restarts;
    story.intensity =
        action.own_limit ? child.options().intensity : declaration_->options.intensity;
    if (process* culprit = find(action.who))
        story.exit = culprit->exit();
    return supervisor_error(action.code, std::move(story));
}

// Of the start that failed because of this child (E5, E7).
supervisor_error supervision::not_initialized(policy::child_index culprit) const {
    supervisor_error::story story{.supervisor = place_.name};
    auto const path = [this](policy::child_index child, initialization_error const& error) {
        std::string const& name = specification(child).name();
        return error.path().empty() ? name : name::path(name, error.path());
    };
    auto const add = [&](policy::child_index child, initialization_error const& error) {
        story.also.push_back(initialization_error::below(path(child, error), error.why()));
    };
    auto const add_below = [&](policy::child_index child, initialization_error const& error) {
        for (initialization_error const& each : error.also())
            add(child, each);
    };
    initialization_error const& first = failed_.at(culprit);
    story.path = path(culprit, first);
    story.exit = exit_reason(exit_kind::terminated, first.why());
    add_below(culprit, first);
    for (policy::child_index const child : machine_.not_initialized()) {
        auto const it = failed_.find(child);
        if (child == culprit || it == failed_.end())
            continue;
        add(child, it->second);
        add_below(child, it->second);
    }
    return {errc::failed_to_initialize, std::move(story)};
}

supervisor_error supervision::timed_out() const {
    supervisor_error::story story{.supervisor = place_.name};
    for (policy::child_index const index : machine_.overran()) {
        exit_reason const& exit = children_[index].current->exit();
        if (exit.kind() == exit_kind::abandoned)
            continue;
        std::string const& name = specification(index).name();
        supervisor_error const* nested = exit.why().nested();
        if (nested == nullptr) {
            story.aborted.push_back(name);
            continue;
        }
        for (std::string const& path : nested->aborted())
            story.aborted.push_back(name::path(name, path));
        for (std::string const& path : nested->abandoned())
            story.abandoned.push_back(name::path(name, path));
    }
    for (policy::child_index const index : machine_.abandoned())
        story.abandoned.push_back(specification(index).name());
    return {errc::shutdown_timed_out, std::move(story)};
}

// ---- observers ------------------------------------------------------------------------------

void supervision::notify(event_kind what, policy::action const& action) {
    event event{.kind = what, .supervisor = place_.name};
    if (is_about_child(what))
        fill(event, action);
    else if (what == event_kind::runtime_panicked)
        event.exit = &panic_;
    notify(event);
}

void supervision::fill(event& event, policy::action const& action) const {
    record const& it = children_[action.who.child];
    process const* process = find(action.who);
    event.process_id = process != nullptr ? process->id() : 0;
    if (process != nullptr && (process->abandoned() || !process->alive()))
        event.exit = &process->exit();
    event.delay = action.delay;
    event.restarts = action.restarts;
    event.intensity = declaration_->options.intensity;
    if (process != nullptr && process->child_id() != it.id) {
        event.child = process->name(); // of a child that is known no longer
        event.child_id = process->child_id();
        return;
    }
    child_specification const& what = specification(action.who.child);
    event.child = what.name();
    event.child_id = it.id;
    if (action.own_limit)
        event.intensity = what.options().intensity;
    if (process != nullptr && process == leaving_)
        event.uptime = now_ - process->started();
}

void supervision::notify(event const& what, observer const* except) const {
    for (auto const& each : place_.watching) {
        if (each.get() == except)
            continue;
        try {
            (*each)(what);
        } catch (...) {
            if (what.kind == event_kind::observer_failed)
                continue;
            exit_reason const exit(exit_kind::panicked, cause::current());
            notify({.kind = event_kind::observer_failed, .supervisor = place_.name, .exit = &exit},
                   each.get());
        }
    }
}

// ---- snapshots ------------------------------------------------------------------------------

supervision::description supervision::describe() const {
    // What it takes of the lock at a time is less than the supervisor may stall (O2a).
    constexpr std::size_t piece = 1000;

    std::unique_lock lock(shown_);
    auto const now = policy::time_of(std::chrono::steady_clock::now());
    description found{.supervisor = describe_supervisor(now)};
    std::vector<std::pair<policy::child_index, child_id>> who;
    who.reserve(children_.size());
    for (policy::child_index i = 0; i != machine_.declared_count(); ++i)
        who.emplace_back(i, children_[i].id);
    for (auto i = machine_.first_dynamic(); i != machine_.none; i = machine_.next_dynamic(i))
        if (i < children_.size() && children_[i].specification != nullptr)
            who.emplace_back(i, children_[i].id);
    found.children.reserve(who.size());
    for (std::size_t done = 0; done != who.size(); ++done) {
        if (done % piece == piece - 1) {
            lock.unlock();
            while (waits_to_change_.load(std::memory_order_acquire))
                std::this_thread::yield();
            lock.lock();
        }
        auto const& [index, id] = who[done];
        if (!machine_.is_vacant(index) && children_[index].id == id)
            found.children.push_back(describe_child(index, now));
    }
    return found;
}

supervisor_info supervision::describe_supervisor(policy::time_point now) const {
    supervisor_options const& options = declaration_->options;
    return {
        .state = machine_.state(),
        .strategy = options.strategy,
        .intensity = options.intensity,
        .restarts = machine_.restarts_in_window(now),
        .backoff = options.backoff,
        .start = options.start,
        .shutdown = options.shutdown,
        .shutdown_budget = options.shutdown_budget,
        .abort_grace = options.abort_grace,
        .auto_shutdown = options.auto_shutdown,
        .max_dynamic_children = options.max_dynamic_children,
        .threads = options.runtime ? options.runtime->threads : 0,
        .resources = group_ != nullptr ? std::optional(tracker()->usage(*group_)) : std::nullopt,
        .uptime = now - began_,
    };
}

supervision::described_child supervision::describe_child(policy::child_index index,
                                                         policy::time_point now) const {
    record const& it = children_[index];
    child_specification const& what = specification(index);
    bool const dynamic = index >= machine_.declared_count();
    described_child found;
    child_info& info = found.info;
    info.name = what.name();
    info.id = it.id;
    info.state = machine_.state(index);
    info.is_supervisor = what.model().is_supervisor();
    info.dynamic = dynamic;
    info.significant = what.options().significant;
    info.restart = restart_of(what, dynamic);
    info.shutdown = what.shutdown();
    info.restarts = machine_.restarts(index);
    info.process_id = it.process_id;
    info.stalled = machine_.is_stalled(index);
    if (info.is_active() || info.state == child_state::abandoned)
        info.uptime = std::max(now - it.started, duration::zero());
    if (info.state == child_state::waiting && machine_.due(index) != policy::never)
        info.remaining_delay = std::max(machine_.due(index) - now, duration(1)); // 0: its group
    if (it.last_end != nullptr) {
        info.last_exit = it.last_end->exit;
        info.since_last_exit = std::max(now - it.last_end->at, duration::zero());
    }
    if (info.is_supervisor)
        found.requests = what.model().nested()->requests;
    return found;
}

namespace {

// A tree is as deep as its user likes: what is still to be visited is on this stack, not on ours.
struct level {
    std::vector<supervision::described_child> children;
    std::size_t next = 0;
    std::size_t parent;
};

} // namespace

snapshot take_snapshot(mailbox& of) {
    snapshot taken;
    std::vector<level> stack;
    auto const descend = [&](mailbox& into, std::uint64_t process) {
        auto const run = into.run();
        if (run == nullptr || run->process_id() != process)
            return;
        auto found = run->describe();
        taken.nodes.back().supervisor = found.supervisor;
        stack.push_back({.children = std::move(found.children), .parent = taken.nodes.size() - 1});
    };

    auto const root = of.run();
    snapshot::node& first = taken.nodes.emplace_back();
    taken.taken = std::chrono::system_clock::now();
    first.name = of.name();
    first.is_supervisor = true;
    first.full_name = root != nullptr ? root->name() : name::sanitize(of.name());
    if (root == nullptr)
        return taken;
    first.state = child_state::running;
    first.process_id = root->process_id();
    descend(of, root->process_id());
    if (first.supervisor)
        first.uptime = first.supervisor->uptime;
    while (!stack.empty()) {
        level& here = stack.back();
        if (here.next == here.children.size()) {
            stack.pop_back();
            continue;
        }
        supervision::described_child child = std::move(here.children[here.next++]);
        snapshot::node node{std::move(child.info)};
        node.full_name = name::below(taken.nodes[here.parent].full_name, node.name);
        node.depth = taken.nodes[here.parent].depth + 1;
        node.parent = here.parent;
        taken.nodes.push_back(std::move(node));
        if (child.requests != nullptr)
            descend(*child.requests, taken.nodes.back().process_id);
    }
    return taken;
}

} // namespace arborist::inline v0::detail
