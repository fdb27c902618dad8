// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#ifndef ARBORIST_JOIN_SET_HPP
#define ARBORIST_JOIN_SET_HPP

#include <arborist/config.hpp>
#include <arborist/detail/join_core.hpp>
#include <arborist/detail/join_task.hpp>
#include <arborist/result.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/execution_context.hpp>
#include <boost/assert.hpp>
#include <boost/smart_ptr/intrusive_ptr.hpp>
#include <boost/system/error_code.hpp>

#include <compare>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <iosfwd>
#include <optional>
#include <type_traits>
#include <utility>

namespace arborist::inline v0 {

template <class T>
class join_set;

/// Names a task of a @ref join_set; never used again for another task of the same set. Ordered, but
/// not by time. Default: no task.
class BOOST_SYMBOL_VISIBLE task_id {
public:
    constexpr task_id() noexcept = default;

    friend constexpr auto operator<=>(task_id const&, task_id const&) noexcept = default;

    /// The slot of the set in which the task runs: dense from 0, reused once the task is joined.
    [[nodiscard]] constexpr std::uint32_t slot() const noexcept {
        return static_cast<std::uint32_t>(value_ >> 32);
    }

    /// The slot, and how many tasks have run there: "17.3".
    template <class Char, class Traits>
    friend std::basic_ostream<Char, Traits>& operator<<(std::basic_ostream<Char, Traits>& stream,
                                                        task_id id) {
        return stream << (id.value_ >> 32) << stream.widen('.')
                      << static_cast<std::uint32_t>(id.value_);
    }

private:
    template <class T>
    friend class join_set;
    friend struct detail::task_ids;
    friend struct std::hash<task_id>;

    constexpr explicit task_id(std::uint64_t value) noexcept : value_(value) {}

    std::uint64_t value_ = 0; // index and generation, 32 bits each; generations start at 1
};

/// A task that has ended: its value, or the cause of its failure.
template <class T>
struct joined {
    task_id id;
    result<T> outcome;
};

} // namespace arborist::inline v0

template <>
struct std::hash<arborist::task_id> {
    [[nodiscard]] std::size_t operator()(arborist::task_id id) const noexcept {
        return std::hash<std::uint64_t>()(id.value_);
    }
};

namespace arborist::inline v0 {

constexpr task_id detail::task_ids::make(std::uint64_t value) noexcept {
    return task_id(value);
}

template <class T = void>
class join_set;

namespace detail {
template <class T>
join_core& join_core_of(join_set<T>& set) noexcept;
} // namespace detail

/// Owns running asynchronous operations, its *tasks*, and hands out their outcomes in the order in
/// which they end.
///
/// @par Outcomes
/// The value of the operation, or a @ref cause: the error code or the exception with which it ended
/// (an exception is not thrown again; its code is not looked at). A task whose executor was
/// destroyed under it ends with `errc::task_dropped`, so that nobody waits for ever.
/// `T` must be nothrow move constructible.
///
/// @par Executors
/// A set belongs to its executor, which must not run two functions at the same time: a strand, or
/// a context that one thread runs. All members are to be called there. A task runs on its own
/// executor, which is the set's unless `spawn` is given another one: the operation is initiated,
/// continues, is aborted and ends there. A task's own executor may be that of a thread pool only if
/// the task is never aborted (also not by the destructor): cancellation is not thread-safe in
/// Asio. Else wrap it in a strand.
///
/// @par Cost
/// Tasks run in slots that are reused: in the steady state a task allocates nothing beyond what
/// `co_spawn` does. An idle set holds no outstanding work; its tasks and a pending wait do.
///
/// @par Destruction
/// The destructor aborts all tasks and detaches: pending waits complete with `operation_aborted`,
/// outcomes are dropped, and what the tasks reference lives until they have ended. When the
/// context of the set's executor is destroyed, pending waits are destroyed without being completed;
/// afterwards a set may only be destroyed or assigned to.
///
/// @par Thread safety
/// Distinct objects: safe. Shared objects: unsafe, but tasks may run and end on any thread.
template <class T>
class join_set {
    static_assert(std::is_void_v<T> || std::is_nothrow_move_constructible_v<T>,
                  "the outcomes of a join_set must be nothrow move constructible");

public:
    using executor_type = boost::asio::any_io_executor;

    /// An empty set. Tasks run on `executor` unless told otherwise.
    explicit join_set(boost::asio::any_io_executor executor)
        : core_(new detail::join_core(std::move(executor), &detail::typed_chunk<T>::make)) {}

    /// The same, on the executor of `context`.
    template <class Context>
        requires std::convertible_to<Context&, boost::asio::execution_context&>
    explicit join_set(Context& context)
        : join_set(boost::asio::any_io_executor(context.get_executor())) {}

    /// A set that was moved from may only be destroyed or assigned to; its `size()` is 0.
    join_set(join_set&& other) noexcept = default;
    join_set& operator=(join_set&& other) noexcept {
        join_set(std::move(other)).core_.swap(core_);
        return *this;
    }
    join_set(join_set const&) = delete;
    join_set& operator=(join_set const&) = delete;

    /// Aborts all tasks and detaches; see above.
    ~join_set() {
        if (core_ != nullptr)
            core_->detach();
    }

    [[nodiscard]] executor_type get_executor() const noexcept { return core_->executor(); }

