// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#ifndef ARBORIST_PROCESS_SHUTDOWN_HPP
#define ARBORIST_PROCESS_SHUTDOWN_HPP

#include <arborist/config.hpp>
#include <arborist/detail/shutdown_state.hpp>
#include <arborist/detail/shutdown_wait.hpp>
#include <arborist/detail/until.hpp>
#include <arborist/result.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/execution_context.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/smart_ptr/intrusive_ptr.hpp>
#include <boost/system/error_code.hpp>

#include <chrono>
#include <concepts>
#include <stop_token>
#include <type_traits>
#include <utility>

namespace arborist::inline v0 {

/// The request that a process shut down, as the process sees it.
///
/// The signal is latched: once given it stays so, and every wait completes, any number of times.
/// Copies refer to the same signal; a copy costs one reference count.
///
/// Thread-safe: all members may be called on one object from any thread, except assignment and
/// destruction. A moved-from object may only be assigned to or destroyed.
class BOOST_SYMBOL_VISIBLE process_shutdown {
public:
    using executor_type = boost::asio::any_io_executor;

    /// Used by the library. To make one, see @ref shutdown_source.
    explicit process_shutdown(boost::intrusive_ptr<detail::shutdown_signal> state) noexcept
        : state_(std::move(state)) {}

    /// Whether the shutdown was requested: one atomic load.
    [[nodiscard]] bool requested() const noexcept { return state_->requested(); }

    /// Where handlers complete that have no executor of their own: the process' executor.
    [[nodiscard]] executor_type get_executor() const noexcept { return state_->executor(); }

    /// Waits for the request. Completes at once if it was made already, but never inline.
    ///
    /// Any number of waits may be pending; one that is cancelled, as by losing a race, leaves
    /// nothing behind. The signal outlives this object while a wait is pending.
    ///
    /// Completion signature: `void(boost::system::error_code)`, of success if the shutdown was
    /// requested. Executor: the handler's, or @ref get_executor; its work is counted while waiting,
    /// and its context must not be destroyed before the process'. Cancellation: terminal, partial
    /// and total, with `operation_aborted`; racing with the request from another thread, exactly
    /// one of them wins. Drop behaviour: if the context of the process is destroyed, so is the
    /// handler, without having been invoked.
    template <boost::asio::completion_token_for<void(boost::system::error_code)> CompletionToken =
                  boost::asio::deferred_t>
    auto async_wait(CompletionToken&& token = CompletionToken()) const {
        return boost::asio::async_initiate<CompletionToken, void(boost::system::error_code)>(
            detail::initiate_shutdown_wait(state_), token);
    }

    /// Waits for the request, but no longer than `time`: true if it was made, false if the time
    /// is over. `for (int n = 0; !co_await shutdown.wait_for(1s); ++n) ...` does something every
    /// second. (g++ 12 miscompiles a coroutine that awaits in a condition and declares no
    /// variable.)
    ///
    /// Runs on the executor of the awaiting coroutine, with the requirement of @ref until. Throws
    /// `system_error(operation_aborted)` if the coroutine is cancelled, and nothing else.
    template <class Rep, class Period>
    [[nodiscard]] boost::asio::awaitable<bool>
    wait_for(std::chrono::duration<Rep, Period> time) const {
        return wait(*this, saturate(time));
    }

