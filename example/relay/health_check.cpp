// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#include "health_check.hpp"

#include "connect.hpp"
#include "log.hpp"

#include <chrono>
#include <utility>

namespace relay {

using namespace std::chrono_literals;

health_check::health_check(host_port upstream, std::shared_ptr<counters> totals)
    : upstream_(std::move(upstream)), totals_(std::move(totals)) {}

asio::awaitable<arborist::initialization>
health_check::initialize(arborist::process_shutdown shutdown) {
    co_return run(std::move(shutdown));
}

asio::awaitable<arborist::result<void>> health_check::run(arborist::process_shutdown shutdown) {
    while (!shutdown.requested()) {
        auto connecting = connect(upstream_, 2s);
        auto const connected = co_await shutdown.until(std::move(connecting));
        if (!shutdown.requested())
            tell(connected);
        co_await shutdown.wait_for(1s);
    }
    co_return arborist::success();
}

void health_check::tell(arborist::result<tcp::socket> const& connected) {
    health const now = connected ? health::up : health::down;
    if (totals_->upstream.exchange(now) == now)
        return;
    if (connected)
        log(level::info, "upstream ", upstream_, " is up");
    else
        log(level::warning, "upstream ", upstream_, " is down: ", connected.error());
}

} // namespace relay
