// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#include <arborist/error.hpp>

#include "text.hpp"

#include <boost/system/system_error.hpp>

#include <ostream>
#include <sstream>

namespace arborist::inline v0 {
namespace {

std::string quoted(std::string const& path) {
    return "child '" + path + '\'';
}

std::string not_initialized(supervisor_error::story const& what) {
    std::string text =
        what.path.empty() ? "" : quoted(what.path) + ' '; // else it is the run itself
    text += "failed to initialise: " + what.exit.why().message();
    for (initialization_error const& each : what.also)
        text += "; so did '" + each.path() + "': " + each.why().message();
    return text;
}

std::string limit_exceeded(supervisor_error::story const& what) {
    std::string text = "gave up on " + quoted(what.path);
    if (what.intensity.restarts == 0)
        text += ", since no restarts are allowed";
    else
        text += " after " + text::count(what.restarts, "restart") + " within " +
                text::of(what.intensity.period);
    return text + "; it " + what.exit.message();
}

std::string timed_out(supervisor_error::story const& what) {
    std::string text = "shutdown timed out";
    char const* separator = ": ";
    if (!what.aborted.empty()) {
        text += separator + ("aborted " + text::join(what.aborted));
        separator = "; ";
    }
    if (!what.abandoned.empty())
        text += separator + ("abandoned " + text::join(what.abandoned));
    return text;
}

std::string explain(errc code, supervisor_error::story const& what) {
    switch (code) {
    case errc::no_children:
        return "there are no children to run";
    case errc::failed_to_initialize:
        return not_initialized(what);
    case errc::restart_limit_exceeded:
        return limit_exceeded(what);
    case errc::significant_child_exited:
        return "significant " + quoted(what.path) + ' ' + what.exit.message();
    case errc::escalated:
        return quoted(what.path) + " escalated its exit: it " + what.exit.message();
    case errc::shutdown_timed_out:
        return timed_out(what);
    case errc::runtime_panicked:
        return "an exception escaped to its runtime: " + what.exit.why().message();
    default:
        return make_error_code(code).message();
    }
}

} // namespace

std::ostream& operator<<(std::ostream& stream, initialization_error const& value) {
    if (!value.path().empty())
        stream << quoted(value.path()) << ": ";
    return stream << value.why();
}

supervisor_error::supervisor_error(errc code, story what)
    : code_(code), story_(std::make_shared<story const>(std::move(what))) {}

errc supervisor_error::code() const noexcept {
    return code_;
}

std::string const& supervisor_error::supervisor() const noexcept {
    return story_->supervisor;
}

std::string const& supervisor_error::path() const noexcept {
    return story_->path;
}

exit_reason const& supervisor_error::exit() const noexcept {
    return story_->exit;
}

std::vector<initialization_error> const& supervisor_error::also() const noexcept {
    return story_->also;
}

std::size_t supervisor_error::restarts() const noexcept {
    return story_->restarts;
}

restart_intensity const& supervisor_error::intensity() const noexcept {
    return story_->intensity;
}

std::vector<std::string> const& supervisor_error::aborted() const noexcept {
    return story_->aborted;
}

std::vector<std::string> const& supervisor_error::abandoned() const noexcept {
    return story_->abandoned;
}

std::string supervisor_error::message() const {
    return story_->supervisor + ": " + explain(code_, *story_);
}

std::ostream& operator<<(std::ostream& stream, supervisor_error const& value) {
    return stream << value.message();
}

void outcome_throw_as_system_error_with_payload(supervisor_error const& error) {
    throw boost::system::system_error(error.code(), error.message());
}

} // namespace arborist::inline v0
