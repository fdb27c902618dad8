// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#define BOOST_TEST_MODULE policy_restart_table
#include "policy/machine.hpp"
#include "support/policy_scenario.hpp"

#include <boost/test/unit_test.hpp>

#include <cstddef>

using namespace policy_test;

namespace {

// How a child may end.
enum class exits { completed, error, exception, aborted, no_initialization };
using enum exits;

// As the shell tells it: to the decision, every abnormal exit is the same.
ending as_told(exits how) {
    switch (how) {
    case completed:
        return ending::completed;
    case error:
    case exception:
    case aborted: // and not by its supervisor: it ended as if it had been
        return ending::abnormal;
    case no_initialization:
        return ending::not_initialized;
    }
    return ending::abnormal;
}

constexpr restart_strategy strategies[] = {one_for_one, one_for_all, rest_for_one};
constexpr restart_type types[] = {permanent, transient, temporary};
constexpr exits kinds[] = {completed, error, exception, aborted, no_initialization};

// What may become of it. There are three children, of which the middle one ends; the others are
// permanent, have been initialised, and end well when they are told to.

actions const stays_down = {exited(1)};

actions const it_alone = {
    exited(1),
    restarting(1, 1, 1),
    start(1, 2),
};

actions const all_three = {
    exited(1),   restarting(1, 1, 1),            //
    signal(2),   wake_at(5s),         exited(2), //
    signal(0),   exited(0),                      //
    start(0, 2), start(1, 2),         start(2, 2),
};

actions const the_last_two = {
    exited(1),   restarting(1, 1, 1),            //
    signal(2),   wake_at(5s),         exited(2), //
    start(1, 2), start(2, 2),
};

actions const the_end = {
    not_initialized(1), stopping(), signal(2), wake_at(5s),
    exited(2),          signal(0),  exited(0), finish(errc::failed_to_initialize, {1, 1}),
};

struct row {
    restart_strategy strategy;
    restart_type type;
    exits how;
    actions const& then;
};

row const table[] = {
    {one_for_one, permanent, completed, it_alone},
    {one_for_one, permanent, error, it_alone},
    {one_for_one, permanent, exception, it_alone},
    {one_for_one, permanent, aborted, it_alone},
    {one_for_one, permanent, no_initialization, the_end},
    {one_for_one, transient, completed, stays_down},
    {one_for_one, transient, error, it_alone},
    {one_for_one, transient, exception, it_alone},
    {one_for_one, transient, aborted, it_alone},
    {one_for_one, transient, no_initialization, the_end},
    {one_for_one, temporary, completed, stays_down},
    {one_for_one, temporary, error, stays_down},
    {one_for_one, temporary, exception, stays_down},
    {one_for_one, temporary, aborted, stays_down},
    {one_for_one, temporary, no_initialization, the_end},

    {one_for_all, permanent, completed, all_three},
    {one_for_all, permanent, error, all_three},
    {one_for_all, permanent, exception, all_three},
    {one_for_all, permanent, aborted, all_three},
    {one_for_all, permanent, no_initialization, the_end},
    {one_for_all, transient, completed, stays_down},
    {one_for_all, transient, error, all_three},
    {one_for_all, transient, exception, all_three},
    {one_for_all, transient, aborted, all_three},
    {one_for_all, transient, no_initialization, the_end},
    {one_for_all, temporary, completed, stays_down},
    {one_for_all, temporary, error, stays_down},
    {one_for_all, temporary, exception, stays_down},
    {one_for_all, temporary, aborted, stays_down},
    {one_for_all, temporary, no_initialization, the_end},

    {rest_for_one, permanent, completed, the_last_two},
    {rest_for_one, permanent, error, the_last_two},
    {rest_for_one, permanent, exception, the_last_two},
    {rest_for_one, permanent, aborted, the_last_two},
    {rest_for_one, permanent, no_initialization, the_end},
    {rest_for_one, transient, completed, stays_down},
    {rest_for_one, transient, error, the_last_two},
    {rest_for_one, transient, exception, the_last_two},
    {rest_for_one, transient, aborted, the_last_two},
    {rest_for_one, transient, no_initialization, the_end},
    {rest_for_one, temporary, completed, stays_down},
    {rest_for_one, temporary, error, stays_down},
    {rest_for_one, temporary, exception, stays_down},
    {rest_for_one, temporary, aborted, stays_down},
    {rest_for_one, temporary, no_initialization, the_end},
};

scenario three(restart_strategy strategy, restart_type type, exits how) {
    scenario tree({.strategy = strategy},
                  {child_rules{}, child_rules{.restart = type}, child_rules{}});
    tree.begin();
    tree.child_ready(0);
    tree.child_ready(2);
    if (how != no_initialization)
        tree.child_ready(1);
    return tree;
}

} // namespace

