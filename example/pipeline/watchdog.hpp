// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#ifndef ARBORIST_EXAMPLE_PIPELINE_WATCHDOG_HPP
#define ARBORIST_EXAMPLE_PIPELINE_WATCHDOG_HPP

#include <arborist/process_shutdown.hpp>
#include <arborist/supervisor_handle.hpp>

#include <boost/asio/awaitable.hpp>

#include <chrono>

namespace pipeline {

namespace asio = boost::asio;

/// Restarts every worker that holds a claim and has not renewed it for so long: supervisors see who
/// fails, and not who hangs.
///
/// Whoever is next with the same file gets twice the time, and so on: if it was wrong, and the
/// worker was only slow, it comes to its end all the same.
[[nodiscard]] asio::awaitable<void> watch(arborist::supervisor_handle root,
                                          std::chrono::milliseconds patience,
                                          arborist::process_shutdown shutdown);

} // namespace pipeline

#endif // ARBORIST_EXAMPLE_PIPELINE_WATCHDOG_HPP
