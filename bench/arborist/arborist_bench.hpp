// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#ifndef ARBORIST_BENCH_ARBORIST_BENCH_HPP
#define ARBORIST_BENCH_ARBORIST_BENCH_HPP

// What the programs that measure arborist share. Features are on: names, ids, counters, deadlines,
// one observer that counts; the log is not.

#include <arborist/arborist.hpp>
#include <arborist/log.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/deferred.hpp>

#include <cstddef>

namespace bench {

namespace asio = boost::asio;

struct counters {
    std::size_t events = 0;
    std::size_t restarts = 0;

    void operator()(arborist::event const& what) {
        ++events;
        if (what.kind == arborist::event_kind::child_restarting)
            ++restarts;
    }
};

inline asio::awaitable<void> idle(arborist::process_shutdown shutdown) {
    auto wait = shutdown.async_wait(asio::deferred);
    co_await std::move(wait);
}

} // namespace bench

#endif // ARBORIST_BENCH_ARBORIST_BENCH_HPP
