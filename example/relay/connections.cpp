// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#include "connections.hpp"

#include "log.hpp"
#include "relay_session.hpp"

#include <boost/asio/deferred.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <set>
#include <utility>

namespace relay {

using namespace std::chrono_literals;

/// The sessions of one incarnation: they end with it.
class connections::session_set {
public:
    session_set(asio::any_io_executor executor, connections& owner)
        : tasks_(std::move(executor)), owner_(owner) {}

    void handle(tcp::socket&& client) {
        auto const executor = client.get_executor();
        auto session = relay_session(std::move(client), owner_.upstream_, owner_.totals_);
        running_.insert(tasks_.spawn(executor, std::move(session)));
    }

    void handle(cut order) {
        for (auto id = running_.begin(); id != running_.end() && order.count > 0; ++id)
            if (tasks_.abort(*id))
                --order.count;
    }

    // A session tells of its end itself; here only its place is taken back.
    void collect() {
        while (auto ended = tasks_.try_join_next())
            running_.erase(ended->id);
    }

    asio::awaitable<void> drain(std::chrono::seconds limit) {
        using namespace asio::experimental::awaitable_operators;

        collect();
        if (tasks_.empty())
            co_return;
        log(level::info, "waiting up to ", limit.count(), " s for ", tasks_.size(),
            " connections to end");
        asio::steady_timer deadline(tasks_.get_executor(), limit);
        auto drained = tasks_.async_drain(asio::use_awaitable);
        auto late = deadline.async_wait(asio::use_awaitable);
        auto first = std::move(drained) || std::move(late);
        co_await std::move(first);
        collect();
        if (tasks_.empty())
            co_return;
        log(level::warning, "cutting ", tasks_.size(), " connections that did not end");
        tasks_.abort_all();
        co_await tasks_.async_drain(asio::use_awaitable);
    }

private:
    arborist::join_set<> tasks_;
    connections& owner_;
    std::set<arborist::task_id> running_;
};

connections::connections(std::shared_ptr<connections_inbox> inbox, host_port upstream,
                         std::chrono::seconds drain, std::shared_ptr<counters> totals)
    : inbox_(std::move(inbox)), upstream_(std::move(upstream)), drain_(drain),
      totals_(std::move(totals)) {}

arborist::shutdown_strategy connections::shutdown() const {
    return arborist::graceful(drain_ + 2s); // it keeps to its deadline itself
}

asio::awaitable<arborist::initialization>
connections::initialize(arborist::process_shutdown shutdown) {
    co_return run(std::move(shutdown));
}

asio::awaitable<arborist::result<void>> connections::run(arborist::process_shutdown shutdown) {
    session_set sessions(co_await asio::this_coro::executor, *this);
    auto const handle = [&sessions](auto&& what) {
        sessions.handle(std::forward<decltype(what)>(what));
    };
    for (;;) {
        auto receive = inbox_->async_receive(asio::deferred);
        auto received = co_await shutdown.until(std::move(receive));
        sessions.collect();
        if (shutdown.requested() && !received)
            break;
        if (!received)
            co_return std::move(received).error();
        std::visit(handle, std::move(received).value());
    }
    // The listener has stopped before us; whom it had accepted is served.
    while (inbox_->try_receive(
        [&handle](boost::system::error_code, auto what) { std::visit(handle, std::move(what)); }))
        ;
    co_await sessions.drain(drain_);
    co_return arborist::success();
}

} // namespace relay
