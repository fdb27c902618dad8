// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#define BOOST_TEST_MODULE json
#include <arborist/error.hpp>
#include <arborist/json.hpp>

#include "support/snapshots.hpp"

#include <boost/asio/error.hpp>
#include <boost/json/monotonic_resource.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <exception>
#include <stdexcept>
#include <string>
#include <utility>

using namespace std::chrono_literals;
using arborist::cause;
using arborist::child_info;
using arborist::child_state;
using arborist::errc;
using arborist::exit_kind;
using arborist::exit_reason;
using arborist::snapshot;
using arborist::supervisor_error;
using arborist::supervisor_state;
using arborist::to_json;
using boost::json::parse;
using boost::json::value;
using snapshots::add;
using snapshots::ready;
using snapshots::running;

namespace {

exit_reason panic(std::string const& what) {
    return exit_reason(exit_kind::panicked, std::make_exception_ptr(std::runtime_error(what)));
}

// What the JSON says of a child that is the only one.
value only_child(child_info const& child) {
    snapshot tree = snapshots::of("app", ready());
    add(tree, 0, child);
    return to_json(tree).at("tree").at("children").at(0).at("child");
}

value last_exit(exit_reason reason) {
    child_info child = running("w");
    child.last_exit = std::move(reason);
    child.since_last_exit = 7ns;
    return only_child(child).at("last_exit");
}

value supervisor(arborist::supervisor_info const& info) {
    return to_json(snapshots::of("app", info)).at("tree").at("supervisor");
}

// What documentation shows.
snapshot example() {
    snapshot tree = snapshots::of("app", ready());
    std::size_t const storage = add(tree, 0,
                                    {.name = "storage",
                                     .process_id = 1,
                                     .state = child_state::running,
                                     .shutdown = arborist::infinite,
                                     .uptime = 3h},
                                    {.state = supervisor_state::restarting,
                                     .strategy = arborist::rest_for_one,
                                     .intensity = {3, 10s},
                                     .restarts = 2,
                                     .uptime = 3h});
    child_info index{.name = "index",
                     .process_id = 7,
                     .state = child_state::waiting,
                     .restarts = 2,
                     .remaining_delay = 2345ms,
                     .last_exit = panic("page 17 is damaged"),
                     .since_last_exit = 155ms};
    add(tree, storage, index);
    return tree;
}

} // namespace

BOOST_AUTO_TEST_CASE(the_example_of_the_documentation) {
    std::string const expected = R"(
// tag::snapshot[]
{
    "schema_version": 1,
    "taken": "2026-11-22T11:23:32.123456Z",
    "totals": {
        "supervisors": 2, "workers": 1,
        "running": 1, "starting": 1, "stopping": 0, "down": 0, "abandoned": 0,
        "restarts": 2
    },
    "tree": {
        "name": "app",
        "full_name": "app",
        "kind": "supervisor",
        "child": null,
        "supervisor": {
            "state": "ready",
            "strategy": "one_for_one",
            "intensity": {"restarts": 1, "period_ns": 5000000000},
            "restarts_in_period": 0,
            "backoff": null,
            "start_order": "concurrent",
            "shutdown_order": "sequential",
            "shutdown_budget_ns": null,
            "abort_grace_ns": 5000000000,
            "auto_shutdown": "never",
            "max_dynamic_children": null,
            "threads": 0,
            "resources": null,
            "uptime_ns": 10800000000000
        },
        "children": [
            {
                "name": "storage",
                "full_name": "app.storage",
                "kind": "supervisor",
                "child": {
                    "id": 1,
                    "process_id": 1,
                    "state": "running",
                    "dynamic": false,
                    "significant": false,
                    "stalled": false,
                    "restart_type": "permanent",
                    "shutdown": {"kind": "infinite", "timeout_ns": null},
                    "restarts": 0,
                    "uptime_ns": 10800000000000,
                    "remaining_delay_ns": null,
                    "last_exit": null
                },
                "supervisor": {
                    "state": "restarting",
                    "strategy": "rest_for_one",
                    "intensity": {"restarts": 3, "period_ns": 10000000000},
                    "restarts_in_period": 2,
                    "backoff": null,
                    "start_order": "concurrent",
                    "shutdown_order": "sequential",
                    "shutdown_budget_ns": null,
                    "abort_grace_ns": 5000000000,
                    "auto_shutdown": "never",
                    "max_dynamic_children": null,
                    "threads": 0,
                    "resources": null,
                    "uptime_ns": 10800000000000
                },
                "children": [
                    {
                        "name": "index",
                        "full_name": "app.storage.index",
                        "kind": "worker",
                        "child": {
                            "id": 2,
                            "process_id": 7,
                            "state": "waiting",
                            "dynamic": false,
                            "significant": false,
                    "stalled": false,
                            "restart_type": "permanent",
                            "shutdown": {"kind": "graceful", "timeout_ns": 5000000000},
                            "restarts": 2,
                            "uptime_ns": null,
                            "remaining_delay_ns": 2345000000,
                            "last_exit": {
                                "kind": "panicked",
                                "message": "panicked: std::runtime_error: page 17 is damaged",
                                "error": null,
                                "exception": "std::runtime_error: page 17 is damaged",
                                "supervisor_error": null,
                                "ago_ns": 155000000
                            }
                        },
                        "supervisor": null,
                        "children": []
                    }
                ]
            }
        ]
    }
}
// end::snapshot[]
)";
    BOOST_TEST(to_json(example()) == parse(snapshots::listing(expected.substr(1))));
}

