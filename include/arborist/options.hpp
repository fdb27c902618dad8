// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#ifndef ARBORIST_OPTIONS_HPP
#define ARBORIST_OPTIONS_HPP

#include <arborist/config.hpp>

#include <chrono>
#include <cstddef>
#include <iosfwd>
#include <limits>
#include <optional>

namespace arborist::inline v0 {

/// All times are measured on the monotonic clock, in nanoseconds.
using duration = std::chrono::nanoseconds;

/// Which children are restarted when one of them must be (R1).
enum class restart_strategy : unsigned char {
    /// Only the child that exited. The default.
    one_for_one,
    /// All children are stopped in reverse order, then all are started again.
    one_for_all,
    /// The same for the child that exited and those declared after it.
    rest_for_one,
};
using enum restart_strategy;

/// "one_for_one", "one_for_all" or "rest_for_one".
[[nodiscard]] ARBORIST_DECL char const* to_string(restart_strategy value) noexcept;
ARBORIST_DECL std::ostream& operator<<(std::ostream& stream, restart_strategy value);

/// When a child is restarted at all (R4).
enum class restart_type : unsigned char {
    /// After every exit. The default.
    permanent,
    /// After an abnormal exit: every exit but *completed*.
    transient,
    /// Never.
    temporary,
};
using enum restart_type;

/// "permanent", "transient" or "temporary".
[[nodiscard]] ARBORIST_DECL char const* to_string(restart_type value) noexcept;
ARBORIST_DECL std::ostream& operator<<(std::ostream& stream, restart_type value);

/// How many restarts a supervisor performs before it gives up (R2, R3): at most `restarts` within
/// any window of `period`; exactly that many fit, and a gap of exactly `period` is allowed. A group
/// restart counts once.
///
/// `restarts`: default 1; 0 gives up at the first exit that wants a restart. `period`: default 5 s;
/// must be positive unless `restarts` is 0 or unlimited.
///
/// Nested supervisors multiply: a leaf below k levels of {n, period} may restart (n+1)^k - 1 times
/// before the tree gives up.
struct restart_intensity {
    std::size_t restarts = 1;
    duration period = std::chrono::seconds(5);

    friend bool operator==(restart_intensity const&, restart_intensity const&) = default;
};

/// Never give up. A child that fails at once is then restarted as fast as the machine allows.
inline constexpr restart_intensity unlimited{std::numeric_limits<std::size_t>::max(), duration(0)};

/// "3 in 10s", "unlimited"
ARBORIST_DECL std::ostream& operator<<(std::ostream& stream, restart_intensity const& value);

/// How a child is stopped (D1): see @ref graceful, @ref brutal, @ref infinite.
class BOOST_SYMBOL_VISIBLE shutdown_strategy {
public:
    enum class kind_type : unsigned char { graceful, brutal, infinite };

    [[nodiscard]] constexpr kind_type kind() const noexcept { return kind_; }
    /// How long a graceful stop may take; `duration::max()` stands for ever.
    [[nodiscard]] constexpr duration timeout() const noexcept { return timeout_; }

    friend bool operator==(shutdown_strategy const&, shutdown_strategy const&) = default;

    constexpr shutdown_strategy(kind_type kind, duration timeout) noexcept
        : kind_(kind), timeout_(timeout) {}

private:
    kind_type kind_;
    duration timeout_;
};

namespace detail {

/// Throws `errc::invalid_option`.
[[noreturn]] ARBORIST_DECL void throw_negative_timeout(char const* where);

/// Converts to nanoseconds; what is too large to represent becomes `duration::max()`, "none" (D4).
template <class Rep, class Period>
constexpr duration saturate(std::chrono::duration<Rep, Period> value) noexcept {
    using wide = std::chrono::duration<long double, std::nano>;
    if (wide(value) >= wide(duration::max()))
        return duration::max();
    return std::chrono::duration_cast<duration>(value);
}

} // namespace detail

/// Give the shutdown signal, wait for `timeout`, then abort. The default of a worker, with 5 s. A
/// timeout too large to represent means none.
/// @throws boost::system::system_error `errc::invalid_option` if the timeout is negative.
template <class Rep, class Period>
[[nodiscard]] constexpr shutdown_strategy graceful(std::chrono::duration<Rep, Period> timeout) {
    if (timeout < timeout.zero())
        detail::throw_negative_timeout("graceful");
    return {shutdown_strategy::kind_type::graceful, detail::saturate(timeout)};
}

/// Abort at once, without a signal.
inline constexpr shutdown_strategy brutal{shutdown_strategy::kind_type::brutal, duration(0)};

/// Give the shutdown signal and wait for as long as it takes. The default of a nested supervisor,
/// whose own children have their limits; for a worker it makes the stop unbounded.
inline constexpr shutdown_strategy infinite{shutdown_strategy::kind_type::infinite,
                                            duration::max()};

/// "graceful 5s", "brutal" or "infinite"
ARBORIST_DECL std::ostream& operator<<(std::ostream& stream, shutdown_strategy const& value);

/// What a supervisor decides by. Every member has a default, so that designated initialisers name
/// only what differs: `{.strategy = arborist::rest_for_one, .intensity = {3, 10s}}`.
struct supervisor_options {
    restart_strategy strategy = one_for_one;
    restart_intensity intensity = {};
    /// How long to wait for a child that was aborted before it is abandoned (D9). Default 5 s; must
    /// not be negative. A nested supervisor is given the sum along its deepest branch, so that it
    /// can abandon its own children first.
    duration abort_grace = std::chrono::seconds(5);
};

/// What a supervisor does with one child. A member that is not given is taken from the worker type
/// (its `restart()` and `shutdown()`, if it has them), else from the default.
struct child_options {
    /// Default: permanent.
    std::optional<restart_type> restart = std::nullopt;
    /// Default: `graceful(5s)` for a worker, `infinite` for a nested supervisor.
    std::optional<shutdown_strategy> shutdown = std::nullopt;
};

} // namespace arborist::inline v0

#endif // ARBORIST_OPTIONS_HPP
