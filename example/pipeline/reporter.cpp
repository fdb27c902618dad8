// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#include "reporter.hpp"

#include "amount.hpp"
#include "claim.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <iostream>
#include <sstream>
#include <string>
#include <unistd.h>

namespace pipeline {
namespace {

using namespace std::chrono_literals;

std::string line(totals const& now, known_claims& claims) {
    std::ptrdiff_t reading = 0;
    auto const& held = claims.look();
    for (auto const& [file, by] : held)
        reading += by->worker.starts_with("reading/") ? 1 : 0;
    std::ostringstream text;
    text << now.files_done << " of " << now.files << " files, " << amount{now.bytes_done} << " of "
         << amount{now.bytes} << "; at work: " << reading << " reading, "
         << std::ssize(held) - reading << " compressing";
    return std::move(text).str();
}

std::string bar(totals const& now) {
    static constexpr std::uintmax_t width = 30;
    auto const done = now.bytes == 0 ? width : std::min(width * now.bytes_done / now.bytes, width);
    return '[' + std::string(done, '#') + std::string(width - done, ' ') + "] ";
}

} // namespace

asio::awaitable<void> report(std::shared_ptr<worklist const> work,
                             arborist::process_shutdown shutdown) {
    bool const terminal = isatty(STDERR_FILENO) != 0;
    known_claims claims;
    bool last = false;
    while (!last) {
        last = co_await shutdown.wait_for(terminal ? 100ms : 1000ms);
        auto const now = work->so_far();
        if (terminal) // back to the beginning, and what was there before is erased behind it
            std::cerr << '\r' << bar(now) << line(now, claims) << "\x1b[K" << (last ? "\n" : "");
        else if (!last) // then comes the summary
            std::cerr << line(now, claims) << '\n';
        std::cerr.flush();
    }
}

} // namespace pipeline
