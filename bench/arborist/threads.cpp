// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

// W8: start, restarts and tasks on a thread_pool.

#include "../support/bench.hpp"
#include "arborist_bench.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/system/error_code.hpp>

#include <functional>
#include <future>

namespace {

namespace asio = boost::asio;

double start(std::size_t threads, std::size_t children) {
    asio::thread_pool pool(threads);
    arborist::shutdown_source stop(pool);
    arborist::supervisor root("root");
    bench::counters seen;
    root.observe(std::ref(seen));
    for (std::size_t i = 0; i != children; ++i)
        root.add(arborist::worker("child", bench::idle));
    auto const handle = root.handle();
    bench::stopwatch watch;
    root.async_run(pool, stop.get_shutdown().async_wait(asio::deferred),
                   [](arborist::run_result) {});
    (void)handle.async_wait_ready(asio::use_future).get();
    double const each = watch.lap() / static_cast<double>(children);
    stop.request();
    pool.join();
    return each;
}

double restart(std::size_t threads, std::size_t children, std::size_t restarts) {
    asio::thread_pool pool(threads);
    arborist::shutdown_source stop(pool);
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
    root.async_run(pool, stop.get_shutdown().async_wait(asio::deferred),
                   [](arborist::run_result) {});
    pool.join();
    return watch.lap() / static_cast<double>(restarts);
}

// The tasks run on the pool, the set on a strand of it.
double join(std::size_t threads, std::size_t tasks) {
    constexpr std::size_t batch = 1000;
    using pool_executor = asio::thread_pool::executor_type;
    asio::thread_pool pool(threads);
    bench::stopwatch watch;
    auto const strand = asio::make_strand(pool);
    asio::co_spawn(
        strand,
        [&]() -> asio::awaitable<void> {
            arborist::join_set<> set(co_await asio::this_coro::executor);
            for (std::size_t i = 0; i != tasks; ++i) {
                set.spawn(pool.get_executor(),
                          []() -> asio::awaitable<void, pool_executor> { co_return; });
                if (i % batch == batch - 1) {
                    while (!set.empty()) {
                        auto next = set.async_join_next();
                        co_await std::move(next);
                        while (set.try_join_next()) {
                        }
                    }
                }
            }
        },
        asio::use_future)
        .get();
    return watch.lap() / static_cast<double>(tasks);
}

} // namespace

int main(int argc, char** argv) {
    bench::parameters const given(argc, argv,
                                  {{"threads", 2},
                                   {"children", 100'000},
                                   {"restarting", 1000},
                                   {"restarts", 300'000},
                                   {"tasks", 500'000}});
    arborist::log::disable();
    std::size_t const threads = given["threads"];
    bench::report("threads.start", "ns", start(threads, given["children"]));
    bench::report("threads.restart.value", "ns",
                  restart(threads, given["restarting"], given["restarts"]));
    bench::report("threads.join", "ns", join(threads, given["tasks"]));
}
