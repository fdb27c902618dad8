// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#ifndef ARBORIST_SUPERVISOR_HANDLE_HPP
#define ARBORIST_SUPERVISOR_HANDLE_HPP

#include <arborist/child_id.hpp>
#include <arborist/child_specification.hpp>
#include <arborist/config.hpp>
#include <arborist/detail/request.hpp>
#include <arborist/options.hpp>
#include <arborist/result.hpp>
#include <arborist/snapshot.hpp>

#include <boost/asio/async_result.hpp>
#include <boost/asio/deferred.hpp>

#include <concepts>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace arborist::inline v0 {

/// A child of a supervisor: its id, or the path to it from there, of names as they were declared,
/// joined by '/' (N5).
class BOOST_SYMBOL_VISIBLE child_ref {
public:
    child_ref(child_id id) noexcept : id_(id) {}                     // NOLINT
    child_ref(std::string path) noexcept : path_(std::move(path)) {} // NOLINT
    child_ref(std::string_view path) : path_(path) {}                // NOLINT
    child_ref(char const* path) : path_(path) {}                     // NOLINT

    /// Names nobody if it is a path.
    [[nodiscard]] child_id id() const noexcept { return id_; }
    [[nodiscard]] std::string const& path() const noexcept { return path_; }

private:
    child_id id_;
    std::string path_;
};

/// What becomes of a start while there are as many children as there may be (C3).
enum class when_full : unsigned char {
    /// It fails with `errc::at_capacity`. The default.
    fail,
    /// It waits for a place.
    wait,
};

/// How many children a supervisor has, not counting what is below them.
struct child_count {
    /// Known to it, whatever they do.
    std::size_t all = 0;
    /// Those that have a process: they start, run, or are being stopped.
    std::size_t active = 0;
    std::size_t workers = 0;
    std::size_t supervisors = 0;
    /// Those that were started through a handle.
    std::size_t dynamic = 0;

    child_count() = default;
    ARBORIST_DECL explicit child_count(std::vector<child_info> const& children);
};

/// A reference to a supervisor, through which it is asked and steered while it runs (C1). Obtained
/// from `supervisor::handle()`, before or after the supervisor is added to another one.
///
/// Cheap to copy, and valid before, during and after a run. It keeps nothing alive but itself, so a
/// worker may own a handle of the supervisor above it. While the supervisor has no run, or is
/// stopping, requests fail with `errc::not_running`; after a restart of the supervisor they reach
/// its new run. (If one declaration runs in several places at once, that is the one that began
/// last.)
///
/// @par Operations
/// All complete with `void(result<T>)`, whose error is a @ref cause that names the child and the
/// supervisor. Requests are performed in the order in which they arrive, except that starts may
/// have to wait (C2); shutdowns and exits come first (D11).
/// @par Executors
/// The handler runs on its associated executor, by default that of the run, or without one
/// `asio::system_executor`; never before the initiation returns. Its executor has outstanding work
/// meanwhile.
/// @par Cancellation
/// Terminal, partial and total: completes with `operation_aborted`. A request that the supervisor
/// had not come to is then not performed; one that was begun goes on.
/// @par Destruction
/// When the context of the handler is destroyed, so is the handler. When that of the run is, the
/// handler completes with `not_running`, if it has a context of its own.
/// @par Exceptions
/// Only `std::bad_alloc`.
/// @par Thread safety
/// Safe, shared objects too, except for assignment.
class ARBORIST_DECL supervisor_handle {
public:
    /// Refers to nobody: may only be assigned to and destroyed.
    supervisor_handle() noexcept;
    /// Used by the library.
    explicit supervisor_handle(std::shared_ptr<detail::mailbox> to) noexcept;
    supervisor_handle(supervisor_handle const&) noexcept;
    supervisor_handle(supervisor_handle&&) noexcept;
    supervisor_handle& operator=(supervisor_handle const&) noexcept;
    supervisor_handle& operator=(supervisor_handle&&) noexcept;
    ~supervisor_handle();

    /// As declared, not sanitised.
    [[nodiscard]] std::string const& name() const noexcept;

