// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#define BOOST_TEST_MODULE detail_registry
#include "registry.hpp"

#include "support/dataspaces.hpp"

#include <cstdlib>
#include <new>

// When there is no memory: whatever fails has changed nothing, and has left nothing behind.

// Sanitizers that are linked statically have allocation functions of their own; nothing fails then.
#if defined(__SANITIZE_THREAD__)
#define DETAIL_REGISTRY_TEST_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define DETAIL_REGISTRY_TEST_SANITIZED 1
#endif
#endif

namespace {

// How many allocations succeed from now on; negative: all.
int left = -1;

#if defined(DETAIL_REGISTRY_TEST_SANITIZED)
constexpr bool can_fail = false;
#else
constexpr bool can_fail = true;
#endif

} // namespace

#if !defined(DETAIL_REGISTRY_TEST_SANITIZED)

// Not inlined: g++ would see free() of what came from operator new.
[[gnu::noinline]] void* operator new(std::size_t size) {
    if (left == 0)
        throw std::bad_alloc();
    if (left > 0)
        --left;
    if (void* const memory = std::malloc(size == 0 ? 1 : size))
        return memory;
    throw std::bad_alloc();
}
[[gnu::noinline]] void operator delete(void* memory) noexcept {
    std::free(memory);
}
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept {
    std::free(memory);
}

#endif

using namespace dataspace_test;

namespace {

char const* const long_name = "a name that does not fit into a string object";

// Fails at each of its allocations in turn; returns how many there are.
template <class Action, class Check>
int fail_everywhere(Action action, Check check) {
    for (int allowed = 0;; ++allowed) {
        left = allowed;
        try {
            action();
            left = -1;
            return allowed;
        } catch (std::bad_alloc const&) {
            left = -1;
            check();
        }
    }
}

} // namespace

BOOST_AUTO_TEST_CASE(a_new_key_is_there_for_all_or_for_nobody) {
    counted::live = 0;
    dataspace const data;
    as_process const seven(data, 7);
    auto all = data.subscribe<counted>();
    auto some = data.subscribe<counted>(prefix("a"));
    auto one = data.subscribe<counted>(exact("a"));
    auto const before = counts(data);
    bool good = true;
    int const allocations =
        fail_everywhere([&] { good = seven.publish(long_name, counted(1)); },
                        [&] {
                            BOOST_TEST(counted::live == 0);
                            BOOST_TEST(data.find<counted>(long_name) == nullptr);
                            BOOST_TEST(drain(all).empty());
                            BOOST_TEST(drain(some).empty());
                            BOOST_TEST(all.conflated() == 0u);
                            BOOST_TEST(counts(data).links == before.links);
                            BOOST_TEST(counts(data).slots == before.slots);
                            seven.end(); // there is nothing
                            BOOST_TEST(counts(data).owners == 0u);
                        });
    BOOST_TEST(good);
    BOOST_TEST(
        (!can_fail || allocations >= 7)); // value, slot, name, two links, owner, entry of the table
    BOOST_TEST(drain(all).size() == 1u);
    BOOST_TEST(drain(some).size() == 1u);
    BOOST_TEST(drain(one).empty());
    seven.end();
    BOOST_TEST(counted::live == 0);
}

BOOST_AUTO_TEST_CASE(a_value_that_cannot_be_replaced_stays) {
    counted::live = 0;
    dataspace const data;
    auto all = data.subscribe<counted>();
    BOOST_TEST(data.publish(long_name, counted(1)).has_value());
    bool good = true;
    int const allocations =
        fail_everywhere([&] { good = data.publish(long_name, counted(2)).has_value(); },
                        [&] { BOOST_TEST(data.find<counted>(long_name)->value == 1); });
    BOOST_TEST(good);
    BOOST_TEST((!can_fail || allocations == 1)); // the value
    BOOST_TEST(data.find<counted>(long_name)->value == 2);
    left = 0;
    bool const retracted = data.retract<counted>(long_name).has_value(); // needs no memory
    left = -1;
    BOOST_TEST(retracted);
    BOOST_TEST(counted::live == 0);
}

BOOST_AUTO_TEST_CASE(a_subscription_is_made_or_is_not) {
    dataspace const data;
    for (int i = 0; i != 20; ++i)
        BOOST_TEST(data.publish(i, i).has_value());
    for (auto const& filter : {identifier_filter(), exact(3), exact(long_name)}) {
        std::optional<subscription<int>> made;
        int const allocations = fail_everywhere([&] { made.emplace(data.subscribe<int>(filter)); },
                                                [&] {
                                                    BOOST_TEST(counts(data).links == 0u);
                                                    BOOST_TEST(counts(data).slots == 20u);
                                                });
        BOOST_TEST((!can_fail || allocations >= 2));
        made.reset();
        BOOST_TEST(counts(data).slots == 20u);
    }
}

BOOST_AUTO_TEST_CASE(the_end_of_a_process_needs_no_memory) {
    dataspace const data;
    as_process const seven(data, 7);
    auto all = data.subscribe<int>();
    for (int i = 0; i != 300; ++i)
        BOOST_TEST(seven.publish(i, i));
    BOOST_TEST(drain(all).size() == 300u);
    left = 0;
    seven.end();
    left = -1;
    BOOST_TEST(drain(all).size() == 300u);
    BOOST_TEST(counts(data).slots == 0u);
}
