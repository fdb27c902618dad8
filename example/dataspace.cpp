// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

// Sharing state without sharing memory: one worker publishes where the primary is, another one
// follows it.

// tag::all[]
#include <arborist/arborist.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <chrono>
#include <iostream>

namespace asio = boost::asio;
using asio::ip::tcp;
using namespace std::chrono_literals;

// tag::election[]
// Moves the primary from one port to the next; in between there is none.
asio::awaitable<arborist::result<void>> elect(arborist::process_shutdown shutdown) {
    auto const data = arborist::this_process::dataspace();
    for (unsigned short port : {7001, 7002, 7003}) {
        tcp::endpoint const endpoint(asio::ip::address_v4::loopback(), port);
        if (auto published = data.publish("primary", endpoint); !published)
            co_return published.error();
        if (co_await shutdown.wait_for(100ms))
            break;
        if (auto retracted = data.retract<tcp::endpoint>("primary"); !retracted)
            co_return retracted.error();
    }
    co_return arborist::success();
}
// end::election[]

// tag::follower[]
// Knows where the primary is, and not who says so.
asio::awaitable<arborist::result<void>> follow(arborist::process_shutdown shutdown) {
    auto const data = arborist::this_process::dataspace();
    auto primaries = data.subscribe<tcp::endpoint>(arborist::prefix("primary"));
    while (auto update = co_await shutdown.until(primaries.async_receive())) {
        auto const& what = update.value();
        if (what)
            std::cout << "connecting to " << what.key() << " at " << *what << '\n';
        else
            std::cout << what.key() << " is gone\n";
    }
    co_return arborist::success(); // the shutdown
}
// end::follower[]

// tag::main[]
int main() {
    arborist::supervisor root("election", {.auto_shutdown = arborist::any_significant});
    root.add(arborist::worker("follower", follow));
    root.add(arborist::worker("elector", elect),
             {.restart = arborist::transient, .significant = true}); // when it has done, all has
    return arborist::run(root);
}
// end::main[]
// end::all[]
