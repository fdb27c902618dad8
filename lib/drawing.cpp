// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#include "drawing.hpp"

#include "text.hpp"
#include "utf8.hpp"

#include <algorithm>
#include <array>
#include <locale>
#include <map>
#include <sstream>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

namespace arborist::inline v0::drawing {
namespace {

using node = snapshot::node;
using nodes = std::vector<node>;

enum class ink : unsigned char { plain, green, yellow, red, faint };

struct cell {
    std::string text = {};
    ink colour = ink::plain;
};

// Name, state, time, restarts, and what else there is to say.
using line = std::array<cell, 5>;

cell state_of(supervisor_state value) {
    switch (value) {
    case supervisor_state::ready:
        return {to_string(value), ink::green};
    case supervisor_state::starting:
    case supervisor_state::restarting:
    case supervisor_state::stopping:
        return {to_string(value), ink::yellow};
    case supervisor_state::not_running:
        break;
    }
    return {to_string(value), ink::faint};
}

cell state_of(child_info const& value) {
    if (value.stalled)
        return {"stalled", ink::red};
    bool const failed = value.last_exit && value.last_exit->abnormal();
    switch (value.state) {
    case child_state::running:
        return {to_string(value.state), ink::green};
    case child_state::starting:
    case child_state::waiting:
    case child_state::stopping:
        return {to_string(value.state), ink::yellow};
    case child_state::aborting:
    case child_state::abandoned:
        return {to_string(value.state), ink::red};
    case child_state::ended:
        return {to_string(value.state), failed ? ink::red : ink::faint};
    case child_state::not_started:
    case child_state::stopped:
        break;
    }
    return {to_string(value.state), ink::faint};
}

// A supervisor knows better than the one above it, unless that is about to end it.
cell state_of(node const& value) {
    bool const undisturbed =
        value.depth == 0 || (!value.stalled && (value.state == child_state::starting ||
                                                value.state == child_state::running));
    if (value.supervisor && undisturbed)
        return state_of(value.supervisor->state);
    if (value.depth == 0)
        return state_of(supervisor_state::not_running);
    return state_of(static_cast<child_info const&>(value));
}

// Children of one supervisor that have no lines of their own.
struct remainder {
    std::map<std::string, std::size_t> children; // by their states, as they would be drawn
    std::size_t below = 0;                       // those
};

struct entry {
    std::size_t level = 0;
    node const* shown = nullptr; // null: a remainder
    remainder rest = {};
    bool is_last = false; // of its siblings
};

// Which of the nodes are drawn.
class selection {
public:
    explicit selection(nodes const& all) : all_(all), allowed_(allowances(all)) {}

    std::vector<entry> operator()() {
        for (std::size_t i = 0; i != all_.size(); ++i) {
            close(all_[i].depth);
            if (!open_.empty() && is_surplus(all_[i]))
                count(all_[i]);
            else
                show(i);
        }
        close(0);
        mark_last();
        return std::move(entries_);
    }

private:
    // How many dynamic children of a supervisor may be drawn. What is not simply running is what
    // one looks for, and goes first.
    struct allowance {
        std::size_t noticeable = 0;
        std::size_t quiet = 0;

        std::size_t& of(node const& child) { return is_quiet(child) ? quiet : noticeable; }
    };

    static bool is_quiet(node const& child) {
        return child.state == child_state::running &&
               (!child.supervisor || child.supervisor->state == supervisor_state::ready);
    }

    static std::vector<allowance> allowances(nodes const& all) {
        std::vector<allowance> result(all.size());
        for (node const& each : all)
            if (each.dynamic)
                ++result[each.parent].of(each);
        for (allowance& each : result) {
            each.noticeable = std::min(each.noticeable, most_dynamic_children);
            each.quiet = std::min(each.quiet, most_dynamic_children - each.noticeable);
        }
        return result;
    }

