// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#define BOOST_TEST_MODULE policy_backoff
#include "policy/backoff.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <cstdint>
#include <initializer_list>
#include <limits>

using namespace arborist;
using namespace arborist::policy;
using namespace std::chrono_literals;

namespace {

// Whose jitter is 0: nobody may ask for a random number.
void expect(restart_backoff const& backoff, std::initializer_list<duration> delays) {
    std::uint32_t nth = 0;
    for (duration const delay : delays)
        BOOST_TEST(delay_of(backoff, ++nth, nullptr).count() == delay.count());
}

duration jittered(restart_backoff const& backoff, std::uint32_t nth, double random) {
    return delay_of(backoff, nth, [random] { return random; });
}

constexpr duration forever = duration::max();
constexpr std::uint32_t many = std::numeric_limits<std::uint32_t>::max();

} // namespace

BOOST_AUTO_TEST_CASE(R8_none_is_none_whatever_the_rest_says) {
    expect(no_backoff, {0s, 0s});
    expect({.first = 0s, .multiplier = 10, .most = 1h, .jitter = 1}, {0s, 0s});
}

BOOST_AUTO_TEST_CASE(R8_multiplied_up_to_the_ceiling) {
    expect({.first = 100ms, .multiplier = 2, .most = 1s, .jitter = 0},
           {100ms, 200ms, 400ms, 800ms, 1s, 1s});
    expect({.first = 100ms, .multiplier = 1.5, .most = 1s, .jitter = 0},
           {100ms, 150ms, 225ms, 337500us});
}

BOOST_AUTO_TEST_CASE(R8_a_multiplier_of_one_is_constant) {
    expect({.first = 3s, .multiplier = 1, .most = 1h, .jitter = 0}, {3s, 3s, 3s});
}

BOOST_AUTO_TEST_CASE(R8_a_ceiling_may_be_the_first_delay) {
    expect({.first = 3s, .multiplier = 2, .most = 3s, .jitter = 0}, {3s, 3s});
}

BOOST_AUTO_TEST_CASE(R8_the_jitter_is_taken_away) {
    restart_backoff const backoff{.first = 1s, .multiplier = 2, .most = 4s, .jitter = 0.25};
    BOOST_TEST((jittered(backoff, 1, 0) == 1s));
    BOOST_TEST((jittered(backoff, 1, 0.5) == 875ms));
    BOOST_TEST((jittered(backoff, 2, 1) == 1500ms));
    BOOST_TEST((jittered(backoff, 3, 0) == 4s));
    BOOST_TEST((jittered(backoff, 9, 0.5) == 3500ms)); // of what the ceiling leaves
    BOOST_TEST((jittered({.first = 1s, .jitter = 1}, 1, 1) == 0s));
}

BOOST_AUTO_TEST_CASE(R8_a_bad_random_number_does_no_harm) {
    restart_backoff const backoff{.first = 1s, .multiplier = 2, .most = 4s, .jitter = 0.5};
    BOOST_TEST((jittered(backoff, 1, -7) == 1s));
    BOOST_TEST((jittered(backoff, 1, 7) == 500ms));
}

BOOST_AUTO_TEST_CASE(R8_nothing_overflows) {
    restart_backoff backoff{.first = 1ns, .multiplier = 1e300, .most = forever, .jitter = 0};
    BOOST_TEST((delay_of(backoff, many, nullptr) == forever));
    backoff.jitter = 0.1;
    BOOST_TEST((jittered(backoff, many, 0) == forever));
    BOOST_TEST((jittered(backoff, many, 1) > forever / 10 * 8));
    backoff.first = forever;
    BOOST_TEST((jittered(backoff, 1, 0) == forever));
}
