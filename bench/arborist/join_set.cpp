// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

// W5: tasks that do nothing, started and waited for in batches.

#include "../support/bench.hpp"
#include "arborist_bench.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

namespace {

namespace asio = boost::asio;

constexpr std::size_t batch = 1000;

asio::awaitable<void> nothing() {
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
        [&]() -> asio::awaitable<void> {
            arborist::join_set<> set(context);
            for (std::size_t i = 0; i != tasks; ++i) {
                set.spawn(nothing());
                if (i % batch == batch - 1) {
                    auto step = asio::post(asio::deferred);
                    co_await std::move(step);
                    while (set.try_join_next())
                        ++ended;
                }
            }
            while (!set.empty()) {
                auto next = set.async_join_next();
                co_await std::move(next);
                ++ended;
            }
        },
        asio::detached);
    context.run();
    bench::report("join", "ns", watch.lap() / static_cast<double>(tasks));
    return ended == tasks ? 0 : 1;
}
