// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#ifndef ARBORIST_DETAIL_STRAND_HPP
#define ARBORIST_DETAIL_STRAND_HPP

#include <arborist/config.hpp>
#include <arborist/detail/serial_queue.hpp>
#include <arborist/detail/workplace.hpp>

#include <boost/asio/execution/blocking.hpp>
#include <boost/asio/execution/context.hpp>
#include <boost/asio/execution_context.hpp>
#include <boost/asio/query.hpp>
#include <boost/smart_ptr/intrusive_ptr.hpp>
#include <boost/smart_ptr/intrusive_ref_counter.hpp>

#include <utility>

namespace arborist::inline v0::detail {

/// What the copies of a @ref strand share.
class strand_state final : public boost::intrusive_ref_counter<strand_state> {
public:
    explicit strand_state(boost::intrusive_ptr<workplace> place) : place_(std::move(place)) {}

    [[nodiscard]] serial_queue& queue() noexcept { return queue_; }
    [[nodiscard]] workplace const& place() const noexcept { return *place_; }
    template <class Function>
    void call(Function& function) {
        std::move(function)();
    }

private:
    boost::intrusive_ptr<workplace> const place_;
    serial_queue queue_;
};

/// Like `asio::strand<any_io_executor>`, for those that must live through a lack of memory (M3).
///
/// Asio's cannot: if it puts a function into its queue and then cannot schedule itself, it never
/// does again, and whoever waits hangs; it schedules itself again in a destructor; and making one
/// without memory uses what is not initialised. Here `execute` has no effect if it throws, and
/// what is in the queue is run, whatever that takes. When its context drops it, it drops what is in
/// its queue, and what comes later.
///
/// Small enough for `any_io_executor` to hold it without an allocation, since Asio copies executors
/// where nothing may throw. It tracks no work: who uses it keeps the context running.
class strand {
    using blocking = boost::asio::execution::blocking_t;

public:
    explicit strand(boost::intrusive_ptr<workplace> place)
        : state_(new strand_state(std::move(place))) {}

    strand(strand const&) noexcept = default;
    strand(strand&&) noexcept = default;
    strand& operator=(strand const&) noexcept = default;
    strand& operator=(strand&&) noexcept = default;
    ~strand() = default;

    [[nodiscard]] boost::asio::execution_context&
    query(boost::asio::execution::context_t what) const {
        return boost::asio::query(state_->place().executor(), what);
    }
    [[nodiscard]] blocking query(blocking /*what*/) const noexcept {
        return never_blocks_ ? blocking(blocking::never) : blocking(blocking::possibly);
    }
    [[nodiscard]] strand require(blocking::never_t /*what*/) const noexcept {
        return {state_, true};
    }
    [[nodiscard]] strand require(blocking::possibly_t /*what*/) const noexcept {
        return {state_, false};
    }

    template <class Function>
    void execute(Function&& function) const {
        execute_serially(*state_, std::forward<Function>(function), never_blocks_);
    }

    friend bool operator==(strand const& a, strand const& b) noexcept {
        return a.state_ == b.state_ && a.never_blocks_ == b.never_blocks_;
    }

private:
    strand(boost::intrusive_ptr<strand_state> const& state, bool never_blocks) noexcept
        : state_(state), never_blocks_(never_blocks) {}

    boost::intrusive_ptr<strand_state> state_;
    bool never_blocks_ = false;
};

} // namespace arborist::inline v0::detail

#endif // ARBORIST_DETAIL_STRAND_HPP
