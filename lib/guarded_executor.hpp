// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#ifndef ARBORIST_LIB_GUARDED_EXECUTOR_HPP
#define ARBORIST_LIB_GUARDED_EXECUTOR_HPP

#include <arborist/config.hpp>

#include <boost/asio/prefer.hpp>
#include <boost/asio/query.hpp>
#include <boost/asio/require.hpp>

#include <exception>
#include <type_traits>
#include <utility>

namespace arborist::inline v0::detail {

/// An executor that gives the exceptions that leave its functions to `Guard::on_exception`, instead
/// of to the thread: those of a thread pool would end the program.
template <class Inner, class Guard>
class guarded_executor {
public:
    guarded_executor(Inner inner, Guard& guard) noexcept
        : inner_(std::move(inner)), guard_(&guard) {}

    template <class Property>
        requires boost::asio::can_query_v<Inner const&, Property>
    [[nodiscard]] decltype(auto) query(Property const& property) const {
        return boost::asio::query(inner_, property);
    }
    template <class Property>
        requires boost::asio::can_require_v<Inner const&, Property>
    [[nodiscard]] auto require(Property const& property) const {
        return rebind(boost::asio::require(inner_, property));
    }
    template <class Property>
        requires boost::asio::can_prefer_v<Inner const&, Property>
    [[nodiscard]] auto prefer(Property const& property) const {
        return rebind(boost::asio::prefer(inner_, property));
    }

    template <class Function>
    void execute(Function&& function) const {
        inner_.execute(
            [guard = guard_, function = std::forward<Function>(function)]() mutable noexcept {
                try {
                    std::move(function)();
                } catch (...) {
                    guard->on_exception(std::current_exception());
                }
            });
    }

    friend bool operator==(guarded_executor const&, guarded_executor const&) = default;

private:
    template <class Other>
    [[nodiscard]] guarded_executor<std::decay_t<Other>, Guard> rebind(Other&& other) const {
        return {std::forward<Other>(other), *guard_};
    }

    Inner inner_;
    Guard* guard_;
};

} // namespace arborist::inline v0::detail

#endif // ARBORIST_LIB_GUARDED_EXECUTOR_HPP
