// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

// What the log costs if its filter lets nothing through: restarts with it, and without.

#include "../support/bench.hpp"
#include "arborist_bench.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/log/core.hpp>
#include <boost/log/expressions.hpp>
#include <boost/log/trivial.hpp>
#include <boost/system/error_code.hpp>

namespace {

namespace asio = boost::asio;

double nanoseconds(std::size_t children, std::size_t restarts) {
    asio::io_context context(1);
    arborist::shutdown_source stop(context);
    std::size_t left = restarts;
    arborist::supervisor root("root", {.intensity = arborist::unlimited});
    root.observe([&](arborist::event const& what) {
        if (what.kind == arborist::event_kind::child_restarting && --left == 0)
            stop.request();
    });
    for (std::size_t i = 0; i != children; ++i)
        root.add(arborist::worker("child", []() -> asio::awaitable<arborist::result<void>> {
            co_return boost::system::error_code(asio::error::connection_reset);
        }));
    bench::stopwatch watch;
    root.async_run(context, stop.get_shutdown().async_wait(asio::deferred),
                   [](arborist::run_result) {});
    context.run();
    return watch.lap() / static_cast<double>(restarts);
}

} // namespace

int main(int argc, char** argv) {
    bench::parameters const given(argc, argv, {{"children", 1000}, {"restarts", 300'000}});
    arborist::log::disable();
    bench::report("events.off", "ns", nanoseconds(given["children"], given["restarts"]));
    arborist::log::enable(boost::log::trivial::error); // restarts are warnings
    bench::report("events.threshold", "ns", nanoseconds(given["children"], given["restarts"]));
    arborist::log::enable(boost::log::trivial::warning);
    boost::log::core::get()->set_filter(boost::log::trivial::severity > boost::log::trivial::fatal);
    bench::report("events.filter", "ns", nanoseconds(given["children"], given["restarts"]));
}
