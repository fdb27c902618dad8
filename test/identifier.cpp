// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#define BOOST_TEST_MODULE identifier
#include <arborist/identifier.hpp>

#include "support/text.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <limits>
#include <map>
#include <string>
#include <string_view>
#include <type_traits>
#include <unordered_map>

using namespace arborist;

static_assert(std::is_convertible_v<char const*, identifier_view>);
static_assert(std::is_convertible_v<std::string, identifier_view>);
static_assert(std::is_convertible_v<std::string_view, identifier_view>);
static_assert(std::is_convertible_v<int, identifier_view>);
static_assert(std::is_convertible_v<std::uint64_t, identifier_view>);
static_assert(std::is_convertible_v<identifier, identifier_view>);
static_assert(!std::is_convertible_v<char, identifier_view>);
static_assert(!std::is_convertible_v<bool, identifier_view>);
static_assert(!std::is_convertible_v<double, identifier_view>);
static_assert(identifier_view("a").is_name());
static_assert(identifier_view(0).number() == 0);

BOOST_AUTO_TEST_CASE(is_a_name_or_a_number) {
    identifier const name("primary");
    BOOST_TEST(name.is_name());
    BOOST_TEST(name.name() == "primary");
    BOOST_TEST(name.number() == 0u);
    identifier const number(7);
    BOOST_TEST(!number.is_name());
    BOOST_TEST(number.name() == "");
    BOOST_TEST(number.number() == 7u);
    auto const most = std::numeric_limits<std::uint64_t>::max();
    BOOST_TEST(identifier(most).number() == most);
    BOOST_TEST(identifier("").is_name());
}

BOOST_AUTO_TEST_CASE(a_name_owns_its_characters) {
    std::string text = "a name that is too long to be stored inside of a string";
    identifier const owned(text);
    identifier const copy = owned;
    text.assign(text.size(), 'x');
    BOOST_TEST(owned.name() == "a name that is too long to be stored inside of a string");
    BOOST_TEST(copy.name() == owned.name());
}

BOOST_AUTO_TEST_CASE(no_name_equals_a_number) {
    BOOST_TEST((identifier("7") != identifier(7)));
    BOOST_TEST((identifier("") != identifier(0)));
    BOOST_TEST((identifier("a") == identifier("a")));
    BOOST_TEST((identifier("a") != identifier("b")));
    BOOST_TEST((identifier("a") == "a"));
    BOOST_TEST(("a" == identifier("a")));
    BOOST_TEST((identifier(7) == 7));
    BOOST_TEST((identifier(7) != "7"));
}

BOOST_AUTO_TEST_CASE(numbers_come_before_names) {
    std::map<identifier, int> sorted;
    sorted.try_emplace(identifier("b"), 3);
    sorted.try_emplace(identifier(10), 1);
    sorted.try_emplace(identifier(""), 2);
    sorted.try_emplace(identifier(9), 0);
    int expected = 0;
    for (auto const& [key, rank] : sorted)
        BOOST_TEST(rank == expected++);
    BOOST_TEST(expected == 4);
}

BOOST_AUTO_TEST_CASE(may_be_hashed) {
    std::unordered_map<identifier, int> table;
    for (int i = 0; i != 1000; ++i) {
        table[identifier(i)] = i;
        table[identifier(std::to_string(i))] = -i;
    }
    BOOST_TEST(table.size() == 2000u);
    BOOST_TEST(table.at(identifier(17)) == 17);
    BOOST_TEST(table.at(identifier("17")) == -17);
}

BOOST_AUTO_TEST_CASE(is_written_as_it_is) {
    BOOST_TEST(text(identifier("primary")) == "primary");
    BOOST_TEST(text(identifier(7)) == "7");
}

BOOST_AUTO_TEST_CASE(a_filter_is_for_all_by_default) {
    identifier_filter const all;
    BOOST_TEST(all.matches("a"));
    BOOST_TEST(all.matches(""));
    BOOST_TEST(all.matches(7));
    BOOST_TEST(all.only() == nullptr);
}

BOOST_AUTO_TEST_CASE(an_exact_filter_is_for_one) {
    BOOST_TEST(exact("a").matches("a"));
    BOOST_TEST(!exact("a").matches("ab"));
    BOOST_TEST(!exact("7").matches(7));
    BOOST_TEST(exact(7).matches(7));
    BOOST_TEST(!exact(7).matches(8));
    BOOST_TEST(!exact(7).matches("7"));
    auto const filter = exact("a");
    BOOST_TEST_REQUIRE(filter.only() != nullptr);
    BOOST_TEST((*filter.only() == "a"));
}

BOOST_AUTO_TEST_CASE(a_prefix_is_for_names_only) {
    BOOST_TEST(prefix("pri").matches("primary"));
    BOOST_TEST(prefix("pri").matches("pri"));
    BOOST_TEST(!prefix("pri").matches("pr"));
    BOOST_TEST(!prefix("pri").matches("Primary"));
    BOOST_TEST(!prefix("7").matches(7));
    BOOST_TEST(!prefix("").matches(7));
    BOOST_TEST(prefix("").matches(""));
    BOOST_TEST(prefix("pri").only() == nullptr);
}
