// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

// W2: children that fail as soon as they run, by value or by exception, and are started again.

#include "../support/bench.hpp"
#include "arborist_bench.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/system/error_code.hpp>
#include <boost/system/system_error.hpp>

namespace {

namespace asio = boost::asio;

asio::awaitable<arborist::result<void>> fail_by_value() {
    co_return boost::system::error_code(asio::error::connection_reset);
}

asio::awaitable<void> fail_by_exception() {
    throw boost::system::system_error(asio::error::connection_reset);
    co_return;
}

template <class Child>
double nanoseconds(Child child, std::size_t children, std::size_t restarts) {
    asio::io_context context(1);
    arborist::shutdown_source stop(context);
    std::size_t left = restarts;
    arborist::supervisor root("root", {.intensity = arborist::unlimited});
    root.observe([&](arborist::event const& what) {
        if (what.kind == arborist::event_kind::child_restarting && --left == 0)
            stop.request();
    });
    for (std::size_t i = 0; i != children; ++i)
        root.add(arborist::worker("child", child));
    bench::stopwatch watch;
    root.async_run(context, stop.get_shutdown().async_wait(asio::deferred),
                   [](arborist::run_result) {});
    context.run();
    return watch.lap() / static_cast<double>(restarts);
}

} // namespace

int main(int argc, char** argv) {
    bench::parameters const given(argc, argv, {{"children", 1000}, {"restarts", 1'000'000}});
    std::size_t const children = given["children"];
    std::size_t const restarts = given["restarts"];
    arborist::log::disable();
    bench::report("restart.value", "ns", nanoseconds(fail_by_value, children, restarts));
    bench::report("restart.exception", "ns",
                  nanoseconds(fail_by_exception, children, restarts / 10 + 1));
}
