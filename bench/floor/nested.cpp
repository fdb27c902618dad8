// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

// W6: supervisors in supervisors: each starts one below it, and stops when that has.

#include "../support/bench.hpp"
#include "floor.hpp"

#include <exception>
#include <memory>

namespace {

namespace asio = boost::asio;

// Between a level and the one above it.
struct edge {
    bench::event ready;
    bench::event stop;
    bench::event ended;
};

bench::awaitable<void> level(asio::io_context& context, std::size_t depth, edge& above) {
    bench::event::node waiting;
    if (depth == 0) {
        asio::post(context, [&above] { above.ready.give(); });
        co_await above.stop.wait(waiting);
        co_return;
    }
    edge below;
    asio::post(context, [&] { // not from here: the stack would grow
        asio::co_spawn(context, level(context, depth - 1, below), [&](std::exception_ptr) {
            asio::post(context, [&] { below.ended.give(); });
        });
    });
    co_await below.ready.wait(waiting);
    asio::post(context, [&above] { above.ready.give(); });
    co_await above.stop.wait(waiting);
    asio::post(context, [&below] { below.stop.give(); });
    co_await below.ended.wait(waiting);
}

} // namespace

int main(int argc, char** argv) {
    bench::parameters const given(argc, argv, {{"depth", 1000}});
    asio::io_context context(1);
    edge root;
    bool ended = false;
    bench::stopwatch watch;
    asio::co_spawn(context, level(context, given["depth"], root),
                   [&](std::exception_ptr) { ended = true; });
    // Nobody waits for the root to be ready: what it gives is lost, as nothing is above.
    context.poll();
    bench::report("nested.start", "ns", watch.lap() / static_cast<double>(given["depth"]));
    root.stop.give();
    context.restart();
    context.run();
    bench::report("nested.stop", "ns", watch.lap() / static_cast<double>(given["depth"]));
    return ended ? 0 : 1;
}
