// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#include "interruption.hpp"

#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/prefer.hpp>
#include <boost/asio/query.hpp>
#include <boost/asio/require.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <exception>
#include <type_traits>
#include <utility>

namespace arborist::inline v0::testing::detail {

namespace asio = boost::asio;

namespace {

/// The executor of a process, counting what it executes.
class counting_executor {
public:
    counting_executor(asio::any_io_executor inner, std::shared_ptr<interruption> what) noexcept
        : inner_(std::move(inner)), what_(std::move(what)) {}

    template <class Property>
        requires asio::can_query_v<asio::any_io_executor const&, Property>
    [[nodiscard]] decltype(auto) query(Property const& property) const {
        return asio::query(inner_, property);
    }
    template <class Property>
        requires asio::can_require_v<asio::any_io_executor const&, Property>
    [[nodiscard]] counting_executor require(Property const& property) const {
        return {asio::require(inner_, property), what_};
    }
    template <class Property>
        requires asio::can_prefer_v<asio::any_io_executor const&, Property>
    [[nodiscard]] counting_executor prefer(Property const& property) const {
        return {asio::prefer(inner_, property), what_};
    }

    template <class Function>
    void execute(Function&& function) const {
        if (!what_->is_due()) {
            inner_.execute(std::forward<Function>(function));
            return;
        }
        inner_.execute([what = what_, function = std::decay_t<Function>(
                                          std::forward<Function>(function))]() mutable {
            std::move(function)(); // up to its next wait
            what->happen();
        });
    }

    friend bool operator==(counting_executor const&, counting_executor const&) = default;

private:
    asio::any_io_executor inner_;
    std::shared_ptr<interruption> what_;
};

} // namespace

asio::awaitable<void> run_interruptibly(asio::awaitable<void> work,
                                        std::shared_ptr<interruption> what) {
    struct at_the_end {
        ~at_the_end() { of->stop(); }
        std::shared_ptr<interruption> of;
    } const stops{what};
    auto executor = co_await asio::this_coro::executor;
    what->start(executor);
    auto run = [&](auto handler) {
        if (auto slot = asio::get_associated_cancellation_slot(handler); slot.is_connected())
            slot.assign([what](asio::cancellation_type type) { what->cancel(type); });
        asio::co_spawn(counting_executor(executor, what), std::move(work),
                       asio::bind_cancellation_slot(
                           what->slot(), asio::bind_executor(executor, std::move(handler))));
    };
    auto running = asio::async_initiate<asio::use_awaitable_t<> const&, void(std::exception_ptr)>(
        run, asio::use_awaitable);
    co_await std::move(running);
}

} // namespace arborist::inline v0::testing::detail
