// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#ifndef ARBORIST_EXAMPLE_RELAY_RESTART_COUNTS_HPP
#define ARBORIST_EXAMPLE_RELAY_RESTART_COUNTS_HPP

#include <arborist/event.hpp>

#include <atomic>
#include <initializer_list>
#include <iosfwd>
#include <string>
#include <utility>
#include <vector>

namespace relay {

/// How often each child was started again, whether it failed or was restarted with its group. An
/// observer of the tree, which may be called from several threads.
class restart_counts {
public:
    explicit restart_counts(std::initializer_list<char const*> children);

    void record(arborist::event const& what) noexcept;

    /// "listener 2, connections 1", or "none"
    friend std::ostream& operator<<(std::ostream& stream, restart_counts const& value);

private:
    struct entry {
        explicit entry(char const* child) : name(child) {}
        entry(entry&& other) noexcept : name(std::move(other.name)) {}

        std::string name;
        std::atomic<unsigned> starts{0};
    };

    std::vector<entry> entries_;
};

} // namespace relay

#endif // ARBORIST_EXAMPLE_RELAY_RESTART_COUNTS_HPP
