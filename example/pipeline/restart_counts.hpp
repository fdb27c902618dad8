// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#ifndef ARBORIST_EXAMPLE_PIPELINE_RESTART_COUNTS_HPP
#define ARBORIST_EXAMPLE_PIPELINE_RESTART_COUNTS_HPP

#include <arborist/event.hpp>

#include <cstddef>
#include <map>
#include <mutex>
#include <string>

namespace pipeline {

/// How often the children of each supervisor were started again, whoever wanted it. An observer of
/// the tree, which is called by several threads.
class restart_counts {
public:
    void record(arborist::event const& what);

    /// Of the children of the supervisor with this full name.
    [[nodiscard]] std::size_t of(std::string const& supervisor) const;

private:
    mutable std::mutex mutex_;
    /// By supervisor and child.
    std::map<std::string, std::map<std::string, std::size_t>> starts_;
};

} // namespace pipeline

#endif // ARBORIST_EXAMPLE_PIPELINE_RESTART_COUNTS_HPP
