// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#ifndef ARBORIST_EXAMPLE_PIPELINE_TREE_HPP
#define ARBORIST_EXAMPLE_PIPELINE_TREE_HPP

#include <arborist/arborist.hpp>

#include "chaos.hpp"
#include "options.hpp"
#include "resource_use.hpp"
#include "restart_counts.hpp"
#include "worklist.hpp"

#include <memory>

namespace pipeline {

/// What the workers share; it outlives them.
struct shared {
    std::shared_ptr<worklist> work = std::make_shared<worklist>(64 << 20);
    std::shared_ptr<restart_counts> restarts = std::make_shared<restart_counts>();
    std::shared_ptr<resource_use> used = std::make_shared<resource_use>();
    std::shared_ptr<chaos> trouble;
};

/// As drawn in main.cpp.
[[nodiscard]] arborist::supervisor make_tree(options const& chosen, shared const& all);

} // namespace pipeline

#endif // ARBORIST_EXAMPLE_PIPELINE_TREE_HPP
