// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#include "watchdog.hpp"

#include <arborist/log.hpp>
#include <arborist/this_process.hpp>

#include "claim.hpp"

#include <boost/core/ignore_unused.hpp>
#include <boost/log/sources/record_ostream.hpp>

#include <set>
#include <string>
#include <utility>

namespace pipeline {
namespace {

std::set<std::string> overdue(known_claims& claims, std::chrono::milliseconds patience) {
    auto const then = std::chrono::steady_clock::now() - patience;
    std::set<std::string> workers;
    for (auto const& [file, by] : claims.look())
        if (by->renewed < then)
            workers.insert(by->worker);
    return workers;
}

} // namespace

asio::awaitable<void> watch(arborist::supervisor_handle root, std::chrono::milliseconds patience,
                            arborist::process_shutdown shutdown) {
    known_claims claims;
    for (;;) {
        bool const over = co_await shutdown.wait_for(patience / 4);
        if (over)
            co_return;
        for (std::string const& worker : overdue(claims, patience)) {
            BOOST_LOG_SEV(arborist::this_process::logger(), boost::log::trivial::warning)
                << worker << " does not get on; restarting it";
            // If that fails, because the tree is about to stop or it does not even end when it is
            // aborted, the library has said so, and there is nothing to be done here.
            auto restarting = shutdown.until(root.async_restart(worker));
            auto const restarted = co_await std::move(restarting);
            boost::ignore_unused(restarted);
        }
    }
}

} // namespace pipeline
