// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#define BOOST_TEST_MODULE conformance_n_names
#include "name.hpp"
#include "support/tree.hpp"

#include <boost/system/system_error.hpp>

#include <cstdint>
#include <set>

using namespace tree_test;

BOOST_TEST_GLOBAL_FIXTURE(quiet_log);

namespace {

// The names and ids that a tree reports.
struct identities {
    std::vector<std::uint64_t> ids;
    std::set<std::string> supervisors;

    observer watch() {
        return [this](event const& what) {
            supervisors.emplace(what.supervisor);
            if (what.kind == event_kind::child_starting)
                ids.push_back(what.process_id);
        };
    }
};

auto refused_as(errc code, std::string text) {
    return [code, text = std::move(text)](boost::system::system_error const& error) {
        return error.code() == code && std::string(error.what()).find(text) != std::string::npos;
    };
}

} // namespace

BOOST_AUTO_TEST_CASE(N1_every_start_takes_a_new_id) {
    identities seen;
    probe a("a");
    supervisor root("root", {.intensity = unlimited});
    root.observe(seen.watch());
    root.add(a).add(probe("b"));
    run_of run(root);
    a.fail("once");
    run.settle();
    a.fail("twice");
    run.settle();
    BOOST_TEST_REQUIRE(seen.ids.size() == 4u);
    BOOST_TEST(seen.ids.front() >= 1u);
    for (std::size_t i = 1; i != seen.ids.size(); ++i)
        BOOST_TEST(seen.ids[i] == seen.ids[i - 1] + 1);
    run.stop();
}

BOOST_AUTO_TEST_CASE(N2_a_name_is_the_parents_and_the_segment) {
    identities seen;
    supervisor inner("control-plane");
    inner.add(probe("x"));
    supervisor middle("middle");
    middle.add(std::move(inner));
    supervisor root("my app");
    root.observe(seen.watch());
    root.add(std::move(middle));
    run_of run(root);
    run.stop();
    BOOST_TEST(seen.supervisors == (std::set<std::string>{"my_app", "my_app.middle",
                                                          "my_app.middle.control_plane"}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(N3_segments) {
    auto const vectors = std::map<std::string, std::string>{
        {"worker", "worker"},
        {"worker.", "worker"},
        {"_worker_", "worker"},
        {"worker-123", "worker_123"},
        {"--worker_123", "worker_123"},
        {"worker 123", "worker_123"},
        {"worker===123", "worker_123"},
        {"topology.worker", "topology_worker"},
        {"a__b", "a__b"},
        {"a__b.", "a_b"},
        {"7", "7"},
        {"gr\xc3\xbc\xc3\x9f"
         "e",
         "gr_e"},
        {"---", ""},
        {"", ""},
    };
    for (auto const& [name, segment] : vectors)
        BOOST_TEST(arborist::name::sanitize(name) == segment);
}

BOOST_AUTO_TEST_CASE(N4_an_invalid_name_is_refused_where_it_is_given) {
    auto const nothing = [](process_shutdown) -> asio::awaitable<void> { co_return; };
    for (std::string const name : {"", "---", "\xc3\xbc"}) {
        auto const refused = refused_as(errc::invalid_name, "'" + name + "'");
        BOOST_CHECK_EXCEPTION(supervisor{name}, boost::system::system_error, refused);
        supervisor root("root");
        BOOST_CHECK_EXCEPTION(root.add(worker(name, nothing)), boost::system::system_error,
                              refused);
        BOOST_CHECK_EXCEPTION(root.add(probe(name)), boost::system::system_error, refused);
        run_of run(root); // and was not added
        BOOST_TEST((run.result().error().code() == errc::no_children));
    }
}

BOOST_AUTO_TEST_CASE(N5_siblings_may_share_a_name) {
    journal notes;
    probe second("twin", &notes);
    supervisor root("root");
    root.add(probe("twin", &notes)).add(second);
    run_of run(root);
    second.fail("x");
    run.settle();
    run.stop();
    BOOST_TEST(notes.lines() == (lines{"start twin", "start twin", "fail twin", "start twin",
                                       "stop twin", "stop twin"}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(N5_error_paths_join_the_raw_names) {
    probe broken("privileged-api");
    broken.break_initialization("no permission");
    supervisor inner("ctrl-pln");
    inner.add(broken);
    supervisor root("root");
    root.add(std::move(inner));
    run_of run(root);
    BOOST_TEST(run.result().error().path() == "ctrl-pln/privileged-api");
}

BOOST_AUTO_TEST_CASE(the_name_of_a_worker_may_be_a_view_into_the_worker) {
    struct named {
        std::string own;
        std::string_view name() const { return own; }
        asio::awaitable<initialization> initialize(process_shutdown) {
            co_return initialization_error(cause("never mind"));
        }
    };
    supervisor root("root");
    root.add(named{"short"});
    run_of run(root);
    BOOST_TEST(run.result().error().path() == "short");
}
