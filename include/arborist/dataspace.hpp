// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#ifndef ARBORIST_DATASPACE_HPP
#define ARBORIST_DATASPACE_HPP

#include <arborist/config.hpp>
#include <arborist/detail/dataspace_receive.hpp>
#include <arborist/identifier.hpp>
#include <arborist/result.hpp>

#include <boost/asio/async_result.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/assert.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <type_traits>
#include <typeindex>
#include <typeinfo>
#include <utility>

namespace arborist::inline v0 {

class dataspace;

namespace detail {

struct dataspace_anchor;
[[nodiscard]] ARBORIST_DECL registry& registry_of(dataspace const& data) noexcept;

/// Says what is wrong where it is written; a value's type is part of its key.
template <class T>
constexpr void check_assertion_type() {
    static_assert(std::is_object_v<T> && !std::is_array_v<T> && !std::is_const_v<T> &&
                      !std::is_volatile_v<T>,
                  "the type of an assertion is that of an object, without const or volatile");
    static_assert(!std::is_pointer_v<T>,
                  "a pointer does not keep alive what it points to: publish the value, such as a "
                  "std::string, or a std::shared_ptr to it");
}

} // namespace detail

/// What has become of one key: a value was published, or retracted.
///
/// Owns its key and its value, also when these are in the dataspace no more. Cheap to copy.
/// Distinct objects may be used from distinct threads.
template <class T>
class BOOST_SYMBOL_VISIBLE change {
public:
    /// Used by the library.
    explicit change(detail::raw_change raw) noexcept
        : key_(std::move(raw.key)), value_(std::static_pointer_cast<T const>(std::move(raw.value))),
          conflated_(raw.conflated) {}

    [[nodiscard]] identifier const& key() const noexcept { return *key_; }

    /// True if there is a value, false if it was retracted.
    [[nodiscard]] explicit operator bool() const noexcept { return value_ != nullptr; }

    /// Precondition: there is a value.
    [[nodiscard]] T const& operator*() const noexcept {
        BOOST_ASSERT(value_ != nullptr);
        return *value_;
    }
    /// @copydoc operator*
    [[nodiscard]] T const* operator->() const noexcept {
        BOOST_ASSERT(value_ != nullptr);
        return value_.get();
    }
    /// To keep the value; null if it was retracted.
    [[nodiscard]] std::shared_ptr<T const> const& shared() const noexcept { return value_; }

    /// How many changes of this key were left out, since the last one that was received, in favour
    /// of newer ones (A6).
    [[nodiscard]] std::uint64_t conflated() const noexcept { return conflated_; }

private:
    std::shared_ptr<identifier const> key_;
    std::shared_ptr<T const> value_;
    std::uint64_t conflated_;
};

/// What one wants to hear of a @ref dataspace, and has not heard yet (A5, A6). Obtained from
/// `dataspace::subscribe()`. Move-only.
///
/// First come the values that matched when it was made, in the order of their publication, then
/// every change of what matches. Changes that were not received yet are conflated for each key: a
/// newer value takes the place of the one before, at its place in the order, and a retraction that
/// of a value. So whoever is slow misses what was in between, and never how it ended. Who has
/// received a value always receives its retraction too; if the key has a new value by then, that
/// comes next. Who has not received the value is not told that it was retracted.
///
/// Destroying it, or assigning to it, releases all that it holds and completes a pending
/// `async_receive()` with `operation_aborted`. It does not keep the dataspace: when that is gone,
/// what is pending can still be received.
///
/// @par Thread safety
/// Distinct objects: safe. Shared objects: unsafe; that is, it may be used, moved and destroyed in
/// any thread, but in one at a time. Changes arrive from any thread.
template <class T>
class BOOST_SYMBOL_VISIBLE subscription {
public:
    using value_type = T;

    /// Used by the library.
    explicit subscription(detail::subscription_ptr core) noexcept : core_(std::move(core)) {}

    /// The moved-from subscription may only be assigned to and destroyed.
    subscription(subscription&&) noexcept = default;
    subscription& operator=(subscription&& other) noexcept {
        subscription(std::move(other)).core_.swap(core_);
        return *this;
    }
    ~subscription() {
        if (core_ != nullptr)
            detail::end(*core_);
    }

    /// Receives the next change. Completes when there is one, at once if there is one already, but
    /// never before the initiation returns.
    ///
    /// Precondition: no other one is pending (asserted; without assertions the new one fails with
    /// `already_started`). The subscription may be moved or destroyed while this is pending.
    ///
    /// @par Completion signature
    /// `void(result<change<T>>)`
    /// @par Executor
    /// The handler's associated one, by default `asio::system_executor`. It has outstanding work
    /// meanwhile.
    /// @par Cancellation
    /// Terminal, partial and total: completes with `operation_aborted`, and no change is lost. A
    /// change is taken out of the subscription by the handler's executor, when it is about to call
    /// the handler, and not before; so the next call receives what a cancelled one would have. The
    /// cancellation has to be emitted where the handler runs, as for every Asio object.
    /// @par Errors
    /// `errc::dataspace_gone`, once there is no handle of the dataspace any more and all that was
    /// pending has been received; then each time · `errc::no_dataspace`, if it was subscribed to
    /// with a null handle · `operation_aborted`: it was cancelled, or the subscription ended.
    /// @par Destruction
    /// When the context of the handler is destroyed, so is the handler; another context may receive
    /// the change then. Other contexts, and threads that publish, go on meanwhile.
    template <
        boost::asio::completion_token_for<void(result<change<T>>)> Token = boost::asio::deferred_t>
    [[nodiscard]] auto async_receive(Token&& token = {}) {
        return boost::asio::async_initiate<Token, void(result<change<T>>)>(
            detail::initiate_receive<change<T>>(core_), token);
    }

