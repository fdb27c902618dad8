// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#ifndef ARBORIST_TEST_SUPPORT_DATASPACES_HPP
#define ARBORIST_TEST_SUPPORT_DATASPACES_HPP

#include <arborist/dataspace.hpp>
#include <arborist/errc.hpp>

#include "registry.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/test/unit_test.hpp>

#include <atomic>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

// What the tests of dataspaces have in common.
namespace dataspace_test {

namespace asio = boost::asio;
using namespace arborist;

using lines = std::vector<std::string>;

/// A value of which there are so many.
struct counted {
    explicit counted(int v) : value(v) { ++live; }
    counted(counted const& other) = delete;
    counted(counted&& other) noexcept : value(other.value) { ++live; }
    counted& operator=(counted const&) = delete;
    ~counted() { --live; }

    friend std::ostream& operator<<(std::ostream& stream, counted const& c) {
        return stream << c.value;
    }

    int value;
    static inline std::atomic<int> live = 0;
};

/// "key=value", or "-key" for a retraction, and "+n" if n changes were left out.
template <class T>
std::string text(change<T> const& what) {
    std::ostringstream stream;
    if (what)
        stream << what.key() << '=' << *what;
    else
        stream << '-' << what.key();
    if (what.conflated() != 0)
        stream << '+' << what.conflated();
    return stream.str();
}
template <class T>
std::string text(std::optional<change<T>> const& what) {
    return what ? text(*what) : "nothing";
}

/// All that is pending.
template <class T>
lines drain(subscription<T>& from) {
    lines all;
    while (auto next = from.try_receive())
        all.push_back(text(*next));
    return all;
}

/// What an `async_receive()` has completed with.
template <class T>
class received {
public:
    received() = default;
    received(asio::io_context& context, subscription<T>& from) {
        from.async_receive(asio::bind_executor(context, handler()));
    }
    received(asio::io_context& context, subscription<T>& from, asio::cancellation_slot slot) {
        from.async_receive(
            asio::bind_cancellation_slot(slot, asio::bind_executor(context, handler())));
    }

    [[nodiscard]] auto handler() const {
        return [state = state_](result<change<T>> with) {
            BOOST_TEST(!state->has_value());
            state->emplace(std::move(with));
        };
    }

    [[nodiscard]] bool arrived() const { return state_->has_value(); }
    [[nodiscard]] std::string text() const {
        BOOST_TEST_REQUIRE(arrived());
        result<change<T>> const& got = **state_;
        return got ? dataspace_test::text(got.value()) : got.error().message();
    }
    [[nodiscard]] bool failed_with(boost::system::error_code code) const {
        return arrived() && (*state_)->has_error() && (*state_)->error().code() == code;
    }

private:
    std::shared_ptr<std::optional<result<change<T>>>> state_ =
        std::make_shared<std::optional<result<change<T>>>>();
};

/// Runs whatever is ready, until nothing is.
inline void settle(asio::io_context& context) {
    context.restart();
    while (context.poll() != 0)
        context.restart();
}

/// For `co_spawn`: an exception fails the test.
inline constexpr auto rethrow = [](std::exception_ptr error) {
    if (error)
        std::rethrow_exception(error);
};

inline detail::registry::counts counts(dataspace const& data) {
    return detail::registry_of(data).count();
}

/// What a process does, without a process.
class as_process {
public:
    as_process(dataspace data, std::uint64_t id) : data_(std::move(data)), id_(id) {}

    template <class T>
    bool publish(identifier_view id, T value) const {
        std::shared_ptr<void const> erased = std::make_shared<T const>(std::move(value));
        detail::aftermath after;
        return detail::registry_of(data_).publish(id_, typeid(T), id, erased, after).allowed;
    }
    template <class T>
    bool retract(identifier_view id) const {
        std::shared_ptr<void const> erased;
        detail::aftermath after;
        return detail::registry_of(data_).retract(id_, typeid(T), id, erased, after).allowed;
    }
    void end() const { detail::registry_of(data_).retract_all(id_); }

private:
    dataspace data_;
    std::uint64_t id_;
};

} // namespace dataspace_test

#endif // ARBORIST_TEST_SUPPORT_DATASPACES_HPP
