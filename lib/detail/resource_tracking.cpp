// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#include <arborist/detail/resource_tracking.hpp>

#include "../current_process.hpp"

#include <atomic>

namespace arborist::inline v0::detail {
namespace {

constinit std::atomic<resource_tracker*> installed{nullptr};

} // namespace

void install(resource_tracker& tracker) noexcept {
    installed.store(&tracker, std::memory_order_release);
}

resource_tracker* tracker() noexcept {
    return installed.load(std::memory_order_acquire);
}

resource_group* charged_group() noexcept {
    return current().charged;
}

} // namespace arborist::inline v0::detail
