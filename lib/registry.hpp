// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#ifndef ARBORIST_LIB_REGISTRY_HPP
#define ARBORIST_LIB_REGISTRY_HPP

#include <arborist/config.hpp>
#include <arborist/detail/dataspace_receive.hpp>
#include <arborist/identifier.hpp>

#include "ownership.hpp"

#include <boost/container/static_vector.hpp>
#include <boost/intrusive/list.hpp>
#include <boost/smart_ptr/intrusive_ptr.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <typeindex>
#include <unordered_map>
#include <unordered_set>

namespace arborist::inline v0 {

class dataspace;

namespace detail {

struct slot;
struct shelf;

using list_hook =
    boost::intrusive::list_member_hook<boost::intrusive::link_mode<boost::intrusive::auto_unlink>>;

/// Elements leave their lists when they are destroyed.
template <class T, list_hook T::*Hook>
using list_of = boost::intrusive::list<T, boost::intrusive::member_hook<T, list_hook, Hook>,
                                       boost::intrusive::constant_time_size<false>>;

/// One key, as one subscription sees it: what it was told, and what it was not told yet.
///
/// A value has a link to each subscription that it matches, from its assertion on. So publishing it
/// again looks for nobody and allocates nothing: it marks links. What is delivered is what the slot
/// holds at that time, which is how updates are conflated (A6).
struct link {
    link(slot& s, subscription_core& subscription) noexcept : of(s), to(subscription) {}

    /// Whether there is something to deliver.
    [[nodiscard]] bool pending() const noexcept { return retracted || asserted; }

    slot& of;
    subscription_core& to;
    list_hook in_slot = {};
    list_hook in_subscription = {};
    std::uint64_t conflated = 0;
    /// The subscription was told of an assertion, and of no retraction since.
    bool known = false;
    /// Not told yet: that what it knows was retracted; and, after that, what the slot holds.
    bool retracted = false;
    bool asserted = false;
};

using links_of_slot = list_of<link, &link::in_slot>;
using links_of_subscription = list_of<link, &link::in_subscription>;

/// What is under one key. It is there while it has a value, or a link.
struct slot : std::enable_shared_from_this<slot> {
    slot(shelf& s, identifier_view i) : on(s), id(i) {}

    shelf& on;
    identifier const id;
    std::shared_ptr<void const> value = nullptr;
    std::uint64_t owner = 0;
    links_of_slot links = {};
    list_hook in_order = {};
    list_hook of_owner = {};
};

/// What is to be done when the lock has been released.
class ARBORIST_DECL aftermath {
public:
    aftermath() = default;
    aftermath(aftermath const&) = delete;
    aftermath& operator=(aftermath const&) = delete;
    ~aftermath();

    void wake(boost::intrusive_ptr<receive_operation> who) noexcept;

private:
    boost::intrusive_ptr<receive_operation> first_;
    receive_operation* last_ = nullptr;
};

class subscription_core {
public:
    subscription_core(std::shared_ptr<registry> of, identifier_filter which) noexcept;
    subscription_core(subscription_core const&) = delete;
    subscription_core& operator=(subscription_core const&) = delete;

    /// Null if it was made of a null handle.
    std::shared_ptr<registry> const of;
    identifier_filter const which;

    // The rest is guarded by the mutex of the registry.

    list_hook among_all = {};
    /// On its shelf, unless it is for one identifier only.
    list_hook among_broad = {};
    /// In the order in which they are delivered.
    links_of_subscription pending = {};
    links_of_subscription settled = {};
    /// The operation that has begun and not completed. While it waits, nothing is pending.
    boost::intrusive_ptr<receive_operation> receiver = nullptr;
    bool waiting = false;
    bool ended = false;
    std::uint64_t conflated = 0;
    /// The last assertion of which it was told through a link that was there before.
    std::uint64_t touched = 0;
};

struct by_identifier {
    using is_transparent = void;

    static identifier_view key(identifier_view id) noexcept { return id; }
    static identifier_view key(std::shared_ptr<slot> const& s) noexcept { return s->id; }

    std::size_t operator()(auto const& a) const noexcept {
        return std::hash<identifier_view>()(key(a));
    }
    bool operator()(auto const& a, auto const& b) const noexcept { return key(a) == key(b); }
};

/// All values of one type.
struct shelf {
    /// Null if there is none.
    [[nodiscard]] slot* find(identifier_view id) const noexcept;

