// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

// What supervision costs: the same work on bare Asio (the floor) and in a tree, in turn, so that a
// machine whose speed drifts does not matter. Prints medians, spread, and the ratio of the medians.
//
//   basics [CHILDREN [ROUNDS]]        default: 100000 5

#include <arborist/arborist.hpp>
#include <arborist/log.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdlib>
#include <iomanip>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

namespace {

namespace asio = boost::asio;
using clock = std::chrono::steady_clock;

constexpr auto never = asio::steady_timer::time_point::max();

class stopwatch {
public:
    // Nanoseconds for each of `count` since the last call.
    double lap(std::size_t count) {
        auto const now = clock::now();
        double const each = std::chrono::duration<double, std::nano>(now - last_).count() /
                            static_cast<double>(count);
        last_ = now;
        return each;
    }

private:
    clock::time_point last_ = clock::now();
};

struct start_and_stop {
    double start = 0;
    double stop = 0;
};

// ---- children that wait for their end

asio::awaitable<void> wait_on_timer(std::vector<asio::steady_timer*>& waiting) {
    asio::steady_timer timer(co_await asio::this_coro::executor, never);
    waiting.push_back(&timer);
    boost::system::error_code ended;
    co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, ended));
}

start_and_stop idle_floor(std::size_t children) {
    asio::io_context context(1);
    std::vector<asio::steady_timer*> waiting;
    waiting.reserve(children);
    stopwatch watch;
    start_and_stop each;
    for (std::size_t i = 0; i != children; ++i)
        asio::co_spawn(context, wait_on_timer(waiting), asio::detached);
    context.poll();
    each.start = watch.lap(children);
    for (auto it = waiting.rbegin(); it != waiting.rend(); ++it)
        (*it)->cancel();
    context.run();
    each.stop = watch.lap(children);
    return each;
}

asio::awaitable<void> wait_for_shutdown(arborist::process_shutdown shutdown) {
    auto wait = shutdown.async_wait(asio::deferred);
    co_await std::move(wait);
}

start_and_stop idle_supervised(std::size_t children) {
    asio::io_context context(1);
    asio::cancellation_signal stop;
    arborist::supervisor root("root");
    for (std::size_t i = 0; i != children; ++i)
        root.add(arborist::worker("child", wait_for_shutdown));
    stopwatch watch;
    start_and_stop each;
    root.async_run(context, asio::bind_cancellation_slot(stop.slot(), [](arborist::run_result) {}));
    context.poll();
    each.start = watch.lap(children);
    stop.emit(asio::cancellation_type::total);
    context.restart();
    context.run();
    each.stop = watch.lap(children);
    return each;
}

// ---- children that fail, by value, and are started again

constexpr std::size_t failing = 1000;

asio::awaitable<boost::system::error_code> fail_soon() {
    auto step = asio::post(asio::deferred);
    co_await std::move(step);
    co_return asio::error::connection_reset;
}

class respawn {
public:
    respawn(asio::io_context& context, std::size_t& left) : context_(&context), left_(&left) {}

    void operator()(std::exception_ptr, boost::system::error_code) const {
        if (*left_ != 0) {
            --*left_;
            asio::co_spawn(*context_, fail_soon(), *this);
        }
    }

private:
    asio::io_context* context_;
    std::size_t* left_;
};

double restarts_floor(std::size_t restarts) {
    asio::io_context context(1);
    std::size_t left = restarts;
    stopwatch watch;
    for (std::size_t i = 0; i != failing; ++i)
        asio::co_spawn(context, fail_soon(), respawn(context, left));
    context.run();
    return watch.lap(restarts);
}

asio::awaitable<arborist::result<void>> fail_supervised() {
    auto step = asio::post(asio::deferred);
    co_await std::move(step);
    co_return asio::error::connection_reset;
}

double restarts_supervised(std::size_t restarts) {
    asio::io_context context(1);
    arborist::shutdown_source stop(context);
    std::size_t left = restarts;
    arborist::supervisor root("root", {.intensity = arborist::unlimited});
    root.observe([&](arborist::event const& what) {
        if (what.kind == arborist::event_kind::child_restarting && --left == 0)
            stop.request();
    });
    for (std::size_t i = 0; i != failing; ++i)
        root.add(arborist::worker("child", fail_supervised));
    stopwatch watch;
    root.async_run(context, stop.get_shutdown().async_wait(asio::deferred),
                   [](arborist::run_result) {});
    context.run();
    return watch.lap(restarts);
}

// ---- tasks that do nothing

asio::awaitable<void> nothing() {
    co_return;
}

constexpr std::size_t batch = 1000;

double tasks_floor(std::size_t tasks) {
    asio::io_context context(1);
    std::size_t ended = 0;
    stopwatch watch;
    asio::co_spawn(
        context,
        [&]() -> asio::awaitable<void> {
            for (std::size_t i = 0; i != tasks; ++i) {
                asio::co_spawn(context, nothing(), [&ended](std::exception_ptr) { ++ended; });
                if (i % batch == batch - 1) {
                    auto step = asio::post(asio::deferred);
                    co_await std::move(step);
                }
            }
        },
        asio::detached);
    context.run();
    return watch.lap(ended);
}

double tasks_joined(std::size_t tasks) {
    asio::io_context context(1);
    std::size_t ended = 0;
    stopwatch watch;
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
    return watch.lap(ended);
}

// ---- the table

class row {
public:
    void add(double floor, double ours) {
        floor_.push_back(floor);
        ours_.push_back(ours);
    }

    void print(char const* what) {
        std::ranges::sort(floor_);
        std::ranges::sort(ours_);
        std::cout << std::left << std::setw(34) << what << std::right << std::fixed
                  << std::setprecision(0);
        for (auto const* figures : {&floor_, &ours_})
            std::cout << std::setw(8) << median(*figures) << " (" << std::setw(5)
                      << figures->front() << " .. " << std::setw(5) << figures->back() << ')';
        std::cout << std::setprecision(2) << std::setw(8) << median(ours_) / median(floor_) << '\n';
    }

private:
    static double median(std::vector<double> const& sorted) { return sorted[sorted.size() / 2]; }

    std::vector<double> floor_;
    std::vector<double> ours_;
};

} // namespace

int main(int argc, char** argv) {
    std::size_t const children = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 100'000;
    std::size_t const rounds = argc > 2 ? std::strtoul(argv[2], nullptr, 10) : 5;
    if (children == 0 || rounds == 0) {
        std::cerr << "basics: CHILDREN and ROUNDS are positive numbers\n";
        return 64;
    }
    arborist::log::disable();
    row start, stop, restart, task;
    for (std::size_t i = 0; i != rounds; ++i) {
        auto const floor = idle_floor(children);
        auto const ours = idle_supervised(children);
        start.add(floor.start, ours.start);
        stop.add(floor.stop, ours.stop);
        restart.add(restarts_floor(10 * children), restarts_supervised(10 * children));
        task.add(tasks_floor(10 * children), tasks_joined(10 * children));
    }
    std::cout
        << "nanoseconds, median (min .. max)          floor                  arborist   ratio\n";
    start.print("start an idle child");
    stop.print("stop it, one after the other");
    restart.print("restart a child that failed");
    task.print("spawn and join an empty task");
}
