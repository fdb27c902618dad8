// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

// Work that would starve the others: on a runtime of its own, on a thread of its own, or as plain
// asynchronous operations.

// tag::all[]
#include <arborist/arborist.hpp>
#include <arborist/log.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/consign.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <iostream>
#include <memory>
#include <mutex>
#include <stop_token>
#include <utility>

namespace asio = boost::asio;
using namespace std::chrono_literals;

// tag::crunch[]
// Burns a processor, and says how far it is to whoever wants to know. The supervisor runs on these
// threads too: it has its turn between two chunks.
asio::awaitable<arborist::result<void>> crunch(arborist::process_shutdown shutdown) {
    auto const data = arborist::this_process::dataspace();
    auto const own_executor = co_await asio::this_coro::executor;
    for (std::uint64_t chunk = 0, sum = 0; !shutdown.requested(); ++chunk) {
        for (std::uint64_t n = 0; n != 1'000'000; ++n)
            sum += n * chunk;
        if (auto told = data.publish(arborist::this_process::name(), sum); !told)
            co_return told.error();
        auto turn = asio::post(own_executor, asio::deferred);
        co_await std::move(turn)(asio::use_awaitable);
    }
    co_return arborist::success();
}
// end::crunch[]

// tag::blocking[]
// Plain C++ that blocks; the token is the shutdown signal.
void build_index(std::stop_token stop) {
    std::mutex mutex;
    std::condition_variable_any wake;
    std::unique_lock lock(mutex);
    for (int pass = 1; !wake.wait_for(lock, stop, 60ms, [&] { return stop.stop_requested(); });
         ++pass)
        BOOST_LOG_SEV(arborist::this_process::logger(), arborist::log::severity::info)
            << "pass " << pass;
}
// end::blocking[]

// tag::follow[]
asio::awaitable<void> follow(arborist::process_shutdown shutdown) {
    auto sums = arborist::this_process::dataspace().subscribe<std::uint64_t>();
    while (auto update = co_await shutdown.until(sums.async_receive())) {
        auto const& what = update.value();
        if (!what) // by itself or by its end
            std::cout << what.key() << " has ended\n";
    }
}
// end::follow[]

// tag::tree[]
int main() {
    arborist::log::to_console();
    arborist::supervisor crunching("crunching", {.runtime = arborist::dedicated{.threads = 2}});
    crunching.add(arborist::worker("even", crunch)).add(arborist::worker("odd", crunch));

    asio::io_context context;
    arborist::supervisor root("app");
    root.add(arborist::worker("follower", follow));
    root.add(std::move(crunching));
    root.add(arborist::blocking_worker("indexer", build_index, {.stack_size = 1 << 20}));
    root.add(arborist::worker("heartbeat",
                              [&context] {
                                  auto timer = std::make_shared<asio::steady_timer>(context, 50ms);
                                  return timer->async_wait(asio::consign(asio::deferred, timer));
                              }),
             {.restart = arborist::transient}); // it completes, and that is that

    arborist::supervisor_handle const handle = root.handle();
    asio::steady_timer while_it_runs(context, 150ms);
    while_it_runs.async_wait([&](auto) { std::cout << handle.snapshot(); });
    asio::steady_timer end(context, 300ms);
    int code = 0;
    root.async_run(context, end.async_wait(asio::deferred),
                   [&](arborist::run_result result) { code = arborist::exit_code(result); });
    context.run();
    return code;
}
// end::tree[]
// end::all[]
