// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#define BOOST_TEST_MODULE testing_found
#include <arborist/testing.hpp>

#include "support/tree.hpp"

using namespace tree_test;

BOOST_TEST_GLOBAL_FIXTURE(quiet_log);

// Defects that exploring random trees has found, each as the shortest history that shows it.

namespace {

asio::awaitable<void> wait_for_shutdown(process_shutdown shutdown) {
    auto stopped = shutdown.async_wait(asio::deferred);
    co_await std::move(stopped);
}

child_specification idler(std::string name, child_options const& options = {}) {
    return worker(std::move(name), wait_for_shutdown).with(options);
}

} // namespace

// Its name was looked up where there was no child any more.
BOOST_AUTO_TEST_CASE(D9_an_abandoned_process_outlives_its_child) {
    testing::simulation world;
    world.inject([](testing::process_start const& start) {
        return testing::fault{.lingers = start.incarnation == 1 ? 1min : 0s};
    });
    supervisor app("app");
    app.add(idler("other"));
    testing::trial trial(world, std::move(app));
    answer<child_id> started;
    answer<void> restarted, stopped;
    trial.handle().async_start(
        idler("child",
              {.restart = permanent, .shutdown = brutal, .restart_beside_abandoned = true}),
        started.receive());
    world.run_for(1s);
    trial.handle().async_restart(started.get().value(), restarted.receive());
    world.run_for(10s);
    trial.handle().async_stop(started.get().value(), stopped.receive());
    world.run_for(1s);
    BOOST_TEST(restarted.good());
    BOOST_TEST(stopped.good());

    world.run_for(1min);
    BOOST_TEST(trial.log().find("app: child 'child' abandoned before") != std::string::npos);
    BOOST_TEST(trial.violations() == "");
}