    /// Starts a child that was not declared. It belongs to this run of the supervisor (C4), is
    /// `temporary` unless it says otherwise, and is forgotten when it has ended for good.
    ///
    /// Completes once it is initialised, with its id. Its initialisation has until then no effect
    /// on anybody else: its failure is the caller's to handle.
    ///
    /// @par Completion signature
    /// `void(result<child_id>)`
    /// @par Errors
    /// `not_running` · `invalid_name` and `invalid_option`, as `supervisor::add` throws them ·
    /// `at_capacity` · `failed_to_initialize`: `error().nested()->exit().why()` says why ·
    /// `start_cancelled`: it was stopped before it was initialised · `operation_aborted` ·
    /// `std::errc::not_enough_memory`, as of every request: it has had no effect (M6). Whatever
    /// happens, what the specification holds is released when it is of no more use.
    template <
        boost::asio::completion_token_for<void(result<child_id>)> Token = boost::asio::deferred_t>
    [[nodiscard]] auto async_start(child_specification child, Token&& token = {}) const {
        return start(std::move(child), when_full::fail, std::forward<Token>(token));
    }
    template <
        boost::asio::completion_token_for<void(result<child_id>)> Token = boost::asio::deferred_t>
    [[nodiscard]] auto async_start(child_specification child, when_full full,
                                   Token&& token = {}) const {
        return start(std::move(child), full, std::forward<Token>(token));
    }
    template <
        boost::asio::completion_token_for<void(result<child_id>)> Token = boost::asio::deferred_t>
    [[nodiscard]] auto async_start(child_specification child, child_options const& options,
                                   Token&& token = {}) const {
        return start(std::move(child).with(options), when_full::fail, std::forward<Token>(token));
    }
    template <
        boost::asio::completion_token_for<void(result<child_id>)> Token = boost::asio::deferred_t>
    [[nodiscard]] auto async_start(child_specification child, child_options const& options,
                                   when_full full, Token&& token = {}) const {
        return start(std::move(child).with(options), full, std::forward<Token>(token));
    }
    /// Starts a child that is started only once (@ref once).
    template <
        boost::asio::completion_token_for<void(result<child_id>)> Token = boost::asio::deferred_t>
    [[nodiscard]] auto async_start(one_shot child, Token&& token = {}) const {
        return start(std::move(child).specification(), when_full::fail, std::forward<Token>(token));
    }
    template <
        boost::asio::completion_token_for<void(result<child_id>)> Token = boost::asio::deferred_t>
    [[nodiscard]] auto async_start(one_shot child, when_full full, Token&& token = {}) const {
        return start(std::move(child).specification(), full, std::forward<Token>(token));
    }

    /// Stops a child, and keeps it stopped until it is restarted through a handle, whatever happens
    /// to its group (R5); one that was not declared is forgotten. Stopping what is stopped
    /// succeeds. Costs no restart budget. Completes when it has ended, or, if the child itself
    /// asks, when its stop has begun (C6).
    ///
    /// @par Completion signature
    /// `void(result<void>)`
    /// @par Errors
    /// `not_running` · `no_such_child` · `ambiguous_name` · `child_abandoned`: it does not end ·
    /// `operation_aborted`.
    template <boost::asio::completion_token_for<void(result<void>)> Token = boost::asio::deferred_t>
    [[nodiscard]] auto async_stop(child_ref child, Token&& token = {}) const {
        return ask<void>(detail::request_kind::stop, std::move(child), std::forward<Token>(token));
    }

    /// Stops a child, if it runs, and starts it again, it alone; a wait for its back-off ends.
    /// Costs no restart budget. Completes when it is initialised, or, if the child itself asks,
    /// when its stop has begun. If its initialisation fails, it stays stopped.
    ///
    /// @par Completion signature
    /// `void(result<void>)`
    /// @par Errors
    /// As of `async_stop`, and `failed_to_initialize` and `start_cancelled` as of `async_start`;
    /// `started_once`: it is a one-shot child.
    template <boost::asio::completion_token_for<void(result<void>)> Token = boost::asio::deferred_t>
    [[nodiscard]] auto async_restart(child_ref child, Token&& token = {}) const {
        return ask<void>(detail::request_kind::restart, std::move(child),
                         std::forward<Token>(token));
    }

