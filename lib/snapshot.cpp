// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#include <arborist/snapshot.hpp>

#include "drawing.hpp"
#include "platform.hpp"

#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <string>
#include <string_view>

namespace arborist::inline v0 {
namespace {

std::size_t& count_of(snapshot::totals_type& totals, child_state state) {
    switch (state) {
    case child_state::running:
        return totals.running;
    case child_state::starting:
    case child_state::waiting:
        return totals.starting;
    case child_state::stopping:
    case child_state::aborting:
        return totals.stopping;
    case child_state::abandoned:
        return totals.abandoned;
    case child_state::not_started:
    case child_state::ended:
    case child_state::stopped:
        break;
    }
    return totals.down;
}

std::string_view environment(char const* name) {
    char const* value = std::getenv(name);
    return value ? value : "";
}

// The file behind a standard stream; null for other streams.
std::FILE* file_of(std::ostream const& stream) {
    if (&stream == &std::cout)
        return stdout;
    return &stream == &std::cerr || &stream == &std::clog ? stderr : nullptr;
}

bool shows_colour(std::ostream const& stream) {
    std::FILE* file = file_of(stream);
    if (!file || !platform::is_terminal(file) || !environment("NO_COLOR").empty())
        return false;
    std::string_view const terminal = environment("TERM");
    return !terminal.empty() && terminal != "dumb";
}

} // namespace

snapshot::totals_type snapshot::totals() const {
    totals_type result;
    for (node const& each : nodes) {
        ++(each.is_supervisor ? result.supervisors : result.workers);
        if (each.depth == 0) // no child
            continue;
        ++count_of(result, each.state);
        result.restarts += each.restarts;
    }
    return result;
}

std::ostream& operator<<(std::ostream& stream, snapshot const& value) {
    std::string const text = drawing::draw(value, shows_colour(stream));
    // A tree is not to be padded as a whole, but it uses up the width as everything else does.
    stream.width(0);
    return stream.write(text.data(), static_cast<std::streamsize>(text.size()));
}

} // namespace arborist::inline v0
