// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#ifndef ARBORIST_CHILD_ID_HPP
#define ARBORIST_CHILD_ID_HPP

#include <arborist/config.hpp>

#include <compare>
#include <cstdint>
#include <functional>
#include <iosfwd>

namespace arborist::inline v0 {

/// Names a child of a supervisor, through all its restarts (N1). Unique within the program: a child
/// that is added has one, and one that is started through a handle gets one. A default-constructed
/// one names nobody.
class BOOST_SYMBOL_VISIBLE child_id {
public:
    constexpr child_id() noexcept = default;
    /// For ids that were written down, as in a command.
    constexpr explicit child_id(std::uint64_t value) noexcept : value_(value) {}

    [[nodiscard]] constexpr std::uint64_t value() const noexcept { return value_; }

    friend constexpr auto operator<=>(child_id, child_id) noexcept = default;

    /// "17"
    friend ARBORIST_DECL std::ostream& operator<<(std::ostream& stream, child_id value);

private:
    std::uint64_t value_ = 0;
};

} // namespace arborist::inline v0

template <>
struct std::hash<arborist::child_id> {
    [[nodiscard]] std::size_t operator()(arborist::child_id id) const noexcept {
        return std::hash<std::uint64_t>()(id.value());
    }
};

#endif // ARBORIST_CHILD_ID_HPP
