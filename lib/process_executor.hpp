// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#ifndef ARBORIST_LIB_PROCESS_EXECUTOR_HPP
#define ARBORIST_LIB_PROCESS_EXECUTOR_HPP

#include <arborist/config.hpp>
#include <arborist/detail/process.hpp>

#include "current_process.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/execution/blocking.hpp>
#include <boost/asio/execution/context.hpp>
#include <boost/asio/execution/outstanding_work.hpp>
#include <boost/asio/execution_context.hpp>
#include <boost/asio/query.hpp>
#include <boost/asio/require.hpp>

#include <new>
#include <type_traits>
#include <utility>

namespace arborist::inline v0::detail {

/// The executor of a worker's process: what runs on it is in the process, one at a time (P1).
///
/// As small as a pointer and two flags, so that `any_io_executor` holds it without an allocation.
/// Thread-safe. What is executed after the context is gone is destroyed.
class process_executor {
    using blocking = boost::asio::execution::blocking_t;
    using outstanding_work = boost::asio::execution::outstanding_work_t;

public:
    explicit process_executor(process_ptr self) noexcept : self_(std::move(self)) {}
    process_executor(process_executor const& other) noexcept
        : process_executor(other.self_, other.never_blocks_, other.tracks_work_) {}
    process_executor(process_executor&& other) noexcept
        : self_(std::move(other.self_)), never_blocks_(other.never_blocks_),
          tracks_work_(std::exchange(other.tracks_work_, false)) {}
    process_executor& operator=(process_executor other) noexcept {
        self_.swap(other.self_);
        std::swap(never_blocks_, other.never_blocks_);
        std::swap(tracks_work_, other.tracks_work_);
        return *this;
    }
    ~process_executor() {
        if (tracks_work_)
            self_->remove_work();
    }

    [[nodiscard]] boost::asio::execution_context&
    query(boost::asio::execution::context_t what) const {
        if (self_->place_ == nullptr)
            throw boost::asio::execution::bad_executor();
        return boost::asio::query(self_->place_->executor(), what);
    }
    [[nodiscard]] blocking query(blocking /*what*/) const noexcept {
        return never_blocks_ ? blocking(blocking::never) : blocking(blocking::possibly);
    }
    [[nodiscard]] outstanding_work query(outstanding_work /*what*/) const noexcept {
        return tracks_work_ ? outstanding_work(outstanding_work::tracked)
                            : outstanding_work(outstanding_work::untracked);
    }
    [[nodiscard]] process_executor require(blocking::never_t /*what*/) const noexcept {
        return {self_, true, tracks_work_};
    }
    [[nodiscard]] process_executor require(blocking::possibly_t /*what*/) const noexcept {
        return {self_, false, tracks_work_};
    }
    [[nodiscard]] process_executor require(outstanding_work::tracked_t /*what*/) const noexcept {
        return {self_, never_blocks_, true};
    }
    [[nodiscard]] process_executor require(outstanding_work::untracked_t /*what*/) const noexcept {
        return {self_, never_blocks_, false};
    }

    /// What comes first is never run within: that is in the supervisor, which a child that blocks
    /// must not block.
    template <class Function>
    void execute(Function&& function) const {
        if (self_->place_ != nullptr)
            execute_serially(*self_, std::forward<Function>(function),
                             never_blocks_ || !self_->begun_.load(std::memory_order_relaxed));
    }

    [[nodiscard]] bool is_of(process const& whose) const noexcept { return self_.get() == &whose; }

    friend bool operator==(process_executor const& a, process_executor const& b) noexcept {
        return a.self_ == b.self_ && a.never_blocks_ == b.never_blocks_ &&
               a.tracks_work_ == b.tracks_work_;
    }

private:
    process_executor(process_ptr const& self, bool never_blocks, bool tracks_work) noexcept
        : self_(self), never_blocks_(never_blocks), tracks_work_(tracks_work) {
        if (tracks_work_)
            self_->add_work();
    }

    process_ptr self_;
    bool never_blocks_ = false;
    bool tracks_work_ = false;
};

template <class Function>
void process::call(Function& function) {
    begun_.store(true, std::memory_order_relaxed);
    process_scope const scope(*this);
    try {
        std::move(function)();
    } catch (std::bad_alloc const&) {
        report_out_of_memory();
    }
}

} // namespace arborist::inline v0::detail

#endif // ARBORIST_LIB_PROCESS_EXECUTOR_HPP
