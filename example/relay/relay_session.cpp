// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#include "relay_session.hpp"

#include "connect.hpp"
#include "log.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <array>
#include <atomic>
#include <cstdint>
#include <exception>
#include <utility>

namespace relay {
namespace {

using boost::system::error_code;

constexpr auto as_error = asio::as_tuple(asio::use_awaitable);

using buffer_type = std::array<char, 64 * 1024>;

// Closes so that the peer sees a failure.
void reset(tcp::socket& socket) noexcept {
    error_code ignored;
    socket.set_option(tcp::socket::linger(true, 0), ignored);
    socket.close(ignored);
}

// Two sockets that end together, and their place among the counters.
class connection {
public:
    connection(tcp::socket from, std::shared_ptr<counters> totals)
        : client(std::move(from)), upstream(client.get_executor()), totals_(std::move(totals)) {
        ++totals_->open;
    }
    connection(connection const&) = delete;
    connection& operator=(connection const&) = delete;
    ~connection() {
        if (!finished_) {
            reset_both();
            ++totals_->failed;
        }
        --totals_->open;
    }

    // The first error counts: it is what makes the other direction fail.
    void fail(error_code error) noexcept {
        if (!error_)
            error_ = error;
        reset_both();
    }
    // It ended as it should.
    void finish() noexcept { finished_ = true; }
    // The upstream could not be reached.
    void refuse() noexcept {
        reset(client);
        ++totals_->refused;
        finished_ = true;
    }

    [[nodiscard]] error_code const& error() const noexcept { return error_; }

    tcp::socket client;
    tcp::socket upstream;

private:
    void reset_both() noexcept {
        reset(client);
        reset(upstream);
    }

    std::shared_ptr<counters> totals_;
    error_code error_;
    bool finished_ = false;
};

asio::awaitable<void> pump(connection& both, tcp::socket& from, tcp::socket& to,
                           std::atomic<std::uint64_t>& bytes) {
    auto const buffer = std::make_unique<buffer_type>();
    for (;;) {
        auto const [read_error, size] =
            co_await from.async_read_some(asio::buffer(*buffer), as_error);
        if (read_error == asio::error::eof) {
            error_code already_gone; // the other direction sees it too
            to.shutdown(tcp::socket::shutdown_send, already_gone);
            co_return;
        }
        if (read_error)
            co_return both.fail(read_error);
        auto const [write_error, written] =
            co_await asio::async_write(to, asio::buffer(*buffer, size), as_error);
        bytes.fetch_add(written, std::memory_order_relaxed);
        if (write_error)
            co_return both.fail(write_error);
    }
}

// Yields why there is no connection to the upstream, if there is none. What goes wrong later is
// kept in `both`.
asio::awaitable<error_code> carry(connection& both, session_options const& options) {
    using namespace asio::experimental::awaitable_operators;

    auto connected = co_await connect(options.upstream, std::chrono::seconds(3));
    if (!connected)
        co_return connected.error().code();
    both.upstream = std::move(connected).value();
    error_code unimportant;
    both.client.set_option(tcp::no_delay(true), unimportant);
    both.upstream.set_option(tcp::no_delay(true), unimportant);

    auto up = pump(both, both.client, both.upstream, options.totals->bytes_to_upstream);
    auto down = pump(both, both.upstream, both.client, options.totals->bytes_to_clients);
    auto carried = std::move(up) && std::move(down);
    co_await std::move(carried);
    co_return error_code();
}

// Completes when the session has had its time.
asio::awaitable<void> expire(session_options const& options, arborist::process_shutdown shutdown) {
    co_await shutdown.async_wait(asio::use_awaitable);
    if (!options.totals->ending)
        co_return;
    asio::steady_timer drained(co_await asio::this_coro::executor, options.drain);
    co_await drained.async_wait(asio::use_awaitable);
}

} // namespace

asio::awaitable<arborist::result<void>> relay_session(tcp::socket client, session_options options,
                                                      arborist::process_shutdown shutdown) {
    error_code gone;
    auto const peer = client.remote_endpoint(gone);
    connection both(std::move(client), options.totals);

    // Not `||`, which goes on waiting for the shutdown if the session throws.
    auto const strand = co_await asio::this_coro::executor;
    auto race = asio::experimental::make_parallel_group(
        asio::co_spawn(strand, carry(both, options), asio::deferred),
        asio::co_spawn(strand, expire(options, std::move(shutdown)), asio::deferred));
    auto end = race.async_wait(asio::experimental::wait_for_one(), asio::use_awaitable);
    auto const [order, thrown, no_upstream, unimportant] = co_await std::move(end);

    if (order[0] == 1) {
        log(level::debug, "connection from ", peer, " is cut: it has had its time");
        co_return arborist::success();
    }
    if (thrown)
        std::rethrow_exception(thrown);
    if (no_upstream) {
        both.refuse();
        co_return arborist::cause(no_upstream, "cannot connect to " + to_string(options.upstream));
    }
    if (both.error())
        log(level::debug, "connection from ", peer, " failed: ", both.error().message());
    else
        both.finish();
    co_return arborist::success();
}

} // namespace relay
