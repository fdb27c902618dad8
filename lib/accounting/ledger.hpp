// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#ifndef ARBORIST_LIB_ACCOUNTING_LEDGER_HPP
#define ARBORIST_LIB_ACCOUNTING_LEDGER_HPP

#include <arborist/resources.hpp>

#include "resource_group.hpp"

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <span>
#include <string_view>

namespace arborist::inline v0::accounting {

using detail::resource_group;

/// All groups. Calls nothing that could allocate while it is locked, so that `operator new` is free
/// to be called by whoever uses it.
class ledger {
public:
    constexpr ledger() = default;
    ledger(ledger const&) = delete;
    ledger& operator=(ledger const&) = delete;

    /// A group with one reference; null if there is no memory.
    [[nodiscard]] resource_group* make(std::string_view name) noexcept;
    void add_reference(resource_group& group) noexcept;
    void release(resource_group& group) noexcept;

    [[nodiscard]] resource_usage total() noexcept;

    /// A group as it was when it was read; it lives until the reading is done.
    struct entry {
        resource_group* group;
        bool ended;
        resource_usage usage;
    };
    /// All groups at one time, by age.
    class reading {
    public:
        /// \throws std::bad_alloc
        explicit reading(ledger& of);
        ~reading();
        reading(reading const&) = delete;
        reading& operator=(reading const&) = delete;

        [[nodiscard]] std::span<entry const> entries() const noexcept { return {first_, size_}; }
        [[nodiscard]] resource_usage const& reclaimed() const noexcept { return reclaimed_; }
        [[nodiscard]] resource_usage const& outside() const noexcept { return outside_; }

    private:
        ledger& of_;
        entry* first_ = nullptr;
        std::size_t size_ = 0;
        resource_usage reclaimed_;
        resource_usage outside_;
    };

private:
    // Frees the ended groups whose objects are all gone. Under the lock.
    void sweep() noexcept;
    void unlink(resource_group& group) noexcept;

    std::mutex mutex_;
    // By age.
    resource_group* first_ = nullptr;
    resource_group* last_ = nullptr;
    std::size_t size_ = 0;
    // Those that nobody refers to any more.
    resource_group* ended_ = nullptr;
    std::size_t ended_size_ = 0;
    // How many were left after the last sweep.
    std::size_t survivors_ = 0;
    resource_usage reclaimed_;
};

/// They live for ever: memory is allocated before and freed after the lives of static objects.
[[nodiscard]] ledger& all_groups() noexcept;

/// What is charged to nobody.
extern constinit resource_group outside_group;

} // namespace arborist::inline v0::accounting

#endif // ARBORIST_LIB_ACCOUNTING_LEDGER_HPP
