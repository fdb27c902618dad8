// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#include <arborist/accounting.hpp>
#include <arborist/detail/resource_tracking.hpp>

#include "ledger.hpp"
#include "platform.hpp"
#include "seat.hpp"

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdlib>
#include <new>

// The replaced allocation functions and what installs the component are in one file, so that no
// linker takes the one from an archive without the other.

namespace arborist::inline v0::accounting {
namespace {

constexpr std::size_t default_alignment = __STDCPP_DEFAULT_NEW_ALIGNMENT__;

// What every object carries, directly before it.
struct alignas(default_alignment) label {
    resource_group* charged;
    std::size_t size;
};

// The distance from what malloc returned to the object. Depends on nothing but the alignment, which
// operator delete is told as well.
constexpr std::size_t room(std::size_t alignment) noexcept {
    return std::max(alignment, sizeof(label));
}

void* try_allocate(std::size_t size, std::size_t alignment) noexcept {
    // An object of no size needs an address that belongs to it, and not to what is behind.
    std::size_t const whole = room(alignment) + std::max<std::size_t>(size, 1);
    if (whole < size)
        return nullptr;
    void* const memory = alignment <= default_alignment
                             ? std::malloc(whole)
                             : platform::allocate_aligned(whole, alignment);
    if (!memory)
        return nullptr;
    resource_group* charged = detail::charged_group();
    if (!charged)
        charged = &outside_group;
    charged->add_allocation(size);
    char* const object = static_cast<char*>(memory) + room(alignment);
    ::new (static_cast<void*>(object - sizeof(label))) label{charged, size};
    return object;
}

void* allocate(std::size_t size, std::size_t alignment = default_alignment) {
    if (!std::has_single_bit(alignment))
        throw std::bad_alloc();
    for (;;) {
        if (void* const object = try_allocate(size, alignment)) [[likely]]
            return object;
        std::new_handler const handler = std::get_new_handler();
        if (!handler)
            throw std::bad_alloc();
        handler();
    }
}

void* allocate_or_null(std::size_t size, std::size_t alignment = default_alignment) noexcept {
    try {
        return allocate(size, alignment);
    } catch (...) { // also what a handler throws
        return nullptr;
    }
}

void free(void* object, std::size_t alignment = default_alignment) noexcept {
    if (!object)
        return;
    char* const address = static_cast<char*>(object);
    label const* const its = std::launder(reinterpret_cast<label*>(address - sizeof(label)));
    its->charged->add_free(its->size);
    void* const memory = address - room(alignment);
    if (alignment <= default_alignment)
        std::free(memory);
    else
        platform::free_aligned(memory);
}

constexpr std::size_t number(std::align_val_t alignment) noexcept {
    return static_cast<std::size_t>(alignment);
}

class tracker final : public detail::resource_tracker {
public:
    resource_group* make_group(std::string_view name) noexcept override {
        return all_groups().make(name);
    }
    void add_reference(resource_group& group) noexcept override {
        all_groups().add_reference(group);
    }
    void release(resource_group& group) noexcept override { all_groups().release(group); }
    resource_usage usage(resource_group const& group) const noexcept override {
        return group.usage();
    }

    void charge(resource_group* previous, resource_group* next) noexcept override {
        // To ask for the time is a system call; a thread that stays with a group need not.
        if (previous == next)
            return;
        std::uint64_t const now = platform::thread_cpu_time();
        (previous ? *previous : outside_group).add_cpu_time(now - this_thread.switched_at);
        this_thread.switched_at = now;
    }
};

constinit tracker the_tracker;

[[maybe_unused]] bool const installed = [] {
    open_seats();
    detail::install(the_tracker);
    return true;
}();

} // namespace
} // namespace arborist::inline v0::accounting

// What the build files have the linker ask for, so that a static archive is not passed over if
// somebody else's operator new, say a sanitizer's, is found first.
extern "C" {
extern ARBORIST_ACCOUNTING_DECL char const arborist_accounting;
char const arborist_accounting = 1;
}

namespace accounting = arborist::accounting;

// The forms of [new.delete], in its order. Each stands for itself, whoever replaces whatever else.

void* operator new(std::size_t size) {
    return accounting::allocate(size);
}
void* operator new(std::size_t size, std::align_val_t alignment) {
    return accounting::allocate(size, accounting::number(alignment));
}
void* operator new(std::size_t size, std::nothrow_t const&) noexcept {
    return accounting::allocate_or_null(size);
}
void* operator new(std::size_t size, std::align_val_t alignment, std::nothrow_t const&) noexcept {
    return accounting::allocate_or_null(size, accounting::number(alignment));
}

void operator delete(void* object) noexcept {
    accounting::free(object);
}
void operator delete(void* object, std::size_t) noexcept {
    accounting::free(object);
}
void operator delete(void* object, std::align_val_t alignment) noexcept {
    accounting::free(object, accounting::number(alignment));
}
void operator delete(void* object, std::size_t, std::align_val_t alignment) noexcept {
    accounting::free(object, accounting::number(alignment));
}
void operator delete(void* object, std::nothrow_t const&) noexcept {
    accounting::free(object);
}
void operator delete(void* object, std::align_val_t alignment, std::nothrow_t const&) noexcept {
    accounting::free(object, accounting::number(alignment));
}

void* operator new[](std::size_t size) {
    return accounting::allocate(size);
}
void* operator new[](std::size_t size, std::align_val_t alignment) {
    return accounting::allocate(size, accounting::number(alignment));
}
void* operator new[](std::size_t size, std::nothrow_t const&) noexcept {
    return accounting::allocate_or_null(size);
}
void* operator new[](std::size_t size, std::align_val_t alignment, std::nothrow_t const&) noexcept {
    return accounting::allocate_or_null(size, accounting::number(alignment));
}

void operator delete[](void* object) noexcept {
    accounting::free(object);
}
void operator delete[](void* object, std::size_t) noexcept {
    accounting::free(object);
}
void operator delete[](void* object, std::align_val_t alignment) noexcept {
    accounting::free(object, accounting::number(alignment));
}
void operator delete[](void* object, std::size_t, std::align_val_t alignment) noexcept {
    accounting::free(object, accounting::number(alignment));
}
void operator delete[](void* object, std::nothrow_t const&) noexcept {
    accounting::free(object);
}
void operator delete[](void* object, std::align_val_t alignment, std::nothrow_t const&) noexcept {
    accounting::free(object, accounting::number(alignment));
}
