// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#include "supervision.hpp"

#include <arborist/detail/post_to.hpp>

#include "name.hpp"

#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/execution/outstanding_work.hpp>
#include <boost/asio/prefer.hpp>
#include <boost/asio/strand.hpp>

#include <algorithm>
#include <chrono>
#include <utility>

namespace arborist::inline v0::detail {

namespace asio = boost::asio;
using policy::action_kind;

namespace {

policy::time_point now() {
    return std::chrono::time_point_cast<duration>(std::chrono::steady_clock::now());
}

policy::child_rules rules_of(child_specification const& child, supervisor_options const& options) {
    child_model const& model = child.model();
    return {
        .restart = child.restart(),
        .shutdown = child.shutdown(),
        .abort_grace = model.abort_grace(options.abort_grace),
        .initializes = model.initializes(),
        .supervisor = model.is_supervisor(),
    };
}

// An exception that nobody looked into, with its code.
cause with_code(cause why) {
    if (why.exception() == nullptr)
        return why;
    try {
        why.rethrow();
    } catch (...) {
        return cause::current();
    }
}

} // namespace

supervision::io_objects::io_objects(asio::any_io_executor const& executor)
    : strand(asio::make_strand(executor)), timer(strand), tasks(strand),
      work(asio::prefer(executor, asio::execution::outstanding_work.tracked)) {}

supervision::supervision(std::shared_ptr<declaration> what, asio::any_io_executor executor,
                         run_place place, run_handler handler)
    : context_hook(executor), declaration_(std::move(what)), executor_(std::move(executor)),
      place_(std::move(place)), machine_(declaration_->options) {
    io_.emplace(executor_);
    handler_.emplace(std::move(handler));
    io_->handler_work = asio::prefer(asio::get_associated_executor(*handler_, executor_),
                                     asio::execution::outstanding_work.tracked);
    children_.resize(declaration_->children.size());
    for (child_specification const& each : declaration_->children)
        machine_.add(rules_of(each, declaration_->options));
}

supervision::~supervision() = default;

template <class Function>
void supervision::post(Function function) {
    post_to(io_->strand, std::move(function));
}

void supervision::start(stop_condition until) {
    self_ = this;
    try {
        link_.connect(asio::get_associated_cancellation_slot(*handler_), *this);
        // Last: from here on everything happens on the strand, perhaps already in another thread.
        post([self = self_, until = std::move(until)] { self->begin(until); });
    } catch (...) {
        self_.reset();
        throw;
    }
}

void supervision::cancel(asio::cancellation_type type) {
    bool const terminal =
        (type & asio::cancellation_type::terminal) != asio::cancellation_type::none;
    request_stop(terminal ? stop_request::abort : stop_request::graceful);
}

void supervision::request_stop(stop_request how) {
    stop_request known = requested_.load();
    do {
        if (known >= how)
            return;
    } while (!requested_.compare_exchange_weak(known, how));
    post([self = boost::intrusive_ptr(this)] { self->react_to_stop_request(); });
}

void supervision::child_is_ready(policy::incarnation who) {
    post([self = boost::intrusive_ptr(this), who] {
        self->react_to_stop_request();
        self->feed(policy::event::child_ready{who});
    });
}

// The handlers that only we know of own the coroutines that own us.
void supervision::context_destroyed() noexcept {
    requested_ = stop_request::abort; // nothing is posted any more
    handler_.reset();
    for (process_ptr const& process : std::exchange(processes_, {})) {
        if (process == nullptr)
            continue;
        process->clear();
        process->release_owner();
    }
    children_.clear();
    io_.reset();
    if (place_.self == nullptr)
        declaration_->running = false;
    self_.reset();
}

// ---- events ---------------------------------------------------------------------------------

void supervision::begin(stop_condition const& until) {
    notify({.kind = event_kind::supervisor_starting, .supervisor = place_.name});
    if (until)
        until(io_->strand,
              asio::bind_cancellation_slot(until_.slot(), [self = boost::intrusive_ptr(this)] {
                  self->until_.slot().clear(); // nothing to cancel any more
                  self->request_stop(stop_request::graceful);
                  self->react_to_stop_request();
              }));
    react_to_stop_request();
    feed(policy::event::begin{});
}

void supervision::feed(policy::event::any const& what) {
    for (policy::action const& action : machine_.step(what, now()))
        perform(action);
}

// D11: whoever feeds anything else asks here before.
void supervision::react_to_stop_request() {
    stop_request const request = requested_.load();
    if (std::exchange(seen_, request) == request)
        return;
    if (request == stop_request::abort)
        feed(policy::event::abort_requested{});
    else
        feed(policy::event::shutdown_requested{});
}

// The timer may go off earlier than asked for, so that a deadline that is set and dropped again,
// as with every child that stops in time, costs nothing.
void supervision::set_timer(policy::time_point at) {
    timer_at_ = at;
    io_->timer.expires_at(std::chrono::steady_clock::time_point(at.time_since_epoch()));
    io_->timer.async_wait([self = boost::intrusive_ptr(this)](boost::system::error_code error) {
        if (!error)
            self->on_timer();
    });
}

void supervision::on_timer() {
    timer_at_ = policy::never;
    react_to_stop_request();
    if (now() >= wake_at_)
        feed(policy::event::time_passed{});
    else if (wake_at_ != policy::never)
        set_timer(wake_at_);
}

void supervision::join() {
    joining_ = true;
    io_->tasks.async_join_next(
        [self = boost::intrusive_ptr(this)](boost::system::error_code /*none*/,
                                            std::optional<joined<process_end>> next) {
            self->on_joined(std::move(next));
        });
}

void supervision::on_joined(std::optional<joined<process_end>> next) {
    for (; next; next = io_->tasks.try_join_next()) {
        react_to_stop_request();
        on_exit(std::move(*next));
    }
    joining_ = false;
    if (!io_->tasks.empty())
        join();
}

void supervision::on_exit(joined<process_end>&& end) {
    leaving_ = std::move(processes_[end.id.slot()]);
    policy::incarnation const who{leaving_->child(), leaving_->incarnation()};
    policy::ending const how = record_exit(*leaving_, std::move(end.outcome));
    leaving_->release_owner();
    feed(policy::event::child_exited{who, how});

    // Gone already if it serves the next incarnation.
    process_ptr const left = std::exchange(leaving_, nullptr);
    std::size_t const ours = children_[who.child].current == left ? 2 : 1;
    if (left != nullptr && left->use_count() > ours)
        left->outlive(executor_);
}

policy::ending supervision::record_exit(process& it, result<process_end>&& outcome) {
    if (!outcome) { // aborted before anything of it ran, or its executor was destroyed
        it.end(exit_reason(exit_kind::panicked, std::move(outcome).error()));
    } else if (auto* exit = std::get_if<exit_reason>(&outcome.value())) {
        it.end(std::move(*exit));
    } else {
        auto& error = std::get<initialization_error>(outcome.value());
        it.end(exit_reason(exit_kind::terminated, error.why()));
        if (!it.aborted()) {
            failed_.push_back({it.child(), std::move(error)});
            return policy::ending::not_initialized;
        }
    }
    if (!it.exit().abnormal())
        return policy::ending::completed;
    if (it.aborted() && !it.exit().why().code().failed())
        it.end(exit_reason(it.exit().kind(), with_code(it.exit().why())));

    auto const code = it.exit().why().code();
    if (code == errc::shutdown_requested) {
        it.end(exit_reason());
        return policy::ending::completed;
    }
    bool const timed_out = code == errc::shutdown_timed_out && it.exit().why().nested() != nullptr;
    if (it.aborted() && (timed_out || code == asio::error::operation_aborted))
        it.end(exit_reason(exit_kind::aborted, it.exit().why()));
    return timed_out ? policy::ending::shutdown_timed_out : policy::ending::abnormal;
}

// ---- actions --------------------------------------------------------------------------------

void supervision::perform(policy::action const& action) {
    switch (action.kind) {
    case action_kind::start:
        start_child(action.who);
        return;
    case action_kind::signal:
        notify(event_kind::child_stopping, action);
        if (process* it = find(action.who))
            it->request();
        return;
    case action_kind::abort:
        notify(event_kind::child_aborting, action);
        if (process* it = find(action.who)) {
            it->set_aborted();
            io_->tasks.abort(children_[action.who.child].task);
        }
        return;
    case action_kind::abandon:
        if (process* it = find(action.who))
            it->end(exit_reason(exit_kind::abandoned));
        notify(event_kind::child_abandoned, action);
        return;
    case action_kind::wake_at:
        wake_at(action.at);
        return;
    case action_kind::resume:
        post([self = boost::intrusive_ptr(this)] {
            self->react_to_stop_request();
            self->feed(policy::event::resume{});
        });
        return;
    case action_kind::report:
        notify(action.what, action);
        if (action.what == event_kind::supervisor_ready && place_.self != nullptr)
            place_.self->report_ready();
        return;
    case action_kind::finish:
        finish(action);
        return;
    }
}

void supervision::start_child(policy::incarnation who) {
    child& it = children_[who.child];
    try {
        it.current = make_process(who);
        notify({.kind = event_kind::child_starting,
                .supervisor = place_.name,
                .child = declaration_->children[who.child].name(),
                .process_id = it.current->id()});
        it.task = declaration_->children[who.child].model().start(io_->tasks, it.current);
        processes_.resize(std::max<std::size_t>(processes_.size(), it.task.slot() + 1));
        processes_[it.task.slot()] = it.current;
    } catch (...) {
        failed_.push_back({who.child, cause::current()});
        post([self = boost::intrusive_ptr(this), who] {
            self->feed(policy::event::child_exited{who, policy::ending::not_initialized});
        });
        return;
    }
    if (!joining_)
        join();
}

// A process object serves the next incarnation too, unless something still refers to it.
process_ptr supervision::make_process(policy::incarnation who) {
    process_ptr process = std::move(children_[who.child].current);
    if (process == leaving_)
        leaving_.reset();
    if (process != nullptr && process->use_count() == 1) {
        process->reset(process->executor());
    } else {
        // A nested supervisor has a strand of its own.
        bool const nested = declaration_->children[who.child].model().is_supervisor();
        process = new detail::process(
            nested ? asio::any_io_executor(io_->strand) : asio::make_strand(executor_), who.child);
    }
    process->begin(*this, who.number);
    return process;
}

void supervision::wake_at(policy::time_point at) {
    wake_at_ = at;
    if (at < timer_at_)
        set_timer(at);
}

void supervision::finish(policy::action const& action) {
    until_.emit(asio::cancellation_type::terminal);
    wake_at_ = policy::never;
    io_->timer.cancel();
    requested_ = stop_request::abort; // nothing is posted any more
    run_result result = conclude(action);
    notify({.kind = event_kind::supervisor_stopped,
            .supervisor = place_.name,
            .error = result ? nullptr : &result.error()});
    complete(std::move(result));
}

run_result supervision::conclude(policy::action const& action) const {
    if (action.code == errc{})
        return success();
    if (action.code == errc::shutdown_timed_out)
        return timed_out();
    supervisor_error::story story{.supervisor = place_.name};
    if (action.code == errc::no_children)
        return supervisor_error(action.code, std::move(story));

    story.path = declaration_->children[action.who.child].name();
    story.restarts = action.restarts;
    story.intensity = declaration_->options.intensity;
    if (process* culprit = find(action.who))
        story.exit = culprit->exit();
    if (action.code == errc::failed_to_initialize) {
        auto const failure =
            std::ranges::find(failed_, action.who.child, &failed_initialization::child);
        if (!failure->error.path().empty())
            story.path = name::path(story.path, failure->error.path());
        story.exit = exit_reason(exit_kind::terminated, failure->error.why());
    }
    return supervisor_error(action.code, std::move(story));
}

supervisor_error supervision::timed_out() const {
    supervisor_error::story story{.supervisor = place_.name};
    for (policy::child_index const index : machine_.overran()) {
        exit_reason const& exit = children_[index].current->exit();
        if (exit.kind() == exit_kind::abandoned)
            continue;
        std::string const& name = declaration_->children[index].name();
        supervisor_error const* nested = exit.why().nested();
        if (nested == nullptr) {
            story.aborted.push_back(name);
            continue;
        }
        for (std::string const& path : nested->aborted())
            story.aborted.push_back(name::path(name, path));
        for (std::string const& path : nested->abandoned())
            story.abandoned.push_back(name::path(name, path));
    }
    for (policy::child_index const index : machine_.abandoned())
        story.abandoned.push_back(declaration_->children[index].name());
    return {errc::shutdown_timed_out, std::move(story)};
}

void supervision::complete(run_result result) {
    if (place_.self == nullptr)
        declaration_->running = false;
    // Never inline: the supervision is done with all this when the handler runs.
    post_to(executor_, [self = std::move(self_), result = std::move(result),
                        work = std::exchange(io_->work, nullptr),
                        executor = std::exchange(io_->handler_work, nullptr)]() mutable {
        asio::dispatch(executor, [self = std::move(self), result = std::move(result)]() mutable {
            self->link_.disconnect();
            run_handler handler(std::move(*self->handler_));
            self->handler_.reset();
            self.reset();
            std::move(handler)(std::move(result));
        });
    });
}

// ---- observers ------------------------------------------------------------------------------

void supervision::notify(event_kind what, policy::action const& action) {
    event event{.kind = what, .supervisor = place_.name};
    if (action.who.number != 0) {
        event.child = declaration_->children[action.who.child].name();
        event.restarts = action.restarts;
        event.intensity = declaration_->options.intensity;
        if (process* it = find(action.who)) {
            event.process_id = it->id();
            event.exit = &it->exit();
        }
    }
    notify(event);
}

void supervision::notify(event const& what, observer const* except) const {
    for (auto const& each : place_.watching) {
        if (each.get() == except)
            continue;
        try {
            (*each)(what);
        } catch (...) {
            if (what.kind == event_kind::observer_failed)
                continue;
            exit_reason const exit(exit_kind::panicked, cause::current());
            notify({.kind = event_kind::observer_failed, .supervisor = place_.name, .exit = &exit},
                   each.get());
        }
    }
}

// Null for a process that could not even be made.
process* supervision::find(policy::incarnation who) const noexcept {
    for (process* each : {leaving_.get(), children_[who.child].current.get()})
        if (each != nullptr && each->child() == who.child && each->incarnation() == who.number)
            return each;
    return nullptr;
}

} // namespace arborist::inline v0::detail