BOOST_AUTO_TEST_CASE(R1_R4_R6_strategy_and_type_and_exit) {
    for (row const& it : table)
        BOOST_TEST_CONTEXT(it.strategy << ", " << it.type << ", exit "
                                       << static_cast<int>(it.how)) {
            scenario tree = three(it.strategy, it.type, it.how);
            actions const then = tree.obey(tree.child_exits(1, as_told(it.how)));
            BOOST_TEST(then == it.then, boost::test_tools::per_element());
        }
}

BOOST_AUTO_TEST_CASE(the_table_is_complete) {
    std::size_t combinations = 0;
    for (restart_strategy const strategy : strategies)
        for (restart_type const type : types)
            for (exits const how : kinds) {
                std::size_t rows = 0;
                for (row const& it : table)
                    rows += it.strategy == strategy && it.type == type && it.how == how ? 1 : 0;
                BOOST_TEST(rows == 1u);
                ++combinations;
            }
    BOOST_TEST(combinations == 45u);
    BOOST_TEST(std::size(table) == 45u);
}

// ---- an exit while others are being stopped ---------------------------------------------------

// Whatever the strategy, the type and the exit: 45 times the same.
BOOST_AUTO_TEST_CASE(D10_an_exit_while_stopping_restarts_nothing) {
    for (restart_strategy const strategy : strategies)
        for (restart_type const type : types)
            for (exits const how : kinds)
                BOOST_TEST_CONTEXT(strategy << ", " << type << ", exit " << static_cast<int>(how)) {
                    scenario tree = three(strategy, type, how);
                    EXPECT_ACTIONS(tree.shutdown(), stopping(), signal(2), wake_at(5s));
                    EXPECT_ACTIONS(tree.child_exits(1, as_told(how)),
                                   how == no_initialization ? not_initialized(1) : exited(1));
                    EXPECT_ACTIONS(tree.child_exits(2, ending::completed), exited(2), signal(0));
                    EXPECT_ACTIONS(tree.child_exits(0, ending::completed), exited(0), finish());
                }
}

namespace {

// The middle one of three ends by itself while the last one is being stopped, because the first one
// has to be restarted: whether it is started again with its group. The first restart is the only
// record.

actions const comes_along = {exited(1), exited(2), start(0, 2), start(1, 2), start(2, 2)};
actions const does_not = {exited(1), exited(2), start(0, 2), start(2, 2)};
actions const ends_it_all = {not_initialized(1), stopping(), exited(2),
                             finish(errc::failed_to_initialize, {1, 1}, 1)};

struct group_row {
    restart_type type;
    exits how;
    actions const& then;
};

group_row const group_table[] = {
    {permanent, completed, comes_along},
    {permanent, error, comes_along},
    {permanent, exception, comes_along},
    {permanent, aborted, comes_along},
    {permanent, no_initialization, ends_it_all},
    {transient, completed, comes_along},
    {transient, error, comes_along},
    {transient, exception, comes_along},
    {transient, aborted, comes_along},
    {transient, no_initialization, ends_it_all},
    {temporary, completed, does_not},
    {temporary, error, does_not},
    {temporary, exception, does_not},
    {temporary, aborted, does_not},
    {temporary, no_initialization, ends_it_all},
};

} // namespace

BOOST_AUTO_TEST_CASE(R5_an_exit_while_its_group_is_being_stopped) {
    for (restart_strategy const strategy : {one_for_all, rest_for_one})
        for (group_row const& it : group_table)
            BOOST_TEST_CONTEXT(strategy << ", " << it.type << ", exit "
                                        << static_cast<int>(it.how)) {
                scenario tree = three(strategy, it.type, it.how);
                EXPECT_ACTIONS(tree.child_exits(0), exited(0), restarting(0, 1, 1), signal(2),
                               wake_at(5s));
                actions then = tree.child_exits(1, as_told(it.how));
                actions const more = tree.child_exits(2, ending::completed);
                then.insert(then.end(), more.begin(), more.end());
                BOOST_TEST(then == it.then, boost::test_tools::per_element());
            }
}
