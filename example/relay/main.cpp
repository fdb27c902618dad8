// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

// A TCP relay that mends itself. The tree, in the order in which it starts:
//
//     relay                    one_for_one
//     ├─ control               commands on a Unix domain socket       (only with --control)
//     ├─ statistics            a line now and then, and the last one  (not with --statistics 0)
//     ├─ upstream              without a limit of restarts
//     │  └─ check              holds a connection to the upstream; with back-off
//     └─ traffic               rest_for_one
//        ├─ connections        at most --max-connections of them
//        │  ├─ 127.0.0.1:4711  a client: started by the listener, and never restarted
//        │  └─ ...
//        └─ listener           accepts clients
//
// It stops in reverse: first nobody is accepted any more; then all connections at once are given
// time to finish; then the statistics can say the last word; and all the while control answers.
//
// Why rest_for_one: connections can do without a listener, a listener without connections is
// useless. When the listener fails, no connection suffers. When one connection fails, it concerns
// nobody else. When connections fails, which takes an operator, since it has nobody to restart, it
// ends them all, and the listener is restarted with it, so that clients who come back are refused
// until there is somebody to serve them. Why sequential: for the same reason, at the start.
//
// Why upstream is a supervisor with one child: the budget of restarts is a supervisor's, and that
// of the others is not to be used up by a check that may fail for a week. With back-off, that is
// two lines in the log every quarter of a minute.
//
// What children share is either atomic (counters, restart_counts) or a message (through a
// supervisor_handle, or a fault_trigger). It is made here and outlives their restarts.

#include <arborist/arborist.hpp>

#include "commands.hpp"
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
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace relay {
namespace {

using namespace std::chrono_literals;

arborist::supervisor make_tree(options const& chosen, asio::any_io_executor const& executor) {
    auto const totals = std::make_shared<counters>();
    auto const restarts = std::make_shared<restart_counts>(std::initializer_list<char const*>{
        "control", "statistics", "upstream", "check", "traffic", "connections", "listener"});
    auto const faults = std::make_shared<relay::faults>(executor);
    arborist::restart_intensity const intensity{chosen.restarts, 10s};

    arborist::supervisor upstream("upstream", {.intensity = arborist::unlimited});
    // Servers hang up on who says nothing for a while: from a connection that lasted, start over.
    upstream.add(fallible(health_check(chosen.upstream, totals), *faults),
                 {.backoff = {.first = 250ms, .most = 15s, .healthy = 5s}});
    faults->add(upstream);

    arborist::supervisor connections("connections",
                                     {.max_dynamic_children = chosen.max_connections});
    auto const clients = connections.handle();
    faults->add(connections);

    arborist::supervisor traffic("traffic", {.strategy = arborist::rest_for_one,
                                             .intensity = intensity,
                                             .start = arborist::sequential});
    traffic.add(std::move(connections));
    session_options const sessions{
        .upstream = chosen.upstream, .drain = chosen.drain, .totals = totals};
    traffic.add(fallible(listener(executor, chosen.listen, clients, sessions), *faults));
    faults->add(traffic);

    arborist::supervisor root("relay", {.intensity = intensity});
    root.observe([restarts](arborist::event const& what) { restarts->record(what); });
    root.observe([totals, name = root.name()](arborist::event const& what) {
        if (what.kind == arborist::event_kind::supervisor_stopping && what.supervisor == name)
            totals->ending = true;
    });
    if (!chosen.control.empty()) {
        auto const language = std::make_shared<commands>(root.handle(), totals, restarts, faults);
        root.add(fallible(control(chosen.control, language), *faults));
    }
    if (chosen.statistics != 0s)
        root.add(fallible(statistics(chosen.statistics, totals, restarts), *faults));
    root.add(std::move(upstream));
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
