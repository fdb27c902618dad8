// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#ifndef ARBORIST_DETAIL_WORKER_MODELS_HPP
#define ARBORIST_DETAIL_WORKER_MODELS_HPP

#include <arborist/config.hpp>
#include <arborist/detail/child_model.hpp>
#include <arborist/process_shutdown.hpp>
#include <arborist/supervisable.hpp>

#include <boost/asio/async_result.hpp>
#include <boost/asio/awaitable.hpp>

#include <concepts>
#include <memory>
#include <type_traits>
#include <utility>

namespace arborist::inline v0::detail {

/// The first requirement of @ref supervisable that `T` does not meet is a sentence.
template <class T>
consteval std::type_identity<T> checked() {
    static_assert(has_name<T>, "arborist: a supervisable type needs a member function `name() "
                               "const` whose result converts to std::string_view");
    static_assert(has_initialize<T>, "arborist: a supervisable type needs a member function "
                                     "`initialize(arborist::process_shutdown)`");
    static_assert(!has_initialize<T> || initializes_into_a_run_phase<T>,
                  "arborist: `initialize` of a supervisable type must return "
                  "asio::awaitable<arborist::initialization>, or of a basic_initialization<void>");
    static_assert(std::move_constructible<T>,
                  "arborist: a supervisable type must be move constructible, to be added");
    return {};
}

// The compiled part knows two results of a run phase, void and result<void>; another error type
// that converts to a cause costs a coroutine.

template <class T>
using run_phase_of = std::conditional_t<std::is_void_v<T>, void, result<void>>;

template <class Run>
boost::asio::awaitable<result<void>> adapt_run(boost::asio::awaitable<Run> run) {
    auto ended = co_await std::move(run);
    if (!ended)
        co_return cause(std::move(ended).error());
    co_return success();
}

template <class Run>
auto as_run_phase(boost::asio::awaitable<Run> run) {
    if constexpr (std::is_same_v<Run, run_phase_of<Run>>)
        return run;
    else
        return adapt_run(std::move(run));
}

template <class Run>
boost::asio::awaitable<initialization>
adapt_initialization(boost::asio::awaitable<basic_initialization<Run>> initializing) {
    auto initialized = co_await std::move(initializing);
    if (!initialized)
        co_return std::move(initialized).error();
    co_return adapt_run(std::move(initialized).value());
}

template <class Run>
auto as_initialization(boost::asio::awaitable<basic_initialization<Run>> initializing) {
    if constexpr (std::is_same_v<Run, run_phase_of<Run>>)
        return initializing;
    else
        return adapt_initialization(std::move(initializing));
}

/// The result of the run phase that an awaitable of a `basic_initialization` yields.
template <class Initialization>
using run_of_initialization =
    run_phase_of<typename awaited<typename awaited<Initialization>::type::value_type>::type>;

template <class T>
using initialize_result = decltype(std::declval<T&>().initialize(std::declval<process_shutdown>()));

/// A worker type (@ref supervisable).
template <class T>
class supervisable_model final
    : public initializing_model<run_of_initialization<initialize_result<T>>> {
public:
    explicit supervisable_model(T object) : object_(std::move(object)) {}

    boost::asio::awaitable<basic_initialization<run_of_initialization<initialize_result<T>>>>
    initialize(process_shutdown shutdown) override {
        return as_initialization(object_.initialize(std::move(shutdown)));
    }

private:
    T object_;
};

/// Calls a worker function with what it takes.
template <class Function>
auto call_worker(Function& function, process_shutdown shutdown) {
    if constexpr (std::invocable<Function&, process_shutdown>)
        return function(std::move(shutdown));
    else
        return function();
}

template <class Function>
using worker_result =
    decltype(call_worker(std::declval<Function&>(), std::declval<process_shutdown>()));

template <class Function>
concept callable_worker = std::invocable<Function&, process_shutdown> || std::invocable<Function&>;

template <class Function>
concept running_function = callable_worker<Function> && run_awaitable<worker_result<Function>>;

template <class Function>
concept initializing_function =
    callable_worker<Function> && initialization_awaitable<worker_result<Function>>;

template <class T>
concept async_operation = boost::asio::is_async_operation<T>::value && requires {
    typename boost::asio::completion_signature_of<T>::type;
};

template <class Function>
concept operation_function = callable_worker<Function> && async_operation<worker_result<Function>>;

template <class Function>
concept worker_function =
    running_function<Function> || initializing_function<Function> || operation_function<Function>;

/// The end of an operation as that of a run phase.
template <class T>
boost::asio::awaitable<result<void>> finish_operation(boost::asio::awaitable<result<T>> running) {
    auto ended = co_await std::move(running);
    if (ended)
        co_return success();
    if (ended.error().exception() != nullptr)
        ended.error().rethrow();
    co_return std::move(ended).error();
}

/// A worker function (@ref worker, or @ref once).
template <worker_function Function, bool Once>
class function_model;

template <running_function Function, bool Once>
class function_model<Function, Once> final
    : public run_model<run_phase_of<typename awaited<worker_result<Function>>::type>> {
public:
    explicit function_model(Function function) : function_(std::move(function)) {}

    [[nodiscard]] bool is_once() const noexcept override { return Once; }

    boost::asio::awaitable<run_phase_of<typename awaited<worker_result<Function>>::type>>
    run(process_shutdown shutdown) override {
        return as_run_phase(call_worker(function_, std::move(shutdown)));
    }

private:
    Function function_;
};

template <initializing_function Function, bool Once>
class function_model<Function, Once> final
    : public initializing_model<run_of_initialization<worker_result<Function>>> {
public:
    explicit function_model(Function function) : function_(std::move(function)) {}

    [[nodiscard]] bool is_once() const noexcept override { return Once; }

    boost::asio::awaitable<basic_initialization<run_of_initialization<worker_result<Function>>>>
    initialize(process_shutdown shutdown) override {
        return as_initialization(call_worker(function_, std::move(shutdown)));
    }

private:
    Function function_;
};

template <operation_function Function, bool Once>
class function_model<Function, Once> final : public run_model<result<void>> {
public:
    explicit function_model(Function function) : function_(std::move(function)) {}

    [[nodiscard]] bool is_once() const noexcept override { return Once; }

    boost::asio::awaitable<result<void>> run(process_shutdown shutdown) override {
        // It cannot see the shutdown signal, and so is cancelled by it. No coroutine over its type,
        // which may be in an unnamed namespace: g++ warns of those.
        return finish_operation(shutdown.until(call_worker(function_, shutdown)));
    }

private:
    Function function_;
};

} // namespace arborist::inline v0::detail

#endif // ARBORIST_DETAIL_WORKER_MODELS_HPP
