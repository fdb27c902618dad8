// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#ifndef ARBORIST_EXIT_REASON_HPP
#define ARBORIST_EXIT_REASON_HPP

#include <arborist/cause.hpp>
#include <arborist/config.hpp>

#include <iosfwd>
#include <string>
#include <utility>

namespace arborist::inline v0 {

/// How a process ended.
enum class exit_kind : unsigned char {
    /// Its work is done, or it stopped because it was asked to.
    completed,
    /// It returned an error.
    terminated,
    /// An exception escaped from it.
    panicked,
    /// Its supervisor ended it.
    aborted,
    /// It did not even end when it was aborted; its supervisor no longer waits for it (D9).
    abandoned,
};

/// "completed", "terminated", "panicked", "aborted" or "abandoned".
[[nodiscard]] ARBORIST_DECL char const* to_string(exit_kind kind) noexcept;
ARBORIST_DECL std::ostream& operator<<(std::ostream& stream, exit_kind kind);

/// The end of a process: how, and why.
class BOOST_SYMBOL_VISIBLE exit_reason {
public:
    exit_reason() noexcept = default;
    explicit exit_reason(exit_kind kind, cause why = {}) noexcept
        : kind_(kind), why_(std::move(why)) {}

    [[nodiscard]] exit_kind kind() const noexcept { return kind_; }
    /// Meaningful for `terminated` and `panicked`.
    [[nodiscard]] cause const& why() const noexcept { return why_; }
    /// Everything but `completed`: what makes a transient child restart (R4).
    [[nodiscard]] bool abnormal() const noexcept { return kind_ != exit_kind::completed; }

    /// "panicked: std::runtime_error: boom"
    [[nodiscard]] ARBORIST_DECL std::string message() const;
    friend ARBORIST_DECL std::ostream& operator<<(std::ostream& stream, exit_reason const& value);

private:
    exit_kind kind_ = exit_kind::completed;
    cause why_;
};

} // namespace arborist::inline v0

#endif // ARBORIST_EXIT_REASON_HPP
