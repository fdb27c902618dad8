// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#ifndef ARBORIST_DETAIL_UNTIL_HPP
#define ARBORIST_DETAIL_UNTIL_HPP

#include <arborist/cause.hpp>
#include <arborist/config.hpp>
#include <arborist/detail/cancellation_link.hpp>
#include <arborist/detail/post_to.hpp>
#include <arborist/detail/shutdown_state.hpp>
#include <arborist/errc.hpp>
#include <arborist/result.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/associated_allocator.hpp>
#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/cancellation_type.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/smart_ptr/intrusive_ptr.hpp>
#include <boost/system/error_code.hpp>

#include <atomic>
#include <exception>
#include <optional>
#include <tuple>
#include <type_traits>
#include <utility>

namespace arborist::inline v0::detail {

/// The exception as a cause, with its error code.
[[nodiscard]] ARBORIST_DECL cause cause_of(std::exception_ptr exception);
/// Whether this is how an operation ends that was cancelled.
[[nodiscard]] ARBORIST_DECL bool means_cancelled(cause const& why) noexcept;

/// From the values of an operation to the value of its result. A result stays what it is.
template <class... T>
struct until_value {
    using type = std::tuple<T...>;
};
template <>
struct until_value<> {
    using type = void;
};
template <class T>
struct until_value<T> {
    using type = T;
};
template <class T>
struct until_value<result<T>> {
    using type = T;
};

template <class... T>
struct until_success {
    using value_type = typename until_value<T...>::type;
    using result_type = result<value_type>;

    static result_type make(T... values) {
        return result_type(boost::outcome_v2::in_place_type<value_type>, std::move(values)...);
    }
};
template <>
struct until_success<> {
    using result_type = result<void>;

    static result_type make() { return boost::outcome_v2::success(); }
};
template <class T>
struct until_success<result<T>> {
    using result_type = result<T>;

    static result_type make(result_type value) { return value; }
};

/// From what an operation completes with to its result.
template <class... T>
struct until_completion : until_success<T...> {};
template <class... T>
struct until_completion<boost::system::error_code, T...> {
    using result_type = typename until_success<T...>::result_type;

    static result_type make(boost::system::error_code error, T... values) {
        if (error)
            return cause(error);
        return until_success<T...>::make(std::move(values)...);
    }
};
template <class... T>
struct until_completion<std::exception_ptr, T...> {
    using result_type = typename until_success<T...>::result_type;

    static result_type make(std::exception_ptr error, T... values) {
        if (error)
            return cause_of(std::move(error));
        return until_success<T...>::make(std::move(values)...);
    }
};
// From store_result(): empty only if there is an exception.
template <class T>
struct until_completion<std::exception_ptr, std::optional<result<T>>> {
    using result_type = result<T>;

    static result_type make(std::exception_ptr error, std::optional<result<T>> value) {
        if (error)
            return cause_of(std::move(error));
        return std::move(*value);
    }
};

template <class Signature>
struct until_signature;
template <class R, class... T>
struct until_signature<R(T...)> : until_completion<std::decay_t<T>...> {};

/// `co_spawn` needs a default constructor, which a result or a socket lacks.
template <class T, class Executor>
boost::asio::awaitable<std::optional<typename until_success<T>::result_type>, Executor>
store_result(boost::asio::awaitable<T, Executor> operation) {
    T value = co_await std::move(operation);
    co_return until_success<T>::make(std::move(value));
}

/// An awaitable as an operation that takes a handler, whose executor it runs on.
template <class T, class Executor>
class awaitable_operation {
public:
    explicit awaitable_operation(boost::asio::awaitable<T, Executor>&& operation) noexcept
        : operation_(std::move(operation)) {}

    template <class Handler>
    void operator()(Handler&& handler) && {
        auto const executor = boost::asio::get_associated_executor(handler);
        if constexpr (std::is_void_v<T> || std::is_default_constructible_v<T>)
            boost::asio::co_spawn(executor, std::move(operation_), std::forward<Handler>(handler));
        else
            boost::asio::co_spawn(executor, store_result(std::move(operation_)),
                                  std::forward<Handler>(handler));
    }

private:
    boost::asio::awaitable<T, Executor> operation_;
};

/// What may be given to `until()`: how to start it, and what it completes with.
template <class Operation>
struct until_operand {
    static_assert(boost::asio::is_async_operation<Operation>::value,
                  "process_shutdown::until() needs an asio::awaitable or an asynchronous operation "
                  "with a single completion signature, such as timer.async_wait(asio::deferred)");
    using signature = typename boost::asio::completion_signature_of<Operation>::type;
    using result_type = typename until_signature<signature>::result_type;
    using operation_type = Operation;
};
template <class T, class Executor>
struct until_operand<boost::asio::awaitable<T, Executor>> {
    using signature =
        std::conditional_t<std::is_default_constructible_v<T>, void(std::exception_ptr, T),
                           void(std::exception_ptr,
                                std::optional<typename until_success<T>::result_type>)>;
    using result_type = typename until_success<T>::result_type;
    using operation_type = awaitable_operation<T, Executor>;
};
template <class Executor>
struct until_operand<boost::asio::awaitable<void, Executor>> {
    using signature = void(std::exception_ptr);
    using result_type = result<void>;
    using operation_type = awaitable_operation<void, Executor>;
};

/// One `until()`: an operation that the shutdown cancels.
///
/// Shared by the operation's handler, by the list of waiters (or the task that `finish` posts), and
/// by `start()`. Everything but `finish` happens on the handler's executor.
template <class Signature, class Handler>
class until_operation final : shutdown_waiter {
    using traits = until_signature<Signature>;
    using result_type = typename traits::result_type;
    using executor_type = boost::asio::associated_executor_t<Handler, boost::asio::any_io_executor>;
    using pointer = boost::intrusive_ptr<until_operation>;

public:
    template <class Operation>
    static void start(boost::intrusive_ptr<shutdown_signal> state, Operation operation,
                      Handler handler) {
        if (state->cleared())
            return; // there is no executor any more
        auto const executor = boost::asio::get_associated_executor(handler, state->executor());
        if (state->requested())
            return post_shutdown_requested(executor, std::move(handler));
        pointer const self(new until_operation(state, executor, std::move(handler)));
        switch (state->add(*self)) {
        case shutdown_signal::admission::waiting:
            self->add_ref(); // the list's
            break;
        case shutdown_signal::admission::requested:
            return post_shutdown_requested(executor, std::move(self->handler_));
        case shutdown_signal::admission::cleared:
            return;
        }
        self->outer_.connect(boost::asio::get_associated_cancellation_slot(self->handler_), *self);
        std::move(operation)(operation_handler(self));
    }

private:
    friend class cancellation_link<until_operation>;

