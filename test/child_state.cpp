// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#define BOOST_TEST_MODULE child_state
#include <arborist/child_state.hpp>

#include "support/text.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <utility>

using arborist::child_state;
using arborist::supervisor_state;

BOOST_AUTO_TEST_CASE(states_of_children_have_names) {
    for (auto const& [value, name] :
         {std::pair(child_state::not_started, "not started"),
          std::pair(child_state::starting, "starting"), std::pair(child_state::running, "running"),
          std::pair(child_state::waiting, "waiting"), std::pair(child_state::stopping, "stopping"),
          std::pair(child_state::aborting, "aborting"),
          std::pair(child_state::abandoned, "abandoned"), std::pair(child_state::ended, "ended"),
          std::pair(child_state::stopped, "stopped"), std::pair(child_state(9), "unknown state"),
          std::pair(child_state(255), "unknown state")}) {
        BOOST_TEST(std::string(to_string(value)) == name);
        BOOST_TEST(text(value) == name);
    }
}

BOOST_AUTO_TEST_CASE(states_of_supervisors_have_names) {
    for (auto const& [value, name] : {std::pair(supervisor_state::not_running, "not running"),
                                      std::pair(supervisor_state::starting, "starting"),
                                      std::pair(supervisor_state::ready, "ready"),
                                      std::pair(supervisor_state::restarting, "restarting"),
                                      std::pair(supervisor_state::stopping, "stopping"),
                                      std::pair(supervisor_state(5), "unknown state"),
                                      std::pair(supervisor_state(255), "unknown state")}) {
        BOOST_TEST(std::string(to_string(value)) == name);
        BOOST_TEST(text(value) == name);
    }
}

BOOST_AUTO_TEST_CASE(the_default_is_that_nothing_has_happened) {
    static_assert(child_state() == child_state::not_started);
    static_assert(supervisor_state() == supervisor_state::not_running);
}