    /// Forgets a child that has ended or was stopped, until the next run of the supervisor.
    ///
    /// @par Completion signature
    /// `void(result<void>)`
    /// @par Errors
    /// `not_running` · `no_such_child` · `ambiguous_name` · `child_running` · `child_abandoned` ·
    /// `operation_aborted`.
    template <boost::asio::completion_token_for<void(result<void>)> Token = boost::asio::deferred_t>
    [[nodiscard]] auto async_remove(child_ref child, Token&& token = {}) const {
        return ask<void>(detail::request_kind::remove, std::move(child),
                         std::forward<Token>(token));
    }

    /// Waits until every child that is to run is initialised (S5); at once, if that is so.
    ///
    /// @par Completion signature
    /// `void(result<void>)`
    /// @par Errors
    /// `not_running`: it has no run, or stops before · `operation_aborted`.
    template <boost::asio::completion_token_for<void(result<void>)> Token = boost::asio::deferred_t>
    [[nodiscard]] auto async_wait_ready(Token&& token = {}) const {
        return ask<void>(detail::request_kind::wait_ready, std::string(),
                         std::forward<Token>(token));
    }

    /// Stops the supervisor gracefully. Completes when its stop has begun, so that whatever is
    /// below it may ask (C6); who runs it hears of the end. A nested supervisor that is permanent
    /// is then restarted by the one above; to keep it down, ask that one to stop it.
    ///
    /// @par Completion signature
    /// `void(result<void>)`
    /// @par Errors
    /// `not_running` · `operation_aborted`.
    template <boost::asio::completion_token_for<void(result<void>)> Token = boost::asio::deferred_t>
    [[nodiscard]] auto async_stop_supervisor(Token&& token = {}) const {
        return ask<void>(detail::request_kind::stop_supervisor, std::string(),
                         std::forward<Token>(token));
    }

    /// The children, declared ones first, each kind in its order.
    ///
    /// @par Completion signature
    /// `void(result<std::vector<child_info>>)`
    /// @par Errors
    /// `not_running` · `operation_aborted`.
    template <boost::asio::completion_token_for<void(result<std::vector<child_info>>)> Token =
                  boost::asio::deferred_t>
    [[nodiscard]] auto async_list(Token&& token = {}) const {
        return ask<std::vector<child_info>>(detail::request_kind::list, std::string(),
                                            std::forward<Token>(token));
    }

    /// How many children there are.
    ///
    /// @par Completion signature
    /// `void(result<child_count>)`
    /// @par Errors
    /// `not_running` · `operation_aborted`.
    template <boost::asio::completion_token_for<void(result<child_count>)> Token =
                  boost::asio::deferred_t>
    [[nodiscard]] auto async_count(Token&& token = {}) const {
        return ask<child_count>(detail::request_kind::count, std::string(),
                                std::forward<Token>(token));
    }

    /// Asks the supervisor to stop, as `async_stop_supervisor` does, and returns at once. Does
    /// nothing if it has no run.
    void request_stop() const;

    /// The supervisor and all below it, as they are now (O2). From any thread; it does not wait for
    /// the supervisor, whose next step it may delay while it copies what is shown: about 0.3 us for
    /// each of its children. If it has no run: one node that says so. Throws nothing but
    /// `std::bad_alloc`.
    [[nodiscard]] arborist::snapshot snapshot() const;

private:
    template <class Token>
    auto start(child_specification child, when_full full, Token&& token) const {
        return initiate<child_id>({.kind = detail::request_kind::start,
                                   .child = std::move(child),
                                   .waits = full == when_full::wait},
                                  std::forward<Token>(token));
    }

    template <class T, class Token>
    auto ask(detail::request_kind kind, child_ref child, Token&& token) const {
        return initiate<T>({.kind = kind, .id = child.id(), .path = child.path()},
                           std::forward<Token>(token));
    }

    template <class T, class Token>
    auto initiate(detail::request what, Token&& token) const {
        return boost::asio::async_initiate<Token, void(result<T>)>(
            detail::initiate_request<T>(mailbox_), token, std::move(what));
    }

    std::shared_ptr<detail::mailbox> mailbox_;
};

} // namespace arborist::inline v0

#endif // ARBORIST_SUPERVISOR_HANDLE_HPP
