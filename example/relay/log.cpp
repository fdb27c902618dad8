// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#include "log.hpp"

#include <arborist/log.hpp>

#include <boost/log/keywords/channel.hpp>
#include <boost/log/sources/record_ostream.hpp>
#include <boost/log/trivial.hpp>

namespace relay {
namespace {

arborist::log::severity severity_of(level value) {
    switch (value) {
    case level::debug:
        return boost::log::trivial::debug;
    case level::info:
        return boost::log::trivial::info;
    case level::warning:
        break;
    }
    return boost::log::trivial::warning;
}

} // namespace

bool is_logged(level severity) {
    return arborist::log::enabled(severity_of(severity));
}

void log_line(level severity, std::string const& text) {
    // The channel of the library, since its console sink shows no other.
    static arborist::log::logger logger(boost::log::keywords::channel =
                                            std::string(arborist::log::channel));
    BOOST_LOG_SEV(logger, severity_of(severity)) << "relay: " << text;
}

} // namespace relay
