// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#ifndef ARBORIST_SUPERVISOR_HPP
#define ARBORIST_SUPERVISOR_HPP

#include <arborist/child_specification.hpp>
#include <arborist/config.hpp>
#include <arborist/dataspace.hpp>
#include <arborist/detail/start_run.hpp>
#include <arborist/error.hpp>
#include <arborist/event.hpp>
#include <arborist/options.hpp>
#include <arborist/result.hpp>
#include <arborist/supervisor_handle.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/execution_context.hpp>

#include <concepts>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>

namespace arborist::inline v0 {

/// An inner node of the tree: a name, options, and children in their order. A value that is
/// declared, then run, and run again if wanted; nothing happens before it is run.
///
/// Move-only. Distinct objects may be used from distinct threads; one object by one thread at a
/// time. It may be destroyed while it runs: the run keeps what it needs.
class ARBORIST_DECL supervisor {
public:
    /// @throws boost::system::system_error `errc::invalid_name` (N4); `errc::invalid_option` for
    /// options out of their range, with a message that says what to do.
    explicit supervisor(std::string name, supervisor_options options = {});
    supervisor(supervisor&&) noexcept;
    supervisor& operator=(supervisor&&) noexcept;
    ~supervisor();

    [[nodiscard]] std::string const& name() const noexcept;
    [[nodiscard]] supervisor_options const& options() const noexcept;

    /// Appends a child: a @ref supervisable object, a @ref worker, or another supervisor, which
    /// becomes a nested one. Children are started in the order in which they are added. `options`
    /// win over the type's own.
    /// @throws boost::system::system_error `errc::invalid_name` (N4); `errc::invalid_option` for
    /// options out of their range, or that mean nothing together, with a message that says what to
    /// do; `errc::already_running`.
    supervisor& add(child_specification child, child_options const& options = {});

    /// Registers an observer of this supervisor and of all supervisors below it (O1).
    /// @throws boost::system::system_error `errc::already_running`.
    supervisor& observe(observer function);

    /// Refused: a supervisor that is restarted starts what was added again, which is impossible for
    /// a one-shot child.
    template <std::same_as<one_shot> T>
    supervisor& add(T const& /*child*/, child_options const& /*options*/ = {}) {
        static_assert(
            !std::same_as<T, one_shot>,
            "arborist: a one-shot child cannot be added to a supervisor, which may have to "
            "start it again; start it through a handle: "
            "supervisor.handle().async_start(arborist::once(...))");
        return *this;
    }

    /// The dataspace of the tree of which this is the root (A1): where the processes of the tree
    /// find what is published from outside, and the other way round. It lives as long as this
    /// object, a run, or any other handle of it. A nested supervisor has that of its root.
    [[nodiscard]] arborist::dataspace dataspace();

    /// A reference through which the supervisor can be asked and steered while it runs. If one was
    /// taken, the supervisor may have no children when it is run: they may come later (S6).
    [[nodiscard]] supervisor_handle handle() const;

    /// Starts the children and runs until it is cancelled or fails; then stops the children.
    ///
    /// @par Completion signature
    /// `void(run_result)`, that is `result<void, supervisor_error>`
    /// @par Executor
    /// `executor` (or that of the given execution context) runs the supervisor and all below it:
    /// each process on a strand of its own, the supervisor on another. The handler runs on its
    /// associated executor, by default `executor`. Both have outstanding work until the run ends.
    /// @par Cancellation
    /// Partial or total: a graceful stop; the run then succeeds, unless a child has to be aborted.
    /// Terminal: the whole tree is aborted. A cancellation never loses what happened (D12). Beware
    /// of `wait_for_one()` and `||`, which cancel with all types at once: that is an abort.
    /// @par Errors
    /// `no_children` before anything is started · `failed_to_initialize` ·
    /// `restart_limit_exceeded` · `shutdown_timed_out` (E4). The children are stopped in any case.
    /// @par Exceptions
    /// `boost::system::system_error` of `errc::already_running` when it is initiated while a run is
    /// in progress (in a coroutine that is after its suspension, so that the exception leaves the
    /// context's `run()`); `std::bad_alloc`. Later, a lack of memory ends no run by an exception
    /// (M1-M7), but lets one leave the context's `run()`, which then can be called again (M5).
    /// @par Lifetimes
    /// The execution context may be destroyed during the run: the handler is destroyed, not called.
    template <boost::asio::completion_token_for<void(run_result)> Token = boost::asio::deferred_t>
    [[nodiscard]] auto async_run(boost::asio::any_io_executor executor, Token&& token = {}) {
        return initiate(std::move(executor), {}, std::forward<Token>(token));
    }

    /// The same, until `until` completes: an asynchronous operation, such as
    /// `on_signal(SIGINT, SIGTERM)`, `timer.async_wait(asio::deferred)` or
    /// `shutdown.async_wait(asio::deferred)`. Whatever it completes with asks for a graceful stop.
    /// It runs on the supervisor's strand, and is cancelled when the run ends before it; what it
    /// refers to, as a timer, must live until then. Its initiation must not throw, unless it is
    /// `std::bad_alloc`: then the run fails with `failed_to_initialize`, and starts nothing (M1).
    template <class Until, boost::asio::completion_token_for<void(run_result)> Token>
    [[nodiscard]] auto async_run(boost::asio::any_io_executor executor, Until until,
                                 Token&& token) {
        return initiate(std::move(executor), detail::make_stop_condition(std::move(until)),
                        std::forward<Token>(token));
    }

    template <std::derived_from<boost::asio::execution_context> Context,
              boost::asio::completion_token_for<void(run_result)> Token = boost::asio::deferred_t>
    [[nodiscard]] auto async_run(Context& context, Token&& token = {}) {
        return async_run(boost::asio::any_io_executor(context.get_executor()),
                         std::forward<Token>(token));
    }

    template <std::derived_from<boost::asio::execution_context> Context, class Until,
              boost::asio::completion_token_for<void(run_result)> Token>
    [[nodiscard]] auto async_run(Context& context, Until until, Token&& token) {
        return async_run(boost::asio::any_io_executor(context.get_executor()), std::move(until),
                         std::forward<Token>(token));
    }

private:
    friend class child_specification;

    void refuse_if_running() const;

    template <class Token>
    auto initiate(boost::asio::any_io_executor executor, detail::stop_condition until,
                  Token&& token) {
        return boost::asio::async_initiate<Token, void(run_result)>(
            detail::initiate_run{std::move(executor)}, token, declaration_, std::move(until));
    }

    std::shared_ptr<detail::declaration> declaration_;
};

} // namespace arborist::inline v0

#endif // ARBORIST_SUPERVISOR_HPP
