// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#include <arborist/detail/shutdown_state.hpp>

#include <boost/assert.hpp>
#include <boost/smart_ptr/intrusive_ptr.hpp>

#include <mutex>
#include <utility>

namespace arborist::inline v0::detail {

shutdown_signal::shutdown_signal() noexcept = default;

shutdown_signal::shutdown_signal(boost::asio::any_io_executor const& executor)
    : context_hook(executor) {}

shutdown_signal::~shutdown_signal() {
    BOOST_ASSERT(first_ == nullptr); // a waiter holds a reference
}

bool shutdown_signal::requested() const noexcept {
    return (status_.load(std::memory_order_acquire) & requested_bit) != 0;
}

bool shutdown_signal::cleared() const noexcept {
    return (status_.load(std::memory_order_acquire) & cleared_bit) != 0;
}

bool shutdown_signal::resumes_on(boost::asio::any_io_executor const& /*executor*/) const noexcept {
    return false;
}

void shutdown_signal::resume(shutdown_waiter& /*waiter*/) noexcept {
    BOOST_ASSERT(false);
}

void shutdown_signal::request() noexcept {
    std::stop_source stop(std::nostopstate);
    shutdown_waiter* waiter = nullptr;
    {
        std::lock_guard lock(mutex_);
        if (requested())
            return;
        status_.fetch_or(requested_bit, std::memory_order_release);
        stop = stop_;
        waiter = take_all();
    }
    // A finished waiter, and with the last reference this object, may be gone at any time.
    while (waiter != nullptr) {
        shutdown_waiter& current = *std::exchange(waiter, waiter->following());
        current.finish(current, shutdown_waiter::fate::complete);
    }
    stop.request_stop();
}

void shutdown_signal::clear() noexcept {
    boost::intrusive_ptr<shutdown_signal> const self(this); // the last other one may go below
    shutdown_waiter* waiter = nullptr;
    {
        std::lock_guard lock(mutex_);
        status_.fetch_or(cleared_bit, std::memory_order_release);
        waiter = take_all();
    }
    drop_executor();
    while (waiter != nullptr) {
        shutdown_waiter& current = *std::exchange(waiter, waiter->following());
        current.finish(current, shutdown_waiter::fate::destroy);
    }
}

void shutdown_signal::context_destroyed() noexcept {
    clear();
}

void shutdown_signal::reset() noexcept {
    BOOST_ASSERT(use_count() == 1);
    BOOST_ASSERT(first_ == nullptr);
    stop_ = std::stop_source(std::nostopstate);
    status_.store(0, std::memory_order_release);
}

std::stop_token shutdown_signal::stop_token() {
    std::stop_source stop(std::nostopstate);
    {
        std::lock_guard lock(mutex_);
        if (!stop_.stop_possible())
            stop_ = std::stop_source();
        stop = stop_;
    }
    if (requested())
        stop.request_stop(); // whoever comes first: request() in another thread, or this
    return stop.get_token();
}

shutdown_signal::admission shutdown_signal::add(shutdown_waiter& waiter) noexcept {
    std::lock_guard lock(mutex_);
    if (cleared())
        return admission::cleared;
    if (requested())
        return admission::requested;
    waiter.next = first_;
    if (first_ != nullptr)
        first_->previous = &waiter;
    first_ = &waiter;
    waiter.listed = true;
    return admission::waiting;
}

bool shutdown_signal::remove(shutdown_waiter& waiter) noexcept {
    std::lock_guard lock(mutex_);
    if (!waiter.listed)
        return false;
    if (waiter.previous != nullptr)
        waiter.previous->next = waiter.next;
    else
        first_ = waiter.following();
    if (waiter.next != nullptr)
        waiter.following()->previous = waiter.previous;
    waiter.previous = nullptr;
    waiter.next = nullptr;
    waiter.listed = false;
    return true;
}

std::size_t shutdown_signal::waiting() const noexcept {
    std::lock_guard lock(mutex_);
    std::size_t count = 0;
    for (shutdown_waiter const* waiter = first_; waiter != nullptr; waiter = waiter->following())
        ++count;
    return count;
}

shutdown_waiter* shutdown_signal::take_all() noexcept {
    for (shutdown_waiter* waiter = first_; waiter != nullptr; waiter = waiter->following())
        waiter->listed = false;
    return std::exchange(first_, nullptr);
}

// ---- with an executor

shutdown_state::shutdown_state(boost::asio::any_io_executor executor)
    : shutdown_signal(executor), executor_(std::move(executor)) {}

shutdown_state::shutdown_state(boost::asio::any_io_executor executor, unregistered_t)
    : executor_(std::move(executor)) {}

shutdown_state::~shutdown_state() = default;

boost::asio::any_io_executor shutdown_state::executor() const noexcept {
    return executor_;
}

void shutdown_state::reset(boost::asio::any_io_executor executor) noexcept {
    shutdown_signal::reset();
    executor_ = std::move(executor);
}

void shutdown_state::drop_executor() noexcept {
    executor_ = nullptr;
}

} // namespace arborist::inline v0::detail
