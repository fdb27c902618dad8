// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#ifndef ARBORIST_LIB_CURRENT_PROCESS_HPP
#define ARBORIST_LIB_CURRENT_PROCESS_HPP

#include <arborist/config.hpp>

namespace arborist::inline v0::detail {

class process;
class resource_group;

/// What this thread is doing at the moment.
struct current_place {
    /// The process whose code runs; null outside.
    process* self = nullptr;
    /// Who pays; null for nobody.
    resource_group* charged = nullptr;
};

/// Not inline: a coroutine that reads a thread-local variable itself may get that of the thread
/// that it was on before it was suspended.
[[nodiscard]] ARBORIST_DECL current_place& current() noexcept;

/// As long as it lives, this thread is in a process, or outside if the process has ended.
class process_scope {
public:
    explicit process_scope(process& self) noexcept;
    process_scope(process_scope const&) = delete;
    process_scope& operator=(process_scope const&) = delete;
    ~process_scope();

private:
    current_place& here_;
    current_place const before_;
};

} // namespace arborist::inline v0::detail

#endif // ARBORIST_LIB_CURRENT_PROCESS_HPP
