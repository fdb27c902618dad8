// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#include "chaos.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/thread/thread.hpp>

#include <chrono>
#include <stdexcept>
#include <utility>

namespace pipeline {

chaos::chaos(std::optional<std::uint64_t> seed) {
    if (seed)
        random_.emplace(*seed);
}

arborist::result<void> chaos::visit(std::string const& where) {
    fault const what = draw();
    while (what == fault::hang) // until the interruption, which is the abort, throws
        boost::this_thread::sleep_for(boost::chrono::hours(1));
    return fail(what, where);
}

asio::awaitable<arborist::result<void>> chaos::async_visit(std::string where) {
    fault const what = draw();
    if (what == fault::hang) {
        asio::steady_timer never(co_await asio::this_coro::executor,
                                 std::chrono::steady_clock::time_point::max());
        co_await never.async_wait(asio::use_awaitable); // until the abort cancels it
    }
    co_return fail(what, where);
}

chaos::fault chaos::draw() {
    if (!random_)
        return fault::none;
    std::lock_guard lock(mutex_);
    auto const number = (*random_)() % 2000;
    if (number < 1)
        return fault::hang;
    if (number < 25)
        return fault::exception;
    return number < 50 ? fault::error : fault::none;
}

arborist::result<void> chaos::fail(fault what, std::string const& where) {
    if (what == fault::none)
        return arborist::success();
    if (what == fault::error)
        return arborist::cause("chaos " + where);
    throw std::runtime_error("chaos " + where);
}

} // namespace pipeline