BOOST_AUTO_TEST_CASE(keys_have_the_order_of_the_documentation) {
    BOOST_TEST(
        serialize(to_json(snapshots::of("app"))) ==
        R"({"schema_version":1,"taken":"2026-11-22T11:23:32.123456Z",)"
        R"("totals":{"supervisors":1,"workers":0,"running":0,"starting":0,"stopping":0,)"
        R"("down":0,"abandoned":0,"restarts":0},)"
        R"("tree":{"name":"app","full_name":"app","kind":"supervisor","child":null,)"
        R"("supervisor":{"state":"not_running","strategy":"one_for_one",)"
        R"("intensity":{"restarts":1,"period_ns":5000000000},"restarts_in_period":0,)"
        R"("backoff":null,"start_order":"concurrent","shutdown_order":"sequential",)"
        R"("shutdown_budget_ns":null,"abort_grace_ns":5000000000,"auto_shutdown":"never",)"
        R"("max_dynamic_children":null,"threads":0,"resources":null,"uptime_ns":0},"children":[]}})");
}

BOOST_AUTO_TEST_CASE(of_nothing_there_is_no_tree) {
    BOOST_TEST(to_json(snapshot()) ==
               parse(R"({"schema_version": 1, "taken": "1970-01-01T00:00:00.000000Z",
                         "totals": {"supervisors": 0, "workers": 0, "running": 0, "starting": 0,
                                    "stopping": 0, "down": 0, "abandoned": 0, "restarts": 0},
                         "tree": null})"));
}

BOOST_AUTO_TEST_CASE(a_child_that_has_not_been_started_has_no_process) {
    BOOST_TEST(only_child({.name = "w"}) ==
               parse(R"({"id": 1, "process_id": null, "state": "not_started", "dynamic": false,
                         "significant": false, "stalled": false, "restart_type": "permanent",
                         "shutdown": {"kind": "graceful", "timeout_ns": 5000000000},
                         "restarts": 0, "uptime_ns": null, "remaining_delay_ns": null,
                         "last_exit": null})"));
}

BOOST_AUTO_TEST_CASE(a_child_tells_what_it_is) {
    BOOST_TEST(only_child({.name = "w",
                           .process_id = 12,
                           .state = child_state::stopping,
                           .dynamic = true,
                           .significant = true,
                           .stalled = true,
                           .restart = arborist::transient,
                           .shutdown = arborist::brutal,
                           .restarts = 3,
                           .uptime = 1500ms}) ==
               parse(R"({"id": 1, "process_id": 12, "state": "stopping", "dynamic": true,
                         "significant": true, "stalled": true, "restart_type": "transient",
                         "shutdown": {"kind": "brutal", "timeout_ns": 0},
                         "restarts": 3, "uptime_ns": 1500000000, "remaining_delay_ns": null,
                         "last_exit": null})"));
}

