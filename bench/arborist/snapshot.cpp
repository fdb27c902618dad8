// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

// W10: snapshots of a large tree, taken in another thread; how long each takes, and how long at
// most the supervisor needs for a restart meanwhile.

#include "../support/bench.hpp"
#include "arborist_bench.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/system/error_code.hpp>

#include <algorithm>
#include <atomic>
#include <functional>
#include <thread>

namespace asio = boost::asio;

int main(int argc, char** argv) {
    bench::parameters const given(argc, argv, {{"children", 100'000}, {"snapshots", 20}});
    auto const each = static_cast<double>(given["children"]);
    arborist::log::disable();
    asio::io_context context(1);
    arborist::shutdown_source stop(context);
    std::atomic<bool> looking{false};
    bench::clock::time_point failed;
    double longest = 0;

    arborist::supervisor root("root", {.intensity = arborist::unlimited});
    bench::counters seen;
    root.observe(std::ref(seen));
    for (std::size_t i = 0; i != given["children"]; ++i)
        root.add(arborist::worker("idle", bench::idle));
    root.add(arborist::worker("failing", [&]() -> asio::awaitable<arborist::result<void>> {
        auto const now = bench::clock::now();
        if (looking && failed != bench::clock::time_point())
            longest =
                std::max(longest, std::chrono::duration<double, std::nano>(now - failed).count());
        failed = looking ? now : bench::clock::time_point();
        co_return boost::system::error_code(asio::error::connection_reset);
    }));
    auto const handle = root.handle();
    root.async_run(context, stop.get_shutdown().async_wait(asio::deferred),
                   [](arborist::run_result) {});
    context.poll_one();

    double taken = 0;
    std::thread observer([&] {
        for (std::size_t i = 0; i != given["snapshots"]; ++i) {
            while (handle.snapshot().nodes.size() < given["children"])
                std::this_thread::yield(); // until all are there
            looking = true;
            bench::stopwatch watch;
            (void)handle.snapshot();
            taken += watch.lap();
            looking = false;
        }
        stop.request();
    });
    context.run();
    observer.join();
    bench::report("snapshot", "ns", taken / static_cast<double>(given["snapshots"]) / each);
    bench::report("snapshot.stall", "ns", longest);
}
