// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#ifndef ARBORIST_DETAIL_SHUTDOWN_STATE_HPP
#define ARBORIST_DETAIL_SHUTDOWN_STATE_HPP

#include <arborist/config.hpp>
#include <arborist/detail/context_hook.hpp>
#include <arborist/detail/memory_reserve.hpp>
#include <arborist/detail/serial_queue.hpp>
#include <arborist/detail/small_mutex.hpp>

#include <boost/asio/any_io_executor.hpp>

#include <atomic>
#include <stop_token>

namespace arborist::inline v0::detail {

/// Selects a state that somebody else clears when the context goes.
struct unregistered_t {
    explicit unregistered_t() = default;
};
inline constexpr unregistered_t unregistered{};

class shutdown_signal;

/// What waits for a shutdown: an intrusive node, usually the base of an operation.
struct shutdown_waiter : serial_queue::node {
    enum class fate : unsigned char {
        /// The signal was given: complete, not before having returned (post).
        complete,
        /// This is where it completes: what has become of `shutdown_signal::resume`.
        run,
        /// The context goes: destroy the handler without invoking it.
        destroy,
    };

    explicit shutdown_waiter(void (*f)(shutdown_waiter&, fate)) noexcept
        : node{nullptr}, finish(f) {}
    shutdown_waiter(shutdown_waiter const&) = delete;
    shutdown_waiter& operator=(shutdown_waiter const&) = delete;

    /// Called by whoever took the waiter out of the list, under no lock and in any thread. Throws
    /// only what a handler throws that it runs.
    void (*finish)(shutdown_waiter&, fate);

    // Guarded by the mutex of the state, as `next` is; after the waiter was taken out, its owner's.
    shutdown_waiter* previous = nullptr;
    /// While it is being resumed.
    shutdown_signal* owner = nullptr;
    bool listed = false;

    [[nodiscard]] shutdown_waiter* following() const noexcept {
        return static_cast<shutdown_waiter*>(next);
    }
};

/// A latched signal with any number of waiters (D5). Thread-safe unless stated otherwise.
///
/// Who waits keeps a reference; its handler may own another one through a coroutine. That cycle is
/// broken by `request()`, by cancellation, or by `clear()`.
class ARBORIST_DECL shutdown_signal : public context_hook {
public:
    /// What `add()` found. Unless it is `waiting`, the waiter remains its caller's.
    enum class admission : unsigned char { waiting, requested, cleared };

    /// Where handlers complete that have no executor; empty after `clear()`.
    [[nodiscard]] virtual boost::asio::any_io_executor executor() const noexcept = 0;
    [[nodiscard]] bool requested() const noexcept;
    [[nodiscard]] bool cleared() const noexcept;

    /// Whether `resume` leads to this executor.
    [[nodiscard]] virtual bool
    resumes_on(boost::asio::any_io_executor const& executor) const noexcept;
    /// Finishes a waiter that nobody else knows where handlers complete, not before this has
    /// returned. Needs no memory of its own.
    virtual void resume(shutdown_waiter& waiter) noexcept;

    /// Gives the signal: completes the waiters, then runs the callbacks of the stop token in this
    /// thread. Only the first call does anything. Gets by without memory as long as the reserve
    /// lasts (M3).
    void request() noexcept;

    /// Destroys the waiters; later ones are refused. Also drops the executor, which must not
    /// outlive its context. Nothing else may use the signal meanwhile, except destructors that this
    /// runs.
    void clear() noexcept;

    /// The stop state is made on first use.
    [[nodiscard]] std::stop_token stop_token();

    [[nodiscard]] admission add(shutdown_waiter& waiter) noexcept;
    /// True if `waiter` was still waiting: then it will not be finished, and is the caller's.
    [[nodiscard]] bool remove(shutdown_waiter& waiter) noexcept;
    /// How many are waiting; for tests.
    [[nodiscard]] std::size_t waiting() const noexcept;

protected:
    /// Somebody else calls `clear()` when the context of the executor is destroyed.
    shutdown_signal() noexcept;
    /// Clears itself when the context of `executor` is destroyed.
    explicit shutdown_signal(boost::asio::any_io_executor const& executor);
    ~shutdown_signal() override;

    void context_destroyed() noexcept override;
    /// Back to "not requested", for the next incarnation. Precondition: this is the only reference.
    void reset() noexcept;

private:
    static constexpr unsigned char requested_bit = 1;
    static constexpr unsigned char cleared_bit = 2;

    virtual void drop_executor() noexcept = 0;
    shutdown_waiter* take_all() noexcept; // with the mutex locked

    shutdown_waiter* first_ = nullptr;
    std::stop_source stop_{std::nostopstate};
    mutable small_mutex mutex_;
    std::atomic<unsigned char> status_{0};
};

/// A signal with an executor: the state of a @ref shutdown_source.
class ARBORIST_DECL shutdown_state final : public shutdown_signal {
public:
    /// Clears itself when the context of `executor` is destroyed.
    explicit shutdown_state(boost::asio::any_io_executor executor);
    /// Somebody else calls `clear()` when the context of `executor` is destroyed.
    shutdown_state(boost::asio::any_io_executor executor, unregistered_t);

    [[nodiscard]] boost::asio::any_io_executor executor() const noexcept override;

    /// Back to "not requested". Precondition: this is the only reference, and `executor` is of the
    /// same context if the state is registered.
    void reset(boost::asio::any_io_executor executor) noexcept;

private:
    ~shutdown_state() override;
    void drop_executor() noexcept override;

    [[no_unique_address]] memory_reserve reserve_;
    boost::asio::any_io_executor executor_;
};

} // namespace arborist::inline v0::detail

#endif // ARBORIST_DETAIL_SHUTDOWN_STATE_HPP