BOOST_AUTO_TEST_CASE(states_are_identifiers_and_bring_their_times) {
    struct {
        child_state state;
        char const* name;
        value uptime, delay;
    } const expected[] = {{child_state::not_started, "not_started", nullptr, nullptr},
                          {child_state::starting, "starting", 5, nullptr},
                          {child_state::running, "running", 5, nullptr},
                          {child_state::waiting, "waiting", nullptr, 6},
                          {child_state::stopping, "stopping", 5, nullptr},
                          {child_state::aborting, "aborting", 5, nullptr},
                          {child_state::abandoned, "abandoned", 5, nullptr},
                          {child_state::ended, "ended", nullptr, nullptr},
                          {child_state::stopped, "stopped", nullptr, nullptr}};
    for (auto const& each : expected) {
        value const child =
            only_child({.name = "w", .state = each.state, .uptime = 5ns, .remaining_delay = 6ns});
        BOOST_TEST(child.at("state") == value(each.name));
        BOOST_TEST(child.at("uptime_ns") == each.uptime);
        BOOST_TEST(child.at("remaining_delay_ns") == each.delay);
    }
    BOOST_TEST(supervisor({}).at("state") == value("not_running"));
    BOOST_TEST(supervisor(ready()).at("state") == value("ready"));
}

BOOST_AUTO_TEST_CASE(a_supervisor_tells_how_it_decides) {
    BOOST_TEST(
        supervisor(
            {.state = supervisor_state::stopping,
             .strategy = arborist::one_for_all,
             .intensity = {3, 10s},
             .restarts = 2,
             .backoff =
                 {.first = 100ms, .multiplier = 1.5, .most = 30s, .jitter = 0.25, .healthy = 1min},
             .start = arborist::sequential,
             .shutdown = arborist::concurrent,
             .shutdown_budget = 30s,
             .abort_grace = 2s,
             .auto_shutdown = arborist::any_significant,
             .max_dynamic_children = 100,
             .threads = 4,
             .resources = arborist::resource_usage{.allocated_bytes = 5,
                                                   .freed_bytes = 4,
                                                   .allocated_objects = 3,
                                                   .freed_objects = 2,
                                                   .cpu_time = 1ns},
             .uptime = 1ns}) == parse(R"({"state": "stopping", "strategy": "one_for_all",
                         "intensity": {"restarts": 3, "period_ns": 10000000000},
                         "restarts_in_period": 2,
                         "backoff": {"first_ns": 100000000, "multiplier": 1.5,
                                     "most_ns": 30000000000, "jitter": 0.25,
                                     "healthy_ns": 60000000000},
                         "start_order": "sequential", "shutdown_order": "concurrent",
                         "shutdown_budget_ns": 30000000000, "abort_grace_ns": 2000000000,
                         "auto_shutdown": "any_significant", "max_dynamic_children": 100,
                         "threads": 4, "resources": {"allocated_bytes": 5, "freed_bytes": 4,
                         "allocated_objects": 3, "freed_objects": 2, "cpu_time_ns": 1},
                         "uptime_ns": 1})"));
}

BOOST_AUTO_TEST_CASE(what_has_no_limit_is_null) {
    BOOST_TEST(supervisor({.intensity = arborist::unlimited}).at("intensity").is_null());
    value const none = supervisor({});
    BOOST_TEST(none.at("shutdown_budget_ns").is_null());
    BOOST_TEST(none.at("max_dynamic_children").is_null());
    child_info child = running("w");
    child.shutdown = arborist::infinite;
    BOOST_TEST(only_child(child).at("shutdown") ==
               parse(R"({"kind": "infinite", "timeout_ns": null})"));
    child.shutdown = arborist::graceful(arborist::duration::max());
    BOOST_TEST(only_child(child).at("shutdown") ==
               parse(R"({"kind": "graceful", "timeout_ns": null})"));
}

BOOST_AUTO_TEST_CASE(an_exit_tells_its_cause) {
    BOOST_TEST(last_exit(exit_reason()) ==
               parse(R"({"kind": "completed", "message": "completed", "error": null,
                         "exception": null, "supervisor_error": null, "ago_ns": 7})"));
    BOOST_TEST(last_exit(exit_reason(exit_kind::terminated, cause("out of paper"))) ==
               parse(R"({"kind": "terminated", "message": "terminated: out of paper",
                         "error": null, "exception": null, "supervisor_error": null,
                         "ago_ns": 7})"));
    BOOST_TEST(
        last_exit(exit_reason(exit_kind::terminated, cause(errc::task_dropped, "cannot print"))) ==
        parse(R"({"kind": "terminated",
                         "message": "terminated: cannot print: task dropped with its executor",
                         "error": {"category": "arborist", "value": 11,
                                   "message": "task dropped with its executor"},
                         "exception": null, "supervisor_error": null, "ago_ns": 7})"));
    BOOST_TEST(last_exit(exit_reason(exit_kind::panicked,
                                     cause(std::make_exception_ptr(std::runtime_error("boom")),
                                           errc::no_children))) ==
               parse(R"({"kind": "panicked", "message": "panicked: std::runtime_error: boom",
                         "error": {"category": "arborist", "value": 3, "message": "no children"},
                         "exception": "std::runtime_error: boom", "supervisor_error": null,
                         "ago_ns": 7})"));
}

