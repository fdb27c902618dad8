// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#include "registry.hpp"

#include <boost/assert.hpp>

#include <utility>

namespace arborist::inline v0::detail {
namespace {

// A new assertion's links, until everything that can fail has been done.
struct unused_links : links_of_slot {
    unused_links() = default;
    unused_links(unused_links const&) = delete;
    unused_links& operator=(unused_links const&) = delete;
    ~unused_links() { clear_and_dispose(std::default_delete<link>()); }
};

} // namespace

// ---- aftermath

aftermath::~aftermath() {
    while (first_ != nullptr) {
        auto const current = std::move(first_);
        first_ = std::move(current->next);
        current->wake();
    }
}

void aftermath::wake(boost::intrusive_ptr<receive_operation> who) noexcept {
    receive_operation* const last = who.get();
    (last_ == nullptr ? first_ : last_->next) = std::move(who);
    last_ = last;
}

// ---- subscription_core, shelf, dataspace_anchor

subscription_core::subscription_core(std::shared_ptr<registry> o, identifier_filter w) noexcept
    : of(std::move(o)), which(std::move(w)) {}

slot* shelf::find(identifier_view id) const noexcept {
    auto const at = slots.find(id);
    return at == slots.end() ? nullptr : at->get();
}

dataspace_anchor::dataspace_anchor() : core(std::make_shared<registry>()), as_place(core) {}

dataspace_anchor::~dataspace_anchor() {
    core->close();
}

// ---- publishing

registry::registry() = default;
registry::~registry() = default;

registry::verdict registry::publish(std::uint64_t caller, std::type_index type, identifier_view id,
                                    std::shared_ptr<void const>& value, aftermath& after) {
    std::lock_guard lock(mutex_);
    shelf& on = shelves_[type];
    slot* at = on.find(id);
    if (at != nullptr && at->value != nullptr) {
        if (at->owner != caller)
            return {.allowed = false, .owner = at->owner};
        at->value.swap(value);
        for (link& l : at->links)
            tell_asserted(l, after);
        return {};
    }

    // First all that may run out of memory, then all that changes something.
    std::shared_ptr<slot> made;
    if (at == nullptr) {
        made = std::make_shared<slot>(on, id);
        at = made.get();
    }
    // Links that are there already: a retraction that was not delivered, or an exact subscription.
    ++assertions_;
    for (link const& l : at->links)
        l.to.touched = assertions_;
    unused_links fresh;
    for (subscription_core& subscription : on.broad)
        if (subscription.touched != assertions_ && subscription.which.matches(id))
            fresh.push_back(*new link(*at, subscription));
    auto* const owned = caller != 0 ? &owners_[caller] : nullptr;
    if (made != nullptr)
        on.slots.insert(std::move(made));

    at->value.swap(value);
    at->owner = caller;
    on.in_order.push_back(*at);
    if (owned != nullptr)
        owned->push_back(*at);
    for (link& l : fresh)
        l.to.settled.push_back(l);
    at->links.splice(at->links.end(), fresh);
    for (link& l : at->links)
        tell_asserted(l, after);
    return {};
}

registry::verdict registry::retract(std::uint64_t caller, std::type_index type, identifier_view id,
                                    std::shared_ptr<void const>& value, aftermath& after) {
    std::lock_guard lock(mutex_);
    auto const on = shelves_.find(type);
    slot* const at = on != shelves_.end() ? on->second.find(id) : nullptr;
    if (at == nullptr || at->value == nullptr)
        return {};
    if (at->owner != caller)
        return {.allowed = false, .owner = at->owner};
    value = remove_value(*at, after);
    return {};
}

void registry::retract_all(std::uint64_t owner) noexcept {
    if (owner == 0)
        return;
    for (bool more = true; more;) {
        batch doomed;
        aftermath after;
        std::lock_guard lock(mutex_);
        auto const found = owners_.find(owner);
        if (found == owners_.end())
            return;
        auto& owned = found->second;
        while (!owned.empty() && doomed.size() != doomed.capacity()) {
            slot& first = owned.front();
            first.of_owner.unlink(); // so that the list is ours to the end
            doomed.push_back(remove_value(first, after));
        }
        more = !owned.empty();
        if (!more)
            owners_.erase(found);
    }
}

std::shared_ptr<void const> registry::find(std::type_index type, identifier_view id) const {
    std::lock_guard lock(mutex_);
    auto const on = shelves_.find(type);
    slot const* const at = on != shelves_.end() ? on->second.find(id) : nullptr;
    return at != nullptr ? at->value : nullptr;
}

std::shared_ptr<void const> registry::remove_value(slot& from, aftermath& after) noexcept {
    std::shared_ptr<void const> value = std::move(from.value);
    from.in_order.unlink();
    disown(from);
    for (auto l = from.links.begin(); l != from.links.end();)
        tell_retracted(*l++, after);
    (void)drop_if_unused(from);
    return value;
}

void registry::disown(slot& s) noexcept {
    if (!s.of_owner.is_linked())
        return;
    s.of_owner.unlink();
    auto const found = owners_.find(s.owner);
    if (found->second.empty())
        owners_.erase(found);
}

std::shared_ptr<void const> registry::drop_if_unused(slot& s) noexcept {
    if (!s.links.empty() || (s.value != nullptr && !closed_))
        return nullptr;
    std::shared_ptr<void const> value = std::move(s.value);
    auto& slots = s.on.slots;
    slots.erase(slots.find(identifier_view(s.id)));
    return value;
}

// ---- what subscriptions are told

link& registry::make_link(slot& from, subscription_core& to) {
    auto& made = *new link(from, to);
    from.links.push_back(made);
    to.settled.push_back(made);
    return made;
}

void registry::make_pending(link& what, aftermath& after) noexcept {
    what.in_subscription.unlink();
    what.to.pending.push_back(what);
    wake(what.to, after);
}

void registry::settle(link& what) noexcept {
    what.in_subscription.unlink();
    what.to.settled.push_back(what);
}

void registry::count_conflated(link& what) noexcept {
    ++what.conflated;
    ++what.to.conflated;
}

void registry::tell_asserted(link& what, aftermath& after) noexcept {
    bool const was_pending = what.pending();
    if (what.asserted)
        count_conflated(what);
    what.asserted = true;
    if (!was_pending)
        make_pending(what, after);
}

void registry::tell_retracted(link& what, aftermath& after) noexcept {
    bool const was_pending = what.pending();
    if (what.asserted)
        count_conflated(what);
    what.asserted = false;
    if (what.known && !what.retracted)
        what.retracted = true;
    else
        count_conflated(what);
    if (what.retracted) {
        if (!was_pending)
            make_pending(what, after);
        return;
    }
    // Asserted and retracted behind its back. To tell it of the retraction would cost memory for
    // each key that ever was, and tell it nothing: it does not know the key.
    if (what.to.which.only() != nullptr)
        settle(what);
    else
        delete &what;
}

void registry::wake(subscription_core& who, aftermath& after) noexcept {
    if (std::exchange(who.waiting, false))
        after.wake(who.receiver);
}

// ---- subscriptions

subscription_ptr registry::subscribe(std::type_index type, identifier_filter which) {
    auto made = std::make_shared<subscription_core>(shared_from_this(), std::move(which));
    try {
        admit(*made, type);
    } catch (...) {
        end(*made);
        throw;
    }
    return made;
}

void registry::admit(subscription_core& subscription, std::type_index type) {
    aftermath nobody;
    std::lock_guard lock(mutex_);
    subscriptions_.push_back(subscription);
    shelf& on = shelves_[type];
    if (identifier const* const only = subscription.which.only()) {
        slot* at = on.find(*only);
        std::shared_ptr<slot> made;
        if (at == nullptr) {
            made = std::make_shared<slot>(on, *only);
            at = made.get();
        }
        unused_links fresh;
        fresh.push_back(*new link(*at, subscription));
        if (made != nullptr)
            on.slots.insert(std::move(made));
        link& l = fresh.front();
        at->links.splice(at->links.end(), fresh);
        subscription.settled.push_back(l);
        if (at->value != nullptr)
            tell_asserted(l, nobody);
        return;
    }
    on.broad.push_back(subscription);
    for (slot& s : on.in_order)
        if (subscription.which.matches(s.id))
            tell_asserted(make_link(s, subscription), nobody);
}

void registry::end(subscription_core& subscription) noexcept {
    for (bool more = true; more;) {
        batch doomed;
        boost::intrusive_ptr<receive_operation> released;
        aftermath after;
        std::lock_guard lock(mutex_);
        if (!std::exchange(subscription.ended, true)) {
            subscription.among_all.unlink();
            subscription.among_broad.unlink();
            wake(subscription, after);
            released.swap(subscription.receiver);
        }
        for (auto* links : {&subscription.pending, &subscription.settled})
            while (!links->empty() && doomed.size() != doomed.capacity()) {
                link& l = links->front();
                slot& from = l.of;
                delete &l;
                doomed.push_back(drop_if_unused(from));
            }
        more = doomed.size() == doomed.capacity();
    }
}

receipt registry::take_locked(subscription_core& from, raw_change& into,
                              std::shared_ptr<void const>& doomed) {
    if (from.ended)
        return receipt::ended;
    if (from.pending.empty())
        return closed_ ? receipt::gone : receipt::nothing_yet;
    link& next = from.pending.front();
    slot& at = next.of;
    into.key = std::shared_ptr<identifier const>(at.shared_from_this(), &at.id);
    into.conflated = std::exchange(next.conflated, 0);
    if (next.retracted) {
        next.retracted = next.known = false;
        if (next.asserted)
            return receipt::change; // and what was asserted after that is the next one
    } else {
        next.asserted = false;
        next.known = true;
        into.value = at.value;
    }
    if (closed_ || (!next.known && from.which.only() == nullptr)) {
        delete &next;
        doomed = drop_if_unused(at);
    } else {
        settle(next);
    }
    return receipt::change;
}

receipt registry::take(subscription_core& from, raw_change& into) {
    std::shared_ptr<void const> doomed;
    std::lock_guard lock(mutex_);
    return take_locked(from, into, doomed);
}

std::uint64_t registry::conflated(subscription_core const& by) const noexcept {
    std::lock_guard lock(mutex_);
    return by.conflated;
}

// ---- operations

bool registry::begin(subscription_core& on, receive_operation& operation) {
    aftermath after;
    std::lock_guard lock(mutex_);
    if (on.receiver != nullptr)
        return false;
    on.receiver = &operation;
    on.waiting = true;
    if (on.ended || closed_ || !on.pending.empty())
        wake(on, after);
    return true;
}

receipt registry::take(subscription_core& from, raw_change& into, receive_operation& operation,
                       bool cancelled) {
    boost::intrusive_ptr<receive_operation> released;
    std::shared_ptr<void const> doomed;
    std::lock_guard lock(mutex_);
    receipt const what = cancelled ? receipt::ended : take_locked(from, into, doomed);
    if (from.receiver == &operation) {
        if (what == receipt::nothing_yet)
            from.waiting = true;
        else
            released.swap(from.receiver);
    }
    return what;
}

bool registry::stop_waiting(subscription_core& on, receive_operation& operation) noexcept {
    std::lock_guard lock(mutex_);
    return on.receiver == &operation && std::exchange(on.waiting, false);
}

void registry::remove(subscription_core& from, receive_operation& operation) noexcept {
    boost::intrusive_ptr<receive_operation> released;
    std::lock_guard lock(mutex_);
    if (from.receiver != &operation)
        return;
    from.waiting = false;
    released.swap(from.receiver);
}

// ---- the end

void registry::close() noexcept {
    {
        aftermath after;
        std::lock_guard lock(mutex_);
        closed_ = true;
        for (subscription_core& subscription : subscriptions_)
            wake(subscription, after);
    }
    for (bool more = true; more;) {
        batch doomed;
        std::lock_guard lock(mutex_);
        for (auto& [type, on] : shelves_)
            while (!on.in_order.empty() && doomed.size() != doomed.capacity())
                sweep(on.in_order.front(), doomed);
        more = doomed.size() == doomed.capacity();
    }
}

// What is pending remains, for the subscriptions to take.
void registry::sweep(slot& s, batch& doomed) noexcept {
    s.in_order.unlink();
    disown(s);
    for (auto l = s.links.begin(); l != s.links.end();) {
        link& current = *l++;
        if (!current.pending())
            delete &current;
    }
    doomed.push_back(drop_if_unused(s));
}

registry::counts registry::count() const {
    std::lock_guard lock(mutex_);
    counts all{.owners = owners_.size()};
    for (auto const& [type, on] : shelves_) {
        all.slots += on.slots.size();
        for (auto const& s : on.slots)
            all.links += s->links.size();
    }
    return all;
}

} // namespace arborist::inline v0::detail
