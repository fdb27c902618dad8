// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#ifndef ARBORIST_STACKFUL_WORKER_HPP
#define ARBORIST_STACKFUL_WORKER_HPP

#include <arborist/child_specification.hpp>
#include <arborist/config.hpp>
#include <arborist/detail/child_model.hpp>
#include <arborist/process_shutdown.hpp>
#include <arborist/result.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/spawn.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/outcome/success_failure.hpp>

#include <concepts>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>

// Not part of <arborist/arborist.hpp>: whoever uses it links Boost.Context.

namespace arborist::inline v0 {

namespace detail {

template <class Function>
auto call_stackful(Function& function, boost::asio::yield_context yield,
                   process_shutdown shutdown) {
    if constexpr (std::invocable<Function&, boost::asio::yield_context, process_shutdown>)
        return function(std::move(yield), std::move(shutdown));
    else
        return function(std::move(yield));
}

template <class Function>
using stackful_result =
    decltype(call_stackful(std::declval<Function&>(), std::declval<boost::asio::yield_context>(),
                           std::declval<process_shutdown>()));

template <class Function>
concept stackful_function =
    (std::invocable<Function&, boost::asio::yield_context, process_shutdown> ||
     std::invocable<Function&,
                    boost::asio::yield_context>)&&(std::is_void_v<stackful_result<Function>> ||
                                                   std::convertible_to<stackful_result<Function>,
                                                                       result<void>>);

// Not over the type of the function, which may be in an unnamed namespace: g++ warns of such
// coroutines. A template nevertheless: g++ emits any other coroutine, and with it a need of
// Boost.Context, wherever this file is included.
template <class = void>
boost::asio::awaitable<result<void>>
run_stackful(std::function<result<void>(boost::asio::yield_context)> function) {
    std::optional<result<void>> ended;
    auto body = [&](boost::asio::yield_context yield) {
        ended.emplace(function(std::move(yield)));
    };
    boost::asio::any_io_executor const executor = co_await boost::asio::this_coro::executor;
    auto running = boost::asio::spawn(executor, body, boost::asio::use_awaitable);
    co_await std::move(running);
    co_return std::move(*ended);
}

template <stackful_function Function>
class BOOST_SYMBOL_VISIBLE stackful_model final : public run_model<result<void>> {
public:
    explicit stackful_model(Function function) : function_(std::move(function)) {}

    boost::asio::awaitable<result<void>> run(process_shutdown shutdown) override {
        return run_stackful([this, shutdown = std::move(shutdown)](
                                boost::asio::yield_context yield) mutable -> result<void> {
            if constexpr (std::is_void_v<stackful_result<Function>>) {
                call_stackful(function_, std::move(yield), std::move(shutdown));
                return boost::outcome_v2::success();
            } else {
                return call_stackful(function_, std::move(yield), std::move(shutdown));
            }
        });
    }

private:
    Function function_;
};

} // namespace detail

/// A worker that is a stackful coroutine, as `asio::spawn` makes them.
///
/// `function` is called on a stack of its own, once for each start, with an `asio::yield_context`
/// and a @ref process_shutdown, or with the former alone, and returns nothing or a `result<void>`;
/// what it throws is the exit *panicked*. The rules are those of every worker: an abort is terminal
/// cancellation of the operation that it yields to, which then throws `operation_aborted`. To wait
/// for the shutdown: `shutdown.async_wait(yield)`.
template <class Function>
[[nodiscard]] child_specification stackful_worker(std::string name, Function&& function) {
    using function_type = std::decay_t<Function>;
    static_assert(detail::stackful_function<function_type>,
                  "arborist: the function of a stackful worker is called with an "
                  "asio::yield_context and an arborist::process_shutdown, or with the former "
                  "alone, and returns void or arborist::result<void>");
    return {
        std::move(name),
        {},
        std::make_shared<detail::stackful_model<function_type>>(std::forward<Function>(function))};
}

} // namespace arborist::inline v0

#endif // ARBORIST_STACKFUL_WORKER_HPP
