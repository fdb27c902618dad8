// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#ifndef ARBORIST_CAUSE_HPP
#define ARBORIST_CAUSE_HPP

#include <arborist/config.hpp>
#include <arborist/errc.hpp>

#include <boost/system/error_code.hpp>
#include <boost/system/is_error_code_enum.hpp>

#include <exception>
#include <iosfwd>
#include <memory>
#include <string>

namespace arborist::inline v0 {

class supervisor_error;

/// Why something failed: an error code, a message, an exception, or the error of a nested
/// supervisor; a code and a message may go together.
///
/// Cheap to copy; a cause that is only a code allocates nothing. Distinct objects may be used from
/// distinct threads; all members are `const` and safe to call concurrently.
class ARBORIST_DECL cause {
public:
    /// No cause: `code()` is zero and `message()` is "no cause given".
    cause() noexcept;
    cause(boost::system::error_code code) noexcept; // NOLINT(google-explicit-constructor)
    /// An error code or library error number, such as `asio::error::eof` or `errc::invalid_name`.
    template <class Enum>
        requires(boost::system::is_error_code_enum<Enum>::value)
    cause(Enum code) : cause(boost::system::error_code(code)) {}
    /// `what` says what was attempted; `message()` appends the meaning of the code.
    cause(boost::system::error_code code, std::string what);
    /// Explicit, so that a `result<std::string>` knows its value from its error.
    explicit cause(std::string what);
    /// The type and text of the exception are read when they are asked for. `code()` is known only
    /// if it is given here, as by @ref current.
    cause(std::exception_ptr exception, // NOLINT(google-explicit-constructor)
          boost::system::error_code code = {}) noexcept;
    cause(supervisor_error error); // NOLINT(google-explicit-constructor)

    cause(cause const&) noexcept;
    cause(cause&&) noexcept;
    cause& operator=(cause const&) noexcept;
    cause& operator=(cause&&) noexcept;
    ~cause();

    /// The exception being handled, with the code that it carries if it is a `system_error`, or
    /// that the first of `asio::multiple_exceptions` carries. Call it inside a `catch` clause only.
    [[nodiscard]] static cause current();

    /// The error code; zero if the cause is only a message or an exception without one.
    [[nodiscard]] boost::system::error_code const& code() const noexcept;
    /// The exception, or null.
    [[nodiscard]] std::exception_ptr const& exception() const noexcept;
    /// The error of the nested supervisor that failed, or null.
    [[nodiscard]] supervisor_error const* nested() const noexcept;

    /// One line for a person. For an exception: its type and what it says.
    [[nodiscard]] std::string message() const;

    /// Throws the exception, or a `boost::system::system_error` of code and message.
    [[noreturn]] void rethrow() const;

    friend ARBORIST_DECL std::ostream& operator<<(std::ostream& stream, cause const& value);

private:
    struct story;

    boost::system::error_code code_;
    std::exception_ptr exception_;
    std::shared_ptr<story const> story_;
};

/// Lets Boost.Outcome throw what the cause holds from `result::value()`.
[[noreturn]] inline void outcome_throw_as_system_error_with_payload(cause const& value) {
    value.rethrow();
}

/// Makes the code of a cause available to Boost.Outcome; found by argument-dependent lookup.
[[nodiscard]] inline boost::system::error_code make_error_code(cause const& value) noexcept {
    return value.code();
}

} // namespace arborist::inline v0

#endif // ARBORIST_CAUSE_HPP
