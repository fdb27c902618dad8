// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#include "virtual_time.hpp"

#include <ctime>
#include <stdexcept>

namespace arborist::inline v0::testing::detail {
namespace {

thread_local virtual_time const* current = nullptr;

} // namespace

virtual_time::virtual_time() {
    if (current != nullptr)
        throw std::logic_error("arborist::testing: there is a simulation on this thread already");
    current = this;
    if (std::chrono::steady_clock::now() == now)
        return;
    current = nullptr;
    throw std::logic_error("arborist::testing: std::chrono::steady_clock is that of the standard "
                           "library; link the component arborist::testing before it, and the "
                           "standard library as a shared one");
}

virtual_time::~virtual_time() {
    current = nullptr;
}

namespace {

std::chrono::steady_clock::time_point tell() noexcept {
    if (current != nullptr)
        return current->now;
    timespec real{};
    clock_gettime(CLOCK_MONOTONIC, &real);
    return std::chrono::steady_clock::time_point(std::chrono::seconds(real.tv_sec) +
                                                 std::chrono::nanoseconds(real.tv_nsec));
}

} // namespace

} // namespace arborist::inline v0::testing::detail

std::chrono::steady_clock::time_point std::chrono::steady_clock::now() noexcept {
    return arborist::testing::detail::tell();
}