    until_operation(boost::intrusive_ptr<shutdown_signal> state, executor_type const& executor,
                    Handler&& handler)
        : shutdown_waiter(&until_operation::finish), state_(std::move(state)), executor_(executor),
          handler_(std::move(handler)) {}

    static void post_shutdown_requested(executor_type const& executor, Handler&& handler) {
        post_to(executor, [handler = std::move(handler)]() mutable {
            std::move(handler)(result_type(cause(errc::shutdown_requested)));
        });
    }

    /// Of the operation.
    class operation_handler {
    public:
        using executor_type = until_operation::executor_type;
        using cancellation_slot_type = boost::asio::cancellation_slot;
        using allocator_type = boost::asio::associated_allocator_t<Handler>;

        explicit operation_handler(pointer self) noexcept : self_(std::move(self)) {}
        operation_handler(operation_handler&&) noexcept = default;
        ~operation_handler() {
            if (self_ != nullptr)
                self_->stop_waiting(); // destroyed without having been invoked
        }

        executor_type get_executor() const noexcept { return self_->executor_; }
        cancellation_slot_type get_cancellation_slot() const noexcept {
            return self_->signal_.slot();
        }
        allocator_type get_allocator() const noexcept {
            return boost::asio::get_associated_allocator(self_->handler_);
        }

        template <class... Args>
        void operator()(Args&&... args) {
            complete(std::exchange(self_, nullptr), traits::make(std::forward<Args>(args)...));
        }

    private:
        pointer self_;
    };

    static void complete(pointer self, result_type value) {
        self->completed_ = true;
        self->stop_waiting();
        self->outer_.disconnect();
        if (self->shutdown_ && !self->cancelled_ && value.has_error() &&
            means_cancelled(value.error()))
            value = cause(errc::shutdown_requested);
        Handler handler(std::move(self->handler_));
        self.reset();
        std::move(handler)(std::move(value));
    }

    void stop_waiting() noexcept {
        if (state_->remove(*this))
            release();
    }

    static void finish(shutdown_waiter& waiter, fate what) noexcept {
        pointer self(&static_cast<until_operation&>(waiter), false); // the list's reference
        if (what == fate::complete) {
            auto const& executor = self->executor_; // not used after the function is queued
            post_surely(executor, [self = std::move(self)] {
                if (self->completed_)
                    return;
                self->shutdown_ = true;
                self->signal_.emit(boost::asio::cancellation_type::all);
            });
        }
    }

    /// From the slot of the handler.
    void cancel(boost::asio::cancellation_type type) {
        pointer const self(this); // the operation may end inside
        cancelled_ = true;
        signal_.emit(type);
    }

    void add_ref() noexcept { references_.fetch_add(1, std::memory_order_relaxed); }
    void release() noexcept {
        if (references_.fetch_sub(1, std::memory_order_acq_rel) == 1)
            delete this;
    }
    friend void intrusive_ptr_add_ref(until_operation* self) noexcept { self->add_ref(); }
    friend void intrusive_ptr_release(until_operation* self) noexcept { self->release(); }

    boost::intrusive_ptr<shutdown_signal> state_;
    std::atomic<unsigned> references_{0};
    bool completed_ = false;
    bool shutdown_ = false;
    bool cancelled_ = false;
    boost::asio::cancellation_signal signal_;
    executor_type executor_;
    cancellation_link<until_operation> outer_;
    Handler handler_;
};

/// What `async_initiate` calls.
template <class Operand>
class initiate_until {
public:
    using executor_type = boost::asio::any_io_executor;

    explicit initiate_until(boost::intrusive_ptr<shutdown_signal> state) noexcept
        : state_(std::move(state)) {}

    executor_type get_executor() const noexcept { return state_->executor(); }

    template <class Handler>
    void operator()(Handler&& handler, typename Operand::operation_type operation) const {
        // The coroutine that owns *this may be gone before start() returns.
        until_operation<typename Operand::signature, std::decay_t<Handler>>::start(
            boost::intrusive_ptr(state_), std::move(operation), std::forward<Handler>(handler));
    }

private:
    boost::intrusive_ptr<shutdown_signal> state_;
};

} // namespace arborist::inline v0::detail

#endif // ARBORIST_DETAIL_UNTIL_HPP
