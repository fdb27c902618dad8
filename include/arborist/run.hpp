// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#ifndef ARBORIST_RUN_HPP
#define ARBORIST_RUN_HPP

#include <arborist/config.hpp>
#include <arborist/supervisor.hpp>

namespace arborist::inline v0 {

/// Runs a tree in this thread until SIGINT or SIGTERM asks it to stop, or it fails; writes what
/// went wrong to standard error. For `main`, when there is nothing else to do.
///
/// The exit code is 0 after a clean stop, and otherwise the one of `sysexits.h` that service
/// managers know (@ref exit_code).
[[nodiscard]] ARBORIST_DECL int run(supervisor& root);

/// 0, also if a significant child has completed its work (R10) · 69 (unavailable) for
/// `failed_to_initialize` · 70 (software) for `restart_limit_exceeded`, `escalated`,
/// `runtime_panicked`, and `significant_child_exited` if the child failed · 71 (operating system)
/// if that is because of `runtime_unavailable` · 75 (temporary failure) for `shutdown_timed_out` ·
/// 78 (configuration) for the rest: the tree is wrong.
[[nodiscard]] ARBORIST_DECL int exit_code(run_result const& result) noexcept;

} // namespace arborist::inline v0

#endif // ARBORIST_RUN_HPP
