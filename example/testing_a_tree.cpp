// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

// How to test a tree: an hour in which the till breaks, and then five hundred in which anything
// does. Takes a second.

// tag::all[]
#include <arborist/arborist.hpp>
#include <arborist/log.hpp>
#include <arborist/testing.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>

#include <chrono>
#include <iostream>
#include <stdexcept>
#include <string>
#include <utility>

namespace asio = boost::asio;
namespace testing = arborist::testing;
using namespace std::chrono_literals;

// tag::tree[]
// The shop as it is in production. A light must never burn twice.
struct lights {
    int burning = 0;
};

asio::awaitable<void> light(arborist::process_shutdown shutdown, lights& of) {
    struct burns {
        explicit burns(lights& l) : all(l) { ++all.burning; }
        burns(burns const&) = delete;
        burns& operator=(burns const&) = delete;
        ~burns() { --all.burning; }
        lights& all;
    };
    burns const it(of);
    auto stopped = shutdown.async_wait(asio::deferred);
    co_await std::move(stopped);
}

asio::awaitable<void> count_money(arborist::process_shutdown shutdown) {
    asio::steady_timer timer(co_await asio::this_coro::executor);
    while (!shutdown.requested()) {
        timer.expires_after(5min);
        auto counted = shutdown.until(timer.async_wait(asio::deferred));
        auto const ended = co_await std::move(counted);
        static_cast<void>(ended);
    }
}

arborist::supervisor make_shop(lights& of) {
    arborist::supervisor shop("shop", {.intensity = {3, 10min}, .backoff = {.first = 1s}});
    shop.add(arborist::worker("light", [&of](arborist::process_shutdown shutdown) {
        return light(std::move(shutdown), of);
    }));
    shop.add(arborist::worker("till", count_money), {.shutdown = arborist::graceful(30s)});
    return shop;
}
// end::tree[]

// tag::one[]
// The till breaks every ten minutes. With three restarts in ten minutes, that is all right.
bool the_till_breaks() {
    testing::simulation world;
    world.inject([](testing::process_start const& start) {
        return start.name == "shop.till" ? testing::fault{.fails_after = 10min} : testing::fault{};
    });
    lights all;
    testing::trial shop(world, make_shop(all));
    world.run_for(1h); // takes no time
    bool const survived = shop.is_ready();
    shop.stop();
    world.run();
    std::cout << shop.log() << shop.violations() << '\n';
    return survived && shop.has_ended() && shop.violations().empty();
}
// end::one[]

// tag::many[]
// Whatever happens, and in whatever order: what must hold of every tree, and of this one.
bool anything_breaks() {
    lights all;
    auto const found = testing::explore(
        [&all](testing::simulation& world) {
            world.after_each_step([&all] {
                if (all.burning > 1)
                    throw std::logic_error("two lights burn");
            });
            return make_shop(all);
        },
        {.runs = 500, .faults = {.lingers = 0}, .time = 1h});
    std::cout << found << '\n';
    return found.good() && all.burning == 0;
}
// end::many[]

int main() {
    arborist::log::disable();
    bool const survives = the_till_breaks();
    bool const holds = anything_breaks();
    return survives && holds ? 0 : 1;
}
// end::all[]
