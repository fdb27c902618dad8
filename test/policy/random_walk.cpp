// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#define BOOST_TEST_MODULE policy_random_walk
#include "support/policy_walk.hpp"

#include <boost/test/unit_test.hpp>

#include <cstddef>
#include <cstdint>
#include <random>

using namespace policy_test;

// Thousands of walks; test/fuzz has others.

BOOST_AUTO_TEST_CASE(whatever_happens) {
    for (std::uint32_t seed = 1; seed != 2000; ++seed)
        BOOST_TEST_CONTEXT("seed " << seed)
    walk([random = std::mt19937(seed)](std::size_t end) mutable { return random() % end; }).run();

    for (char const* const what : {"start",
                                   "signal",
                                   "abort",
                                   "abandon",
                                   "wake at",
                                   "resume",
                                   "forget",
                                   "admit",
                                   "report child_ready",
                                   "report child_exited",
                                   "report child_failed_to_initialize",
                                   "report child_start_timed_out",
                                   "report child_restarting",
                                   "report gave_up",
                                   "report child_exited_late",
                                   "report child_removed",
                                   "report supervisor_ready",
                                   "report supervisor_stopping",
                                   "answer well",
                                   "answer at capacity",
                                   "answer start cancelled",
                                   "answer failed to initialise",
                                   "answer child running",
                                   "answer child abandoned",
                                   "answer not running",
                                   "answer started only once",
                                   "finish well",
                                   "finish shutdown timed out",
                                   "finish failed to initialise",
                                   "finish restart limit exceeded",
                                   "finish significant child exited",
                                   "finish exit escalated"}) {
        BOOST_TEST_MESSAGE(what << ": " << walk::seen[what]);
        BOOST_TEST(walk::seen[what] >= 20u);
        walk::seen.erase(what);
    }
    for (auto const& [what, times] : walk::seen)
        BOOST_ERROR("not expected: " << what << ", " << times << " times");
}
