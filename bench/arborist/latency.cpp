// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

// W2: how long after its failure one of many children runs again.

#include "../support/bench.hpp"
#include "arborist_bench.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/system/error_code.hpp>

#include <functional>
#include <vector>

namespace asio = boost::asio;

int main(int argc, char** argv) {
    bench::parameters const given(argc, argv, {{"children", 1000}, {"restarts", 200'000}});
    arborist::log::disable();
    asio::io_context context(1);
    arborist::shutdown_source stop(context);
    std::size_t left = given["restarts"];
    bench::clock::time_point failed;
    std::vector<double> latencies;
    latencies.reserve(left + 1);

    arborist::supervisor root("root", {.intensity = arborist::unlimited});
    bench::counters seen;
    root.observe(std::ref(seen));
    for (std::size_t i = 0; i != given["children"]; ++i)
        root.add(arborist::worker("idle", bench::idle));
    root.add(arborist::worker("failing", [&]() -> asio::awaitable<arborist::result<void>> {
        auto const now = bench::clock::now();
        if (failed != bench::clock::time_point())
            latencies.push_back(std::chrono::duration<double, std::nano>(now - failed).count());
        if (left-- == 0)
            stop.request();
        failed = bench::clock::now();
        co_return boost::system::error_code(asio::error::connection_reset);
    }));
    root.async_run(context, stop.get_shutdown().async_wait(asio::deferred),
                   [](arborist::run_result) {});
    context.run();
    bench::report_distribution("latency", std::move(latencies));
}