    /// The next change, if there is one. May be called while an `async_receive()` is pending, which
    /// then waits for the next.
    [[nodiscard]] std::optional<change<T>> try_receive() {
        detail::raw_change taken;
        if (detail::try_take(*core_, taken) != detail::receipt::change)
            return std::nullopt;
        return change<T>(std::move(taken));
    }

    /// How many changes were left out so far in favour of newer ones. What was published and
    /// retracted is either received, pending, or counted here.
    [[nodiscard]] std::uint64_t conflated() const noexcept { return detail::conflated(*core_); }

private:
    detail::subscription_ptr core_;
};

/// A place where processes publish values for others to find, and to be told of (A1).
///
/// A value is found under its type and an identifier: a name or a number. It is there until its
/// owner retracts it, or ends: the owner is the process that published it, and no other may replace
/// or retract it (A3, A4). Code that is in no process owns as process 0, which does not end.
///
/// This is a handle: cheap to copy; copies refer to the same dataspace, which exists as long as
/// there are any. Therefore a value must not contain a handle of the dataspace that it is in. (A
/// subscription does not count.)
///
/// @par Values
/// Are shared and never copied: what is received is a reference to what was published, and is
/// released by whoever is last. No user code (destructors, copying, executors) is called while the
/// dataspace is locked, so a destructor of a value may use the dataspace (A8). It must not throw.
/// @par Exceptions
/// Only `std::bad_alloc`, after which nothing has changed.
/// @par Thread safety
/// Safe, shared objects too, except for assignment. There is one lock, which is held for short
/// times: the longest are that of `subscribe`, which visits what is there of its type, and of
/// publishing a new key, which asks each filter for its type.
class ARBORIST_DECL dataspace {
public:
    /// Makes a new one, with nothing in it.
    dataspace();
    /// Null: refers to none.
    explicit dataspace(std::nullptr_t) noexcept;
    dataspace(dataspace const&) noexcept;
    /// The moved-from handle is null.
    dataspace(dataspace&&) noexcept;
    dataspace& operator=(dataspace const&) noexcept;
    dataspace& operator=(dataspace&&) noexcept;
    ~dataspace();

    /// Whether it is not null.
    [[nodiscard]] explicit operator bool() const noexcept;

    /// Whether they refer to the same.
    friend ARBORIST_DECL bool operator==(dataspace const& a, dataspace const& b) noexcept;

    /// Puts a value there in the name of the current process, and tells the subscriptions that
    /// match. Replaces the one that was there, if it has the same owner (A2).
    ///
    /// An exact type is part of the key: `publish<std::string>("motd", "hello")`.
    ///
    /// @par Errors
    /// `errc::not_owner`: the message names the key, its owner and the caller ·
    /// `errc::no_dataspace`
    template <class T>
    [[nodiscard]] result<void> publish(identifier_view id, T value) const {
        detail::check_assertion_type<T>();
        return publish(typeid(T), id, std::make_shared<T const>(std::move(value)));
    }
    /// The same for a value that is shared already, which must not be changed any more: others read
    /// it at any time. The key is that of a `T` without `const`.
    ///
    /// @par Errors
    /// As above · `errc::invalid_option`: the pointer is null
    template <class T>
    [[nodiscard]] result<void> publish(identifier_view id, std::shared_ptr<T> value) const {
        using value_type = std::remove_const_t<T>;
        detail::check_assertion_type<value_type>();
        return publish(typeid(value_type), id, std::shared_ptr<void const>(std::move(value)));
    }

    /// Takes away the current process' value of that type, and tells the subscriptions that match.
    /// Succeeds if there is none.
    ///
    /// @par Errors
    /// As for @ref publish
    template <class T>
    [[nodiscard]] result<void> retract(identifier_view id) const {
        detail::check_assertion_type<T>();
        return retract(typeid(T), id);
    }

    /// The value that is there now, whoever owns it. Null if there is none, or if this is null.
    template <class T>
    [[nodiscard]] std::shared_ptr<T const> find(identifier_view id) const {
        detail::check_assertion_type<T>();
        return std::static_pointer_cast<T const>(find(typeid(T), id));
    }

    /// Subscribes to the values of a type: to all of them, or to those of which the filter says so,
    /// as made by `exact("name")`, `exact(7)` or `prefix("name")`.
    ///
    /// The subscription begins with what is there, without gap or duplicate to what follows. That
    /// of a null handle fails with `errc::no_dataspace`.
    template <class T>
    [[nodiscard]] subscription<T> subscribe(identifier_filter which = {}) const {
        detail::check_assertion_type<T>();
        return subscription<T>(subscribe(typeid(T), std::move(which)));
    }

private:
    friend detail::registry& detail::registry_of(dataspace const& data) noexcept;

    [[nodiscard]] result<void> publish(std::type_index type, identifier_view id,
                                       std::shared_ptr<void const> value) const;
    [[nodiscard]] result<void> retract(std::type_index type, identifier_view id) const;
    [[nodiscard]] std::shared_ptr<void const> find(std::type_index type, identifier_view id) const;
    [[nodiscard]] detail::subscription_ptr subscribe(std::type_index type,
                                                     identifier_filter which) const;

    std::shared_ptr<detail::dataspace_anchor> anchor_;
};

} // namespace arborist::inline v0

#endif // ARBORIST_DATASPACE_HPP
