// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#ifndef ARBORIST_DETAIL_START_RUN_HPP
#define ARBORIST_DETAIL_START_RUN_HPP

#include <arborist/config.hpp>
#include <arborist/error.hpp>

#include <boost/asio/any_completion_handler.hpp>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/associator.hpp>
#include <boost/asio/bind_executor.hpp>

#include <functional>
#include <memory>
#include <utility>

namespace arborist::inline v0::detail {

struct declaration;

using run_handler = boost::asio::any_completion_handler<void(run_result)>;

/// Starts the operation whose completion is to stop a run, with a handler for the executor given;
/// null if nothing but cancellation stops it.
using stop_condition =
    std::function<void(boost::asio::any_io_executor, boost::asio::any_completion_handler<void()>)>;

/// Calls a handler whatever an operation completes with, and lends it the handler's associates.
struct ignore_arguments {
    boost::asio::any_completion_handler<void()> handler;

    template <class... Args>
    void operator()(Args&&... /*ignored*/) {
        std::move(handler)();
    }
};

template <class Until>
stop_condition make_stop_condition(Until until) {
    // A std::function is copyable, an operation need not be; it is started once.
    auto shared = std::make_shared<Until>(std::move(until));
    return [shared](boost::asio::any_io_executor executor,
                    boost::asio::any_completion_handler<void()> handler) {
        std::move (*shared)(
            boost::asio::bind_executor(executor, ignore_arguments{std::move(handler)}));
    };
}

/// Begins a run. Throws `errc::already_running` if `what` has one in progress.
ARBORIST_DECL void start_run(std::shared_ptr<declaration> what,
                             boost::asio::any_io_executor executor, stop_condition until,
                             run_handler handler);

/// The initiation of `supervisor::async_run`.
struct initiate_run {
    boost::asio::any_io_executor executor;

    using executor_type = boost::asio::any_io_executor;
    [[nodiscard]] executor_type get_executor() const noexcept { return executor; }

    template <class Handler>
    void operator()(Handler&& handler, std::shared_ptr<declaration> what,
                    stop_condition until) const {
        start_run(std::move(what), executor, std::move(until),
                  run_handler(std::forward<Handler>(handler)));
    }
};

} // namespace arborist::inline v0::detail

// Allocator and cancellation slot are the wrapped handler's.
template <template <class, class> class Associator, class DefaultCandidate>
struct boost::asio::associator<Associator, arborist::detail::ignore_arguments, DefaultCandidate>
    : Associator<boost::asio::any_completion_handler<void()>, DefaultCandidate> {
    using base = Associator<boost::asio::any_completion_handler<void()>, DefaultCandidate>;

    static typename base::type get(arborist::detail::ignore_arguments const& wrapper) noexcept {
        return base::get(wrapper.handler);
    }

    static auto get(arborist::detail::ignore_arguments const& wrapper,
                    DefaultCandidate const& candidate) noexcept {
        return base::get(wrapper.handler, candidate);
    }
};

#endif // ARBORIST_DETAIL_START_RUN_HPP
