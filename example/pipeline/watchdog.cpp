// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#include "watchdog.hpp"

#include <arborist/log.hpp>
#include <arborist/this_process.hpp>

#include "claim.hpp"

#include <boost/core/ignore_unused.hpp>
#include <boost/log/sources/record_ostream.hpp>

#include <algorithm>
#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <utility>

namespace pipeline {
namespace {

using std::chrono::steady_clock;

class timeouts {
public:
    explicit timeouts(std::chrono::milliseconds patience) : patience_(patience) {}

    /// The workers that are to be restarted now.
    [[nodiscard]] std::set<std::string> overdue(known_claims& claims) {
        auto const now = steady_clock::now();
        std::set<std::string> workers;
        for (auto const& [file, by] : claims.look()) {
            auto const before = restarts_.find(file);
            unsigned const restarts = before == restarts_.end() ? 0 : before->second;
            if (now - by->renewed < patience_ * (1 << restarts))
                continue;
            restarts_[file] = std::min(restarts + 1, 10U);
            workers.insert(by->worker);
        }
        return workers;
    }

private:
    std::chrono::milliseconds patience_;
    std::map<std::size_t, unsigned> restarts_;
};

void say(std::string const& worker) {
    if (arborist::log::enabled(boost::log::trivial::warning))
        BOOST_LOG_SEV(arborist::this_process::logger(), boost::log::trivial::warning)
            << worker << " does not get on; restarting it";
}

} // namespace

asio::awaitable<void> watch(arborist::supervisor_handle root, std::chrono::milliseconds patience,
                            arborist::process_shutdown shutdown) {
    known_claims claims;
    timeouts expired(patience);
    for (;;) {
        bool const over = co_await shutdown.wait_for(patience / 4);
        if (over)
            co_return;
        for (std::string const& worker : expired.overdue(claims)) {
            say(worker);
            // If that fails, because the tree is about to stop or it does not even end when it is
            // aborted, the library has said so, and there is nothing to be done here.
            auto restarting = shutdown.until(root.async_restart(worker));
            auto const restarted = co_await std::move(restarting);
            boost::ignore_unused(restarted);
        }
    }
}

} // namespace pipeline
