// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#include "options.hpp"

#include <arborist/version.hpp>

#include <boost/program_options/errors.hpp>
#include <boost/program_options/options_description.hpp>
#include <boost/program_options/parsers.hpp>
#include <boost/program_options/variables_map.hpp>

#include <charconv>
#include <sstream>
#include <utility>

namespace relay {
namespace {

namespace po = boost::program_options;

[[noreturn]] void refuse(std::string const& option, std::string const& value,
                         std::string const& expected) {
    throw usage_error("--" + option + ": '" + value + "' is not " + expected);
}

class values {
public:
    explicit values(po::variables_map const& map) : map_(map) {}

    [[nodiscard]] std::string const& text(std::string const& option) const {
        return map_[option].as<std::string>();
    }

    [[nodiscard]] host_port endpoint(std::string const& option) const {
        if (text(option).empty())
            throw usage_error("--" + option + " HOST:PORT is missing; see --help");
        auto where = parse_host_port(text(option));
        if (!where)
            refuse(option, text(option), "HOST:PORT");
        return *std::move(where);
    }

    [[nodiscard]] std::size_t number(std::string const& option, std::size_t least,
                                     std::size_t most) const {
        std::string const& digits = text(option);
        char const* const end = digits.data() + digits.size();
        std::size_t value = 0;
        auto const [stop, error] = std::from_chars(digits.data(), end, value);
        if (error != std::errc() || stop != end || value < least || value > most)
            refuse(option, digits,
                   "a number from " + std::to_string(least) + " to " + std::to_string(most));
        return value;
    }

    [[nodiscard]] std::optional<arborist::log::severity> severity(std::string const& option) const {
        if (text(option) == "off")
            return std::nullopt;
        arborist::log::severity level = {};
        if (!boost::log::trivial::from_string(text(option).data(), text(option).size(), level))
            refuse(option, text(option), "debug, info, warning, error, fatal or off");
        return level;
    }

private:
    po::variables_map const& map_;
};

po::options_description describe() {
    auto const text = [](char const* preset) {
        return po::value<std::string>()->default_value(preset);
    };
    po::options_description all("relay carries TCP connections to another server.\n\n"
                                "  relay --listen HOST:PORT --upstream HOST:PORT [OPTION]...\n"
                                "  relay --control PATH --ask COMMAND\n\nOptions");
    all.add_options()                                                                            //
        ("listen", text(""), "HOST:PORT where clients come in; port 0 lets the system choose")   //
        ("upstream", text(""), "HOST:PORT where they are carried to")                            //
        ("control", text(""), "path of a Unix domain socket that takes commands")                //
        ("ask", text(""), "send a command, such as help, to the relay with that control socket") //
        ("threads", text("1"), "threads that serve")                                             //
        ("statistics", text("10"), "seconds between two lines of statistics; 0: none")           //
        ("drain", text("5"), "seconds that open connections are given at the end")               //
        ("max-connections", text("10000"), "connections at a time; further clients wait")        //
        ("restarts", text("20"), "restarts within 10 seconds before a supervisor gives up")      //
        ("log", text("info"), "debug, info, warning, error, fatal or off")                       //
        ("help", "print this")                                                                   //
        ("version", "print the version");
    return all;
}

po::variables_map parse(po::options_description const& all, int argc, char const* const* argv) {
    using style = po::command_line_style::style_t;
    po::variables_map map;
    po::command_line_parser parser(argc, argv);
    // Without abbreviations, so that an option which we add later changes no script.
    parser.options(all).positional({}).style(style::unix_style & ~style::allow_guessing);
    try {
        po::store(parser.run(), map);
    } catch (po::error const& error) {
        throw usage_error(error.what());
    }
    return map;
}

} // namespace

options parse_options(int argc, char const* const* argv) {
    po::options_description const all = describe();
    po::variables_map const map = parse(all, argc, argv);
    values const given(map);
    options result{};
    if (map.count("help") != 0) {
        std::ostringstream text;
        text << all;
        result.information = std::move(text).str();
        return result;
    }
    if (map.count("version") != 0) {
        result.information = "relay, an example of arborist " ARBORIST_VERSION_STRING "\n";
        return result;
    }
    result.control = given.text("control");
    result.ask = given.text("ask");
    if (!result.ask.empty()) {
        if (result.control.empty())
            throw usage_error("--ask needs --control PATH; see --help");
        return result;
    }
    result.listen = given.endpoint("listen");
    result.upstream = given.endpoint("upstream");
    if (result.upstream.port == 0)
        refuse("upstream", given.text("upstream"), "a port to connect to");
    result.threads = given.number("threads", 1, 256);
    result.statistics = std::chrono::seconds(given.number("statistics", 0, 86400));
    result.drain = std::chrono::seconds(given.number("drain", 0, 86400));
    result.max_connections = given.number("max-connections", 1, 1000000);
    result.restarts = given.number("restarts", 0, 1000000);
    result.log = given.severity("log");
    return result;
}

} // namespace relay