BOOST_AUTO_TEST_CASE(the_failure_of_a_nested_supervisor_is_told_down_to_its_origin) {
    supervisor_error const wal(errc::restart_limit_exceeded, {.supervisor = "app.storage.wal",
                                                              .path = "writer",
                                                              .exit = panic("boom"),
                                                              .restarts = 3,
                                                              .intensity = {3, 10s}});
    supervisor_error const storage(errc::significant_child_exited,
                                   {.supervisor = "app.storage",
                                    .path = "wal",
                                    .exit = exit_reason(exit_kind::terminated, wal)});
    BOOST_TEST(last_exit(exit_reason(exit_kind::terminated, storage)) ==
               parse(
                   R"({"kind": "terminated",
                "message": "terminated: app.storage: significant child 'wal' terminated: app.storage.wal: gave up on child 'writer' after 3 restarts within 10s; it panicked: std::runtime_error: boom",
                "error": {"category": "arborist", "value": 7,
                          "message": "significant child exited"},
                "exception": null,
                "supervisor_error": {
                    "supervisor": "app.storage",
                    "error": {"category": "arborist", "value": 7,
                              "message": "significant child exited"},
                    "path": "wal",
                    "exit": {
                        "kind": "terminated",
                        "message": "terminated: app.storage.wal: gave up on child 'writer' after 3 restarts within 10s; it panicked: std::runtime_error: boom",
                        "error": {"category": "arborist", "value": 6,
                                  "message": "restart limit exceeded"},
                        "exception": null,
                        "supervisor_error": {
                            "supervisor": "app.storage.wal",
                            "error": {"category": "arborist", "value": 6,
                                      "message": "restart limit exceeded"},
                            "path": "writer",
                            "exit": {"kind": "panicked",
                                     "message": "panicked: std::runtime_error: boom",
                                     "error": null, "exception": "std::runtime_error: boom",
                                     "supervisor_error": null},
                            "also": [],
                            "restarts": 3,
                            "intensity": {"restarts": 3, "period_ns": 10000000000},
                            "aborted": [], "abandoned": []}},
                    "also": [], "restarts": null, "intensity": null, "aborted": [], "abandoned": []},
                "ago_ns": 7})"));
}

BOOST_AUTO_TEST_CASE(a_failure_that_no_child_is_to_blame_for_has_neither_path_nor_exit) {
    supervisor_error const slow(errc::shutdown_timed_out, {.supervisor = "app.storage",
                                                           .aborted = {"wal", "index/reader"},
                                                           .abandoned = {"index/writer"}});
    value const error = last_exit(exit_reason(exit_kind::terminated, slow)).at("supervisor_error");
    BOOST_TEST(error == parse(R"({"supervisor": "app.storage",
                                  "error": {"category": "arborist", "value": 8,
                                            "message": "shutdown timed out"},
                                  "path": null, "exit": null, "also": [], "restarts": null,
                                  "intensity": null, "aborted": ["wal", "index/reader"],
                                  "abandoned": ["index/writer"]})"));
}

BOOST_AUTO_TEST_CASE(all_children_that_failed_to_initialise_are_listed) {
    supervisor_error const broken(
        errc::failed_to_initialize,
        {.supervisor = "app.storage",
         .path = "wal",
         .exit = exit_reason(exit_kind::terminated, arborist::cause("no disk")),
         .also = {arborist::initialization_error::below(
             "index/reader", boost::system::error_code(errc::task_dropped))}});
    value const error =
        last_exit(exit_reason(exit_kind::terminated, broken)).at("supervisor_error");
    BOOST_TEST(error.at("also") == parse(R"([{"path": "index/reader",
                                              "message": "task dropped with its executor",
                                              "error": {"category": "arborist", "value": 11,
                                                        "message":
                                                            "task dropped with its executor"}}])"));
}

