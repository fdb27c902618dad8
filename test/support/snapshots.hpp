// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#ifndef ARBORIST_TEST_SUPPORT_SNAPSHOTS_HPP
#define ARBORIST_TEST_SUPPORT_SNAPSHOTS_HPP

#include <arborist/snapshot.hpp>

#include <boost/thread/thread.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

// Snapshots, without a running tree.
namespace snapshots {

using namespace std::chrono_literals;

/// Sunday, 22 November 2026, 11:23:32.123456789 UTC
inline constexpr auto sometime =
    std::chrono::sys_days(std::chrono::year(2026) / 11 / 22) + 11h + 23min + 32s + 123456789ns;

inline arborist::snapshot of(std::string name, arborist::supervisor_info const& info = {}) {
    arborist::snapshot result;
    result.taken = std::chrono::time_point_cast<std::chrono::system_clock::duration>(sometime);
    arborist::snapshot::node root;
    root.full_name = root.name = std::move(name);
    root.is_supervisor = true;
    root.state = arborist::child_state::running;
    root.supervisor = info;
    result.nodes.push_back(std::move(root));
    return result;
}

/// Adds a child, which must be the next in the order of drawing; returns its place.
inline std::size_t add(arborist::snapshot& tree, std::size_t parent, arborist::child_info child) {
    arborist::snapshot::node node;
    static_cast<arborist::child_info&>(node) = std::move(child);
    node.id = arborist::child_id(tree.nodes.size());
    node.full_name = tree.nodes[parent].full_name + '.' + node.name;
    node.depth = tree.nodes[parent].depth + 1;
    node.parent = parent;
    tree.nodes.push_back(std::move(node));
    return tree.nodes.size() - 1;
}

inline std::size_t add(arborist::snapshot& tree, std::size_t parent, arborist::child_info child,
                       arborist::supervisor_info const& info) {
    child.is_supervisor = true;
    std::size_t const place = add(tree, parent, std::move(child));
    tree.nodes[place].supervisor = info;
    return place;
}

/// A child for which all is well.
inline arborist::child_info running(std::string name) {
    return {.name = std::move(name),
            .process_id = 1,
            .state = arborist::child_state::running,
            .uptime = 3h};
}

/// A supervisor for which all is well.
inline arborist::supervisor_info ready() {
    return {.state = arborist::supervisor_state::ready, .uptime = 3h};
}

/// Supervisors below each other, without full names: those of 10,000 are long.
inline arborist::snapshot chain(std::size_t levels) {
    arborist::snapshot tree = of("0", ready());
    for (std::size_t level = 1; level != levels; ++level) {
        tree.nodes.back().full_name.clear();
        add(tree, level - 1, running(std::to_string(level)), ready());
    }
    return tree;
}

/// The lines of a listing that documentation shows, without its tags.
inline std::string listing(std::string_view tagged) {
    tagged.remove_prefix(tagged.find('\n') + 1);
    return std::string(tagged.substr(0, tagged.rfind("// end::")));
}

/// Calls a function where there is little stack: recursion by 10,000 levels does not fit.
template <class Function>
void with_little_stack(Function function) {
    boost::thread::attributes attributes;
    attributes.set_stack_size(256 * 1024);
    boost::thread(attributes, std::move(function)).join();
}

} // namespace snapshots

#endif // ARBORIST_TEST_SUPPORT_SNAPSHOTS_HPP
