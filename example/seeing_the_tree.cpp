// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

// What a running tree shows of itself: events, snapshots as text and as JSON.

// tag::all[]
#include <arborist/arborist.hpp>
#include <arborist/json.hpp>
#include <arborist/log.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/json/serialize.hpp>

#include <chrono>
#include <future>
#include <iomanip>
#include <iostream>
#include <sstream>
#include <stdexcept>
#include <string>
#include <utility>

namespace asio = boost::asio;
using namespace std::chrono_literals;

asio::awaitable<void> serve(arborist::process_shutdown shutdown) {
    co_await shutdown.async_wait(asio::use_awaitable);
}

asio::awaitable<void> damaged(arborist::process_shutdown shutdown) {
    bool const asked = co_await shutdown.wait_for(100ms);
    if (!asked)
        throw std::runtime_error("page 17 is damaged");
}

int main() {
    arborist::log::disable();

    // tag::tree[]
    arborist::supervisor storage("storage", {.strategy = arborist::rest_for_one,
                                             .intensity = {.restarts = 3, .period = 60s},
                                             .backoff = {.first = 10s, .jitter = 0}});
    storage.add(arborist::worker("wal", serve));
    storage.add(arborist::worker("index", damaged));

    arborist::supervisor sessions("sessions");
    arborist::supervisor_handle const to_sessions = sessions.handle();

    arborist::supervisor root("app");
    root.add(std::move(storage));
    root.add(std::move(sessions));
    arborist::supervisor_handle const app = root.handle();
    // end::tree[]

    // tag::observer[]
    std::promise<void> failed;
    root.observe([&failed](arborist::event const& what) {
        if (what.kind != arborist::event_kind::child_restarting)
            return;
        using seconds = std::chrono::duration<double>;
        std::ostringstream line; // written in one go: supervisors may tell at the same time
        line << std::fixed << std::setprecision(1) << what.supervisor << ": after "
             << seconds(what.uptime).count() << " s " << what.child << ' ' << *what.exit
             << "; again in " << seconds(what.delay).count() << " s, " << what.budget_left()
             << " more restarts allowed\n";
        std::cout << line.str();
        failed.set_value();
    });
    // end::observer[]

    // tag::snapshot[]
    asio::thread_pool pool(2);
    auto ended = root.async_run(pool, asio::use_future);
    auto ready = app.async_wait_ready(asio::use_future);
    if (ready.get())
        for (char const* peer : {"peer 1", "peer 2", "peer 3"})
            (void)to_sessions.async_start(arborist::worker(peer, serve), asio::use_future).get();
    failed.get_future().wait();

    arborist::snapshot const seen = app.snapshot(); // from any thread; nothing stops for it
    std::cout << seen;
    // end::snapshot[]

    // tag::nodes[]
    for (auto const& node : seen.nodes)
        if (node.state == arborist::child_state::waiting)
            std::cout << node.full_name << ": " << node.last_exit.value() << '\n';
    // end::nodes[]

    // tag::json[]
    boost::json::value const document = arborist::to_json(seen);
    std::cout << document.at("totals") << '\n';
    // end::json[]

    // tag::end[]
    app.request_stop();
    arborist::run_result const result = ended.get();
    return arborist::exit_code(result);
    // end::end[]
}
// end::all[]
