// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#define BOOST_TEST_MODULE thread
#include "thread.hpp"

#include <boost/test/unit_test.hpp>

#include <future>

using arborist::thread::name_of;

BOOST_AUTO_TEST_CASE(T3_the_number_survives_the_limit_of_the_platform) {
    BOOST_TEST(name_of("app.crunch", 3) == "app.crunch-03");
    BOOST_TEST(name_of("app.crunch12", 3) == "app.crunch12-03"); // exactly 15
    BOOST_TEST(name_of("app.crunch123", 3) == "crunch123-03");
    BOOST_TEST(name_of("app.storage.compactor", 3) == "compactor-03");
    BOOST_TEST(name_of("app.a_long_name_of_its_own", 3) == "a_long_name_-03");
    BOOST_TEST(name_of("a_root_with_a_long_name", 12) == "a_root_with_-12");
    BOOST_TEST(name_of("app.crunch1", 100) == "app.crunch1-100");
    BOOST_TEST(name_of("app.crunch12", 100) == "crunch12-100");
}

BOOST_AUTO_TEST_CASE(T3_without_a_number) {
    BOOST_TEST(name_of("app.indexer") == "app.indexer");
    BOOST_TEST(name_of("app.storage.indexer") == "indexer");
    BOOST_TEST(name_of("exactly_15_long") == "exactly_15_long");
}

BOOST_AUTO_TEST_CASE(functions_are_called_in_order_in_one_other_thread) {
    std::string order;
    std::promise<void> done;
    boost::thread::id first;
    boost::thread::id second;
    arborist::thread::call_in_reaper([&] {
        order += 'a';
        first = boost::this_thread::get_id();
    });
    arborist::thread::call_in_reaper([&] {
        order += 'b';
        second = boost::this_thread::get_id();
        done.set_value();
    });
    done.get_future().wait();
    BOOST_TEST(order == "ab");
    BOOST_TEST((first == second));
    BOOST_TEST((first != boost::this_thread::get_id()));
}
