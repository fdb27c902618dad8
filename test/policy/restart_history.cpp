// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#define BOOST_TEST_MODULE policy_restart_history
#include "policy/restart_history.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <cstdlib>
#include <limits>
#include <new>

using namespace arborist;
using namespace arborist::policy;
using namespace std::chrono_literals;

// The sanitizers bring an allocator of their own.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define RESTART_HISTORY_TEST_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define RESTART_HISTORY_TEST_SANITIZED 1
#endif
#endif

namespace {

// As the machine does it.
bool record(restart_history& history, time_point now) {
    if (!history.allows(now))
        return false;
    history.record(now);
    return true;
}

time_point at(duration time) {
    return time_point(time);
}

} // namespace

BOOST_AUTO_TEST_CASE(R3_intensity_0_allows_nothing) {
    restart_history history({.restarts = 0, .period = 5s});
    BOOST_TEST(!record(history, at(0s)));
    BOOST_TEST(!record(history, at(1h)));
    BOOST_TEST(history.size() == 0u);
}

BOOST_AUTO_TEST_CASE(R3_intensity_1_allows_one_in_a_window) {
    restart_history history({.restarts = 1, .period = 5s});
    BOOST_TEST(record(history, at(0s)));
    BOOST_TEST(!record(history, at(0s)));
    BOOST_TEST(!record(history, at(5s - 1ns)));
}

BOOST_AUTO_TEST_CASE(R3_a_gap_of_exactly_the_period_is_allowed) {
    restart_history history({.restarts = 1, .period = 5s});
    for (int i = 0; i != 1000; ++i)
        BOOST_TEST(record(history, at(i * 5s)));
    BOOST_TEST(!record(history, at(999 * 5s + 5s - 1ns)));
}

BOOST_AUTO_TEST_CASE(R3_exactly_n_restarts_fit_in_a_window) {
    restart_history history({.restarts = 3, .period = 10s});
    BOOST_TEST(record(history, at(0s)));
    BOOST_TEST(record(history, at(4s)));
    BOOST_TEST(record(history, at(9s)));
    BOOST_TEST(!record(history, at(10s - 1ns)));
    BOOST_TEST(record(history, at(10s))); // the first one has left the window
    BOOST_TEST(!record(history, at(14s - 1ns)));
    BOOST_TEST(record(history, at(14s)));
    BOOST_TEST(record(history, at(19s)));
    BOOST_TEST(!record(history, at(19s)));
}

BOOST_AUTO_TEST_CASE(R3_a_refused_restart_is_not_recorded) {
    restart_history history({.restarts = 1, .period = 5s});
    BOOST_TEST(record(history, at(0s)));
    BOOST_TEST(!record(history, at(4s)));
    BOOST_TEST(record(history, at(5s))); // 5 s after the recorded one, 1 s after the refused one
}

BOOST_AUTO_TEST_CASE(R3_what_has_left_the_window_is_not_counted) {
    restart_history history({.restarts = 3, .period = 10s});
    BOOST_TEST(record(history, at(0s)));
    BOOST_TEST(record(history, at(1s)));
    BOOST_TEST(history.size() == 2u);
    BOOST_TEST(record(history, at(1h)));
    BOOST_TEST(history.size() == 1u);
}

BOOST_AUTO_TEST_CASE(R3_unlimited_allows_everything_and_records_nothing) {
    restart_history history(unlimited);
    for (int i = 0; i != 1000; ++i)
        BOOST_TEST_REQUIRE(record(history, at(0s)));
    BOOST_TEST(history.size() == 0u);
}

#if !defined(RESTART_HISTORY_TEST_SANITIZED)

namespace {

std::size_t allocated = 0;

} // namespace

// Counts what the whole program allocates. Not inlined: g++ would see free() of what came from
// operator new.
[[gnu::noinline]] void* operator new(std::size_t size) {
    allocated += size;
    if (void* memory = std::malloc(size == 0 ? 1 : size))
        return memory;
    throw std::bad_alloc();
}
[[gnu::noinline]] void operator delete(void* memory) noexcept {
    std::free(memory);
}
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept {
    std::free(memory);
}

BOOST_AUTO_TEST_CASE(R3_memory_does_not_grow_with_the_configured_number) {
    std::size_t const before = allocated;
    restart_history history(
        {.restarts = std::numeric_limits<std::size_t>::max() - 1, .period = 1h});
    BOOST_TEST(record(history, at(0s)));
    BOOST_TEST(record(history, at(1s)));
    BOOST_TEST(allocated - before < 1000u);
}

BOOST_AUTO_TEST_CASE(R3_memory_grows_with_use_only_within_the_window) {
    restart_history history({.restarts = 1'000'000, .period = 1s});
    std::size_t const before = allocated;
    for (int i = 0; i != 100'000; ++i)
        BOOST_TEST_REQUIRE(record(history, at(i * 100ms)));
    BOOST_TEST(history.size() == 10u);
    BOOST_TEST(allocated - before < 10'000u);
}

BOOST_AUTO_TEST_CASE(R3_unlimited_keeps_nothing) {
    std::size_t const before = allocated;
    restart_history history(unlimited);
    std::size_t const made = allocated;
    for (int i = 0; i != 100'000; ++i)
        BOOST_TEST_REQUIRE(record(history, at(0s)));
    BOOST_TEST(history.size() == 0u);
    BOOST_TEST(allocated == made);
    BOOST_TEST(made == before);
}

#endif // RESTART_HISTORY_TEST_SANITIZED
