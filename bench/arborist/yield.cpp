// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

// W7: coroutines that do nothing but let others run.

#include "../support/bench.hpp"
#include "arborist_bench.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include <functional>

namespace {

namespace asio = boost::asio;

asio::awaitable<void> yield(std::size_t times) {
    for (std::size_t i = 0; i != times; ++i) {
        auto step = asio::post(asio::deferred);
        co_await std::move(step);
    }
}

} // namespace

int main(int argc, char** argv) {
    bench::parameters const given(argc, argv, {{"children", 100}, {"yields", 20'000}});
    arborist::log::disable();
    asio::io_context context(1);
    arborist::supervisor root("root");
    bench::counters seen;
    root.observe(std::ref(seen));
    arborist::shutdown_source stop(context);
    for (std::size_t i = 0; i != given["children"]; ++i)
        root.add(arborist::worker("child", [&] { return yield(given["yields"]); }),
                 {.restart = arborist::restart_type::temporary});
    std::size_t left = given["children"];
    root.observe([&](arborist::event const& what) {
        if (what.kind == arborist::event_kind::child_exited && --left == 0)
            stop.request();
    });
    bench::stopwatch watch;
    root.async_run(context, stop.get_shutdown().async_wait(asio::deferred),
                   [](arborist::run_result) {});
    context.run();
    bench::report("yield", "ns",
                  watch.lap() / static_cast<double>(given["children"] * given["yields"]));
}
