// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#include <arborist/error.hpp>
#include <arborist/event.hpp>
// g++ 12 at -O3 imagines a copy of half of the address space in Boost.Log's parser of date formats.
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic ignored "-Wstringop-overread"
#pragma GCC diagnostic ignored "-Wrestrict"
#endif

#include <arborist/log.hpp>
#include <arborist/this_process.hpp>

#include "log_observer.hpp"

#include <boost/log/attributes/attribute_value_impl.hpp>
#include <boost/log/attributes/clock.hpp>
#include <boost/log/core.hpp>
#include <boost/log/expressions.hpp>
#include <boost/log/keywords/channel.hpp>
#include <boost/log/keywords/severity.hpp>
#include <boost/log/sources/record_ostream.hpp>
#include <boost/log/support/date_time.hpp>
#include <boost/log/utility/setup/common_attributes.hpp>
#include <boost/log/utility/setup/console.hpp>

#include <atomic>
#include <iostream>
#include <memory>
#include <string>
#include <string_view>

namespace arborist::inline v0 {
namespace {

namespace trivial = boost::log::trivial;

constexpr int off = trivial::fatal + 1;

std::atomic<int>& lowest_level() noexcept {
    static std::atomic<int> level{trivial::info};
    return level;
}

bool ended_badly(arborist::event const& what) noexcept {
    return what.exit != nullptr && what.exit->abnormal();
}

log::severity severity_of(arborist::event const& what) noexcept {
    switch (what.kind) {
    case event_kind::child_starting:
    case event_kind::child_ready:
    case event_kind::child_stopping:
    case event_kind::child_removed:
        return trivial::debug;
    case event_kind::supervisor_starting:
    case event_kind::supervisor_ready:
    case event_kind::supervisor_stopping:
        return trivial::info;
    case event_kind::child_exited:
        return ended_badly(what) ? trivial::warning : trivial::debug;
    case event_kind::child_start_timed_out:
    case event_kind::child_restarting:
    case event_kind::child_aborting:
    case event_kind::child_exited_late:
    case event_kind::runtime_resumed:
        return trivial::warning;
    case event_kind::supervisor_stopped:
        return what.error != nullptr ? trivial::error : trivial::info;
    case event_kind::child_failed_to_initialize:
    case event_kind::gave_up:
    case event_kind::runtime_stalled:
    case event_kind::runtime_panicked:
    case event_kind::observer_failed:
        return trivial::error;
    case event_kind::child_abandoned:
        return trivial::fatal;
    }
    return trivial::error;
}

template <class T>
void attach(boost::log::record& record, boost::log::attribute_name const& name, T value) {
    record.attribute_values().insert(
        name, boost::log::attributes::make_attribute_value(std::move(value)));
}

log::logger& the_logger() {
    static log::logger instance(boost::log::keywords::channel = std::string(log::channel));
    return instance;
}

// The process that a record of ours is about; a record's own value of a global attribute's name
// would be ignored.
constinit thread_local std::uint64_t subject = 0;

// What the process that makes a record adds to it (P2): nothing outside of any process.
template <class T>
class process_attribute final : public boost::log::attribute::impl {
public:
    explicit process_attribute(T (*get)()) noexcept : get_(get) {}

    boost::log::attribute_value get_value() override {
        T value = get_();
        if (value == T())
            return {};
        return boost::log::attributes::make_attribute_value(std::move(value));
    }

private:
    T (*get_)();
};

template <class T>
void add_process_attribute(boost::log::attribute_name const& name, T (*get)()) {
    boost::log::core::get()->add_global_attribute(
        name, boost::log::attribute(new process_attribute<T>(get)));
}

std::uint64_t subject_or_current_process() {
    return subject != 0 ? subject : this_process::id();
}

boost::log::record open_record_about(std::uint64_t process, log::logger& logger,
                                     log::severity level) {
    struct reset {
        ~reset() { subject = 0; }
    } const at_the_end;
    subject = process;
    return logger.open_record(boost::log::keywords::severity = level);
}

void write(arborist::event const& what) {
    log::severity const level = severity_of(what);
    if (!log::enabled(level))
        return;
    log::logger& logger = the_logger();
    boost::log::record record = open_record_about(what.process_id, logger, level);
    if (!record)
        return;

    attach(record, log::tag::supervisor::get_name(), std::string(what.supervisor));
    attach(record, log::tag::event::get_name(), std::string(to_string(what.kind)));
    if (!what.child.empty())
        attach(record, log::tag::child::get_name(), std::string(what.child));
    if (ended_badly(what) || what.kind == event_kind::child_exited)
        attach(record, log::tag::exit::get_name(), what.exit->message());
    if (what.kind == event_kind::child_restarting || what.kind == event_kind::gave_up)
        attach(record, log::tag::restarts::get_name(), what.restarts);
    if (what.kind == event_kind::child_restarting)
        attach(record, log::tag::delay::get_name(), what.delay);

    boost::log::record_ostream stream(record);
    stream << what.message();
    stream.flush();
    logger.push_record(std::move(record));
}

} // namespace

namespace log {

void enable(severity lowest) noexcept {
    lowest_level() = lowest;
}

void disable() noexcept {
    lowest_level() = off;
}

bool enabled(severity level) noexcept {
    return static_cast<int>(level) >= lowest_level().load(std::memory_order_relaxed);
}

void to_console() {
    namespace expr = boost::log::expressions;
    auto sink = boost::log::add_console_log(
        std::clog,
        boost::log::keywords::format =
            (expr::stream
             << expr::format_date_time<boost::posix_time::ptime>("TimeStamp", "%H:%M:%S.%f") << ' '
             << std::left << std::setw(7) << std::setfill(' ') << trivial::severity << ' '
             << expr::if_(expr::has_attr(
                    process))[expr::stream << expr::attr<std::string>("Process") << ": "]
             << expr::smessage),
        boost::log::keywords::filter = expr::attr<std::string>("Channel") == channel ||
                                       expr::attr<std::string>("Channel") == process_channel,
        boost::log::keywords::auto_flush = true);
    // Only what the format needs, and only if the program has not done so itself.
    boost::log::core::get()->add_global_attribute("TimeStamp",
                                                  boost::log::attributes::local_clock());
}

} // namespace log

namespace this_process {

log::logger& logger() {
    static log::logger instance(boost::log::keywords::channel = std::string(log::process_channel));
    return instance;
}

} // namespace this_process

namespace detail {

std::shared_ptr<observer const> const& log_observer() {
    static std::shared_ptr<observer const> const instance = [] {
        add_process_attribute(log::tag::process_id::get_name(), subject_or_current_process);
        add_process_attribute(log::tag::process::get_name(), this_process::name);
        return std::make_shared<observer>(write);
    }();
    return instance;
}

} // namespace detail

} // namespace arborist::inline v0
