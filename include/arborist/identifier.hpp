// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#ifndef ARBORIST_IDENTIFIER_HPP
#define ARBORIST_IDENTIFIER_HPP

#include <arborist/config.hpp>

#include <boost/assert.hpp>

#include <compare>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <iosfwd>
#include <string>
#include <string_view>
#include <utility>

namespace arborist::inline v0 {

namespace detail {

template <class T>
concept identifier_name = std::convertible_to<T const&, std::string_view>;

// No characters: 'x' would be 120.
template <class T>
concept identifier_number = std::integral<T> && !std::same_as<T, bool> && !std::same_as<T, char> &&
                            !std::same_as<T, wchar_t> && !std::same_as<T, char8_t> &&
                            !std::same_as<T, char16_t> && !std::same_as<T, char32_t>;

} // namespace detail

/// Under what a value is found in a @ref dataspace: a name or a number (A1). No name equals any
/// number.
///
/// This one refers to the characters of somebody else, and is meant for parameters; @ref identifier
/// owns them.
class BOOST_SYMBOL_VISIBLE identifier_view {
public:
    /// Any string, the empty one too.
    template <detail::identifier_name Name>
    constexpr identifier_view(Name const& name) noexcept // NOLINT(google-explicit-constructor)
        : name_(name), is_name_(true) {}
    /// Precondition: `number` is not negative.
    template <detail::identifier_number Number>
    constexpr identifier_view(Number number) noexcept // NOLINT(google-explicit-constructor)
        : number_(static_cast<std::uint64_t>(number)) {
        BOOST_ASSERT_MSG(!std::cmp_less(number, 0), "an identifier is not negative");
    }

    [[nodiscard]] constexpr bool is_name() const noexcept { return is_name_; }
    /// Empty if it is a number.
    [[nodiscard]] constexpr std::string_view name() const noexcept { return name_; }
    /// 0 if it is a name.
    [[nodiscard]] constexpr std::uint64_t number() const noexcept { return number_; }

    friend constexpr bool operator==(identifier_view, identifier_view) noexcept = default;
    /// Numbers first, in their order, then names in theirs.
    friend constexpr std::strong_ordering operator<=>(identifier_view a,
                                                      identifier_view b) noexcept {
        if (auto const order = a.is_name_ <=> b.is_name_; order != nullptr)
            return order;
        return a.is_name_ ? a.name_ <=> b.name_ : a.number_ <=> b.number_;
    }

private:
    std::string_view name_;
    std::uint64_t number_ = 0;
    bool is_name_ = false;
};

/// A name or a number, like @ref identifier_view, and owns it. May be the key of a map.
class BOOST_SYMBOL_VISIBLE identifier {
public:
    explicit identifier(identifier_view from)
        : name_(from.name()), number_(from.number()), is_name_(from.is_name()) {}

    operator identifier_view() const noexcept { // NOLINT(google-explicit-constructor)
        return is_name_ ? identifier_view(name_) : identifier_view(number_);
    }

    [[nodiscard]] bool is_name() const noexcept { return is_name_; }
    /// Empty if it is a number.
    [[nodiscard]] std::string const& name() const noexcept { return name_; }
    /// 0 if it is a name.
    [[nodiscard]] std::uint64_t number() const noexcept { return number_; }

    friend bool operator==(identifier const&, identifier const&) noexcept = default;
    friend bool operator==(identifier const& a, identifier_view b) noexcept {
        return identifier_view(a) == b;
    }
    /// Numbers first, in their order, then names in theirs.
    friend std::strong_ordering operator<=>(identifier const& a, identifier const& b) noexcept {
        return identifier_view(a) <=> identifier_view(b);
    }

    /// The name as it is, or the number.
    friend ARBORIST_DECL std::ostream& operator<<(std::ostream& stream, identifier const& value);

private:
    std::string name_;
    std::uint64_t number_;
    bool is_name_;
};

/// Which identifiers one wants to hear of (A5). Made by @ref exact and @ref prefix; a default
/// constructed one is for all.
class BOOST_SYMBOL_VISIBLE identifier_filter {
public:
    identifier_filter() = default;

    /// Names and numbers alike.
    [[nodiscard]] bool matches(identifier_view id) const noexcept {
        switch (kind_) {
        case kind::all:
            break;
        case kind::exact:
            return id == which_;
        case kind::prefix:
            return id.is_name() && id.name().starts_with(which_.name());
        }
        return true;
    }

    /// The only identifier that matches, if it is an @ref exact filter; else null.
    [[nodiscard]] identifier const* only() const noexcept {
        return kind_ == kind::exact ? &which_ : nullptr;
    }

    friend identifier_filter exact(identifier_view id);
    friend identifier_filter prefix(std::string_view beginning);

private:
    enum class kind : unsigned char { all, exact, prefix };

    identifier_filter(kind k, identifier_view which) : which_(which), kind_(k) {}

    identifier which_{0U};
    kind kind_ = kind::all;
};

/// This name, or this number, and no other.
[[nodiscard]] inline identifier_filter exact(identifier_view id) {
    return {identifier_filter::kind::exact, id};
}

/// All names that begin so, but no number. `prefix("")` is for all names.
[[nodiscard]] inline identifier_filter prefix(std::string_view beginning) {
    return {identifier_filter::kind::prefix, beginning};
}

} // namespace arborist::inline v0

template <>
struct std::hash<arborist::identifier_view> {
    [[nodiscard]] std::size_t operator()(arborist::identifier_view id) const noexcept {
        // Numbers often come in a row; spread, for tables whose size is a power of two.
        return id.is_name() ? std::hash<std::string_view>()(id.name())
                            : static_cast<std::size_t>(id.number() * 0x9e3779b97f4a7c15U);
    }
};

template <>
struct std::hash<arborist::identifier> {
    [[nodiscard]] std::size_t operator()(arborist::identifier const& id) const noexcept {
        return std::hash<arborist::identifier_view>()(id);
    }
};

#endif // ARBORIST_IDENTIFIER_HPP
