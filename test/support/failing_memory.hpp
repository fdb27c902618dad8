// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#ifndef ARBORIST_TEST_SUPPORT_FAILING_MEMORY_HPP
#define ARBORIST_TEST_SUPPORT_FAILING_MEMORY_HPP

#include <atomic>
#include <cstddef>
#include <cstdlib>
#include <limits>
#include <new>
#include <utility>

// Replaces the memory of the whole program by one that fails when it is told to. For one source
// file of a program.
namespace failing_memory {

/// What this thread does: the allocations from `first` on, `many` of them, fail.
struct plan {
    std::size_t first = std::numeric_limits<std::size_t>::max();
    std::size_t many = 1;
    std::size_t seen = 0;
    std::size_t failed = 0;
    bool armed = false;
};
inline constinit thread_local plan current;

/// How many blocks there are.
inline constinit std::atomic<std::ptrdiff_t> alive{0};

/// While it lives, allocations in this thread are counted, and fail as planned.
class armed {
public:
    armed() noexcept : before_(std::exchange(current.armed, true)) {}
    armed(armed const&) = delete;
    armed& operator=(armed const&) = delete;
    ~armed() { current.armed = before_; }

private:
    bool const before_;
};

/// The opposite, for what a test does itself.
class disarmed {
public:
    disarmed() noexcept : before_(std::exchange(current.armed, false)) {}
    disarmed(disarmed const&) = delete;
    disarmed& operator=(disarmed const&) = delete;
    ~disarmed() { current.armed = before_; }

private:
    bool const before_;
};

/// Begins to count anew.
inline void fail(std::size_t first, std::size_t many = 1) noexcept {
    current = {.first = first, .many = many};
}
[[nodiscard]] inline std::size_t failed() noexcept {
    return current.failed;
}
/// Of the armed ones.
[[nodiscard]] inline std::size_t seen() noexcept {
    return current.seen;
}

// Neither is inlined: compilers leave out pairs of new and delete that they see through, and g++
// warns of free() for what came from new.
[[gnu::noinline]] inline void* allocate(std::size_t size, std::size_t alignment) noexcept {
    if (current.armed) {
        std::size_t const n = ++current.seen;
        if (n >= current.first && n - current.first < current.many) {
            ++current.failed;
            return nullptr;
        }
    }
    if (size == 0)
        size = 1;
    void* const memory =
        alignment <= alignof(std::max_align_t)
            ? std::malloc(size)
            : std::aligned_alloc(alignment, (size + alignment - 1) / alignment * alignment);
    if (memory != nullptr)
        alive.fetch_add(1, std::memory_order_relaxed);
    return memory;
}
[[gnu::noinline]] inline void* allocate_or_throw(std::size_t size, std::size_t alignment) {
    if (void* memory = allocate(size, alignment))
        return memory;
    throw std::bad_alloc();
}
[[gnu::noinline]] inline void free(void* memory) noexcept {
    if (memory != nullptr)
        alive.fetch_sub(1, std::memory_order_relaxed);
    std::free(memory);
}

} // namespace failing_memory

void* operator new(std::size_t size) {
    return failing_memory::allocate_or_throw(size, 0);
}
void* operator new[](std::size_t size) {
    return failing_memory::allocate_or_throw(size, 0);
}
void* operator new(std::size_t size, std::nothrow_t const&) noexcept {
    return failing_memory::allocate(size, 0);
}
void* operator new[](std::size_t size, std::nothrow_t const&) noexcept {
    return failing_memory::allocate(size, 0);
}
void* operator new(std::size_t size, std::align_val_t alignment) {
    return failing_memory::allocate_or_throw(size, static_cast<std::size_t>(alignment));
}
void* operator new[](std::size_t size, std::align_val_t alignment) {
    return failing_memory::allocate_or_throw(size, static_cast<std::size_t>(alignment));
}
void* operator new(std::size_t size, std::align_val_t alignment, std::nothrow_t const&) noexcept {
    return failing_memory::allocate(size, static_cast<std::size_t>(alignment));
}
void* operator new[](std::size_t size, std::align_val_t alignment, std::nothrow_t const&) noexcept {
    return failing_memory::allocate(size, static_cast<std::size_t>(alignment));
}
void operator delete(void* memory) noexcept {
    failing_memory::free(memory);
}
void operator delete[](void* memory) noexcept {
    failing_memory::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
    failing_memory::free(memory);
}
void operator delete[](void* memory, std::size_t) noexcept {
    failing_memory::free(memory);
}
void operator delete(void* memory, std::nothrow_t const&) noexcept {
    failing_memory::free(memory);
}
void operator delete[](void* memory, std::nothrow_t const&) noexcept {
    failing_memory::free(memory);
}
void operator delete(void* memory, std::align_val_t) noexcept {
    failing_memory::free(memory);
}
void operator delete[](void* memory, std::align_val_t) noexcept {
    failing_memory::free(memory);
}
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept {
    failing_memory::free(memory);
}
void operator delete[](void* memory, std::size_t, std::align_val_t) noexcept {
    failing_memory::free(memory);
}
void operator delete(void* memory, std::align_val_t, std::nothrow_t const&) noexcept {
    failing_memory::free(memory);
}
void operator delete[](void* memory, std::align_val_t, std::nothrow_t const&) noexcept {
    failing_memory::free(memory);
}

#endif // ARBORIST_TEST_SUPPORT_FAILING_MEMORY_HPP
