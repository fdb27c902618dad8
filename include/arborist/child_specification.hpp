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

#include <concepts>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace arborist::inline v0 {

class supervisor;

/// The template from which a child is started, again and again: a name, the policy for it, and the
/// worker or supervisor behind one face. A value: copies share the worker object.
class ARBORIST_DECL child_specification {
public:
    /// @throws boost::system::system_error `errc::invalid_name` (N4).
    template <class T>
        requires(!std::same_as<std::remove_cvref_t<T>, child_specification> &&
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
    [[nodiscard]] shutdown_strategy const& shutdown() const noexcept;

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
    restart_type restart_;
    shutdown_strategy shutdown_;
    std::shared_ptr<detail::child_model> model_;
};

/// The simplest worker: a name and something to call, once for each start.
///
/// `function` is called with a @ref process_shutdown, or with nothing, and returns the run phase:
/// `asio::awaitable<void>` or `asio::awaitable<result<void>>`; or `asio::awaitable<initialization>`
/// if starting it can fail. It may be a coroutine lambda with captures: the library keeps it alive
/// for as long as the coroutine. It is called again while a predecessor still runs only if that was
/// abandoned, in a group restart (D9).
/// @throws boost::system::system_error `errc::invalid_name` (N4).
template <class Function>
[[nodiscard]] child_specification worker(std::string name, Function&& function) {
    using function_type = std::decay_t<Function>;
    static_assert(
        detail::worker_function<function_type>,
        "arborist: a worker function is called with an arborist::process_shutdown or with "
        "nothing, and returns asio::awaitable<void>, asio::awaitable<arborist::result<"
        "void>> or asio::awaitable<arborist::initialization>");
    return {
        std::move(name), child_options(),
        std::make_shared<detail::function_model<function_type>>(std::forward<Function>(function))};
}

} // namespace arborist::inline v0

#endif // ARBORIST_CHILD_SPECIFICATION_HPP
