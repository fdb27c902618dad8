// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#include <arborist/detail/hand_over.hpp>
#include <arborist/detail/memory_reserve.hpp>

#include <array>
#include <atomic>
#include <cstddef>
#include <exception>
#include <mutex>

namespace arborist::inline v0::detail {
namespace {

// Each for one more try. Larger than nearly all that is asked for.
constexpr std::size_t block_size = 1024;
constexpr std::size_t block_count = 32;

struct shared_reserve {
    std::mutex mutex;
    std::size_t holders = 0;
    std::size_t held = 0;
    std::array<void*, block_count> blocks = {};
    std::atomic<bool> lacking{false};

    void fill() {
        while (held != blocks.size()) {
            blocks[held] = ::operator new(block_size);
            ++held;
        }
        lacking = false;
    }
    void empty() noexcept {
        while (held != 0)
            ::operator delete(blocks[--held]);
    }
};

constinit shared_reserve shared;

} // namespace

memory_reserve::memory_reserve() {
    std::lock_guard lock(shared.mutex);
    if (shared.holders == 0) {
        try {
            shared.fill();
        } catch (...) {
            shared.empty();
            throw;
        }
    }
    ++shared.holders;
}

memory_reserve::~memory_reserve() {
    std::lock_guard lock(shared.mutex);
    if (--shared.holders == 0) {
        shared.empty();
        shared.lacking = false;
    }
}

void memory_reserve::give_back() noexcept {
    std::lock_guard lock(shared.mutex);
    if (shared.held == 0)
        std::terminate();
    ::operator delete(shared.blocks[--shared.held]);
    shared.lacking = true;
}

void memory_reserve::refill() noexcept {
    if (!shared.lacking.load(std::memory_order_relaxed))
        return;
    std::lock_guard lock(shared.mutex);
    if (shared.holders == 0)
        return;
    try {
        shared.fill();
    } catch (std::bad_alloc const&) { // next time
    }
}

void const*& handing_over() noexcept {
    static constinit thread_local void const* home = nullptr;
    return home;
}

} // namespace arborist::inline v0::detail
