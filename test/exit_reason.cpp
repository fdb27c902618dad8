// Copyright (c) 2026 The arborist authors
// Distributed under the Boost Software License, Version 1.0.
// https://www.boost.org/LICENSE_1_0.txt

#define BOOST_TEST_MODULE exit_reason
#include <arborist/exit_reason.hpp>

#include "support/text.hpp"

#include <boost/asio/error.hpp>
#include <boost/test/unit_test.hpp>

#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>

using arborist::cause;
using arborist::exit_kind;
using arborist::exit_reason;

BOOST_AUTO_TEST_CASE(kinds_have_names) {
    for (auto const& [kind, name] :
         {std::pair(exit_kind::completed, "completed"),
          std::pair(exit_kind::terminated, "terminated"),
          std::pair(exit_kind::panicked, "panicked"), std::pair(exit_kind::aborted, "aborted"),
          std::pair(exit_kind::abandoned, "abandoned"), std::pair(exit_kind(5), "unknown exit"),
          std::pair(exit_kind(255), "unknown exit")}) {
        BOOST_TEST(std::string(to_string(kind)) == name);
        BOOST_TEST(text(kind) == name);
    }
}

BOOST_AUTO_TEST_CASE(the_default_is_a_good_end) {
    exit_reason const good;
    BOOST_TEST(good.kind() == exit_kind::completed);
    BOOST_TEST(!good.abnormal());
    BOOST_TEST(good.message() == "completed");
}

BOOST_AUTO_TEST_CASE(everything_but_completion_is_abnormal) { // R4
    static_assert(!std::is_convertible_v<exit_kind, exit_reason>);
    BOOST_TEST(!exit_reason(exit_kind::completed).abnormal());
    BOOST_TEST(exit_reason(exit_kind::terminated).abnormal());
    BOOST_TEST(exit_reason(exit_kind::panicked).abnormal());
    BOOST_TEST(exit_reason(exit_kind::aborted).abnormal());
    BOOST_TEST(exit_reason(exit_kind::abandoned).abnormal());
}

BOOST_AUTO_TEST_CASE(the_message_tells_the_cause_where_it_means_something) {
    cause const boom = std::make_exception_ptr(std::runtime_error("boom"));
    BOOST_TEST(exit_reason(exit_kind::panicked, boom).message() ==
               "panicked: std::runtime_error: boom");
    BOOST_TEST(
        exit_reason(exit_kind::terminated, boost::asio::error::connection_refused).message() ==
        "terminated: Connection refused");
    BOOST_TEST(exit_reason(exit_kind::terminated).message() == "terminated: no cause given");
    BOOST_TEST(exit_reason(exit_kind::aborted, boom).message() == "aborted");
    BOOST_TEST(exit_reason(exit_kind::abandoned, boom).message() == "abandoned");
    BOOST_TEST(exit_reason(exit_kind::completed, boom).message() == "completed");
    exit_reason const printed(exit_kind::terminated, cause("out of paper"));
    BOOST_TEST(text(printed) == printed.message());
    BOOST_TEST(printed.why().message() == "out of paper");
}

BOOST_AUTO_TEST_CASE(copies_say_the_same) {
    static_assert(std::is_nothrow_copy_constructible_v<exit_reason>);
    static_assert(std::is_nothrow_move_assignable_v<exit_reason>);
    exit_reason const original(exit_kind::terminated, cause("out of paper"));
    exit_reason copy = original;
    exit_reason const moved = std::move(copy);
    copy = exit_reason();
    BOOST_TEST(original.message() == "terminated: out of paper");
    BOOST_TEST(moved.message() == "terminated: out of paper");
    BOOST_TEST(copy.message() == "completed");
}
