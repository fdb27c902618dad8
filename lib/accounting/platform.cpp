// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#include "platform.hpp"

#include <cstdlib>

#if defined(_WIN32)
#include <malloc.h>
#endif
#if __has_include(<pthread.h>)
#include <pthread.h>
#define ARBORIST_HAS_PTHREAD
#endif
#if __has_include(<time.h>)
#include <time.h>
#endif

namespace arborist::inline v0::accounting::platform {

#if defined(_WIN32)

void* allocate_aligned(std::size_t size, std::size_t alignment) noexcept {
    return ::_aligned_malloc(size, alignment);
}

void free_aligned(void* memory) noexcept {
    ::_aligned_free(memory);
}

#else

// Not std::aligned_alloc, which wants a size that is a multiple of the alignment; to round it up
// would hide from a sanitizer what is written behind the end.
void* allocate_aligned(std::size_t size, std::size_t alignment) noexcept {
    void* memory = nullptr;
    return ::posix_memalign(&memory, alignment, size) == 0 ? memory : nullptr;
}

void free_aligned(void* memory) noexcept {
    std::free(memory);
}

#endif

std::uint64_t thread_cpu_time() noexcept {
#if defined(CLOCK_THREAD_CPUTIME_ID)
    ::timespec now{};
    if (::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now) == 0)
        return static_cast<std::uint64_t>(now.tv_sec) * 1'000'000'000 +
               static_cast<std::uint64_t>(now.tv_nsec);
#endif
    return 0;
}

#if defined(ARBORIST_HAS_PTHREAD)

namespace {

constinit exit_function* at_exit = nullptr;
constinit ::pthread_key_t key{};

void call_it(void*) {
    at_exit();
}

} // namespace

bool prepare_thread_exit(exit_function* function) noexcept {
    at_exit = function;
    return ::pthread_key_create(&key, &call_it) == 0;
}

bool call_at_thread_exit() noexcept {
    return ::pthread_setspecific(key, &key) == 0; // not null is all that matters
}

#else

bool prepare_thread_exit(exit_function*) noexcept {
    return false;
}

bool call_at_thread_exit() noexcept {
    return false;
}

#endif

} // namespace arborist::inline v0::accounting::platform
