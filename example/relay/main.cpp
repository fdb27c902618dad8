// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

// A TCP relay that mends itself. The tree, in the order in which it starts:
//
//     relay              one_for_one
//     ├─ control         commands on a Unix domain socket          (only with --control)
//     ├─ statistics      a line now and then, and the last one      (not with --statistics 0)
//     ├─ upstream        looks whether the upstream is there
//     └─ traffic         rest_for_one
//        ├─ connections  owns the relayed connections
//        └─ listener     accepts clients, and hands them to connections
//
// It stops in reverse: first nobody is accepted any more, then connections end, then the statistics
// can say the last word; and all the while control answers.
//
// Why rest_for_one: connections can do without a listener, a listener that nobody takes clients
// from is useless. When the listener fails, no connection suffers. When connections fails, its
// connections are reset, and the listener is restarted with it, so that the clients who come back
// are refused until there is somebody to serve them.
//
// What children share is either atomic (counters, restart_counts) or a message (connections_inbox,
// fault_trigger). It is made here and outlives their restarts.

#include <arborist/arborist.hpp>

#include "commands.hpp"
#include "connections.hpp"
#include "control.hpp"
#include "counters.hpp"
#include "fault.hpp"
#include "health_check.hpp"
#include "listener.hpp"
#include "options.hpp"
#include "restart_counts.hpp"
#include "statistics.hpp"

#include <boost/asio/io_context.hpp>

#include <chrono>
#include <csignal>
#include <exception>
#include <iostream>
#include <memory>
#include <thread>
#include <utility>
#include <vector>

namespace relay {
namespace {

using namespace std::chrono_literals;

arborist::supervisor make_tree(options const& chosen, asio::any_io_executor const& executor) {
    auto const totals = std::make_shared<counters>();
    auto const restarts = std::make_shared<restart_counts>(std::initializer_list<char const*>{
        "control", "statistics", "upstream", "traffic", "connections", "listener"});
    auto const triggers = std::make_shared<fault_triggers>(executor);
    auto const inbox = std::make_shared<connections_inbox>(executor, 64);
    arborist::restart_intensity const intensity{chosen.restarts, 10s};

    arborist::supervisor traffic("traffic",
                                 {.strategy = arborist::rest_for_one, .intensity = intensity});
    traffic.add(fallible(connections(inbox, chosen.upstream, chosen.drain, totals), *triggers));
    traffic.add(fallible(listener(executor, chosen.listen, inbox, totals), *triggers));

    arborist::supervisor root("relay", {.intensity = intensity});
    root.observe([restarts](arborist::event const& what) { restarts->record(what); });
    if (!chosen.control.empty()) {
        auto const language = std::make_shared<commands>(totals, restarts, triggers, inbox);
        root.add(fallible(control(chosen.control, language), *triggers));
    }
    if (chosen.statistics != 0s)
        root.add(fallible(statistics(chosen.statistics, totals, restarts), *triggers));
    root.add(fallible(health_check(chosen.upstream, totals), *triggers));
    root.add(std::move(traffic));
    return root;
}

int serve(options const& chosen) {
    arborist::log::disable();
    if (chosen.log) {
        arborist::log::to_console();
        arborist::log::enable(*chosen.log);
    }
    asio::io_context context(static_cast<int>(chosen.threads));
    arborist::supervisor root = make_tree(chosen, context.get_executor());
    int code = 0;
    root.async_run(context, arborist::on_signal(SIGINT, SIGTERM),
                   [&](arborist::run_result const& result) {
                       code = arborist::exit_code(result);
                       if (!result)
                           std::cerr << result.error() << '\n';
                       context.stop(); // and wait for nobody who was abandoned
                   });
    std::vector<std::jthread> helpers;
    while (helpers.size() + 1 < chosen.threads)
        helpers.emplace_back([&context] { context.run(); });
    context.run();
    return code;
}

} // namespace
} // namespace relay

int main(int argc, char** argv) try {
    auto const chosen = relay::parse_options(argc, argv);
    if (!chosen.information.empty()) {
        std::cout << chosen.information;
        return 0;
    }
    if (!chosen.ask.empty())
        return relay::ask(chosen.control, chosen.ask);
    return relay::serve(chosen);
} catch (relay::usage_error const& error) {
    std::cerr << "relay: " << error.what() << '\n';
    return 64; // EX_USAGE
} catch (std::exception const& error) {
    std::cerr << "relay: " << error.what() << '\n';
    return 71; // EX_OSERR
}
