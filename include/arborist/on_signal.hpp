// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#ifndef ARBORIST_ON_SIGNAL_HPP
#define ARBORIST_ON_SIGNAL_HPP

#include <arborist/config.hpp>
#include <arborist/detail/cancellation_link.hpp>

#include <boost/asio/associated_allocator.hpp>
#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/basic_signal_set.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/cancellation_type.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/system_executor.hpp>
#include <boost/system/error_code.hpp>

#include <array>
#include <concepts>
#include <cstddef>
#include <memory>
#include <type_traits>
#include <utility>

namespace arborist::inline v0 {
namespace detail {

/// Throws `std::invalid_argument` unless `number` is a signal that can be waited for.
ARBORIST_DECL void check_signal_number(int number);

/// One wait: the set, and the way of a cancellation to it. (The set must not be reached through the
/// slot of the handler: Asio leaves its cancellation there when the set is gone.)
template <class Executor>
struct signal_wait {
    explicit signal_wait(Executor const& executor) : set(executor) {}

    void cancel(boost::asio::cancellation_type type) { signal.emit(type); }

    boost::asio::basic_signal_set<Executor> set;
    boost::asio::cancellation_signal signal;
    cancellation_link<signal_wait> link;
};

/// Completes with the signal, and owns the wait.
template <class Handler, class Executor>
class signal_handler {
public:
    using executor_type = Executor;
    using allocator_type = boost::asio::associated_allocator_t<Handler>;
    using cancellation_slot_type = boost::asio::cancellation_slot;

    signal_handler(std::unique_ptr<signal_wait<Executor>> wait, Handler&& handler)
        : wait_(std::move(wait)), executor_(wait_->set.get_executor()),
          handler_(std::move(handler)) {}

    executor_type get_executor() const noexcept { return executor_; }
    allocator_type get_allocator() const noexcept {
        return boost::asio::get_associated_allocator(handler_);
    }
    cancellation_slot_type get_cancellation_slot() const noexcept { return wait_->signal.slot(); }

    void operator()(boost::system::error_code error, int number) {
        wait_.reset(); // from here on the signal does what it did before
        std::move(handler_)(error, number);
    }

private:
    std::unique_ptr<signal_wait<Executor>> wait_;
    Executor executor_;
    Handler handler_;
};

template <std::size_t N>
struct initiate_signal_wait {
    template <class Handler>
    void operator()(Handler&& handler, std::array<int, N> numbers) const {
        using handler_type = std::decay_t<Handler>;
        using executor_type = boost::asio::associated_executor_t<handler_type>;

        auto const executor = boost::asio::get_associated_executor(handler);
        auto owner = std::make_unique<signal_wait<executor_type>>(executor);
        auto& wait = *owner;
        for (int const number : numbers) {
            boost::system::error_code error;
            wait.set.add(number, error);
            if (error) {
                boost::asio::post(executor,
                                  [handler = handler_type(std::forward<Handler>(handler)), error,
                                   number]() mutable { std::move(handler)(error, number); });
                return;
            }
        }
        wait.link.connect(boost::asio::get_associated_cancellation_slot(handler), wait);
        wait.set.async_wait(signal_handler<handler_type, executor_type>(
            std::move(owner), handler_type(std::forward<Handler>(handler))));
    }
};

} // namespace detail

/// Waits for one of some signals: what @ref on_signal returns. An asynchronous operation, to be
/// called with a completion token; cheap to copy, and to be called any number of times.
///
/// From the call until completion the signals do not have their default effect; afterwards they
/// have it again, unless something else waits for them: a second SIGINT then ends the program.
///
/// Completion signature: `void(boost::system::error_code, int)`, with the number of the signal.
/// Executor: the handler's, on which it also waits; without one, the system executor. Cancellation:
/// terminal, partial and total, with `operation_aborted`. Errors: what the operating system says of
/// a signal it does not let us handle, with that signal's number. Drop behaviour: if the context is
/// destroyed, so is the handler, without having been invoked. Thread safety: distinct objects, and
/// calls on one, may run concurrently.
template <std::size_t N>
class signal_operation {
public:
    /// Used by @ref on_signal.
    explicit signal_operation(std::array<int, N> numbers) : numbers_(numbers) {
        for (int const number : numbers_)
            detail::check_signal_number(number);
    }

    template <boost::asio::completion_token_for<void(boost::system::error_code, int)>
                  CompletionToken = boost::asio::deferred_t>
    auto operator()(CompletionToken&& token = CompletionToken()) const {
        return boost::asio::async_initiate<CompletionToken, void(boost::system::error_code, int)>(
            detail::initiate_signal_wait<N>(), token, numbers_);
    }

private:
    std::array<int, N> numbers_;
};

/// Waits for one of the given signals: `root.async_run(pool, on_signal(SIGINT, SIGTERM), token)`.
/// Nothing happens before the returned operation is called; see @ref signal_operation.
///
/// Throws `std::invalid_argument` if a number is not that of a signal, or of SIGKILL or SIGSTOP.
template <std::same_as<int>... Number>
    requires(sizeof...(Number) > 0)
[[nodiscard]] signal_operation<sizeof...(Number)> on_signal(Number... numbers) {
    return signal_operation<sizeof...(Number)>(std::array{numbers...});
}

} // namespace arborist::inline v0

#endif // ARBORIST_ON_SIGNAL_HPP
