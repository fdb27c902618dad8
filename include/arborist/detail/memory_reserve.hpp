// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#ifndef ARBORIST_DETAIL_MEMORY_RESERVE_HPP
#define ARBORIST_DETAIL_MEMORY_RESERVE_HPP

#include <arborist/config.hpp>

#include <new>

namespace arborist::inline v0::detail {

/// As long as there is one, the program holds some memory for the case that it runs out of it (M3).
/// All share the same. Thread-safe.
class ARBORIST_DECL memory_reserve {
public:
    memory_reserve();
    memory_reserve(memory_reserve const&) : memory_reserve() {}
    memory_reserve& operator=(memory_reserve const&) noexcept { return *this; }
    ~memory_reserve();

    /// An allocation has failed: gives some back to the allocator, so that it may be tried again.
    /// If there is nothing left, it terminates the program.
    static void give_back() noexcept;
    /// Takes again what was given back, as far as there is memory for it.
    static void refill() noexcept;
};

/// Calls `function` until it does not throw `std::bad_alloc`. For what must not be lost; having
/// thrown, it must have changed nothing.
template <class Function>
decltype(auto) insist(Function const& function) {
    for (;;) {
        try {
            return function();
        } catch (std::bad_alloc const&) {
            memory_reserve::give_back();
        }
    }
}

} // namespace arborist::inline v0::detail

#endif // ARBORIST_DETAIL_MEMORY_RESERVE_HPP
