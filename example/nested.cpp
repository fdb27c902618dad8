// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

// A tree of two levels: what the lower one cannot mend, the upper one does.

// tag::all[]
#include <arborist/arborist.hpp>
#include <arborist/log.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <chrono>
#include <iostream>
#include <stdexcept>
#include <string>
#include <utility>

namespace asio = boost::asio;
using namespace std::chrono_literals;

asio::awaitable<void> serve(arborist::process_shutdown shutdown) {
    co_await shutdown.async_wait(asio::use_awaitable);
}

// Works from its fourth start on.
struct fragile {
    int starts = 0;

    asio::awaitable<void> operator()(arborist::process_shutdown shutdown) {
        if (++starts < 4)
            throw std::runtime_error("start " + std::to_string(starts) + " went wrong");
        return serve(std::move(shutdown));
    }
};

int main() {
    arborist::log::disable(); // the observer below tells enough

    // tag::tree[]
    arborist::supervisor storage("storage", {.strategy = arborist::rest_for_one,
                                             .intensity = {.restarts = 2, .period = 5s}});
    storage.add(arborist::worker("journal", fragile()));
    storage.add(arborist::worker("index", serve)); // useless without the journal: declared after it

    arborist::supervisor root("app");
    root.add(arborist::worker("control", serve));
    root.add(std::move(storage));
    // end::tree[]

    // tag::observer[]
    bool ready = false;
    root.observe([&ready](arborist::event const& what) {
        if (what.child.empty())
            std::cout << what.supervisor << ": " << to_string(what.kind) << '\n';
        if (what.kind == arborist::event_kind::child_restarting ||
            what.kind == arborist::event_kind::gave_up)
            std::cout << what.supervisor << ": " << to_string(what.kind) << ' ' << what.child
                      << ", which " << *what.exit << '\n';
        ready |= what.supervisor == "app" && what.kind == arborist::event_kind::supervisor_ready;
    });
    // end::observer[]

    asio::io_context context;
    asio::steady_timer soon(context, 100ms);
    int code = 1;
    root.async_run(context, soon.async_wait(asio::deferred), [&](arborist::run_result result) {
        code = ready ? arborist::exit_code(result) : 1;
    });
    context.run();
    return code;
}
// end::all[]
