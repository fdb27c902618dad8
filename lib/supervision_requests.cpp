// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#include "child_rules.hpp"
#include "supervision.hpp"

#include <boost/asio/execution/context.hpp>
#include <boost/asio/query.hpp>
#include <boost/system/errc.hpp>

#include <algorithm>
#include <new>
#include <utility>

// What comes through handles (C): from the mailbox to the policy, and its answers back.
namespace arborist::inline v0::detail {

namespace asio = boost::asio;

namespace {

// Taken at a time, so that a burst of requests does not delay a shutdown (C7).
constexpr std::size_t requests_per_turn = 64;

} // namespace

// Exits that are ready come first, and need two turns themselves.
void supervision::wake_for_requests() {
    post([self = boost::intrusive_ptr(this)] {
        if (self->io_)
            self->post([self] { self->take_requests(); });
    });
}

void supervision::withdraw_request(policy::request_id id) {
    post([self = boost::intrusive_ptr(this), id] {
        self->retire(id);
        self->feed(policy::event::request_withdrawn{id});
    });
}

void supervision::take_requests() {
    react_to_stop_request();
    for (std::size_t taken = 0; taken != requests_per_turn; ++taken) {
        mailbox::taken next = declaration_->requests->take(room_for_starts());
        if (next.request == nullptr) {
            starts_left_ = next.starts_left;
            return;
        }
        if (next.request->open())
            handle_or_refuse(std::move(next.request));
    }
    post([self = boost::intrusive_ptr(this)] { self->take_requests(); });
}

// A start that fails or waits if there is no place needs no room among those that initialise.
mailbox::room supervision::room_for_starts() const noexcept {
    std::size_t const most = declaration_->options.max_pending_starts;
    bool const full = machine_.is_full();
    bool const can_initialize = initializing_starts_ < most;
    return {.starts = full || can_initialize,
            .waiting_starts = full ? waiting_starts_ < most : can_initialize};
}

// What could not be remembered has not begun; whoever asked is told so (M6).
void supervision::handle_or_refuse(request_ptr operation) {
    try {
        handle(operation);
    } catch (std::bad_alloc const&) {
        retire(operation->id());
        operation->answer(failed_reply(
            boost::system::errc::make_error_code(boost::system::errc::not_enough_memory)));
    }
}

void supervision::handle(request_ptr operation) {
    request const& what = operation->what;
    switch (what.kind) {
    case request_kind::start:
        handle_start(std::move(operation));
        return;
    case request_kind::stop:
    case request_kind::restart:
    case request_kind::remove:
        if (auto const child = find_child(what))
            handle_child_request(std::move(operation), child.value());
        else if (!forward(operation))
            operation->answer(failed_reply(child.error()));
        return;
    case request_kind::wait_ready: {
        policy::request_id const id = operation->id();
        requests_.emplace(id, std::move(operation));
        feed(policy::event::ready_awaited{id});
        return;
    }
    case request_kind::stop_supervisor:
        request_stop(stop_request::graceful);
        react_to_stop_request();
        operation->answer({});
        return;
    case request_kind::list:
    case request_kind::count: {
        reply with;
        for (described_child& each : describe().children)
            with.children.push_back(std::move(each.info));
        operation->answer(std::move(with));
        return;
    }
    }
}

void supervision::handle_start(request_ptr operation) {
    child_specification const& child = *operation->what.child;
    if (auto why = refusal(child, true, *declaration_)) {
        operation->answer(failed_reply(std::move(*why)));
        return;
    }
    policy::event::start_requested const event{.request = operation->id(),
                                               .rules =
                                                   rules_of(child, true, declaration_->options),
                                               .limits = limits_of(child),
                                               .waits = operation->what.waits};
    requests_.emplace(event.request, std::move(operation));
    ++waiting_starts_;
    feed(event);
}

void supervision::handle_child_request(request_ptr operation, policy::child_index child) {
    policy::request_id const id = operation->id();
    request_kind const kind = operation->what.kind;
    // Also if it is in something below that child.
    bool const by_itself = std::ranges::find(operation->what.askers, children_[child].process_id) !=
                           operation->what.askers.end();
    requests_.emplace(id, std::move(operation));
    if (kind == request_kind::stop)
        feed(policy::event::stop_requested{id, child, by_itself});
    else if (kind == request_kind::restart)
        feed(policy::event::restart_requested{id, child, by_itself});
    else
        feed(policy::event::remove_requested{id, child});
}

// To the nested supervisor that the path leads through, if there is one.
bool supervision::forward(request_ptr& operation) {
    std::string& path = operation->what.path;
    for (std::size_t i = 0; i != children_.size(); ++i) {
        auto const index = static_cast<policy::child_index>(i);
        if (machine_.is_vacant(index))
            continue;
        child_specification const& child = specification(index);
        std::string const& name = child.name();
        if (child.model().is_supervisor() && path.size() > name.size() + 1 &&
            path[name.size()] == '/' && path.starts_with(name)) {
            path.erase(0, name.size() + 1);
            request_operation::send(std::move(operation), child.model().nested()->requests);
            return true;
        }
    }
    return false;
}

result<policy::child_index> supervision::find_child(request const& what) const {
    auto const refuse = [this](errc code, std::string const& who) {
        return cause(code, who + " in supervisor '" + declaration_->name + '\'');
    };
    if (what.id != child_id()) {
        std::string const who = "child " + std::to_string(what.id.value());
        auto const& ids = declaration_->ids;
        if (auto const it = std::ranges::lower_bound(ids, what.id);
            it != ids.end() && *it == what.id) {
            auto const index = static_cast<policy::child_index>(it - ids.begin());
            if (machine_.is_vacant(index))
                return refuse(errc::no_such_child, who);
            return index;
        }
        if (auto const it = dynamic_.find(what.id); it != dynamic_.end())
            return it->second;
        return refuse(errc::no_such_child, who);
    }
    std::optional<policy::child_index> found;
    for (std::size_t i = 0; i != children_.size(); ++i) {
        auto const index = static_cast<policy::child_index>(i);
        if (machine_.is_vacant(index) || specification(index).name() != what.path)
            continue;
        if (found)
            return refuse(errc::ambiguous_name, '\'' + what.path + '\'');
        found = index;
    }
    if (!found)
        return refuse(errc::no_such_child, '\'' + what.path + '\'');
    return *found;
}

// It has been answered, or nobody waits for the answer any more.
void supervision::retire(policy::request_id id) {
    auto const it = requests_.find(id);
    if (it == requests_.end())
        return;
    request const& what = it->second->what;
    if (what.kind == request_kind::start)
        // What was admitted has given its specification away.
        --(what.child ? waiting_starts_ : initializing_starts_);
    requests_.erase(it);
    come_for_starts();
}

void supervision::come_for_starts() {
    if (std::exchange(starts_left_, false))
        wake_for_requests();
}

// Who waits with a context of its own is answered; the handlers of a context that is being
// destroyed go with it.
void supervision::close_mailbox(bool context_alive) noexcept {
    asio::execution_context const& ours = asio::query(executor_, asio::execution::context);
    auto const drop = [&](request_ptr const& each) {
        if (context_alive || &each->context() != &ours)
            each->answer(not_running(declaration_->name));
    };
    for (auto const& [number, each] : declaration_->requests->close(*this))
        drop(each);
    for (auto const& [id, each] : std::exchange(requests_, {}))
        drop(each);
}

// ---- actions --------------------------------------------------------------------------------

void supervision::admit(policy::action const& action) {
    policy::child_index const index = action.who.child;
    request& what = requests_.find(action.request)->second->what;
    child_id const id = next_child_id();
    insist([&] { dynamic_.emplace(id, index); });
    auto specification =
        insist([&] { return std::make_unique<child_specification>(std::move(*what.child)); });
    what.child.reset();
    --waiting_starts_;
    ++initializing_starts_;
    come_for_starts();
    auto const lock = change_what_is_shown();
    insist([&] { children_.resize(std::max<std::size_t>(children_.size(), index + 1)); });
    children_[index].id = id;
    children_[index].specification = std::move(specification);
    children_[index].last_end.reset();
}

void supervision::forget(policy::child_index index) {
    record& it = children_[index];
    dynamic_.erase(it.id);
    failed_.erase(index);
    std::unique_ptr<child_specification> gone; // its destructor is the user's
    auto const lock = change_what_is_shown();
    gone = std::move(it.specification);
    it.id = {}; // an abandoned process of it may be left
}

void supervision::answer(policy::action const& action) {
    auto const it = requests_.find(action.request);
    if (it == requests_.end())
        return;
    reply with;
    if (action.code == errc::failed_to_initialize)
        with = failed_reply(insist([&] { return explain(action); }));
    else if (action.code != errc{})
        with = failed_reply(explain_if_possible(action));
    else if (it->second->what.kind == request_kind::start)
        with.id = children_[action.who.child].id;
    it->second->answer(std::move(with));
    retire(action.request);
}

cause supervision::explain_if_possible(policy::action const& action) const noexcept {
    try {
        return explain(action);
    } catch (std::bad_alloc const&) {
        return action.code;
    }
}

cause supervision::explain(policy::action const& action) const {
    std::string const supervisor = "supervisor '" + declaration_->name + '\'';
    switch (action.code) {
    case errc::failed_to_initialize:
        return not_initialized(action.who.child);
    case errc::not_running:
        return {action.code, supervisor};
    case errc::at_capacity:
        return {action.code, supervisor + " has " +
                                 std::to_string(declaration_->options.max_dynamic_children) +
                                 " children that were started at run time"};
    default:
        return {action.code,
                "child '" + specification(action.who.child).name() + "' of " + supervisor};
    }
}

} // namespace arborist::inline v0::detail
