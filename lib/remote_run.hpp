// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#ifndef ARBORIST_LIB_REMOTE_RUN_HPP
#define ARBORIST_LIB_REMOTE_RUN_HPP

#include <arborist/config.hpp>
#include <arborist/detail/cancellation_link.hpp>
#include <arborist/detail/process.hpp>

#include "process_host.hpp"
#include "runtime.hpp"

#include <boost/asio/any_completion_handler.hpp>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/cancellation_type.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/smart_ptr/intrusive_ptr.hpp>

#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

namespace arborist::inline v0::detail {

struct declaration;

/// The run of a nested supervisor on another context than its parent's, as seen by the parent, to
/// whose strand it belongs: starts it there, passes on to it what it is asked, and its end to the
/// parent. For a dedicated supervisor, it makes the runtime, looks whether that lives, and takes it
/// down before the parent hears of the end (T6).
///
/// The supervisor over there knows the parent through this alone. It may outlive the parent's
/// context, and is cut off then.
class remote_run final : public process_host, public std::enable_shared_from_this<remote_run> {
public:
    using handler_type = boost::asio::any_completion_handler<void()>;

    remote_run(std::shared_ptr<declaration> what, process_ptr self);
    ~remote_run() override;

    /// Once. The handler runs on the parent's strand, never inline.
    void start(handler_type handler);

    void context_destroyed(bool abandoned) noexcept override;

private:
    friend class cancellation_link<remote_run>;

    using clock = std::chrono::steady_clock;

    // What must not outlive the parent's context.
    struct parent_side {
        parent_side(boost::asio::any_io_executor executor,
                    boost::asio::any_io_executor const& context, handler_type handler);

        boost::asio::any_io_executor strand;
        boost::asio::any_io_executor work;
        boost::asio::steady_timer heartbeat;
        /// Ends the wait for the shutdown signal.
        boost::asio::cancellation_signal end_wait;
        handler_type handler;
    };

    void start_run(boost::asio::any_io_executor const& executor);
    void pass_shutdown_on();
    void cancel(boost::asio::cancellation_type type);
    void beat();
    void complete();
    template <class Function>
    void post_to_parent(Function function);

    // In the runtime.
    void on_finished(run_result result);
    void on_exception(std::exception_ptr exception);

    std::shared_ptr<declaration> declaration_;
    process_ptr self_;
    /// Null unless it is dedicated.
    std::shared_ptr<runtime> runtime_;
    cancellation_link<remote_run> link_;
    std::optional<process_end> end_;
    clock::time_point asked_ = {};
    bool stalled_ = false;

    /// Guards what follows, which is used from both sides.
    std::mutex mutex_;
    std::unique_ptr<parent_side> parent_;
    boost::intrusive_ptr<supervision> run_;
};

} // namespace arborist::inline v0::detail

#endif // ARBORIST_LIB_REMOTE_RUN_HPP
