// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#include <arborist/errc.hpp>
#include <arborist/options.hpp>

#include "text.hpp"

#include <boost/system/system_error.hpp>

#include <ostream>
#include <string>

namespace arborist::inline v0 {

char const* to_string(restart_strategy value) noexcept {
    switch (value) {
    case one_for_one:
        return "one_for_one";
    case one_for_all:
        return "one_for_all";
    case rest_for_one:
        return "rest_for_one";
    }
    return "unknown strategy";
}

std::ostream& operator<<(std::ostream& stream, restart_strategy value) {
    return stream << to_string(value);
}

char const* to_string(restart_type value) noexcept {
    switch (value) {
    case permanent:
        return "permanent";
    case transient:
        return "transient";
    case temporary:
        return "temporary";
    }
    return "unknown restart type";
}

std::ostream& operator<<(std::ostream& stream, restart_type value) {
    return stream << to_string(value);
}

std::ostream& operator<<(std::ostream& stream, restart_intensity const& value) {
    if (value.restarts == unlimited.restarts)
        return stream << "unlimited";
    return stream << value.restarts << " in " << text::of(value.period);
}

std::ostream& operator<<(std::ostream& stream, restart_backoff const& value) {
    if (value == inherited_backoff)
        return stream << "the supervisor's";
    if (value.first == duration::zero())
        return stream << "none";
    return stream << text::of(value.first) << " to " << text::of(value.most) << ", times "
                  << value.multiplier;
}

char const* to_string(child_order value) noexcept {
    switch (value) {
    case sequential:
        return "sequential";
    case concurrent:
        return "concurrent";
    }
    return "unknown order";
}

std::ostream& operator<<(std::ostream& stream, child_order value) {
    return stream << to_string(value);
}

char const* to_string(auto_shutdown_policy value) noexcept {
    switch (value) {
    case auto_shutdown_policy::never:
        return "never";
    case any_significant:
        return "any_significant";
    case all_significant:
        return "all_significant";
    }
    return "unknown policy";
}

std::ostream& operator<<(std::ostream& stream, auto_shutdown_policy value) {
    return stream << to_string(value);
}

std::ostream& operator<<(std::ostream& stream, shutdown_strategy const& value) {
    switch (value.kind()) {
    case shutdown_strategy::kind_type::graceful:
        return stream << "graceful " << text::of(value.timeout());
    case shutdown_strategy::kind_type::brutal:
        return stream << "brutal";
    case shutdown_strategy::kind_type::infinite:
        return stream << "infinite";
    }
    return stream << "unknown shutdown strategy";
}

namespace detail {

void throw_negative_timeout(char const* where) {
    throw boost::system::system_error(errc::invalid_option,
                                      std::string(where) + ": the timeout is negative");
}

} // namespace detail

} // namespace arborist::inline v0