    /// Runs an asynchronous operation until it completes or the shutdown is requested, whichever
    /// comes first; the operation is then cancelled, and awaited.
    ///
    /// `operation` is an `asio::awaitable`, which is spawned on the executor of the awaiting
    /// coroutine, or anything that can be called with a completion token and has one completion
    /// signature: `socket.async_read_some(buffer, asio::deferred)`. It starts when the returned
    /// object is awaited, and not at all if the shutdown was requested before.
    ///
    /// | The operation completes with             | Value                   |
    /// |------------------------------------------|-------------------------|
    /// | nothing, or an error                     | `result<void>`          |
    /// | (an error and) `T`                       | `result<T>`             |
    /// | (an error and) several values            | `result<std::tuple<T...>>` |
    /// | (an error and) `result<T>`, as a value   | `result<T>`             |
    ///
    /// where an error is an `error_code` or an `exception_ptr`, and for an awaitable what it
    /// throws. Values that come with an error are dropped.
    ///
    /// Errors: the operation's own; `errc::shutdown_requested` if the shutdown cancelled it or came
    /// before; `operation_aborted` if the coroutine was cancelled. Cancel safety: an operation that
    /// succeeds although the shutdown came meanwhile keeps its value (the next call reports the
    /// shutdown), and one that fails for another reason its error. Cancellation of the coroutine is
    /// passed on to the operation as it is; the shutdown uses `cancellation_type::all`.
    ///
    /// Precondition: the executor of the awaiting coroutine runs one handler at a time (a strand,
    /// or a context with one thread), as Asio requires for per-operation cancellation. Everything
    /// happens there. Any number of these may be pending. Throws nothing of its own but
    /// `bad_alloc`.
    template <class Operation>
    [[nodiscard]] auto until(Operation operation) const
        -> boost::asio::awaitable<typename detail::until_operand<Operation>::result_type> {
        using operand = detail::until_operand<Operation>;
        return boost::asio::async_initiate<boost::asio::use_awaitable_t<> const&,
                                           void(typename operand::result_type)>(
            detail::initiate_until<operand>(state_), boost::asio::use_awaitable,
            typename operand::operation_type(std::move(operation)));
    }

    /// The same signal for code that does not use Asio. Its callbacks run in the thread that makes
    /// the request, or in that of their constructor.
    [[nodiscard]] std::stop_token stop_token() const { return state_->stop_token(); }
    /// @copydoc stop_token
    operator std::stop_token() const { // NOLINT(google-explicit-constructor)
        return stop_token();
    }

private:
    using clock_duration = std::chrono::steady_clock::duration;

    ARBORIST_DECL static boost::asio::awaitable<bool> wait(process_shutdown shutdown,
                                                           clock_duration time);

    // Hours times 3.6e12 nanoseconds overflow.
    template <class Rep, class Period>
    static clock_duration saturate(std::chrono::duration<Rep, Period> time) {
        using seconds = std::chrono::duration<double>;
        if (seconds(time) >= seconds(clock_duration::max()))
            return clock_duration::max();
        if (seconds(time) <= clock_duration::zero())
            return clock_duration::zero();
        return std::chrono::ceil<clock_duration>(time);
    }

    boost::intrusive_ptr<detail::shutdown_signal> state_;
};

/// The sending end of a @ref process_shutdown, for tests and for code that stops its own parts.
/// Move-only; destroying it, or assigning to it, gives the signal.
///
/// Distinct objects may be used from distinct threads; `request()`, `requested()` and
/// `get_shutdown()` may be called concurrently on one.
class BOOST_SYMBOL_VISIBLE shutdown_source {
public:
    /// Waits complete on `executor` if their handlers have no executor of their own.
    explicit shutdown_source(boost::asio::any_io_executor executor)
        : state_(new detail::shutdown_state(std::move(executor))) {}
    /// @copydoc shutdown_source
    template <class Context>
        requires std::derived_from<Context, boost::asio::execution_context>
    explicit shutdown_source(Context& context) : shutdown_source(context.get_executor()) {}

    shutdown_source(shutdown_source&&) noexcept = default;
    shutdown_source& operator=(shutdown_source&& other) noexcept {
        shutdown_source(std::move(other)).state_.swap(state_);
        return *this;
    }
    ~shutdown_source() {
        if (state_ != nullptr)
            state_->request();
    }

    /// Gives the signal. Waits complete on their own executors, never inside; the callbacks of a
    /// stop token run inside. Only the first call does anything. Gets by without memory as long as
    /// the reserve lasts (M3).
    void request() noexcept { state_->request(); }
    [[nodiscard]] bool requested() const noexcept { return state_->requested(); }

    /// The receiving end; all of them refer to the same signal.
    [[nodiscard]] process_shutdown get_shutdown() const noexcept {
        return process_shutdown(state_);
    }

private:
    boost::intrusive_ptr<detail::shutdown_state> state_;
};

} // namespace arborist::inline v0

#endif // ARBORIST_PROCESS_SHUTDOWN_HPP
