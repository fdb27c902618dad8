// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#ifndef ARBORIST_LIB_TESTING_TIMERS_HPP
#define ARBORIST_LIB_TESTING_TIMERS_HPP

#include <arborist/testing/config.hpp>

#include <boost/asio/detail/chrono_time_traits.hpp>
#include <boost/asio/detail/timer_queue.hpp>
#include <boost/asio/detail/timer_scheduler.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/wait_traits.hpp>

#include <chrono>
#include <optional>

namespace arborist::inline v0::testing::detail {

/// The timers of an `io_context` under virtual time: completes those that have expired, and tells
/// when the next one will.
///
/// Asio's reactor asks its timer queues, one after the other, for the shortest time that it may
/// sleep. Two more queues, which are empty, hear what the others say. This is the one place that
/// knows more of Asio than is documented.
class timers {
public:
    explicit timers(boost::asio::io_context& context);
    timers(timers const&) = delete;
    timers& operator=(timers const&) = delete;
    ~timers();

    /// Runs the `io_context` until all timers that have expired by now are complete. Yields how
    /// long it is until the next one expires, at least a microsecond; nothing if there is none
    /// within a hundred years.
    std::optional<std::chrono::microseconds> fire();

private:
    using queue = boost::asio::detail::timer_queue<boost::asio::detail::chrono_time_traits<
        std::chrono::steady_clock, boost::asio::wait_traits<std::chrono::steady_clock>>>;

    /// Asked before all others: they need not be modest.
    class first : public queue {
        long wait_duration_msec(long most) const override;
        long wait_duration_usec(long most) const override;
    };
    /// Asked after all others.
    class last : public queue {
        long wait_duration_msec(long least) const override;
        long wait_duration_usec(long least) const override;

    public:
        mutable std::chrono::microseconds heard{0};
    };

    boost::asio::io_context& context_;
    boost::asio::detail::timer_scheduler& scheduler_;
    last last_;
    first first_;
    /// Always expired: makes the reactor look at its queues.
    std::optional<boost::asio::steady_timer> alarm_;
};

} // namespace arborist::inline v0::testing::detail

#endif // ARBORIST_LIB_TESTING_TIMERS_HPP
