// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#include <arborist/process_shutdown.hpp>

#include <boost/asio/error.hpp>
#include <boost/asio/experimental/channel_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/system/errc.hpp>
#include <boost/system/system_error.hpp>

namespace arborist::inline v0 {
namespace detail {

cause cause_of(std::exception_ptr exception) {
    try {
        std::rethrow_exception(std::move(exception));
    } catch (...) {
        return cause::current();
    }
}

bool means_cancelled(cause const& why) noexcept {
    auto const& code = why.code();
    return code == boost::asio::error::operation_aborted ||
           code == boost::system::errc::operation_canceled ||
           code == boost::asio::experimental::error::channel_cancelled;
}

} // namespace detail

boost::asio::awaitable<bool> process_shutdown::wait(process_shutdown shutdown,
                                                    clock_duration duration) {
    if (shutdown.requested())
        co_return true;
    auto const executor = co_await boost::asio::this_coro::executor;
    boost::asio::steady_timer timer(executor, duration);
    auto ring = timer.async_wait(boost::asio::deferred);
    auto const over = co_await shutdown.until(std::move(ring));
    if (!shutdown.requested() && over.has_error())
        throw boost::system::system_error(over.error().code());
    co_return shutdown.requested();
}

} // namespace arborist::inline v0
