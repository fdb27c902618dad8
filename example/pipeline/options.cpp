// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#include "options.hpp"

#include <boost/program_options/errors.hpp>
#include <boost/program_options/options_description.hpp>
#include <boost/program_options/parsers.hpp>
#include <boost/program_options/positional_options.hpp>
#include <boost/program_options/variables_map.hpp>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <limits>
#include <random>
#include <sstream>
#include <thread>
#include <utility>

namespace pipeline {
namespace {

namespace fs = std::filesystem;
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

    [[nodiscard]] fs::path directory(std::string const& option, std::string const& called) const {
        if (text(option).empty())
            throw usage_error(called + " is missing; see --help");
        return text(option);
    }

    [[nodiscard]] std::uint64_t number(std::string const& option, std::uint64_t least,
                                       std::uint64_t most) const {
        std::string const& digits = text(option);
        char const* const end = digits.data() + digits.size();
        std::uint64_t value = 0;
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

constexpr char const* usage =
    "pipeline compresses the files of a directory tree, each into a .gz of its own, and verifies\n"
    "the result. Links and special files are left out.\n\n"
    "  pipeline [OPTION]... INPUT_DIRECTORY OUTPUT_DIRECTORY\n\n"
    "It ends with 0 if all is done and verified; 65: a file could not be read, or verification\n"
    "found something; 69: it cannot begin; 70: it gave up; 75: it was stopped before all was\n"
    "done, and what is in the output is complete.\n\n";

po::options_description describe() {
    auto const text = [](std::string const& preset) {
        return po::value<std::string>()->default_value(preset);
    };
    auto const threads = std::to_string(std::max(1U, std::thread::hardware_concurrency()));
    po::options_description all("Options");
    all.add_options()                                                //
        ("threads", text(threads), "threads that compress")          //
        ("readers", text("2"), "threads that read")                  //
        ("level", text("6"), "of compression: 1, fast, to 9, small") //
        ("chaos", "make readers and compressors fail, on purpose and at random")(
            "seed", text(""), "of chaos; by default, another one each time")(
            "log", text("off"), "debug, info, warning, error, fatal or off") //
        ("help", "print this");
    return all;
}

po::variables_map parse(po::options_description visible, int argc, char const* const* argv) {
    using style = po::command_line_style::style_t;
    auto const path = [] { return po::value<std::string>()->default_value(""); };
    visible.add_options()("input", path())("output", path());
    po::positional_options_description directories;
    directories.add("input", 1).add("output", 1);
    po::variables_map map;
    po::command_line_parser parser(argc, argv);
    // Without abbreviations, so that an option which we add later changes no script.
    parser.options(visible)
        .positional(directories)
        .style(style::unix_style & ~style::allow_guessing);
    try {
        po::store(parser.run(), map);
    } catch (po::error const& error) {
        throw usage_error(error.what());
    }
    return map;
}

// Else it would find, and compress, what it has just made.
void refuse_output_within_input(fs::path const& input, fs::path const& output) {
    auto const outer = fs::weakly_canonical(input);
    auto const inner = fs::weakly_canonical(output);
    auto const [rest, unused] =
        std::mismatch(outer.begin(), outer.end(), inner.begin(), inner.end());
    if (rest == outer.end())
        throw usage_error("the output directory '" + output.string() +
                          "' is within the input directory '" + input.string() + "'");
}

std::uint64_t any_seed() {
    std::random_device random; // of 32 bits, which is little to type
    return random();
}

} // namespace

options parse_options(int argc, char const* const* argv) {
    po::options_description const all = describe();
    po::variables_map const map = parse(all, argc, argv);
    values const given(map);
    options result{};
    if (map.count("help") != 0) {
        std::ostringstream text;
        text << usage << all;
        result.information = std::move(text).str();
        return result;
    }
    result.input = given.directory("input", "INPUT_DIRECTORY");
    result.output = given.directory("output", "OUTPUT_DIRECTORY");
    refuse_output_within_input(result.input, result.output);
    result.threads = given.number("threads", 1, 256);
    result.readers = given.number("readers", 1, 256);
    result.level = static_cast<int>(given.number("level", 1, 9));
    if (map.count("chaos") != 0)
        result.chaos_seed =
            given.text("seed").empty()
                ? any_seed()
                : given.number("seed", 0, std::numeric_limits<std::uint64_t>::max());
    else if (!given.text("seed").empty())
        throw usage_error("--seed means nothing without --chaos");
    result.log = given.severity("log");
    return result;
}

} // namespace pipeline
