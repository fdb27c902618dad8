// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#ifndef ARBORIST_LOG_HPP
#define ARBORIST_LOG_HPP

#include <arborist/config.hpp>

#include <boost/log/expressions/keyword.hpp>
#include <boost/log/sources/severity_channel_logger.hpp>
#include <boost/log/trivial.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>

/// What supervisors write to Boost.Log. The log is one observer among others (O1): the first one of
/// every tree.
///
/// Records go to the channel "arborist", with the severities of `boost::log::trivial`, so that the
/// filters and sinks of the program see them like its own:
///
/// | severity | events |
/// |---|---|
/// | debug   | a child starting, ready, stopping, exiting well, removed |
/// | info    | a supervisor starting, ready, stopping, stopped well |
/// | warning | an abnormal exit, a start that takes too long, a restart, an abort, a late exit |
/// | error   | a failed initialisation, giving up, a supervisor that failed, a failed observer |
/// | fatal   | an abandoned child |
///
/// Thread-safe.
namespace arborist::inline v0::log {

using severity = boost::log::trivial::severity_level;
using logger = boost::log::sources::severity_channel_logger_mt<severity, std::string>;

/// The channel of the supervisors' records.
inline constexpr char const* channel = "arborist";
/// The channel of `this_process::logger()`.
inline constexpr char const* process_channel = "arborist.process";

/// Writes records of this severity and above; what is below costs one comparison. The default is
/// `info`. At run time, for all trees.
ARBORIST_DECL void enable(severity lowest = boost::log::trivial::info) noexcept;
/// Writes nothing any more.
ARBORIST_DECL void disable() noexcept;
[[nodiscard]] ARBORIST_DECL bool enabled(severity level) noexcept;

/// Adds a console sink (standard error) for the records of these two channels, in a form for
/// people: `12:30:05.123456 warning app.storage: child 'wal' panicked: std::runtime_error: disk
/// full`, and `12:30:05.123456 info    app.storage.wal: recovered 12 entries`. Records of other
/// channels do not appear there.
ARBORIST_DECL void to_console();

/// The full name of the process in which a record was made, and in `process_id` below its id (P2).
/// They are on every record of the program, whoever writes it, as long as supervisors run: a global
/// attribute, which outside of a process has no value.
BOOST_LOG_ATTRIBUTE_KEYWORD(process, "Process", std::string)

/// The attributes of the supervisors' records; all but the first two are there if the event has
/// them.
BOOST_LOG_ATTRIBUTE_KEYWORD(supervisor, "Supervisor", std::string)
BOOST_LOG_ATTRIBUTE_KEYWORD(event, "Event", std::string)
BOOST_LOG_ATTRIBUTE_KEYWORD(child, "Child", std::string)
BOOST_LOG_ATTRIBUTE_KEYWORD(process_id, "ProcessId", std::uint64_t)
BOOST_LOG_ATTRIBUTE_KEYWORD(exit, "Exit", std::string)
BOOST_LOG_ATTRIBUTE_KEYWORD(restarts, "Restarts", std::size_t)
BOOST_LOG_ATTRIBUTE_KEYWORD(delay, "Delay", std::chrono::nanoseconds)

} // namespace arborist::inline v0::log

namespace arborist::inline v0::this_process {

/// A logger for the code of workers: `BOOST_LOG_SEV(this_process::logger(), log::severity::info)`.
/// Its records have the attributes of @ref log::process and `log::process_id`, like those of any
/// other logger. They are the program's own: `log::enable` and `log::disable` are about those of
/// the supervisors. Thread-safe.
[[nodiscard]] ARBORIST_DECL log::logger& logger();

} // namespace arborist::inline v0::this_process

#endif // ARBORIST_LOG_HPP
