// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

// W3: one child fails, all the others are stopped, one after the other, and all start again.

#include "../support/bench.hpp"
#include "arborist_bench.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/system/error_code.hpp>

#include <functional>

namespace asio = boost::asio;

int main(int argc, char** argv) {
    bench::parameters const given(argc, argv, {{"children", 1000}, {"rounds", 200}});
    arborist::log::disable();
    asio::io_context context(1);
    arborist::shutdown_source stop(context);
    std::size_t left = given["rounds"];

    arborist::supervisor root("root", {.strategy = arborist::restart_strategy::one_for_all,
                                       .intensity = arborist::unlimited});
    bench::counters seen;
    root.observe(std::ref(seen));
    for (std::size_t i = 1; i != given["children"]; ++i)
        root.add(arborist::worker("idle", bench::idle));
    root.add(arborist::worker("failing", [&]() -> asio::awaitable<arborist::result<void>> {
        if (left-- == 0)
            stop.request();
        auto others = asio::post(asio::deferred); // run before it fails
        co_await std::move(others);
        co_return boost::system::error_code(asio::error::connection_reset);
    }));
    bench::stopwatch watch;
    root.async_run(context, stop.get_shutdown().async_wait(asio::deferred),
                   [](arborist::run_result) {});
    context.run();
    bench::report("one_for_all", "ns",
                  watch.lap() / static_cast<double>(given["children"] * given["rounds"]));
}