BOOST_AUTO_TEST_CASE(what_is_no_utf_8_is_repaired) {
    snapshot tree = snapshots::of("app\xFF", ready());
    child_info child = running("caf\xE9 \x1B[2J");
    child.last_exit = panic("\xC3");
    add(tree, 0, child);
    value const repaired = parse(serialize(to_json(tree))); // which refuses it otherwise
    value const& node = repaired.at("tree").at("children").at(0);
    BOOST_TEST(repaired.at("tree").at("name") == value("app\xEF\xBF\xBD"));
    BOOST_TEST(node.at("name") == value("caf\xEF\xBF\xBD \x1B[2J"));
    BOOST_TEST(node.at("child").at("last_exit").at("exception") ==
               value("std::runtime_error: \xEF\xBF\xBD"));
}

BOOST_AUTO_TEST_CASE(children_keep_their_order) {
    snapshot tree = snapshots::of("0", ready());
    std::size_t const first = add(tree, 0, running("1"), ready());
    add(tree, first, running("2"));
    add(tree, first, running("3"));
    add(tree, 0, running("4"));
    std::size_t const last = add(tree, 0, running("5"), ready());
    add(tree, last, running("6"));
    value const root = to_json(tree).at("tree");
    BOOST_TEST(root.at("children").as_array().size() == 3U);
    BOOST_TEST(root.at_pointer("/children/0/name") == value("1"));
    BOOST_TEST(root.at_pointer("/children/0/children/0/name") == value("2"));
    BOOST_TEST(root.at_pointer("/children/0/children/1/name") == value("3"));
    BOOST_TEST(root.at_pointer("/children/1/name") == value("4"));
    BOOST_TEST(root.at_pointer("/children/2/children/0/name") == value("6"));
}

BOOST_AUTO_TEST_CASE(all_children_are_there_however_many) {
    snapshot tree = snapshots::of("app", ready());
    for (int i = 0; i != 10'000; ++i) {
        child_info child = running("d");
        child.dynamic = true;
        add(tree, 0, child);
    }
    BOOST_TEST(to_json(tree).at("tree").at("children").as_array().size() == 10'000U);
}

BOOST_AUTO_TEST_CASE(the_value_is_in_the_storage_that_was_given) {
    boost::json::monotonic_resource storage;
    value const json = to_json(example(), &storage);
    BOOST_TEST(json.storage().get() == &storage);
    BOOST_TEST(json.at_pointer("/tree/children/0/children/0/name").storage().get() == &storage);
    BOOST_TEST(json == to_json(example()));
}

BOOST_AUTO_TEST_CASE(a_deep_tree_needs_no_more_stack_than_a_flat_one) {
    snapshot const tree = snapshots::chain(10'000);
    std::size_t depth = 0;
    snapshots::with_little_stack([&] {
        boost::json::monotonic_resource storage;
        value const json = to_json(tree, &storage);
        for (value const* node = &json.at("tree"); node; ++depth) {
            auto const& children = node->at("children").as_array();
            node = children.empty() ? nullptr : &children.front();
        }
    });
    BOOST_TEST(depth == 10'000U);
}

BOOST_AUTO_TEST_CASE(neither_does_a_failure_that_comes_from_far_below) {
    exit_reason reason = panic("boom");
    for (int i = 0; i != 500; ++i)
        reason = exit_reason(exit_kind::terminated,
                             supervisor_error(errc::significant_child_exited,
                                              {.supervisor = "s", .path = "p", .exit = reason}));
    snapshot tree = snapshots::of("app", ready());
    child_info child = running("w");
    child.last_exit = reason;
    add(tree, 0, child);
    std::size_t depth = 0;
    snapshots::with_little_stack([&] {
        boost::json::monotonic_resource storage;
        value const json = to_json(tree, &storage);
        value const* exit = &json.at_pointer("/tree/children/0/child/last_exit");
        for (; !exit->at("supervisor_error").is_null(); ++depth)
            exit = &exit->at("supervisor_error").at("exit");
    });
    BOOST_TEST(depth == 500U);
}

BOOST_AUTO_TEST_CASE(the_schema_has_a_version) {
    static_assert(arborist::snapshot_schema_version == 1);
    BOOST_TEST(to_json(snapshots::of("app")).at("schema_version") == value(1));
}
