// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#define BOOST_TEST_MODULE model_shrinking
#include "generator.hpp"
#include "print.hpp"
#include "shrink.hpp"

#include <boost/test/unit_test.hpp>

#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>

// Does the property test find what is wrong, and say it shortly? The model gets a rule wrong on
// purpose, so that the policy differs from it.
using namespace model_test;

namespace {

// The first random history that shows it.
history find(flaw planted, std::uint64_t seed) {
    generator random(seed);
    for (int histories = 0; histories != 1000; ++histories) {
        history it = random.declare();
        world both(it, planted);
        for (int i = 0; i != 100; ++i) {
            step next = random.next(both);
            if (!both.is_legal(next.what))
                continue;
            next.age = both.age(next.what);
            it.steps.push_back(next);
            if (both.take(next))
                return it;
        }
    }
    throw std::runtime_error("not found");
}

} // namespace

BOOST_AUTO_TEST_CASE(a_temporary_child_that_comes_back_is_found_in_two_steps) {
    for (std::uint64_t seed = 0; seed != 10; ++seed) {
        history const it =
            shrink(find(flaw::temporary_comes_back, seed), flaw::temporary_comes_back);
        BOOST_TEST(it.children.size() == 1u, printer::test(it, flaw::temporary_comes_back));
        BOOST_TEST(it.steps.size() == 2u, printer::test(it, flaw::temporary_comes_back));
    }
}

// More with an intensity that allows more: there must be so many restarts on record. And more with
// a group, whose members have to end: a shortest history is one from which nothing can be left out.
BOOST_AUTO_TEST_CASE(a_period_that_is_too_long_is_found_in_few_steps) {
    for (std::uint64_t seed = 0; seed != 10; ++seed) {
        history const it = shrink(find(flaw::period_too_long, seed), flaw::period_too_long);
        BOOST_TEST(it.children.size() <= 3u, printer::test(it, flaw::period_too_long));
        BOOST_TEST(it.steps.size() <= 8u, printer::test(it, flaw::period_too_long));
    }
}

// Whatever made the supervisor stop, which may have been a third child that failed late.
BOOST_AUTO_TEST_CASE(a_wrong_order_of_stops_is_found_in_few_steps) {
    for (std::uint64_t seed = 0; seed != 10; ++seed) {
        history const it = shrink(find(flaw::declared_order_stop, seed), flaw::declared_order_stop);
        BOOST_TEST(it.children.size() <= 3u, printer::test(it, flaw::declared_order_stop));
        BOOST_TEST(it.steps.size() <= 3u, printer::test(it, flaw::declared_order_stop));
    }
}

// It can be pasted into a file of test/policy as it is.
BOOST_AUTO_TEST_CASE(a_failure_is_printed_as_a_test) {
    history it;
    it.children.push_back({.rules = {.initializes = false}, .limits = {}});
    it.steps.push_back({.what = policy::event::begin{}});
    it.steps.push_back({.what = policy::event::child_exited{{0, 1}, ending::abnormal}});
    it.steps.push_back(
        {.what = policy::event::child_exited{{0, 2}, ending::abnormal}, .after = 5s});
    // clang-format off
    BOOST_TEST(printer::test(it, flaw::period_too_long) == R"(BOOST_AUTO_TEST_CASE(found_by_the_model) {
    scenario tree({}, std::vector<child_rules>{child_rules{.initializes = false}});
    EXPECT_ACTIONS(tree.begin(), start(0, 1), ready(0, 1), all_ready());
    EXPECT_ACTIONS(tree.child_exits(0, ending::abnormal, 1), exited(0, 1), restarting(0, 1, 1, 0s), start(0, 2), ready(0, 2));
    tree.wait(5s);
    EXPECT_ACTIONS(tree.child_exits(0, ending::abnormal, 2), exited(0, 2), gave_up(0, 2, 0), stopping(), finish(errc::restart_limit_exceeded, {0, 2}, 0));
    // the policy: report child_exited 0#2, report child_restarting 0#2 restarts 1, start 0#3, report child_ready 0#3
}
)");
    // clang-format on
}
