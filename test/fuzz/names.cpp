// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

// Names, and what else is shown of what others have written: rules N2 to N5, sound UTF-8, lines
// that stay lines. The first byte says where the rest is cut in two.

#include <arborist/arborist.hpp>
#include <arborist/identifier.hpp>
#include <arborist/json.hpp>

#include "fuzz/target.hpp"
#include "name.hpp"
#include "utf8.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/system/system_error.hpp>

#include <algorithm>
#include <cstdint>
#include <functional>
#include <iterator>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

using fuzz::expect;

namespace {

namespace json = boost::json;
namespace name = arborist::name;
namespace utf8 = arborist::utf8;

// Not as the library does it.
constexpr std::string_view alphanumerics =
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

bool is_alphanumeric(char c) {
    return alphanumerics.find(c) != std::string_view::npos;
}

std::string alphanumerics_of(std::string_view text) {
    std::string result;
    std::ranges::copy_if(text, std::back_inserter(result), is_alphanumeric);
    return result;
}

// Whether it needs no change (N3).
bool is_segment(std::string_view text) {
    return !text.empty() && is_alphanumeric(text.front()) && is_alphanumeric(text.back()) &&
           std::ranges::all_of(text, [](char c) { return is_alphanumeric(c) || c == '_'; });
}

void check_name(std::string_view text) {
    std::string const segment = name::sanitize(text);
    expect(name::is_valid(text) == !segment.empty(), "N4: invalid if nothing is left");
    expect(segment.empty() || is_segment(segment), "N3: what a segment may have");
    expect(!is_segment(text) || segment == text, "N3: a segment is left as it is");
    expect(is_segment(text) || segment.find("__") == std::string::npos,
           "N3: one underscore for all that is between");
    expect(alphanumerics_of(segment) == alphanumerics_of(text), "N3: letters and digits stay");
    expect(name::sanitize(segment) == segment, "N3: a second time changes nothing");

    bool accepted = true;
    try {
        arborist::supervisor const declared{std::string(text)};
        expect(declared.name() == text, "the name is as it was declared");
    } catch (boost::system::system_error const& error) {
        expect(error.code() == arborist::errc::invalid_name, "N4: the error");
        accepted = false;
    }
    expect(accepted == name::is_valid(text), "N4: refused if nothing is left");
}

void check_names(std::string_view parent, std::string_view child) {
    std::string const full = name::below(parent, child);
    expect(full == std::string(parent) + "." + name::sanitize(child), "N2");
    expect(name::path(parent, child) == std::string(parent) + "/" + std::string(child), "N5");
}

// What Boost.JSON takes for UTF-8, which it looks at when it parses.
bool is_utf8(std::string_view text) {
    boost::system::error_code error;
    std::string quoted = "\"";
    for (char c : text)
        quoted += static_cast<unsigned char>(c) < 0x20 || c == '"' || c == '\\' ? ' ' : c;
    json::parse(quoted + '"', error);
    return !error;
}

bool has_controls(std::string_view text) {
    return std::ranges::any_of(
        text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

void check_text(std::string_view text) {
    std::string const repaired = utf8::repaired(text);
    expect(is_utf8(repaired), "what is repaired is UTF-8");
    expect((repaired == text) == is_utf8(text), "what is UTF-8 is not changed, and nothing else");
    expect(utf8::length(repaired) == utf8::length(text), "as many code points");
    expect(utf8::length(text) <= text.size(), "no more code points than bytes");

    std::string const printable = utf8::printable(text);
    expect(is_utf8(printable) && !has_controls(printable), "a terminal may have it");
    expect(utf8::printable(printable) == printable, "what is printable is not changed");
    expect(utf8::length(printable) >= utf8::length(text), "nothing is left out");
}

void check_identifiers(std::string_view a, std::string_view b) {
    arborist::identifier const first(a);
    arborist::identifier const second(b);
    expect(first.is_name() && first.name() == a, "A1: any name");
    expect((first == second) == (a == b), "A1: equal if the names are");
    expect((first < second) == (a < b), "A1: in the order of the names");
    expect(first > arborist::identifier(a.size()), "A1: numbers first");
    expect(std::hash<arborist::identifier>()(first) == std::hash<arborist::identifier_view>()(a),
           "equal hashes");
    expect(arborist::exact(a).matches(b) == (a == b), "A5: exact");
    expect(arborist::prefix(a).matches(b) == b.starts_with(a), "A5: prefix");
    expect(arborist::prefix(a).matches(std::string(a) + std::string(b)), "A5: prefix of its own");
    expect(!arborist::prefix(a).matches(b.size()), "A5: no number has a prefix");
}

// A tree in which every text that somebody else writes is one of these.
arborist::snapshot make_snapshot(std::string_view a, std::string_view b) {
    std::string const child(a);
    std::string const message(b);
    arborist::snapshot tree;
    tree.nodes.resize(3);
    for (auto& node : tree.nodes) {
        node.name = child;
        node.full_name = name::sanitize(child);
    }
    tree.nodes[0].is_supervisor = true;
    tree.nodes[0].supervisor.emplace();
    for (std::size_t i = 1; i != 3; ++i) {
        tree.nodes[i].depth = 1;
        tree.nodes[i].state = arborist::child_state::ended;
    }
    tree.nodes[1].last_exit.emplace(arborist::exit_kind::terminated, arborist::cause(message));
    tree.nodes[2].last_exit.emplace(
        arborist::exit_kind::panicked,
        arborist::cause(std::make_exception_ptr(std::runtime_error(message))));
    return tree;
}

void check_snapshot(arborist::snapshot const& tree) {
    std::ostringstream stream;
    stream << tree;
    std::string const drawing = std::move(stream).str();
    expect(is_utf8(drawing), "the drawing is UTF-8");
    expect(std::ranges::count(drawing, '\n') == 3, "the drawing has a line for each node");
    expect(std::ranges::none_of(drawing,
                                [](char c) {
                                    return c != '\n' && has_controls({&c, 1});
                                }),
           "the drawing has no control characters");

    std::string const text = json::serialize(arborist::to_json(tree));
    boost::system::error_code error;
    json::value const again = json::parse(text, error);
    expect(!error, "the JSON can be read");
    expect(json::serialize(again) == text, "the JSON is what was meant");
}

} // namespace

void fuzz::try_input(std::string_view bytes) {
    std::size_t const where = bytes.empty() ? 0 : static_cast<std::uint8_t>(bytes.front());
    std::string_view const rest = bytes.substr(bytes.empty() ? 0 : 1);
    std::string_view const a = rest.substr(0, where);
    std::string_view const b = rest.substr(a.size());
    check_name(a);
    check_name(b);
    check_names(a, b);
    check_text(a);
    check_text(b);
    check_identifiers(a, b);
    check_snapshot(make_snapshot(a, b));
}