    std::unordered_set<std::shared_ptr<slot>, by_identifier, by_identifier> slots = {};
    /// Those with a value, in the order of their assertion.
    list_of<slot, &slot::in_order> in_order = {};
    list_of<subscription_core, &subscription_core::among_broad> broad = {};
};

/// The assertions of a dataspace, and its subscriptions (A1-A8).
///
/// One mutex guards all of it. Under it lists are changed, slots and links come and go, and nothing
/// else happens: values are destroyed, and operations are woken up, when it is not held (A8).
///
/// It is closed with the last handle of the dataspace; subscriptions, and processes that owned
/// something, keep it in memory.
class ARBORIST_DECL registry final : public owned_entries,
                                     public std::enable_shared_from_this<registry> {
public:
    registry();
    ~registry();

    /// Whether it was done; else the caller is not the owner.
    struct verdict {
        bool allowed = true;
        std::uint64_t owner = 0;
    };

    /// Afterwards `value` is what was there before, for the caller to destroy.
    verdict publish(std::uint64_t caller, std::type_index type, identifier_view id,
                    std::shared_ptr<void const>& value, aftermath& after);
    /// Afterwards `value` is what was there, if anything was.
    verdict retract(std::uint64_t caller, std::type_index type, identifier_view id,
                    std::shared_ptr<void const>& value, aftermath& after);
    /// Not all at once, but nothing comes between two calls for the same owner (P3).
    void retract_all(std::uint64_t owner) noexcept override;

    [[nodiscard]] std::shared_ptr<void const> find(std::type_index type, identifier_view id) const;
    [[nodiscard]] subscription_ptr subscribe(std::type_index type, identifier_filter which);

    /// There are no more handles. What is pending stays until it is delivered.
    void close() noexcept;

    void end(subscription_core& subscription) noexcept;
    [[nodiscard]] receipt take(subscription_core& from, raw_change& into);
    [[nodiscard]] std::uint64_t conflated(subscription_core const& by) const noexcept;

    /// False if another operation has begun and not completed.
    [[nodiscard]] bool begin(subscription_core& on, receive_operation& operation);
    /// Waits again if there is nothing yet.
    [[nodiscard]] receipt take(subscription_core& from, raw_change& into,
                               receive_operation& operation, bool cancelled);
    /// Whether it was waiting; then it will not be woken up by anybody else.
    [[nodiscard]] bool stop_waiting(subscription_core& on, receive_operation& operation) noexcept;
    void remove(subscription_core& from, receive_operation& operation) noexcept;

    /// How many keys there are, and links; for tests.
    struct counts {
        std::size_t slots = 0;
        std::size_t links = 0;
        std::size_t owners = 0;
    };
    [[nodiscard]] counts count() const;

private:
    using batch = boost::container::static_vector<std::shared_ptr<void const>, 64>;

    void admit(subscription_core& subscription, std::type_index type);
    static link& make_link(slot& from, subscription_core& to);
    static void make_pending(link& what, aftermath& after) noexcept;
    static void settle(link& what) noexcept;
    static void count_conflated(link& what) noexcept;
    static void tell_asserted(link& what, aftermath& after) noexcept;
    static void tell_retracted(link& what, aftermath& after) noexcept;
    static void wake(subscription_core& who, aftermath& after) noexcept;

    [[nodiscard]] std::shared_ptr<void const> remove_value(slot& from, aftermath& after) noexcept;
    void disown(slot& s) noexcept;
    /// What it held, if it is gone: only after the registry was closed there is a value.
    [[nodiscard]] std::shared_ptr<void const> drop_if_unused(slot& s) noexcept;
    void sweep(slot& s, batch& doomed) noexcept;
    [[nodiscard]] receipt take_locked(subscription_core& from, raw_change& into,
                                      std::shared_ptr<void const>& doomed);

    mutable std::mutex mutex_;
    // Shelves stay: there are as many as the program has types.
    std::unordered_map<std::type_index, shelf> shelves_;
    // Nothing for 0, which is never swept.
    std::unordered_map<std::uint64_t, list_of<slot, &slot::of_owner>> owners_;
    list_of<subscription_core, &subscription_core::among_all> subscriptions_;
    std::uint64_t assertions_ = 0;
    bool closed_ = false;
};

/// What the handles of a dataspace share: the registry is closed with the last of them.
struct dataspace_anchor {
    dataspace_anchor();
    dataspace_anchor(dataspace_anchor const&) = delete;
    dataspace_anchor& operator=(dataspace_anchor const&) = delete;
    ~dataspace_anchor();

    std::shared_ptr<registry> const core;
    /// The same, for `enter_as_owner()`: a conversion would count a reference each time.
    std::shared_ptr<owned_entries> const as_place;
};

/// For tests, which act as processes that there are not. Precondition: the handle is not null.
[[nodiscard]] ARBORIST_DECL registry& registry_of(dataspace const& data) noexcept;

} // namespace detail

} // namespace arborist::inline v0

#endif // ARBORIST_LIB_REGISTRY_HPP
