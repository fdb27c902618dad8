// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#include "remote_run.hpp"

#include <arborist/detail/post_to.hpp>

#include "declaration.hpp"
#include "inline_executor.hpp"
#include "name.hpp"
#include "supervision.hpp"
#include "text.hpp"

#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/execution/context.hpp>
#include <boost/asio/execution/outstanding_work.hpp>
#include <boost/asio/prefer.hpp>
#include <boost/asio/query.hpp>

#include <algorithm>
#include <exception>

namespace arborist::inline v0::detail {

namespace asio = boost::asio;

namespace {

initialization_error unavailable(std::exception const& why, dedicated const& options) {
    return cause(errc::runtime_unavailable,
                 "cannot make " + text::count(options.threads, "thread") + ": " + why.what());
}

} // namespace

remote_run::parent_side::parent_side(asio::any_io_executor executor,
                                     asio::any_io_executor const& context, handler_type h)
    : strand(std::move(executor)),
      work(asio::prefer(context, asio::execution::outstanding_work.tracked)), heartbeat(work),
      handler(std::move(h)) {}

remote_run::remote_run(std::shared_ptr<declaration> what, process_ptr self)
    : declaration_(std::move(what)), self_(std::move(self)) {}

remote_run::~remote_run() = default;

void remote_run::start(handler_type handler) {
    parent_ = std::make_unique<parent_side>(self_->executor(), self_->owner().executor(),
                                            std::move(handler));
    link_.connect(asio::get_associated_cancellation_slot(parent_->handler), *this);
    if (!declaration_->options.runtime) {
        start_run(self_->owner().executor_for(self_->child()));
        return;
    }
    dedicated const& options = *declaration_->options.runtime;
    try {
        runtime_ = runtime::make(options, name::below(self_->owner().name(), declaration_->name));
    } catch (std::exception const& error) {
        end_.emplace(unavailable(error, options));
        post_to_parent([self = shared_from_this()] { self->complete(); });
        return;
    }
    runtime_->call_on_exception([self = weak_from_this()](std::exception_ptr exception) {
        if (auto const it = self.lock())
            it->on_exception(std::move(exception));
    });
    try {
        start_run(runtime_->executor());
    } catch (...) {
        runtime_->end(); // which the run would have done
        throw;
    }
    if (options.stall_timeout != duration::max())
        beat();
}

void remote_run::start_run(asio::any_io_executor const& executor) {
    run_place place = place_below(self_->owner(), *declaration_, self_);
    place.own_runtime = runtime_;
    place.world = simulator::of(executor);
    auto on_end = [self = shared_from_this()](run_result result) {
        self->on_finished(std::move(result));
    };
    // With a reference here the runtime cannot end in the middle of this.
    boost::intrusive_ptr const run(
        new supervision(declaration_, executor, std::move(place),
                        run_handler(asio::bind_executor(executor, std::move(on_end)))));
    run_ = run;
    run->start({});
    pass_shutdown_on();
}

// Not waited for over there: an executor of a runtime must not be left here.
void remote_run::pass_shutdown_on() {
    auto on_request = [self = shared_from_this()](boost::system::error_code error) {
        if (!error)
            self->cancel(asio::cancellation_type::partial);
    };
    insist([&] { // the run has begun
        process_shutdown(self_).async_wait(asio::bind_executor(
            parent_->strand, asio::bind_cancellation_slot(parent_->end_wait.slot(),
                                                          decltype(on_request)(on_request))));
    });
}

void remote_run::cancel(asio::cancellation_type type) {
    std::lock_guard lock(mutex_);
    if (run_ != nullptr)
        run_->cancel(type);
}

// On the parent's strand, four times within the timeout.
void remote_run::beat() {
    if (!parent_ || self_->abandoned())
        return;
    duration const timeout = declaration_->options.runtime->stall_timeout;
    auto const now = clock::now();
    bool const before = stalled_;
    if (runtime_->answered()) {
        stalled_ = false;
        asked_ = now;
        runtime_->ping();
    } else if (now - asked_ >= timeout) {
        stalled_ = true;
    }
    if (stalled_ != before)
        self_->owner().child_stalled({self_->child(), self_->incarnation()}, stalled_);
    parent_->heartbeat.expires_after(std::max<duration>(timeout / 4, std::chrono::milliseconds(1)));
    insist([this] {
        parent_->heartbeat.async_wait(asio::bind_executor(
            inline_executor(asio::query(parent_->work, asio::execution::context)),
            [self = shared_from_this()](boost::system::error_code error) {
                if (!error)
                    self->post_to_parent([self] { self->beat(); });
            }));
    });
}

template <class Function>
void remote_run::post_to_parent(Function function) {
    std::lock_guard lock(mutex_);
    if (parent_)
        post_surely(parent_->strand, std::move(function));
}

void remote_run::on_exception(std::exception_ptr exception) {
    std::lock_guard lock(mutex_);
    if (run_ != nullptr)
        run_->runtime_panicked(std::move(exception));
}

void remote_run::on_finished(run_result result) {
    boost::intrusive_ptr<supervision> run;
    {
        std::lock_guard lock(mutex_);
        run.swap(run_);
    }
    end_.emplace(as_process_end(std::move(result)));
    auto tell = [self = shared_from_this()] { self->post_to_parent([self] { self->complete(); }); };
    if (runtime_ == nullptr || run->has_abandoned()) // with the last of which the runtime ends
        tell();
    else
        insist([&] { runtime_->when_gone(tell); });
}

void remote_run::complete() {
    link_.disconnect();
    std::unique_ptr<parent_side> parent;
    {
        std::lock_guard lock(mutex_);
        parent.swap(parent_);
    }
    if (!parent)
        return;
    parent->end_wait.emit(asio::cancellation_type::terminal);
    self_->conclude(std::move(*end_));
    std::move(parent->handler)();
}

void remote_run::context_destroyed(bool abandoned) noexcept {
    if (runtime_ == nullptr)
        cancel(asio::cancellation_type::partial); // it goes on until it has stopped (T8a)
    else if (abandoned)
        runtime_->end(); // when what blocks there returns, nothing else runs
    else
        runtime_->end_and_wait();
    link_.disconnect();
    std::unique_ptr<parent_side> gone;
    std::lock_guard lock(mutex_);
    gone.swap(parent_);
}

} // namespace arborist::inline v0::detail
