// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#include "current_process.hpp"

namespace arborist::inline v0::detail {
namespace {

constinit thread_local current_place here;

} // namespace

current_place& current() noexcept {
    return here;
}

} // namespace arborist::inline v0::detail