    // Also if its supervisor is not drawn.
    bool is_surplus(node const& what) {
        if (what.parent != open_.back())
            return true;
        if (!what.dynamic)
            return false;
        std::size_t& allowed = allowed_[what.parent].of(what);
        if (allowed == 0)
            return true;
        --allowed;
        return false;
    }

    void count(node const& what) {
        remainder& rest = remainders_[open_.back()];
        if (what.parent == open_.back())
            ++rest.children[state_of(what).text];
        else
            ++rest.below;
    }

    void show(std::size_t index) {
        entries_.push_back({.level = all_[index].depth, .shown = &all_[index]});
        open_.push_back(index);
    }

    // All that `level` has nothing to do with.
    void close(std::size_t level) {
        for (; !open_.empty() && all_[open_.back()].depth >= level; open_.pop_back()) {
            auto const rest = remainders_.find(open_.back());
            if (rest != remainders_.end())
                entries_.push_back(
                    {.level = all_[open_.back()].depth + 1, .rest = std::move(rest->second)});
        }
    }

    void mark_last() {
        std::vector<bool> has_later; // on each level, a sibling
        for (auto each = entries_.rbegin(); each != entries_.rend(); ++each) {
            has_later.resize(each->level + 1);
            each->is_last = !has_later.back();
            has_later.back() = true;
        }
    }

