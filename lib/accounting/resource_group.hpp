// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#ifndef ARBORIST_LIB_ACCOUNTING_RESOURCE_GROUP_HPP
#define ARBORIST_LIB_ACCOUNTING_RESOURCE_GROUP_HPP

#include <arborist/detail/resource_tracking.hpp>
#include <arborist/resources.hpp>

#include "seat.hpp"

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace arborist::inline v0::accounting {

class ledger;

} // namespace arborist::inline v0::accounting

namespace arborist::inline v0::detail {

/// To whom memory and time are charged. Lives while there are references to it, objects that were
/// charged to it, or readers; its memory comes from `malloc`.
class resource_group {
public:
    /// `name` must live as long.
    constexpr explicit resource_group(std::string_view name) noexcept : name_(name) {}
    resource_group(resource_group const&) = delete;
    resource_group& operator=(resource_group const&) = delete;

    [[nodiscard]] std::string_view name() const noexcept { return name_; }

    void add_allocation(std::size_t size) noexcept {
        auto const at = accounting::seat();
        auto& to = tallies_[at];
        to.allocated_bytes.add(size, at);
        to.allocated_objects.add(1, at);
    }

    /// With the last one of a group that nobody refers to, it may be gone at once.
    void add_free(std::size_t size) noexcept {
        auto const at = accounting::seat();
        auto& to = tallies_[at];
        to.freed_bytes.add(size, at);
        to.freed_objects.add(1, at); // the last touch: see is_empty
    }

    void add_cpu_time(std::uint64_t nanoseconds) noexcept {
        auto const at = accounting::seat();
        tallies_[at].cpu_time.add(nanoseconds, at);
    }

    [[nodiscard]] resource_usage usage() const noexcept;

private:
    friend accounting::ledger;

    struct alignas(64) tally {
        accounting::counter allocated_bytes;
        accounting::counter allocated_objects;
        accounting::counter freed_bytes;
        accounting::counter freed_objects;
        accounting::counter cpu_time;
    };

    std::string_view name_;
    std::atomic<std::size_t> references_{1};

    // The ledger's, under its lock.
    resource_group* previous_ = nullptr;
    resource_group* next_ = nullptr;
    resource_group* next_ended_ = nullptr;
    std::size_t readers_ = 0;
    bool ended_ = false;

    std::array<tally, accounting::seats> tallies_{};
};

} // namespace arborist::inline v0::detail

#endif // ARBORIST_LIB_ACCOUNTING_RESOURCE_GROUP_HPP
