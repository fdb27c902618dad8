// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

// W6: supervisors in supervisors: each starts one below it, and stops when that has.

#include "../support/bench.hpp"
#include "arborist_bench.hpp"

#include <boost/asio/io_context.hpp>

#include <functional>
#include <utility>

int main(int argc, char** argv) {
    bench::parameters const given(argc, argv, {{"depth", 1000}});
    arborist::log::disable();
    boost::asio::io_context context(1);
    arborist::shutdown_source stop(context);
    arborist::supervisor tree("s");
    tree.add(arborist::worker("child", bench::idle));
    for (std::size_t i = 1; i != given["depth"]; ++i) {
        arborist::supervisor above("s");
        above.add(std::move(tree));
        tree = std::move(above);
    }
    bench::counters seen;
    tree.observe(std::ref(seen));

    bench::stopwatch watch;
    bool stopped = false;
    tree.async_run(context, stop.get_shutdown().async_wait(boost::asio::deferred),
                   [&](arborist::run_result result) { stopped = result.has_value(); });
    context.poll();
    bench::report("nested.start", "ns", watch.lap() / static_cast<double>(given["depth"]));
    stop.request();
    context.restart();
    context.run();
    bench::report("nested.stop", "ns", watch.lap() / static_cast<double>(given["depth"]));
    return stopped ? 0 : 1;
}
