// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#ifndef ARBORIST_LIB_PROCESS_HOST_HPP
#define ARBORIST_LIB_PROCESS_HOST_HPP

#include <arborist/config.hpp>

namespace arborist::inline v0::detail {

/// Threads that belong to one process: a dedicated runtime, or the thread of a blocking worker.
/// Registered with the supervision (`supervision::host`) until the process has ended.
class process_host {
public:
    process_host() = default;
    process_host(process_host const&) = delete;
    process_host& operator=(process_host const&) = delete;
    virtual ~process_host() = default;

    /// The context of the supervision is being destroyed: nothing of it is touched any more. Unless
    /// the process is abandoned, its threads have ended when this returns.
    virtual void context_destroyed(bool abandoned) noexcept = 0;
};

} // namespace arborist::inline v0::detail

#endif // ARBORIST_LIB_PROCESS_HOST_HPP
