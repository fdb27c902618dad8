// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#ifndef ARBORIST_LIB_OWNERSHIP_HPP
#define ARBORIST_LIB_OWNERSHIP_HPP

#include <arborist/config.hpp>

#include <cstdint>
#include <functional>
#include <memory>

namespace arborist::inline v0::detail {

/// A place in which processes own entries, which are taken away when they end (P3).
class owned_entries {
public:
    owned_entries() = default;
    owned_entries(owned_entries const&) = delete;
    owned_entries& operator=(owned_entries const&) = delete;

    /// The process has ended. Called in any thread, under no lock.
    virtual void retract_all(std::uint64_t owner) noexcept = 0;

protected:
    ~owned_entries() = default;
};

/// Calls `enter` once, at once, with the id of the process that the calling code is in, or with 0
/// outside. The process can not end meanwhile, and when it does, `where->retract_all()` is called;
/// so an entry that `enter` makes is never left behind. `enter` runs under a lock of the process:
/// no user code, and nothing that would come back here.
void enter_as_owner(std::shared_ptr<owned_entries> const& where,
                    std::function<void(std::uint64_t owner)> const& enter);

} // namespace arborist::inline v0::detail

#endif // ARBORIST_LIB_OWNERSHIP_HPP
