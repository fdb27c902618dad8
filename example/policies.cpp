// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

// Policy is data: a tree that does a job at night, and is over when the job is done.

// tag::all[]
#include <arborist/arborist.hpp>
#include <arborist/log.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <chrono>
#include <iostream>
#include <utility>

namespace asio = boost::asio;
using namespace std::chrono_literals;

// What the children share. One thread runs all of them here, so that it needs no lock.
struct night {
    int calls = 0;
    bool locked_out = false;
    int orders = 0;
};

// tag::workers[]
asio::awaitable<arborist::result<void>> until_shutdown(arborist::process_shutdown shutdown) {
    co_await shutdown.async_wait(asio::use_awaitable);
    co_return arborist::success();
}

// Takes its time to come up: whoever is started after it can rely on it.
asio::awaitable<arborist::initialization> catalogue(arborist::process_shutdown shutdown) {
    co_await shutdown.wait_for(50ms);
    std::cout << "catalogue: loaded\n";
    co_return until_shutdown(std::move(shutdown));
}

// Its server hangs up on the first three calls; when it has locked us out, on all.
asio::awaitable<arborist::result<void>> feed(night& tonight, arborist::process_shutdown shutdown) {
    int const call = ++tonight.calls;
    if (tonight.locked_out)
        co_return asio::error::access_denied;
    if (call <= 3)
        co_return asio::error::connection_reset;
    std::cout << "feed: connected by call " << call << '\n';
    while (!co_await shutdown.wait_for(10ms))
        ++tonight.orders;
    co_return arborist::success();
}

// Is over when it has three orders.
asio::awaitable<void> job(night const& tonight, arborist::process_shutdown shutdown) {
    bool stop = false;
    while (!stop && tonight.orders < 3)
        stop = co_await shutdown.wait_for(10ms);
    if (!stop)
        std::cout << "job: done\n";
}
// end::workers[]

// tag::decision[]
// Asked about an exit that is to be restarted. To call again after a wrong password does harm.
arborist::exit_decision worth_another_call(arborist::exit_reason const& exit) {
    if (exit.why().code() == asio::error::access_denied)
        return arborist::exit_decision::escalate; // the supervisor fails, because of this
    return arborist::exit_decision::restart;
}
// end::decision[]

// tag::observer[]
void print_restart(arborist::event const& what) {
    using milliseconds = std::chrono::duration<double, std::milli>;
    if (what.kind == arborist::event_kind::child_restarting)
        std::cout << what.child << ' ' << *what.exit << "; again in "
                  << milliseconds(what.delay).count() << " ms\n";
}
// end::observer[]

int main() {
    arborist::log::disable(); // the observer tells enough
    night tonight;
    auto const call = [&tonight](auto shutdown) { return feed(tonight, std::move(shutdown)); };
    auto const work = [&tonight](auto shutdown) { return job(tonight, std::move(shutdown)); };

    // tag::tree[]
    arborist::supervisor root(
        "import",
        {.intensity = {.restarts = 10, .period = 1min},
         .backoff = {.first = 20ms, .most = 1s, .jitter = 0}, // 20 ms, 40 ms, 80 ms, ... 1 s
         .start = arborist::sequential,                       // each when the last one is up
         .shutdown_budget = 10s,                              // then the rest is aborted
         .auto_shutdown = arborist::any_significant});        // the job's end is that of the tree
    root.add(arborist::worker("catalogue", catalogue), {.start_timeout = 30s});
    root.add(arborist::worker("feed", call),
             {.intensity = {.restarts = 5, .period = 10s}, .decide = worth_another_call});
    root.add(arborist::worker("job", work), {.restart = arborist::transient, .significant = true});
    // end::tree[]
    root.observe(print_restart);

    // tag::run[]
    asio::io_context context;
    bool done = false;
    root.async_run(context, [&done](arborist::run_result result) {
        if (result) // somebody asked it to stop
            return;
        std::cout << result.error() << '\n'; // import: significant child 'job' completed
        done = arborist::exit_code(result) == 0;
    });
    context.run();
    // end::run[]

    tonight = {.locked_out = true}; // another night
    bool escalated = false;
    root.async_run(context, [&escalated](arborist::run_result result) {
        if (result)
            return;
        std::cout << result.error() << '\n'; // import: child 'feed' escalated its exit: ...
        escalated = result.error().code() == arborist::errc::escalated;
    });
    context.restart();
    context.run();
    return done && escalated ? 0 : 1;
}
// end::all[]
