// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#ifndef ARBORIST_LIB_DECLARATION_HPP
#define ARBORIST_LIB_DECLARATION_HPP

#include <arborist/child_specification.hpp>
#include <arborist/event.hpp>
#include <arborist/options.hpp>

#include <atomic>
#include <memory>
#include <string>
#include <vector>

namespace arborist::inline v0::detail {

/// What a supervisor was declared to be; shared by the `supervisor` and its runs, constant while
/// there are any.
struct declaration {
    std::string name;
    supervisor_options options;
    std::vector<child_specification> children;
    std::vector<std::shared_ptr<observer const>> observers;
    /// A run that was started through the `supervisor` is in progress.
    std::atomic<bool> running = false;
};

} // namespace arborist::inline v0::detail

#endif // ARBORIST_LIB_DECLARATION_HPP
