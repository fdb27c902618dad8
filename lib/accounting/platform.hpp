// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#ifndef ARBORIST_LIB_ACCOUNTING_PLATFORM_HPP
#define ARBORIST_LIB_ACCOUNTING_PLATFORM_HPP

#include <arborist/config.hpp>

#include <cstddef>
#include <cstdint>

// The one place for what differs between operating systems. Nothing here calls operator new.
namespace arborist::inline v0::accounting::platform {

/// As `malloc`; `alignment` is a power of two, and at least that of a pointer.
[[nodiscard]] void* allocate_aligned(std::size_t size, std::size_t alignment) noexcept;
void free_aligned(void* memory) noexcept;

/// Nanoseconds that this thread has been running on a processor; always 0 where nobody counts them.
[[nodiscard]] std::uint64_t thread_cpu_time() noexcept;

using exit_function = void() noexcept;
/// Prepares `call_at_thread_exit`. False where there is no such thing.
[[nodiscard]] bool prepare_thread_exit(exit_function* function) noexcept;
/// Has the function called on this thread when it ends, after the destructors of its thread-local
/// variables. False if that cannot be had.
[[nodiscard]] bool call_at_thread_exit() noexcept;

} // namespace arborist::inline v0::accounting::platform

#endif // ARBORIST_LIB_ACCOUNTING_PLATFORM_HPP
