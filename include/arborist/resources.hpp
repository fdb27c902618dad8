// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#ifndef ARBORIST_RESOURCES_HPP
#define ARBORIST_RESOURCES_HPP

#include <arborist/config.hpp>
#include <arborist/options.hpp>

#include <cstdint>

namespace arborist::inline v0 {

/// What the workers of a supervisor have used since its run began (P4). Memory is that of
/// `operator new` in all its forms, in the sizes that were asked for; it is charged to who
/// allocated it, whoever frees it.
struct resource_usage {
    std::uint64_t allocated_bytes = 0;
    std::uint64_t freed_bytes = 0;
    std::uint64_t allocated_objects = 0;
    std::uint64_t freed_objects = 0;
    /// Of the threads, while they ran code of these workers.
    duration cpu_time = duration::zero();

    [[nodiscard]] std::uint64_t live_bytes() const noexcept {
        return allocated_bytes - freed_bytes;
    }
    [[nodiscard]] std::uint64_t live_objects() const noexcept {
        return allocated_objects - freed_objects;
    }

    friend bool operator==(resource_usage const&, resource_usage const&) = default;
};

} // namespace arborist::inline v0

#endif // ARBORIST_RESOURCES_HPP