    nodes const& all_;
    std::vector<allowance> allowed_;
    std::vector<std::size_t> open_; // drawn, from the first to where we are
    std::map<std::size_t, remainder> remainders_;
    std::vector<entry> entries_;
};

// The lines that connect a node with its supervisor.
class branches {
public:
    std::string next(entry const& to) {
        std::size_t const level = std::min(to.level, most_levels);
        goes_on_.resize(level + 1);
        goes_on_[level] = !to.is_last;
        if (level == 0)
            return {};
        std::string result;
        for (std::size_t i = 1; i != level; ++i)
            result += goes_on_[i] ? "│  " : "   ";
        result += to.is_last ? "└─" : "├─";
        return result + (to.level == level ? " " : '[' + std::to_string(to.level) + "] ");
    }

private:
    std::vector<bool> goes_on_; // each level, further down
};

bool is_down(child_state value) {
    return value == child_state::ended || value == child_state::stopped;
}

std::string time_of(child_info const& value) {
    switch (value.state) {
    case child_state::not_started:
        return {};
    case child_state::waiting:
        return value.remaining_delay == duration::zero()
                   ? "for its group"
                   : "in " + text::rough(value.remaining_delay);
    case child_state::ended:
    case child_state::stopped:
        return value.last_exit ? text::rough(value.since_last_exit) + " ago" : "";
    default:
        return "up " + text::rough(value.uptime);
    }
}

std::string time_of(node const& value) {
    if (value.depth != 0)
        return time_of(static_cast<child_info const&>(value));
    if (!value.supervisor || value.supervisor->state == supervisor_state::not_running)
        return {};
    return "up " + text::rough(value.supervisor->uptime);
}

cell restarts_of(node const& value) {
    if (value.depth == 0)
        return {};
    return {text::count(value.restarts, "restart"), value.restarts == 0 ? ink::plain : ink::yellow};
}

// "1 of 3 in 10s"
std::string budget(supervisor_info const& value) {
    if (value.intensity.restarts == 0)
        return "no restarts";
    std::ostringstream result;
    result.imbue(std::locale::classic());
    if (value.intensity.restarts != unlimited.restarts)
        result << value.restarts << " of ";
    result << value.intensity;
    return result.str();
}

void add(std::string& list, std::string_view what, std::string_view separator = ", ") {
    if (!list.empty())
        list += separator;
    list += what;
}

std::string last_exit_of(child_info const& value) {
    if (!value.last_exit || !value.last_exit->abnormal())
        return {};
    std::string message = utf8::printable(value.last_exit->message());
    if (is_down(value.state)) // which has said when
        return message;
    return "last exit " + text::rough(value.since_last_exit) + " ago: " + message;
}

// What differs from the ordinary; of a supervisor, how it decides.
std::string details_of(node const& value) {
    std::string result;
    if (value.supervisor) {
        add(result, to_string(value.supervisor->strategy));
        add(result, budget(*value.supervisor));
        if (value.supervisor->threads != 0)
            add(result, text::count(value.supervisor->threads, "thread"));
        if (auto const& used = value.supervisor->resources)
            add(result,
                text::bytes(used->live_bytes()) + " live, cpu " + text::rough(used->cpu_time));
    }
    if (value.dynamic)
        add(result, "dynamic");
    if (value.significant)
        add(result, "significant");
    if (value.restart != permanent)
        add(result, to_string(value.restart));
    if (std::string const exit = last_exit_of(value); !exit.empty())
        add(result, exit, "; ");
    return result;
}

line line_of(node const& value, std::string const& branch) {
    return {{{branch + utf8::printable(value.name)},
             state_of(value),
             {time_of(value)},
             restarts_of(value),
             {details_of(value)}}};
}

line line_of(remainder const& value, std::string const& branch) {
    std::size_t sum = 0;
    std::string states;
    for (auto const& [state, count] : value.children) {
        sum += count;
        add(states, std::to_string(count) + ' ' + state);
    }
    if (value.below != 0)
        add(states, std::to_string(value.below) + " below them", "; ");
    return {{{branch + "… " + std::to_string(sum) + " more: " + states}}};
}

std::vector<line> lines_of(std::vector<entry> const& entries) {
    std::vector<line> result;
    result.reserve(entries.size());
    branches branch;
    for (entry const& each : entries)
        result.push_back(each.shown ? line_of(*each.shown, branch.next(each))
                                    : line_of(each.rest, branch.next(each)));
    return result;
}

constexpr std::size_t gap = 2;

using columns = std::array<std::size_t, std::tuple_size_v<line>>;

columns widths_of(std::vector<line> const& lines) {
    columns result{};
    for (line const& each : lines)
        for (std::size_t i = 0; i != each.size(); ++i) {
            std::size_t const width = utf8::length(each[i].text);
            bool const is_alone = each[1].text.empty(); // a remainder
            if (i != 0 || (!is_alone && width <= widest_name))
                result[i] = std::max(result[i], width);
        }
    return result;
}

columns begins_of(columns const& widths) {
    columns result{};
    for (std::size_t i = 1; i != result.size(); ++i)
        result[i] = result[i - 1] + (widths[i - 1] == 0 ? 0 : widths[i - 1] + gap);
    return result;
}

std::string_view escape(ink colour) {
    switch (colour) {
    case ink::green:
        return "\x1b[32m";
    case ink::yellow:
        return "\x1b[33m";
    case ink::red:
        return "\x1b[31m";
    case ink::faint:
        return "\x1b[2m";
    case ink::plain:
        break;
    }
    return {};
}

void paint(std::string& text, cell const& what, bool in_colour) {
    if (!in_colour || what.colour == ink::plain) {
        text += what.text;
        return;
    }
    text += escape(what.colour);
    text += what.text;
    text += "\x1b[0m";
}

void write(std::string& text, line const& what, columns const& begins, bool in_colour) {
    std::size_t position = 0;
    for (std::size_t i = 0; i != what.size(); ++i) {
        if (what[i].text.empty())
            continue;
        if (i != 0) {
            std::size_t const begin = std::max(begins[i], position + gap);
            text.append(begin - position, ' ');
            position = begin;
        }
        paint(text, what[i], in_colour);
        position += utf8::length(what[i].text);
    }
    text += '\n';
}

} // namespace

std::string draw(snapshot const& value, bool in_colour) {
    std::vector<line> const lines = lines_of(selection(value.nodes)());
    columns const begins = begins_of(widths_of(lines));
    std::string result;
    for (line const& each : lines)
        write(result, each, begins, in_colour);
    return result;
}

} // namespace arborist::inline v0::drawing
