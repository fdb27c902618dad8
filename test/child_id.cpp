// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#define BOOST_TEST_MODULE child_id
#include <arborist/child_id.hpp>

#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <limits>
#include <map>
#include <sstream>
#include <string>
#include <type_traits>
#include <unordered_set>

using arborist::child_id;

BOOST_AUTO_TEST_CASE(the_default_names_nobody) {
    static_assert(child_id().value() == 0);
    static_assert(child_id() == child_id(0));
    static_assert(child_id() != child_id(1));
}

BOOST_AUTO_TEST_CASE(an_id_is_no_number_by_mistake) {
    static_assert(std::is_constructible_v<child_id, std::uint64_t>);
    static_assert(!std::is_convertible_v<std::uint64_t, child_id>);
    static_assert(!std::is_convertible_v<child_id, std::uint64_t>);
    static_assert(std::is_trivially_copyable_v<child_id>);
    static_assert(std::is_nothrow_default_constructible_v<child_id>);
}

BOOST_AUTO_TEST_CASE(ids_are_ordered) {
    static_assert(child_id(1) < child_id(2));
    static_assert(child_id(2) >= child_id(2));
    std::map<child_id, std::string> names{{child_id(2), "b"}, {child_id(1), "a"}};
    BOOST_TEST(names.begin()->second == "a");
}

BOOST_AUTO_TEST_CASE(ids_can_be_hashed) {
    std::unordered_set<child_id> const ids{child_id(1), child_id(2), child_id(1)};
    BOOST_TEST(ids.size() == 2U);
    BOOST_TEST(ids.contains(child_id(2)));
    BOOST_TEST(!ids.contains(child_id(3)));
}

BOOST_AUTO_TEST_CASE(an_id_prints_as_its_number) {
    std::ostringstream stream;
    stream << child_id(17) << ' ' << child_id() << ' '
           << child_id(std::numeric_limits<std::uint64_t>::max());
    BOOST_TEST(stream.str() == "17 0 18446744073709551615");
}
