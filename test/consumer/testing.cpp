// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

// A program outside the project, with the kit: an hour of a tree that fails now and then.
#include <arborist/arborist.hpp>
#include <arborist/log.hpp>
#include <arborist/testing.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/deferred.hpp>

#include <chrono>
#include <iostream>

namespace asio = boost::asio;

namespace {

arborist::supervisor make_tree(arborist::testing::simulation& /*world*/) {
    arborist::supervisor tree("consumer", {.intensity = arborist::unlimited});
    tree.add(arborist::worker("worker",
                              [](arborist::process_shutdown shutdown) -> asio::awaitable<void> {
                                  auto stopped = shutdown.async_wait(asio::deferred);
                                  co_await std::move(stopped);
                              }));
    return tree;
}

} // namespace

int main() {
    arborist::log::disable();
    auto const found =
        arborist::testing::explore(make_tree, {.runs = 10, .time = std::chrono::hours(1)});
    std::cout << found << '\n';
    return found.good() ? 0 : 1;
}
