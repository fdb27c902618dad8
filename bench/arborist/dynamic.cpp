// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

// W9: children that are started one by one at run time, and stopped all together.

#include "../support/bench.hpp"
#include "arborist_bench.hpp"

#include <boost/asio/bind_executor.hpp>
#include <boost/asio/io_context.hpp>

#include <functional>

namespace asio = boost::asio;

int main(int argc, char** argv) {
    bench::parameters const given(argc, argv, {{"children", 100'000}});
    std::size_t const children = given["children"];
    auto const each = static_cast<double>(children);
    arborist::log::disable();
    asio::io_context context(1);
    arborist::shutdown_source stop(context);
    bench::counters seen;
    arborist::supervisor root("root");
    root.observe(std::ref(seen));
    auto const handle = root.handle();
    bool stopped = false;
    root.async_run(context, stop.get_shutdown().async_wait(asio::deferred),
                   [&](arborist::run_result result) { stopped = result.has_value(); });
    context.poll();

    std::size_t started = 0;
    bench::stopwatch watch;
    for (std::size_t i = 0; i != children; ++i)
        handle.async_start(
            arborist::worker("child", bench::idle),
            asio::bind_executor(
                context, [&](arborist::result<arborist::child_id> id) { started += id ? 1 : 0; }));
    while (started != children && context.run_one() != 0) {
    }
    bench::report("dynamic.start", "ns", watch.lap() / each);
    stop.request();
    context.run();
    bench::report("dynamic.stop", "ns", watch.lap() / each);
    return stopped ? 0 : 1;
}
