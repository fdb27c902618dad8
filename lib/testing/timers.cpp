// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#include "timers.hpp"

#include <boost/system/error_code.hpp>

#include <algorithm>
#include <limits>

namespace arborist::inline v0::testing::detail {

namespace asio = boost::asio;

namespace {

using std::chrono::microseconds;

constexpr long no_sleep_limit = std::numeric_limits<long>::max();
constexpr microseconds never = std::chrono::hours(24 * 365 * 100);

} // namespace

long timers::first::wait_duration_msec(long /*most*/) const {
    return no_sleep_limit;
}
long timers::first::wait_duration_usec(long /*most*/) const {
    return no_sleep_limit;
}

long timers::last::wait_duration_msec(long least) const {
    heard = least > never.count() / 1000 ? never : std::chrono::milliseconds(least);
    return std::min(least, 1000L);
}
long timers::last::wait_duration_usec(long least) const {
    heard = microseconds(least);
    return std::min(least, 1'000'000L); // what the reactor may sleep
}

// What is added last is asked first.
timers::timers(asio::io_context& context)
    : context_(context), scheduler_(asio::use_service<asio::detail::timer_scheduler>(context)) {
    scheduler_.init_task();
    scheduler_.add_timer_queue(last_);
    alarm_.emplace(context); // the first timer adds the queue of all
    scheduler_.add_timer_queue(first_);
}

timers::~timers() {
    alarm_.reset();
    scheduler_.remove_timer_queue(first_);
    scheduler_.remove_timer_queue(last_);
}

std::optional<microseconds> timers::fire() {
    // There may be a queue that was added since.
    scheduler_.remove_timer_queue(first_);
    scheduler_.add_timer_queue(first_);

    bool rung = false;
    alarm_->expires_at(std::chrono::steady_clock::time_point());
    alarm_->async_wait([&rung](boost::system::error_code /*none*/) { rung = true; });
    context_.restart();
    while (!rung)
        context_.run_one();
    context_.poll(); // what has expired beside it
    if (last_.heard >= never)
        return std::nullopt;
    return std::max(last_.heard, microseconds(1));
}

} // namespace arborist::inline v0::testing::detail
