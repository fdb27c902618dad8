// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

// W5: tasks that do nothing, started and waited for in batches.

#include "../support/bench.hpp"
#include "floor.hpp"

#include <exception>

namespace {

namespace asio = boost::asio;

constexpr std::size_t batch = 1000;

bench::awaitable<void> nothing() {
    co_return;
}

} // namespace

int main(int argc, char** argv) {
    bench::parameters const given(argc, argv, {{"tasks", 1'000'000}});
    std::size_t const tasks = given["tasks"];
    asio::io_context context(1);
    std::size_t ended = 0;
    bench::stopwatch watch;
    asio::co_spawn(
        context,
        [&]() -> bench::awaitable<void> {
            for (std::size_t i = 0; i != tasks; ++i) {
                asio::co_spawn(context, nothing(), [&ended](std::exception_ptr) { ++ended; });
                if (i % batch == batch - 1)
                    co_await asio::post(bench::token());
            }
        },
        [](std::exception_ptr) {});
    context.run();
    double const each = watch.lap() / static_cast<double>(tasks);
    bench::report("join", "ns", each);
    bench::report("join.typed", "ns", each);
    return ended == tasks ? 0 : 1;
}
