// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

// W1, W4: starts children that do nothing, and stops them one after the other, the last first.

#include "../support/bench.hpp"
#include "arborist_bench.hpp"

#include <boost/asio/io_context.hpp>

#include <functional>

int main(int argc, char** argv) {
    bench::parameters const given(argc, argv, {{"children", 100'000}});
    std::size_t const children = given["children"];
    auto const each = static_cast<double>(children);
    arborist::log::disable();

    std::size_t const before = bench::resident();
    boost::asio::io_context context(1);
    arborist::shutdown_source stop(context);
    bench::counters seen;
    arborist::supervisor root("root");
    root.observe(std::ref(seen));
    for (std::size_t i = 0; i != children; ++i)
        root.add(arborist::worker("child", bench::idle));
    std::size_t const declared = bench::resident();

    bench::stopwatch watch;
    bool stopped = false;
    root.async_run(context, stop.get_shutdown().async_wait(boost::asio::deferred),
                   [&](arborist::run_result result) { stopped = result.has_value(); });
    context.poll();
    bench::report("start", "ns", watch.lap() / each);
    std::size_t const running = bench::resident();
    bench::report("memory", "bytes", static_cast<double>(running - before) / each);
    bench::report("memory.declared", "bytes", static_cast<double>(declared - before) / each);

    watch.lap();
    stop.request();
    context.restart();
    context.run();
    bench::report("stop", "ns", watch.lap() / each);
    return stopped ? 0 : 1;
}
