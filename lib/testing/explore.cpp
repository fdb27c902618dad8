// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#include <arborist/testing/explore.hpp>

#include "../text.hpp"

#include <algorithm>
#include <exception>
#include <ostream>
#include <random>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

namespace arborist::inline v0::testing {
namespace {

// What is shown of a long history: so many lines before and after the first violation, or the last
// ones.
constexpr std::ptrdiff_t lines_before = 60;
constexpr std::ptrdiff_t lines_after = 20;

void show(std::ostream& stream, std::string const& log) {
    std::vector<std::string> lines;
    std::istringstream read(log);
    for (std::string line; std::getline(read, line);)
        lines.push_back(std::move(line));
    auto const is_violation = [](std::string const& line) {
        return line.find("VIOLATED: ") != std::string::npos;
    };
    auto const first = std::ranges::find_if(lines, is_violation);
    auto const from = first - std::min(lines_before, first - lines.begin());
    auto const to = first + std::min(lines_after, lines.end() - first);
    if (from != lines.begin())
        stream << "...\n";
    for (auto it = from; it != to; ++it)
        stream << *it << '\n';
    if (to != lines.end())
        stream << "...\n";
}

void live(simulation& world, trial& tree, exploration const& how) {
    if (how.also)
        how.also(world, tree);
    world.run_until([&] { return tree.has_ended(); }, how.time);
    if (world.below(4) == 0)
        tree.abort();
    else
        tree.stop();
    world.run(); // the abandoned ones, too
}

} // namespace

findings explore(std::function<supervisor(simulation&)> const& make_tree, exploration const& how) {
    findings found;
    found.first_seed = how.seed != 0 ? how.seed : std::random_device()();
    while (found.runs != how.runs && found.good()) {
        found.seed = found.first_seed + found.runs++;
        simulation world(found.seed);
        world.inject(how.faults);
        trial tree(world, make_tree(world));
        std::string also;
        try {
            live(world, tree, how);
            if (!tree.has_ended())
                also = "was stopped, and has not ended\n";
            else if (world.has_work())
                also = "has ended, and something of it waits for ever\n";
        } catch (std::exception const& error) {
            also = std::string("an exception left a handler: ") + error.what() + '\n';
        } catch (...) {
            also = "an exception left a handler\n";
        }
        found.steps += world.steps();
        found.violations = tree.violations() + also;
        found.log = tree.log();
    }
    return found;
}

std::ostream& operator<<(std::ostream& stream, findings const& value) {
    stream << text::count(value.runs, "run") << " from seed " << value.first_seed << ", "
           << text::count(value.steps, "step") << ": ";
    if (value.good())
        return stream << "no violation";
    stream << "with seed " << value.seed << '\n';
    show(stream, value.log);
    return stream << "violated:\n" << value.violations;
}

} // namespace arborist::inline v0::testing
