// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#define BOOST_TEST_MODULE policy_deadlines
#include "policy/deadlines.hpp"

#include "support/failing_memory.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <map>
#include <random>
#include <set>
#include <utility>

using namespace arborist;
using namespace arborist::policy;
using namespace std::chrono_literals;

namespace {

time_point at(duration time) {
    return time_point(time);
}

} // namespace

BOOST_AUTO_TEST_CASE(the_first_is_the_first_of_the_first_child) {
    deadlines all;
    all.reserve(3);
    BOOST_TEST((all.earliest() == never));
    all.set(2, at(5s));
    all.set(1, at(5s));
    all.set(0, at(6s));
    BOOST_TEST((all.earliest() == at(5s)));
    BOOST_TEST(all.next() == 1u);
    all.set(deadlines::the_group, at(5s));
    BOOST_TEST(all.next() == 1u); // children come first
    all.set(deadlines::the_stop, at(1s));
    BOOST_TEST(all.next() == deadlines::the_stop);
}

BOOST_AUTO_TEST_CASE(what_was_dropped_or_cleared_can_be_set_again) {
    deadlines all;
    all.reserve(1);
    all.set(0, at(5s));
    all.set(0, never);
    all.set(0, never);
    BOOST_TEST((all.earliest() == never));
    all.set(0, at(5s));
    all.clear();
    BOOST_TEST((all.earliest() == never));
    all.set(0, at(7s));
    BOOST_TEST((all.earliest() == at(7s)));
}

BOOST_AUTO_TEST_CASE(there_are_never_fewer) {
    deadlines all;
    all.reserve(5);
    all.set(4, at(5s));
    all.reserve(2);
    all.set(4, at(6s));
    BOOST_TEST((all.earliest() == at(6s)));
}

// M: what is set needs no memory any more.
BOOST_AUTO_TEST_CASE(setting_needs_no_memory) {
    deadlines none, some;
    some.reserve(100);
    failing_memory::fail(0, 1'000'000);
    {
        failing_memory::armed const scope;
        none.set(deadlines::the_stop, at(1s));
        none.set(deadlines::the_group, at(2s));
        for (child_index i = 0; i != 100; ++i)
            some.set(i, at(1s));
        some.set(deadlines::the_stop, at(1s));
        some.set(deadlines::the_group, at(2s));
    }
    BOOST_TEST(failing_memory::failed() == 0u);
    BOOST_TEST(some.next() == 0u);
}

BOOST_AUTO_TEST_CASE(like_a_set_in_order) {
    std::mt19937 random(1);
    for (int round = 0; round != 100; ++round) {
        deadlines all;
        std::map<child_index, time_point> each;
        std::set<std::pair<time_point, child_index>> expected;
        std::size_t const children = 1 + random() % 20;
        all.reserve(children);
        for (int i = 0; i != 200; ++i) {
            auto const whose = static_cast<child_index>(
                random() % 10 == 0 ? deadlines::the_group + random() % 2 : random() % children);
            time_point const when =
                random() % 3 == 0 ? never : at(std::chrono::seconds(random() % 10));
            if (auto const it = each.find(whose); it != each.end())
                expected.erase({it->second, whose});
            each[whose] = when;
            if (when != never)
                expected.emplace(when, whose);
            all.set(whose, when);
            BOOST_TEST_REQUIRE(
                (all.earliest() == (expected.empty() ? never : expected.begin()->first)));
            if (!expected.empty())
                BOOST_TEST_REQUIRE(all.next() == expected.begin()->second);
        }
    }
}
