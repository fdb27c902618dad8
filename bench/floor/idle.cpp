// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

// W1, W4: starts children that do nothing, and stops them one after the other, the last first.

#include "../support/bench.hpp"
#include "floor.hpp"

#include <exception>
#include <vector>

namespace {

bench::awaitable<void> idle(bench::event& stop) {
    bench::event::node waiting;
    co_await stop.wait(waiting);
}

} // namespace

int main(int argc, char** argv) {
    bench::parameters const given(argc, argv, {{"children", 100'000}});
    std::size_t const children = given["children"];
    auto const each = static_cast<double>(children);

    std::size_t const before = bench::resident();
    boost::asio::io_context context(1);
    std::vector<bench::event> stop(children);
    std::size_t left = children;

    bench::stopwatch watch;
    for (bench::event& its : stop)
        boost::asio::co_spawn(context, idle(its), [&](std::exception_ptr) {
            if (--left != 0)
                boost::asio::post(context, [&] { stop[left - 1].give(); });
        });
    context.poll();
    bench::report("start", "ns", watch.lap() / each);
    bench::report("memory", "bytes", static_cast<double>(bench::resident() - before) / each);

    watch.lap();
    stop.back().give();
    context.restart();
    context.run();
    bench::report("stop", "ns", watch.lap() / each);
    return left == 0 ? 0 : 1;
}
