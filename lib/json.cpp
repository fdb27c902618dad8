// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#include <arborist/error.hpp>
#include <arborist/json.hpp>

#include "text.hpp"
#include "utf8.hpp"

#include <boost/assert.hpp>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/string.hpp>

#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace arborist::inline v0 {
namespace {

namespace json = boost::json;

using node = snapshot::node;

json::value string(std::string const& value) {
    return json::string(utf8::repaired(value));
}

json::value string_unless_empty(std::string const& value) {
    return value.empty() ? json::value(nullptr) : string(value);
}

// Two words make one name.
json::value identifier(std::string name) {
    std::ranges::replace(name, ' ', '_');
    return json::string(name);
}

json::value number_unless_zero(std::uint64_t value) {
    return value == 0 ? json::value(nullptr) : json::value(value);
}

json::value limit(std::size_t value) {
    return value == no_limit ? json::value(nullptr) : json::value(value);
}

json::value time_limit(duration value) {
    return value == duration::max() ? json::value(nullptr) : json::value(value.count());
}

json::value time_if(bool applies, duration value) {
    return applies ? json::value(value.count()) : json::value(nullptr);
}

json::value strings(std::vector<std::string> const& values) {
    json::array result;
    for (std::string const& value : values)
        result.push_back(string(value));
    return result;
}

json::value policy(restart_intensity const& value) {
    if (value.restarts == unlimited.restarts)
        return nullptr;
    return json::object{{"restarts", value.restarts}, {"period_ns", value.period.count()}};
}

json::value policy(restart_backoff const& value) {
    if (value.first == duration::zero())
        return nullptr;
    return json::object{{"first_ns", value.first.count()},
                        {"multiplier", value.multiplier},
                        {"most_ns", time_limit(value.most)},
                        {"jitter", value.jitter},
                        {"healthy_ns", time_limit(value.healthy)}};
}

char const* name_of(shutdown_strategy::kind_type value) noexcept {
    switch (value) {
    case shutdown_strategy::kind_type::graceful:
        return "graceful";
    case shutdown_strategy::kind_type::brutal:
        return "brutal";
    case shutdown_strategy::kind_type::infinite:
        return "infinite";
    }
    return "unknown shutdown strategy";
}

json::value policy(shutdown_strategy const& value) {
    return json::object{{"kind", name_of(value.kind())},
                        {"timeout_ns", time_limit(value.timeout())}};
}

json::value error(boost::system::error_code const& value) {
    if (!value.failed())
        return nullptr;
    return json::object{{"category", value.category().name()},
                        {"value", value.value()},
                        {"message", string(value.message())}};
}

json::value also(std::vector<initialization_error> const& values) {
    json::array result;
    for (initialization_error const& value : values)
        result.push_back(json::object{{"path", string(value.path())},
                                      {"message", string(value.why().message())},
                                      {"error", error(value.why().code())}});
    return result;
}

// `exit` is that of the child at fault.
json::value failure(supervisor_error const& value, json::value exit,
                    json::storage_ptr const& storage) {
    bool const gave_up = value.code() == errc::restart_limit_exceeded;
    return json::object({{"supervisor", string(value.supervisor())},
                         {"error", error(value.code())},
                         {"path", string_unless_empty(value.path())},
                         {"exit", std::move(exit)},
                         {"also", also(value.also())},
                         {"restarts", gave_up ? json::value(value.restarts()) : nullptr},
                         {"intensity", gave_up ? policy(value.intensity()) : nullptr},
                         {"aborted", strings(value.aborted())},
                         {"abandoned", strings(value.abandoned())}},
                        storage);
}

// `below` is the exit that made the nested supervisor fail, if this is that of one.
json::object exit(exit_reason const& value, json::value below, json::storage_ptr const& storage) {
    cause const& why = value.why();
    supervisor_error const* nested = why.nested();
    return json::object({{"kind", identifier(to_string(value.kind()))},
                         {"message", string(value.message())},
                         {"error", error(why.code())},
                         {"exception", why.exception() ? string(why.message()) : nullptr},
                         {"supervisor_error", nested ? failure(*nested, std::move(below), storage)
                                                     : json::value(nullptr)}},
                        storage);
}

// The exit that made a supervisor fail, if it was one that did.
exit_reason const* origin(exit_reason const& exit) {
    supervisor_error const* nested = exit.why().nested();
    return nested && !nested->path().empty() ? &nested->exit() : nullptr;
}

json::object exit_with_origins(exit_reason const& value, json::storage_ptr const& storage) {
    // As many as there are levels in the tree: not for recursion.
    std::vector<exit_reason const*> chain;
    for (exit_reason const* each = &value; each; each = origin(*each))
        chain.push_back(each);
    json::value below;
    for (; chain.size() > 1; chain.pop_back())
        below = exit(*chain.back(), std::move(below), storage);
    return exit(value, std::move(below), storage);
}

json::value last_exit(child_info const& value, json::storage_ptr const& storage) {
    if (!value.last_exit)
        return nullptr;
    json::object result = exit_with_origins(*value.last_exit, storage);
    result.emplace("ago_ns", value.since_last_exit.count());
    return result;
}

// Null: not tracked.
json::value resources(std::optional<resource_usage> const& value) {
    if (!value)
        return nullptr;
    return json::object{{"allocated_bytes", value->allocated_bytes},
                        {"freed_bytes", value->freed_bytes},
                        {"allocated_objects", value->allocated_objects},
                        {"freed_objects", value->freed_objects},
                        {"cpu_time_ns", value->cpu_time.count()}};
}

json::value info(supervisor_info const& value) {
    return json::object{{"state", identifier(to_string(value.state))},
                        {"strategy", identifier(to_string(value.strategy))},
                        {"intensity", policy(value.intensity)},
                        {"restarts_in_period", value.restarts},
                        {"backoff", policy(value.backoff)},
                        {"start_order", identifier(to_string(value.start))},
                        {"shutdown_order", identifier(to_string(value.shutdown))},
                        {"shutdown_budget_ns", time_limit(value.shutdown_budget)},
                        {"abort_grace_ns", time_limit(value.abort_grace)},
                        {"auto_shutdown", identifier(to_string(value.auto_shutdown))},
                        {"max_dynamic_children", limit(value.max_dynamic_children)},
                        {"threads", value.threads},
                        {"resources", resources(value.resources)},
                        {"uptime_ns", value.uptime.count()}};
}

json::object info(child_info const& value, json::storage_ptr const& storage) {
    bool const lives = value.is_active() || value.state == child_state::abandoned;
    bool const waits = value.state == child_state::waiting;
    return json::object({{"id", value.id.value()},
                         {"process_id", number_unless_zero(value.process_id)},
                         {"state", identifier(to_string(value.state))},
                         {"dynamic", value.dynamic},
                         {"significant", value.significant},
                         {"stalled", value.stalled},
                         {"restart_type", identifier(to_string(value.restart))},
                         {"shutdown", policy(value.shutdown)},
                         {"restarts", value.restarts},
                         {"uptime_ns", time_if(lives, value.uptime)},
                         {"remaining_delay_ns", time_if(waits, value.remaining_delay)},
                         {"last_exit", last_exit(value, storage)}},
                        storage);
}

json::object branch(node const& value, json::array children, json::storage_ptr const& storage) {
    bool const is_child = value.depth != 0;
    return json::object({{"name", string(value.name)},
                         {"full_name", string(value.full_name)},
                         {"kind", value.is_supervisor ? "supervisor" : "worker"},
                         {"child", is_child ? json::value(info(value, storage)) : nullptr},
                         {"supervisor", value.supervisor ? info(*value.supervisor) : nullptr},
                         {"children", std::move(children)}},
                        storage);
}

json::value tree(std::vector<node> const& nodes, json::storage_ptr const& storage) {
    if (nodes.empty())
        return nullptr;

    std::vector<std::size_t> missing(nodes.size()); // children, of each
    for (std::size_t i = 1; i != nodes.size(); ++i) {
        BOOST_ASSERT(nodes[i].parent < i);
        ++missing[nodes[i].parent];
    }
    std::vector<json::array> children;
    children.reserve(nodes.size());
    for (std::size_t count : missing)
        children.emplace_back(count, storage);

    // From the back: what is below a node is complete when its turn comes.
    for (std::size_t i = nodes.size() - 1; i != 0; --i) {
        std::size_t const parent = nodes[i].parent;
        children[parent][--missing[parent]] = branch(nodes[i], std::move(children[i]), storage);
    }
    return branch(nodes.front(), std::move(children.front()), storage);
}

json::value totals(snapshot::totals_type const& value) {
    return json::object{{"supervisors", value.supervisors}, {"workers", value.workers},
                        {"running", value.running},         {"starting", value.starting},
                        {"stopping", value.stopping},       {"down", value.down},
                        {"abandoned", value.abandoned},     {"restarts", value.restarts}};
}

} // namespace

json::value to_json(snapshot const& value, json::storage_ptr storage) {
    json::value root = tree(value.nodes, storage);
    return json::object({{"schema_version", snapshot_schema_version},
                         {"taken", string(text::utc(value.taken))},
                         {"totals", totals(value.totals())},
                         {"tree", std::move(root)}},
                        std::move(storage));
}

} // namespace arborist::inline v0
