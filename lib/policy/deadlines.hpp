// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#ifndef ARBORIST_LIB_POLICY_DEADLINES_HPP
#define ARBORIST_LIB_POLICY_DEADLINES_HPP

#include <arborist/config.hpp>

#include "event.hpp"
#include "time.hpp"

#include <cstddef>
#include <cstdint>
#include <tuple>
#include <vector>

namespace arborist::inline v0::policy {

/// At most one deadline for each child and for each of two other things, ordered by time, and among
/// equal ones by index. A heap that knows where each one is, so that setting and dropping deadlines
/// needs no memory but what was reserved for the child (M2).
class ARBORIST_DECL deadlines {
public:
    /// What is not a child, and comes after all of them.
    static constexpr child_index the_stop = child_index(-1);
    static constexpr child_index the_group = the_stop - 1;

    deadlines();

    /// From now on there are so many children. Strong guarantee.
    void reserve(std::size_t children);

    /// `never` drops it.
    void set(child_index whose, time_point at) noexcept;
    void clear() noexcept;

    /// The first one; `never` if there is none.
    [[nodiscard]] time_point earliest() const noexcept;
    /// Whose it is. Precondition: there is one.
    [[nodiscard]] child_index next() const noexcept { return heap_.front().whose; }

private:
    struct entry {
        time_point at;
        child_index whose;

        friend bool operator<(entry const& a, entry const& b) noexcept {
            return std::tie(a.at, a.whose) < std::tie(b.at, b.whose);
        }
    };

    [[nodiscard]] std::uint32_t& place_of(child_index whose) noexcept;
    void put(entry const& what, std::size_t place) noexcept;
    void settle(entry const& what, std::size_t place) noexcept;

    static constexpr std::uint32_t nowhere = std::uint32_t(-1);

    std::vector<entry> heap_;
    // In the heap; the two others come first.
    std::vector<std::uint32_t> places_;
};

} // namespace arborist::inline v0::policy

#endif // ARBORIST_LIB_POLICY_DEADLINES_HPP
