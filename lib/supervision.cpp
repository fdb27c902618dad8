// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#include "supervision.hpp"

#include "child_rules.hpp"
#include "inline_executor.hpp"
#include "name.hpp"
#include "text.hpp"

#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/execution/context.hpp>
#include <boost/asio/execution/outstanding_work.hpp>
#include <boost/asio/prefer.hpp>
#include <boost/asio/query.hpp>
#include <boost/system/errc.hpp>

#include <algorithm>
#include <chrono>
#include <functional>
#include <new>
#include <random>
#include <span>
#include <utility>

namespace arborist::inline v0::detail {

namespace asio = boost::asio;
using policy::action_kind;

namespace {

policy::time_point now() {
    return policy::time_of(std::chrono::steady_clock::now());
}

std::function<double()> make_random(supervisor_options const& options, simulator* world) {
    if (options.random)
        return options.random;
    if (world != nullptr)
        return [world] { return world->random(); };
    return [engine = std::optional<std::minstd_rand>()]() mutable {
        if (!engine)
            engine.emplace(std::random_device()());
        return std::generate_canonical<double, 32>(*engine);
    };
}

bool is_abort(cause const& why) noexcept {
    return why.code() == asio::error::operation_aborted;
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
    : place(new workplace(executor)), strand(place), inside(new workplace(strand)), timer(executor),
      tasks(strand), work(asio::prefer(executor, asio::execution::outstanding_work.tracked)) {}

supervision::supervision(std::shared_ptr<declaration> what, asio::any_io_executor executor,
                         run_place place, run_handler handler)
    : runtime_lease(std::move(place.own_runtime)), context_hook(executor),
      declaration_(std::move(what)), executor_(std::move(executor)), place_(std::move(place)),
      group_(make_resource_group(place_.name)),
      machine_(declaration_->options, make_random(declaration_->options, place_.world)) {
    io_.emplace(executor_);
    handler_.emplace(std::move(handler));
    asio::any_completion_executor const its =
        asio::get_associated_executor(*handler_, asio::any_completion_executor(executor_));
    if (!its) // it is not thrown that there is no memory for it
        throw std::bad_alloc();
    io_->handler_work = asio::prefer(its, asio::execution::outstanding_work.tracked);
    children_.resize(declaration_->children.size());
    for (std::size_t i = 0; i != children_.size(); ++i) {
        child_specification const& each = declaration_->children[i];
        machine_.add(rules_of(each, false, declaration_->options), limits_of(each));
        children_[i].id = declaration_->ids[i];
    }
    if (place_.self != nullptr)
        process_id_ = place_.self->id();
}

supervision::~supervision() = default;

void supervision::start(stop_condition until) {
    self_ = this;
    try {
        link_.connect(asio::get_associated_cancellation_slot(*handler_), *this);
        began_ = now();
        declaration_->requests->open(*this);
        // Last: from here on everything happens on the strand, perhaps already in another thread.
        post([self = self_, until = std::move(until)] { self->begin(until); });
    } catch (...) {
        close_mailbox(true);
        io_.reset(); // a wake-up may be on its way
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

// It may have ended by now.
void supervision::child_is_out_of_memory(policy::incarnation who) {
    post([self = boost::intrusive_ptr(this), who] {
        if (self->find(who) != nullptr && self->io_)
            self->io_->tasks.abort(self->children_[who.child].task);
    });
}

void supervision::child_stalled(policy::incarnation who, bool stalled) {
    react_to_stop_request();
    feed(policy::event::stall{who, !stalled});
}

void supervision::runtime_panicked(std::exception_ptr exception) {
    post([self = boost::intrusive_ptr(this), exception = std::move(exception)] {
        self->panic_ = exit_reason(exit_kind::panicked, with_code(cause(exception)));
        self->react_to_stop_request();
        self->feed(policy::event::runtime_panicked{});
    });
}

void supervision::host(process const& whose, std::shared_ptr<process_host> threads) {
    hosts_.insert_or_assign(&whose, std::move(threads));
}

// The handlers that only we know of own the coroutines that own us.
void supervision::context_destroyed() noexcept {
    for (auto const& [whose, threads] : std::exchange(hosts_, {}))
        threads->context_destroyed(whose->abandoned());
    requested_ = stop_request::abort; // nothing is posted any more
    close_mailbox(false);
    handler_.reset();
    for (process_ptr const& process : std::exchange(processes_, {})) {
        if (process == nullptr)
            continue;
        process->context_of_run_destroyed();
    }
    for (record& each : children_)
        each.current.reset();
    io_.reset();
    if (place_.self == nullptr)
        declaration_->running = false;
    self_.reset();
}

// ---- events ---------------------------------------------------------------------------------

void supervision::begin(stop_condition const& until) {
    notify({.kind = event_kind::supervisor_starting, .supervisor = place_.name});
    if (until)
        arm(until);
    react_to_stop_request();
    feed(policy::event::begin{.idles = declaration_->requests->has_handles()});
}

// A run that cannot be asked to stop does not start (M1).
void supervision::arm(stop_condition const& until) {
    try {
        until(io_->strand,
              asio::bind_cancellation_slot(until_.slot(), [self = boost::intrusive_ptr(this)] {
                  self->until_.slot().clear(); // nothing to cancel any more
                  self->request_stop(stop_request::graceful);
                  self->react_to_stop_request();
              }));
    } catch (std::bad_alloc const&) {
        deaf_ = cause::current();
        request_stop(stop_request::graceful);
    }
}

// Only requests can throw (M2), and have changed nothing then.
void supervision::feed(policy::event::any const& what, process const* ended) {
    memory_reserve::refill();
    std::span<policy::action const> actions;
    {
        auto const lock = change_what_is_shown();
        now_ = now();
        if (ended != nullptr && children_[ended->child()].current == ended)
            note_end(*ended);
        actions = machine_.step(what, now_);
        // What is decided is shown as a whole.
        for (policy::action const& action : actions)
            if (action.kind == action_kind::start)
                note_start(action.who.child);
    }
    for (policy::action const& action : actions)
        perform(action);
}

std::unique_lock<std::mutex> supervision::change_what_is_shown() {
    std::unique_lock lock(shown_, std::try_to_lock);
    if (!lock) {
        waits_to_change_ = true;
        lock.lock();
        waits_to_change_ = false;
    }
    return lock;
}

void supervision::note_start(policy::child_index child) {
    insist([&] { children_.resize(std::max<std::size_t>(children_.size(), child + 1)); });
    children_[child].process_id = process::next_id();
    children_[child].started = now_;
}

void supervision::note_end(process const& ended) {
    auto& last = children_[ended.child()].last_end;
    if (last == nullptr)
        last = insist([] { return std::make_unique<record::end>(); });
    last->exit = ended.exit();
    last->at = now_;
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
//
// The timer is not one of the strand: from its queue into that of the strand it passes by here.
void supervision::set_timer(policy::time_point at) {
    timer_at_ = at;
    io_->timer.expires_at(std::chrono::steady_clock::time_point(at.time_since_epoch()));
    insist([&] {
        io_->timer.async_wait(asio::bind_executor(
            inline_executor(asio::query(executor_, asio::execution::context)),
            [self = boost::intrusive_ptr(this)](boost::system::error_code error) {
                if (!error)
                    self->post([self] { self->on_timer(); });
            }));
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
    for_joiner_ = this;
    join_core_of(io_->tasks).wait_to_join(*this);
}

// On the strand, unless it is the set that goes.
void supervision::complete(join_core& tasks, join_waiter::invocation /*where*/,
                           boost::system::error_code error, task_slot* ended) {
    auto const self = std::move(for_joiner_);
    if (error)
        return;
    for (auto next = take_joined<void>(tasks, ended); next; next = io_->tasks.try_join_next()) {
        react_to_stop_request();
        on_exit(std::move(*next));
    }
    joining_ = false;
    if (!io_->tasks.empty())
        join();
}

void supervision::destroy() noexcept {
    for_joiner_.reset();
}

void supervision::on_exit(joined<void>&& end) {
    if (end.id.slot() >= processes_.size() || processes_[end.id.slot()] == nullptr)
        return; // its start has failed, and been reported
    leaving_ = std::move(processes_[end.id.slot()]);
    policy::incarnation const who{leaving_->child(), leaving_->incarnation()};
    policy::ending const how = record_exit(*leaving_, std::move(end.outcome));
    leaving_->leave();
    leaving_->release_owner();
    hosts_.erase(leaving_.get());
    exit_decision const decision =
        machine_.asks_about(who, how) ? ask_for_decision(*leaving_) : exit_decision::restart;
    feed(policy::event::child_exited{who, how, decision}, leaving_.get());

    // Gone already if it serves the next incarnation.
    process_ptr const left = std::exchange(leaving_, nullptr);
    std::size_t const ours = children_[who.child].current == left ? 2 : 1;
    if (left != nullptr && left->use_count() > ours)
        left->stand_alone();
}

policy::ending supervision::record_exit(process& it, result<void>&& outcome) {
    std::optional<initialization_error> const failure = it.come_to_end();
    if (it.out_of_memory() && (!outcome || is_abort(failure ? failure->why() : it.exit().why())))
        outcome = result<void>( // M5
            boost::outcome_v2::in_place_type<cause>,
            boost::system::errc::make_error_code(boost::system::errc::not_enough_memory));
    if (!outcome && is_starting(it)) { // E1
        it.end(exit_reason(exit_kind::terminated, outcome.error()));
        note_failure(it.child(), it.exit().why());
        return policy::ending::not_initialized;
    }
    if (!outcome) { // aborted before anything of it ran, or what it ran on has dropped it
        it.end(exit_reason(exit_kind::panicked, std::move(outcome).error()));
    } else if (failure) {
        it.end(exit_reason(exit_kind::terminated, failure->why()));
        bool const failed =
            !it.aborted() || it.exit().why().code() != asio::error::operation_aborted;
        if (failed && !it.start_timed_out())
            note_failure(it.child(), *failure);
        if (failed)
            return policy::ending::not_initialized;
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
    if (supervisor_error const* nested = it.exit().why().nested(); // R10a
        code == errc::significant_child_exited && nested != nullptr && !nested->exit().abnormal()) {
        it.end(exit_reason());
        return policy::ending::completed;
    }
    bool const timed_out = code == errc::shutdown_timed_out && it.exit().why().nested() != nullptr;
    if (it.aborted() && (timed_out || code == asio::error::operation_aborted))
        it.end(exit_reason(exit_kind::aborted, it.exit().why()));
    return timed_out ? policy::ending::shutdown_timed_out : policy::ending::abnormal;
}

// Whether nobody has heard yet that it is initialised, nor asked it to end.
bool supervision::is_starting(process const& it) const noexcept {
    return machine_.number(it.child()) == it.incarnation() &&
           machine_.state(it.child()) == child_state::starting;
}

exit_decision supervision::ask_for_decision(process& it) {
    try {
        return specification(it.child()).options().decide(it.exit());
    } catch (...) {
        it.end(exit_reason(exit_kind::panicked, cause::current()));
        return exit_decision::escalate;
    }
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
        if (process* it = find(action.who)) {
            it->abandon();
        }
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
        if (action.what == event_kind::child_start_timed_out)
            note_start_timed_out(action.who);
        notify(action.what, action);
        if (action.what == event_kind::supervisor_ready && place_.self != nullptr)
            place_.self->report_ready();
        return;
    case action_kind::admit:
        admit(action);
        return;
    case action_kind::forget:
        forget(action.who.child);
        return;
    case action_kind::answer:
        answer(action);
        return;
    case action_kind::finish:
        finish(action);
        return;
    }
}

void supervision::note_start_timed_out(policy::incarnation who) {
    duration const limit = specification(who.child).options().start_timeout;
    note_failure(who.child, insist([&] {
                     return initialization_error(asio::error::timed_out,
                                                 "not initialised within " + text::of(limit));
                 }));
    if (process* it = find(who))
        it->set_start_timed_out();
}

void supervision::note_failure(policy::child_index child, initialization_error const& why) {
    insist([&] { failed_.insert_or_assign(child, why); });
}

// A failure for lack of memory is one like any other (M1).
void supervision::start_child(policy::incarnation who) {
    record& it = children_[who.child];
    child_specification const& what = specification(who.child);
    try {
        it.current = make_process(who);
        notify({.kind = event_kind::child_starting,
                .supervisor = place_.name,
                .child = what.name(),
                .child_id = it.id,
                .process_id = it.current->id()});
        it.task = spawn(it.current);
        insist([&] {
            processes_.resize(std::max<std::size_t>(processes_.size(), it.task.slot() + 1));
        });
        processes_[it.task.slot()] = it.current;
    } catch (...) {
        note_failure(who.child, cause::current());
        if (it.current != nullptr) {
            hosts_.erase(it.current.get());
            it.current->leave();
            it.current->release_owner();
        }
        post([self = boost::intrusive_ptr(this), who] {
            self->react_to_stop_request();
            self->feed(policy::event::child_exited{who, policy::ending::not_initialized});
        });
    }
    if (!joining_ && !io_->tasks.empty()) // there may be a task whose start has thrown
        join();
}

// A process object serves the next incarnation too, unless something still refers to it.
process_ptr supervision::make_process(policy::incarnation who) {
    process_ptr process = std::move(children_[who.child].current);
    if (process == leaving_)
        leaving_.reset();
    if (process != nullptr && process->use_count() == 1) {
        process->recycle();
    } else {
        process = new_process(who.child);
    }
    record const& it = children_[who.child];
    process->begin(*this, who.number, it.id, specification(who.child).name(), it.process_id,
                   it.started);
    return process;
}

process_ptr supervision::new_process(policy::child_index child) {
    child_specification const& what = specification(child);
    if (what.model().is_supervisor())
        return new process(process::kind::supervisor, io_->inside, child);
    auto const& elsewhere = what.options().executor; // T8
    if (!elsewhere)
        return new process(process::kind::worker, io_->place, child);
    process_ptr const made = new process(process::kind::worker, new workplace(elsewhere), child);
    made->stand_alone();
    return made;
}

task_id supervision::spawn(process_ptr const& self) {
    child_model& model = specification(self->child()).model();
    if (place_.world == nullptr)
        return model.start(io_->tasks, self);
    return place_.world->replace(model.shared_from_this(), self->full_name(), self->incarnation())
        ->start(io_->tasks, self);
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
    close_mailbox(true);
    for (process_ptr const& abandoned : processes_) {
        if (abandoned == nullptr)
            continue;
        abandoned->outlive_run();
        has_abandoned_ = true;
    }
    run_result result = insist([&] { return conclude(action); });
    notify({.kind = event_kind::supervisor_stopped,
            .supervisor = place_.name,
            .error = result ? nullptr : &result.error()});
    complete(std::move(result));
}

void supervision::complete(run_result result) {
    if (place_.self == nullptr)
        declaration_->running = false;
    // Never inline: the supervision is done with all this when the handler runs.
    post_surely(executor_, [self = std::move(self_), result = std::move(result),
                            work = std::exchange(io_->work, nullptr),
                            executor = std::exchange(io_->handler_work, nullptr)]() mutable {
        dispatch_surely(executor, [self = std::move(self), result = std::move(result)]() mutable {
            self->link_.disconnect();
            run_handler handler(std::move(*self->handler_));
            self->handler_.reset();
            self.reset();
            std::move(handler)(std::move(result));
        });
    });
}

// ---- nested -------------------------------------------------------------------------------

asio::any_io_executor const& supervision::executor_for(policy::child_index child) const {
    auto const& own = specification(child).options().executor;
    return own ? own : executor_;
}

run_place place_below(supervision const& parent, declaration const& what, process_ptr self) {
    observers watching = parent.watching();
    watching.insert(watching.end(), what.observers.begin(), what.observers.end());
    return {.name = name::below(parent.name(), what.name),
            .self = std::move(self),
            .watching = std::move(watching),
            .data = parent.data(),
            .world = parent.world()};
}

process_end as_process_end(run_result&& result) {
    if (result)
        return exit_reason();
    supervisor_error& error = result.error();
    if (error.code() == errc::failed_to_initialize)
        return initialization_error::below(error.path(), error.exit().why(), error.also());
    exit_kind const how = error.code() == errc::runtime_panicked ? exit_kind::panicked // T4
                                                                 : exit_kind::terminated;
    return exit_reason(how, insist([&] { return cause(error); }));
}

// ---- small things ---------------------------------------------------------------------------

// Null for a process that could not even be made.
process* supervision::find(policy::incarnation who) const noexcept {
    for (process* each : {leaving_.get(), children_[who.child].current.get()})
        if (each != nullptr && each->child() == who.child && each->incarnation() == who.number)
            return each;
    return nullptr;
}

child_specification const& supervision::specification(policy::child_index child) const {
    auto const& declared = declaration_->children;
    return child < declared.size() ? declared[child] : *children_[child].specification;
}

} // namespace arborist::inline v0::detail
