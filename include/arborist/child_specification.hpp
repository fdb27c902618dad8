// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#ifndef ARBORIST_CHILD_SPECIFICATION_HPP
#define ARBORIST_CHILD_SPECIFICATION_HPP

#include <arborist/config.hpp>
#include <arborist/detail/child_model.hpp>
#include <arborist/detail/worker_models.hpp>
#include <arborist/options.hpp>
#include <arborist/supervisable.hpp>

#include <chrono>
#include <concepts>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace arborist::inline v0 {

class supervisor;
class one_shot;

/// The template from which a child is started, again and again: a name, the policy for it, and the
/// worker or supervisor behind one face. A value: copies share the worker object.
class ARBORIST_DECL child_specification {
public:
    /// What is wrong with it is said where it is added, or started.
    template <class T>
        requires(!std::same_as<std::remove_cvref_t<T>, child_specification> &&
                 !std::same_as<std::remove_cvref_t<T>, one_shot> &&
                 !std::same_as<std::remove_cvref_t<T>, supervisor>)
    child_specification(T&& object) // NOLINT(google-explicit-constructor)
        : child_specification(from(detail::checked<std::remove_cvref_t<T>>(),
                                   std::string(std::string_view(object.name())),
                                   std::forward<T>(object))) {}
    /// A nested supervisor.
    child_specification(supervisor nested); // NOLINT(google-explicit-constructor)

    /// Used by @ref worker and the like.
    child_specification(std::string name, child_options const& options,
                        std::shared_ptr<detail::child_model> model);

    /// The same, with what is given in `options` instead.
    [[nodiscard]] child_specification with(child_options const& options) &&;

    /// As declared, not sanitised.
    [[nodiscard]] std::string const& name() const noexcept;
    [[nodiscard]] restart_type restart() const noexcept;
    /// Whether the restart type was given, or is the default.
    [[nodiscard]] bool has_restart() const noexcept;
    [[nodiscard]] shutdown_strategy const& shutdown() const noexcept;
    /// The rest: all but restart type and shutdown strategy.
    [[nodiscard]] child_options const& options() const noexcept;

    [[nodiscard]] detail::child_model& model() const noexcept;

private:
    template <class Worker, class T>
    static child_specification from(std::type_identity<Worker>, std::string name, T&& object) {
        child_options options;
        if constexpr (detail::prefers_restart<Worker>)
            options.restart = object.restart();
        if constexpr (detail::prefers_shutdown<Worker>)
            options.shutdown = object.shutdown();
        auto model = std::make_shared<detail::supervisable_model<Worker>>(std::forward<T>(object));
        return {std::move(name), options, std::move(model)};
    }

    std::string name_;
    std::optional<restart_type> restart_;
    shutdown_strategy shutdown_;
    /// Null if there is nothing else: it is so for most, of which there may be many.
    std::shared_ptr<child_options const> options_;
    std::shared_ptr<detail::child_model> model_;
};

namespace detail {

template <bool Once, class Function>
child_specification make_worker(std::string name, child_options const& options,
                                Function&& function) {
    using function_type = std::decay_t<Function>;
    static_assert(
        worker_function<function_type>,
        "arborist: a worker function is called with an arborist::process_shutdown or with "
        "nothing, and returns asio::awaitable<void>, asio::awaitable<arborist::result<"
        "void>> or asio::awaitable<arborist::initialization>, or an asynchronous operation such as "
        "timer.async_wait(asio::deferred)");
    return {
        std::move(name), options,
        std::make_shared<function_model<function_type, Once>>(std::forward<Function>(function))};
}

} // namespace detail

/// The simplest worker: a name and something to call, once for each start.
///
/// `function` is called with a @ref process_shutdown, or with nothing, and returns the run phase:
/// `asio::awaitable<void>` or `asio::awaitable<result<void>>`; or `asio::awaitable<initialization>`
/// if starting it can fail. It may be a coroutine lambda with captures: the library keeps it alive
/// for as long as the coroutine.
///
/// Or it returns an asynchronous operation, with one completion signature: `socket.async_wait(
/// tcp::socket::wait_read, asio::deferred)`, or what `asio::async_compose` returns for
/// `asio::deferred`. The worker ends when that completes: with an `error_code` as *terminated*,
/// with an `exception_ptr` as *panicked*; other values are dropped. The shutdown signal cancels the
/// operation, with all types at once, which is then the exit *completed*.
///
/// The function is called again while a predecessor still runs only if that was
/// abandoned, in a group restart (D9).
template <class Function>
[[nodiscard]] child_specification worker(std::string name, Function&& function) {
    return detail::make_worker<false>(std::move(name), {}, std::forward<Function>(function));
}

/// A child that is started only once: what @ref once makes. It can be started through a handle, and
/// not be declared, since a supervisor that is restarted starts what was declared again.
class BOOST_SYMBOL_VISIBLE one_shot {
public:
    /// Used by @ref once.
    explicit one_shot(child_specification what) noexcept : what_(std::move(what)) {}
    one_shot(one_shot&&) = default;
    one_shot& operator=(one_shot&&) = default;

    [[nodiscard]] child_specification specification() && { return std::move(what_); }

private:
    child_specification what_;
};

/// What there is to say about a child that is started only once.
struct once_options {
    /// Default: `graceful(5s)`.
    shutdown_strategy shutdown = graceful(std::chrono::seconds(5));
    /// As in @ref child_options.
    duration start_timeout = duration::max();
};

/// A worker that may own what cannot be copied nor used twice, such as a connection:
/// `once("connection", [socket = std::move(socket)](auto shutdown) mutable { ... })`. `function` is
/// as for @ref worker, and is called at most once: it cannot be restarted, not even through a
/// handle.
template <class Function>
[[nodiscard]] one_shot once(std::string name, Function&& function,
                            once_options const& options = {}) {
    return one_shot(detail::make_worker<true>(std::move(name),
                                              {.restart = temporary,
                                               .shutdown = options.shutdown,
                                               .start_timeout = options.start_timeout},
                                              std::forward<Function>(function)));
}

} // namespace arborist::inline v0

#endif // ARBORIST_CHILD_SPECIFICATION_HPP
