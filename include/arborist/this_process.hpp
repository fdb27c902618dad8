// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#ifndef ARBORIST_THIS_PROCESS_HPP
#define ARBORIST_THIS_PROCESS_HPP

#include <arborist/config.hpp>
#include <arborist/dataspace.hpp>

#include <cstdint>
#include <string>

/// The process that the calling code is in (P1): what runs on the executor of a worker that has not
/// ended, in whatever thread, initialisation and the destructors of its coroutine included; also in
/// functions that this code calls. What it spawns on another executor is not in it, and an observer
/// or a decision function, which the supervisor calls, is not either.
///
/// Thread-safe.
namespace arborist::inline v0::this_process {

/// The id (N1); 0 outside of any process.
[[nodiscard]] ARBORIST_DECL std::uint64_t id() noexcept;

/// The full name (N2), as "app.storage.wal"; empty outside of any process.
[[nodiscard]] ARBORIST_DECL std::string name();

/// The dataspace of the tree; null outside of any process. What is published there from here is
/// retracted when this process ends (A4).
[[nodiscard]] ARBORIST_DECL arborist::dataspace dataspace();

} // namespace arborist::inline v0::this_process

#endif // ARBORIST_THIS_PROCESS_HPP
