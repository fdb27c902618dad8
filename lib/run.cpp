// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#include <arborist/on_signal.hpp>
#include <arborist/run.hpp>

#include <boost/asio/io_context.hpp>

#include <csignal>
#include <iostream>
#include <new>
#include <utility>

namespace arborist::inline v0 {

int run(supervisor& root) {
    boost::asio::io_context context(1);
    int code = 0;
    root.async_run(context, on_signal(SIGINT, SIGTERM), [&](run_result result) {
        code = exit_code(result);
        if (code != 0)
            std::cerr << result.error() << '\n';
        context.stop(); // an abandoned child would keep it running (D9)
    });
    for (bool again = true; std::exchange(again, false);) {
        try {
            context.run();
        } catch (std::bad_alloc const&) { // of a completion that Asio could not deliver (M5)
            again = true;
        }
    }
    return code;
}

int exit_code(run_result const& result) noexcept {
    if (result)
        return 0;
    switch (result.error().code()) {
    case errc::failed_to_initialize:
        return result.error().exit().why().code() == errc::runtime_unavailable ? 71 : 69;
    case errc::significant_child_exited:
        return result.error().exit().abnormal() ? 70 : 0;
    case errc::restart_limit_exceeded:
    case errc::escalated:
    case errc::runtime_panicked:
        return 70;
    case errc::shutdown_timed_out:
        return 75;
    default:
        return 78;
    }
}

} // namespace arborist::inline v0
