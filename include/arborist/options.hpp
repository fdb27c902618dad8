// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#ifndef ARBORIST_OPTIONS_HPP
#define ARBORIST_OPTIONS_HPP

#include <arborist/config.hpp>
#include <arborist/runtime.hpp>

#include <boost/asio/any_io_executor.hpp>

#include <chrono>
#include <cstddef>
#include <functional>
#include <iosfwd>
#include <limits>
#include <optional>

namespace arborist::inline v0 {

class exit_reason;

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

/// How long a restart waits (R8). The delay of the nth restart in a row is `first` times the
/// (n-1)th power of `multiplier`, at most `most`; of that, a random part of at most `jitter` is
/// taken away, so that a thousand programs that lost the same server do not come back at the same
/// instant.
///
/// With `one_for_one` every child counts for itself. With the group strategies the supervisor
/// counts, since what is restarted is the group; a child with a back-off of its own still counts
/// for itself. An exit after a healthy run starts over with `first`.
///
/// Mind the restart intensity: with delays longer than its period nobody ever gives up.
struct restart_backoff {
    /// Default 0: no back-off, whatever the rest says.
    duration first = duration::zero();
    /// At least 1.
    double multiplier = 2;
    /// Not less than `first`.
    duration most = std::chrono::minutes(1);
    /// From 0 (none, exact delays) to 1.
    double jitter = 0.1;
    /// How long a process must have been ready for its exit not to count as one more in a row.
    duration healthy = std::chrono::seconds(30);

    friend bool operator==(restart_backoff const&, restart_backoff const&) = default;
};

/// No delay: what is the default of a supervisor. Of use for a child that is not to wait although
/// the others of its supervisor do.
inline constexpr restart_backoff no_backoff{};

/// The supervisor's: what is the default of a child.
inline constexpr restart_backoff inherited_backoff{.first = duration::min()};

/// "none", "100ms to 30s, times 2"
ARBORIST_DECL std::ostream& operator<<(std::ostream& stream, restart_backoff const& value);

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

/// One after the other, or all at once.
enum class child_order : unsigned char { sequential, concurrent };
using enum child_order;

/// In which order children are started: `concurrent` (S1), the default, or `sequential`: the next
/// one when the one before it is initialised (S2).
using start_order = child_order;
/// In which order children are stopped: `sequential` (D2), the default: in reverse, each when the
/// one after it has ended; or `concurrent`: all are signalled at once.
using shutdown_order = child_order;

/// "sequential" or "concurrent".
[[nodiscard]] ARBORIST_DECL char const* to_string(child_order value) noexcept;
ARBORIST_DECL std::ostream& operator<<(std::ostream& stream, child_order value);

/// Whether a supervisor stops when significant children have ended by themselves (R10).
enum class auto_shutdown_policy : unsigned char {
    /// The default; a significant child is then refused.
    never,
    /// When one of them has.
    any_significant,
    /// When the last of them has.
    all_significant,
};
using auto_shutdown_policy::all_significant;
using auto_shutdown_policy::any_significant;

/// "never", "any_significant" or "all_significant".
[[nodiscard]] ARBORIST_DECL char const* to_string(auto_shutdown_policy value) noexcept;
ARBORIST_DECL std::ostream& operator<<(std::ostream& stream, auto_shutdown_policy value);

/// What a failed initialisation *at a restart* is (R6).
enum class initialization_failure : unsigned char {
    /// The end of the supervisor. The default.
    escalate,
    /// An exit like any other: it is restarted, with back-off, and costs budget. It should have a
    /// back-off, or the budget is used up in no time.
    restart,
};

/// What is to become of a child that has ended (R11).
enum class exit_decision : unsigned char {
    restart,
    /// It stays down, and costs no budget.
    do_not_restart,
    /// The supervisor fails at once, with this exit as the cause.
    escalate,
};

/// "As many as you like."
inline constexpr std::size_t no_limit = std::numeric_limits<std::size_t>::max();

/// What a supervisor decides by. Every member has a default, so that designated initialisers name
/// only what differs: `{.strategy = arborist::rest_for_one, .intensity = {3, 10s}}`.
struct supervisor_options {
    restart_strategy strategy = one_for_one;
    restart_intensity intensity = {};
    /// Of every child that has none of its own.
    restart_backoff backoff = {};
    start_order start = concurrent;
    shutdown_order shutdown = sequential;
    /// How long a whole stop may take, nested supervisors included, until everything that still
    /// runs is aborted (D4); the abort grace comes on top. Default: no limit; must not be negative.
    duration shutdown_budget = duration::max();
    /// How long to wait for a child that was aborted before it is abandoned (D9). Default 5 s; must
    /// not be negative. A nested supervisor is given the sum along its deepest branch, so that it
    /// can abandon its own children first.
    duration abort_grace = std::chrono::seconds(5);
    auto_shutdown_policy auto_shutdown = auto_shutdown_policy::never;
    /// How many children that were started through a handle there may be at a time (C3).
    std::size_t max_dynamic_children = no_limit;
    /// How many children whose start was asked for through a handle may initialise at a time, and
    /// how many may wait for a place; further ones wait with whoever asks (C2). At least 1.
    std::size_t max_pending_starts = 1000;
    /// Threads of its own, for it and all below it (T2). Only for a nested supervisor; the root
    /// runs where `async_run` is told. Default: none, it runs where its parent does.
    std::optional<dedicated> runtime = std::nullopt;
    /// Yields numbers in [0, 1) for the jitter. Default: a generator with a random seed for each
    /// run. Called by one run at a time, and never by two threads at once. Must not throw.
    std::function<double()> random = nullptr;
};

/// What a supervisor does with one child. A member that is not given is taken from the worker type
/// (its `restart()` and `shutdown()`, if it has them), else from the default.
struct child_options {
    /// Default: permanent; for a child that is started through a handle, temporary.
    std::optional<restart_type> restart = std::nullopt;
    /// Default: `graceful(5s)` for a worker, `infinite` for a nested supervisor.
    std::optional<shutdown_strategy> shutdown = std::nullopt;
    /// Default: the supervisor's.
    restart_backoff backoff = inherited_backoff;
    /// A limit of its own, beside the supervisor's (R12): exceeding either gives up.
    restart_intensity intensity = unlimited;
    /// How long its initialisation may take; past that it is aborted, and has failed with
    /// `asio::error::timed_out` (S4). Default: for ever; must be positive.
    duration start_timeout = duration::max();
    initialization_failure failed_initialization = initialization_failure::escalate;
    /// Whether its end, by itself and for good, may end the supervisor with
    /// `errc::significant_child_exited`: see @ref auto_shutdown_policy. Only for a child that is
    /// not permanent.
    bool significant = false;
    /// Asked about every exit that the restart type wants restarted, before the budget is (R11).
    /// Runs on the supervisor's strand. If it throws, that escalates, with the exception as the
    /// cause.
    std::function<exit_decision(exit_reason const&)> decide = nullptr;
    /// Whether a successor may be started beside a predecessor that was abandoned and still lives
    /// (D9); for `one_for_one` and for handles. A group restart always does.
    bool restart_beside_abandoned = false;
    /// Where it runs: a worker on a strand over this executor, a nested supervisor with all below
    /// it (T8). Its context must outlive the run. Default: where the supervisor runs. Not for a
    /// dedicated supervisor nor a blocking worker, which have threads of their own.
    boost::asio::any_io_executor executor = {};
};

} // namespace arborist::inline v0

#endif // ARBORIST_OPTIONS_HPP