    /// Starts a task on the set's executor; like `co_spawn`, it may run until its first suspension
    /// before this returns, if called on that executor.
    ///
    /// `operation` is one of:
    ///   - an `asio::awaitable<U>`; on an executor of its own, also one that knows the type of
    ///   that:
    ///     `asio::awaitable<U, Executor>`, which is faster;
    ///   - a callable that returns one; it is kept as long as its coroutine runs, so a lambda may
    ///     capture;
    ///   - a deferred operation: anything callable with a completion handler, such as what
    ///     `timer.async_wait(asio::deferred)` returns, with a signature `void(U)`,
    ///     `void(error_code, U)`, `void(exception_ptr, U)`, or without `U` if `T` is void.
    ///
    /// `U` is convertible to `T`, or it is `result<T>`, which then is the outcome.
    ///
    /// @throws boost::system::system_error `errc::shutdown_requested` if the set is closed; what
    /// allocation throws. If the task exists by then, or if the initiation of a deferred operation
    /// throws (to whoever runs the executor), it is joined with `errc::task_dropped`.
    template <detail::task_operation<T, executor_type> Operation>
    task_id spawn(Operation operation) {
        return start(core_->acquire(), core_->executor(), std::move(operation));
    }

    /// Starts a task on an executor of its own.
    template <std::convertible_to<executor_type> Executor,
              detail::task_operation<T, Executor> Operation>
    task_id spawn(Executor const& executor, Operation operation) {
        return start(core_->acquire(executor), executor, std::move(operation));
    }

    /// A task that has ended already, or nothing. Never waits; to take many, call this in a loop
    /// between two `async_join_next`. Precondition: no `async_join_next` is pending.
    [[nodiscard]] std::optional<joined<T>> try_join_next() {
        BOOST_ASSERT(!core_->join_pending());
        return detail::take_joined<T>(*core_, core_->take());
    }

    /// Waits for the next task to end.
    ///
    /// Completes with the task that ended first of those not joined yet, or, if there is none left
    /// (`empty()`), with nothing and no error. Precondition: no other `async_join_next` is pending.
    ///
    /// @par Completion signature
    /// `void(error_code, std::optional<joined<T>>)`
    /// @par Executor
    /// The handler is invoked on its associated executor, by default the set's; never before this
    /// returns. Both have outstanding work meanwhile.
    /// @par Cancellation
    /// `terminal`, `partial` and `total`: completes with `operation_aborted` and nothing. May be
    /// requested on the handler's executor. Cancel-safe: a task is joined when the handler is
    /// invoked, not before, so a wait that loses a race (`||`, `parallel_group`) loses no outcome;
    /// the next call delivers it. (If the handler's executor is not the set's, the race may be lost
    /// while the outcome is on its way from one to the other.)
    /// @par Errors
    /// `operation_aborted`: cancelled, or the set was destroyed.
    template <
        boost::asio::completion_token_for<void(boost::system::error_code, std::optional<joined<T>>)>
            Token = boost::asio::deferred_t>
    [[nodiscard]] auto async_join_next(Token&& token = Token()) {
        return boost::asio::async_initiate<Token, void(boost::system::error_code,
                                                       std::optional<joined<T>>)>(
            detail::initiate_join_next<T>(core_), token);
    }

    /// Asks a task to end: terminal cancellation, requested once, on the task's own executor. Not
    /// lost if the task has not started: a deferred operation is then not initiated, a coroutine
    /// gets no further than its first suspension. How a task ends is up to it, usually with
    /// `operation_aborted`; it is joined like any other.
    /// @returns Whether the task still ran, as far as the set can know.
    bool abort(task_id id) { return core_->abort(id.value_); }

    /// Asks all running tasks to end. New ones may be spawned afterwards.
    void abort_all() { core_->abort_all(); }

    /// From now on `spawn` throws. Running tasks are not concerned.
    void close() { core_->close(); }

    /// Closes the set and waits until no task runs any more. Outcomes not yet joined stay joinable,
    /// by a pending `async_join_next` too. Precondition: no other `async_drain` is pending.
    ///
    /// @par Completion signature
    /// `void(error_code)`
    /// @par Executor
    /// As of `async_join_next`.
    /// @par Cancellation
    /// `terminal`, `partial` and `total`: completes with `operation_aborted`. The set stays closed.
    /// @par Errors
    /// `operation_aborted`: cancelled, or the set was destroyed.
    template <boost::asio::completion_token_for<void(boost::system::error_code)> Token =
                  boost::asio::deferred_t>
    [[nodiscard]] auto async_drain(Token&& token = Token()) {
        return boost::asio::async_initiate<Token, void(boost::system::error_code)>(
            detail::initiate_drain(core_), token);
    }

    /// How many tasks were spawned and are not yet joined.
    [[nodiscard]] std::size_t size() const noexcept { return core_ != nullptr ? core_->size() : 0; }
    [[nodiscard]] bool empty() const noexcept { return size() == 0; }

private:
    template <class Executor, class Operation>
    task_id start(detail::task_slot& slot, Executor const& executor, Operation&& operation) {
        task_id id(detail::join_core::id_of(slot)); // the task may have ended when this returns
        detail::start_task<T>(core_, slot, executor, std::forward<Operation>(operation));
        return id;
    }

    template <class U>
    friend detail::join_core& detail::join_core_of(join_set<U>& set) noexcept;

    boost::intrusive_ptr<detail::join_core> core_;
};

/// For those who wait without a completion handler.
template <class T>
detail::join_core& detail::join_core_of(join_set<T>& set) noexcept {
    return *set.core_;
}

} // namespace arborist::inline v0

#endif // ARBORIST_JOIN_SET_HPP
