// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#ifndef ARBORIST_ERROR_HPP
#define ARBORIST_ERROR_HPP

#include <arborist/cause.hpp>
#include <arborist/config.hpp>
#include <arborist/errc.hpp>
#include <arborist/exit_reason.hpp>
#include <arborist/options.hpp>
#include <arborist/result.hpp>

#include <boost/system/error_code.hpp>

#include <cstddef>
#include <exception>
#include <iosfwd>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace arborist::inline v0 {

/// A child could not be started at all (E1). A type of its own, so that no failure of a running
/// child can be mistaken for it (E2).
class BOOST_SYMBOL_VISIBLE initialization_error {
public:
    /// `why` may be an error code, a message or an exception.
    initialization_error(cause why) : why_(std::move(why)) {} // NOLINT(google-explicit-constructor)
    explicit initialization_error(std::string what) : why_(std::move(what)) {}
    /// `what` says what was attempted: "cannot listen on 127.0.0.1:80".
    initialization_error(boost::system::error_code code, std::string what)
        : why_(code, std::move(what)) {}
    /// The same failure, as seen from above: `path` leads to the child that failed (E5), and `also`
    /// are those that failed in the same start (E7).
    [[nodiscard]] static initialization_error below(std::string path, cause why,
                                                    std::vector<initialization_error> also = {}) {
        initialization_error error(std::move(why));
        error.path_ = std::move(path);
        error.also_ = std::move(also);
        return error;
    }

    [[nodiscard]] cause const& why() const noexcept { return why_; }
    /// Empty if the child itself failed, "a/b" if b below its child a did.
    [[nodiscard]] std::string const& path() const noexcept { return path_; }
    /// Of a nested supervisor: the other children that failed, with their paths.
    [[nodiscard]] std::vector<initialization_error> const& also() const noexcept { return also_; }

    friend ARBORIST_DECL std::ostream& operator<<(std::ostream& stream,
                                                  initialization_error const& value);

private:
    cause why_;
    std::string path_;
    std::vector<initialization_error> also_;
};

/// Makes the code available to Boost.Outcome; found by argument-dependent lookup.
[[nodiscard]] inline boost::system::error_code
make_error_code(initialization_error const& error) noexcept {
    return error.why().code();
}

/// Lets Boost.Outcome throw what the cause holds from `result::value()`.
[[noreturn]] inline void
outcome_throw_as_system_error_with_payload(initialization_error const& error) {
    error.why().rethrow();
}

/// Why a run of a supervisor failed, with what an operator needs to know (E4).
///
/// Cheap to copy; all members are `const` and safe to call concurrently.
class ARBORIST_DECL supervisor_error {
public:
    /// What is known of the failure. Which members are filled depends on the code.
    struct story {
        /// The full name of the supervisor (N2).
        std::string supervisor = {};
        /// Of the child at fault: the raw names below this supervisor, joined by '/' (E5, N5).
        std::string path = {};
        /// How that child ended last; for `failed_to_initialize`, `why()` is the cause.
        exit_reason exit = {};
        /// Other children that could not be initialised in the same start, with their paths (E7).
        std::vector<initialization_error> also = {};
        /// Restarts that were on record when the limit was reached, and the limit.
        std::size_t restarts = 0;
        restart_intensity intensity = {};
        /// Graceful children that had to be aborted; children that did not even end then.
        std::vector<std::string> aborted = {};
        std::vector<std::string> abandoned = {};
    };

    supervisor_error(errc code, story what);

    [[nodiscard]] errc code() const noexcept;
    [[nodiscard]] std::string const& supervisor() const noexcept;
    [[nodiscard]] std::string const& path() const noexcept;
    [[nodiscard]] exit_reason const& exit() const noexcept;
    [[nodiscard]] std::vector<initialization_error> const& also() const noexcept;
    [[nodiscard]] std::size_t restarts() const noexcept;
    [[nodiscard]] restart_intensity const& intensity() const noexcept;
    [[nodiscard]] std::vector<std::string> const& aborted() const noexcept;
    [[nodiscard]] std::vector<std::string> const& abandoned() const noexcept;

    /// "app: child 'storage/wal' failed to initialise: No space left on device"
    [[nodiscard]] std::string message() const;

    friend ARBORIST_DECL std::ostream& operator<<(std::ostream& stream,
                                                  supervisor_error const& value);

private:
    errc code_;
    std::shared_ptr<story const> story_;
};

/// Makes the code available to Boost.Outcome; found by argument-dependent lookup.
[[nodiscard]] inline boost::system::error_code
make_error_code(supervisor_error const& error) noexcept {
    return error.code();
}

/// Lets Boost.Outcome throw a `boost::system::system_error` from `result::value()`.
[[noreturn]] ARBORIST_DECL void
outcome_throw_as_system_error_with_payload(supervisor_error const& error);

/// How a run of a supervisor ends: well, or with the reason why not.
using run_result = result<void, supervisor_error>;

} // namespace arborist::inline v0

#endif // ARBORIST_ERROR_HPP
