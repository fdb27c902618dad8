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

template <class Executor>
asio::awaitable<void, Executor> nothing() {
    co_return;
}

// `typed`: whether the tasks know the type of their executor.
template <bool typed>
double nanoseconds(std::size_t tasks) {
    asio::io_context context(1);
    bench::stopwatch watch;
    asio::co_spawn(
        context,
        [&]() -> asio::awaitable<void> {
            arborist::join_set<> set(context);
            for (std::size_t i = 0; i != tasks; ++i) {
                if constexpr (typed)
                    set.spawn(context.get_executor(), nothing<asio::io_context::executor_type>());
                else
                    set.spawn(nothing<asio::any_io_executor>());
                if (i % batch == batch - 1) {
                    auto step = asio::post(asio::deferred);
                    co_await std::move(step);
                    while (set.try_join_next())
                        ;
                }
            }
            while (!set.empty()) {
                auto next = set.async_join_next();
                co_await std::move(next);
            }
        },
        asio::detached);
    context.run();
    return watch.lap() / static_cast<double>(tasks);
}

} // namespace

int main(int argc, char** argv) {
    bench::parameters const given(argc, argv, {{"tasks", 1'000'000}});
    bench::report("join", "ns", nanoseconds<false>(given["tasks"]));
    bench::report("join.typed", "ns", nanoseconds<true>(given["tasks"]));
}
